# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import json

import pyarrow
import pyarrow.parquet
import pytest
from datasets import ClassLabel, Dataset, Features, LargeList, List, Value

from labelwise.datasets_scripts import load_files
from labelwise.errors import UserInputError

ROWS = [{"text": f"Text {i}, with a comma", "labels": ["b", "a"] if i % 2 else ["c"]} for i in range(20)]


def write(path, content, encoding="utf-8"):
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return str(path)


def jsonl(path, rows=ROWS):
    return write(path, "".join(json.dumps(row) + "\n" for row in rows))


def fault(**arguments):
    """Return the message of the expected UserInputError, which must be one line."""
    with pytest.raises(UserInputError) as error:
        load_files(**arguments)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_jsonl(tmp_path):
    dataset = load_files(jsonl(tmp_path / "a.jsonl"), test_file=jsonl(tmp_path / "b.json", ROWS[:1]))
    assert {split: len(part) for split, part in dataset.items()} == {"train": 18, "validation": 2, "test": 1}
    assert dataset["train"].features["labels"].feature.names == ["a", "b", "c"]
    assert dataset["test"][0] == {"id": "1", "text": "Text 0, with a comma", "labels": [2]}


def test_validation_file_leaves_train_whole(tmp_path):
    dataset = load_files(jsonl(tmp_path / "a.jsonl"), jsonl(tmp_path / "b.jsonl", ROWS[:3]))
    assert {split: len(part) for split, part in dataset.items()} == {"train": 20, "validation": 3}


def test_three_formats_give_the_same(tmp_path):
    cells = "".join(f'"{row["text"]}","{"|".join(row["labels"])}"\n' for row in ROWS)
    files = [
        jsonl(tmp_path / "a.jsonl"),
        write(tmp_path / "a.CSV", "text,labels\n" + cells),
        str(tmp_path / "a.parquet"),
    ]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), files[2])
    one, two, three = (load_files(file, label_separator="|") for file in files)
    assert one["train"][:] == two["train"][:] == three["train"][:]
    assert one["train"].features == two["train"].features == three["train"].features


def test_other_columns(tmp_path):
    rows = [{"id": 70 + i, "body": "x", "tags": "b, a,", "date": "today"} for i in range(3)]
    dataset = load_files(
        jsonl(tmp_path / "a.jsonl", rows), text_column="body", label_column="tags", label_separator=","
    )
    assert dataset["train"].column_names == ["id", "text", "labels"]
    assert sorted(dataset["train"]["id"][:] + dataset["validation"]["id"][:]) == ["70", "71", "72"]
    assert dataset["train"]["labels"][0] == [0, 1]


def test_csv_cells(tmp_path):
    text = 'text,labels\r\n"two\nlines, ""quoted""",a b\r\nplain,\r\n\r\nlast,c'
    dataset = load_files(
        write(tmp_path / "a.csv", text, "utf-8-sig"), validation_file=write(tmp_path / "b.csv", text, "utf-8-sig")
    )
    assert dataset["train"]["text"][:] == ['two\nlines, "quoted"', "plain", "last"]
    assert dataset["train"]["labels"][:] == [[0], [], [1]]
    assert dataset["train"].features["labels"].feature.names == ["a b", "c"]


def test_very_long_text(tmp_path):
    file = write(tmp_path / "a.csv", "text,labels\n" + "word " * 100_000 + ",a\nshort,b\n")
    assert max(len(text) for part in load_files(file).values() for text in part["text"]) == 500_000


def test_label_ids(tmp_path):
    rows = [{"text": "x", "labels": [i, 0] if i else [0]} for i in (10, 2, 1, 0)] + [{"text": "x", "labels": 1}]
    dataset = load_files(jsonl(tmp_path / "a.jsonl", rows), validation_file=jsonl(tmp_path / "b.jsonl", rows))
    names = dataset["train"].features["labels"].feature.names
    assert names == ["0", "1", "2", "10"]
    assert dataset["train"]["labels"][:] == [[0, 3], [0, 2], [0, 1], [0], [1]]
    again = load_files(test_file=jsonl(tmp_path / "c.jsonl", rows), label_names=names)
    assert again["test"]["labels"][:] == dataset["train"]["labels"][:]


def test_labels_of_an_existing_model(tmp_path):
    rows = [{"text": "x", "labels": ["a", "z"]}, {"text": "y", "labels": [1]}, {"text": "", "labels": []}]
    dataset = load_files(test_file=jsonl(tmp_path / "a.jsonl", rows), label_names=["z", "m", "a"])
    assert dataset["test"].features["labels"].feature.names == ["z", "m", "a"]
    assert dataset["test"]["labels"][:] == [[0, 2], [1], []]


def test_white_space_around_names(tmp_path):
    rows = [{"text": "x", "labels": ["a "]}, {"text": "y", "labels": ["a"]}]
    file = jsonl(tmp_path / "a.jsonl", rows)
    assert load_files(file, validation_file=file)["train"].features["labels"].feature.names == ["a"]
    assert load_files(test_file=file, label_names=["b", " a"])["test"]["labels"][:] == [[1], [1]]


def class_labels(path, labels, feature):
    """Write a Parquet file as `datasets` does, with another column of ids that has no labels yet."""
    features = Features(text=Value("string"), labels=feature, later=ClassLabel(names=["x"]))
    rows = {"text": [f"text {i}" for i in range(len(labels))], "labels": labels, "later": [-1] * len(labels)}
    Dataset.from_dict(rows, features=features).to_parquet(path)
    return str(path)


NAMES = ClassLabel(names=["1", "spam", "0"])


@pytest.mark.parametrize(
    ("labels", "feature", "expected"),
    [
        ([[1, 2], [0], []], List(NAMES), [["spam", "0"], ["1"], []]),
        ([[1, 2], [0], []], LargeList(NAMES), [["spam", "0"], ["1"], []]),
        ([1, 2, 0], NAMES, [["spam"], ["0"], ["1"]]),
    ],
)
def test_parquet_with_names(tmp_path, labels, feature, expected):
    file = class_labels(tmp_path / "a.parquet", labels, feature)
    rows = load_files(file, validation_file=file)["train"]
    names = rows.features["labels"].feature.names
    assert [{names[label_id] for label_id in ids} for ids in rows["labels"]] == [set(labels) for labels in expected]


def test_unknown_labels(tmp_path):
    rows = [{"text": "x", "labels": "a", "unknown_labels": "b; c"}, {"text": "y", "labels": "b"}]
    csv = "text,labels,unknown_labels\nx,a,b; c\ny,b,\n"
    files = [jsonl(tmp_path / "a.jsonl", rows), write(tmp_path / "a.csv", csv)]
    one, two = (load_files(file, file, label_separator=";")["train"] for file in files)
    assert one.features["unknown_labels"] == List(ClassLabel(names=["a", "b", "c"]))
    assert one[:] == two[:]
    assert (one["labels"][:], one["unknown_labels"][:]) == ([[0], [1]], [[1, 2], []])
    one.to_parquet(tmp_path / "a.parquet")
    assert load_files(str(tmp_path / "a.parquet"), str(tmp_path / "a.parquet"))["train"][:] == one[:]


def test_a_label_that_applies_and_is_unknown(tmp_path):
    file = jsonl(tmp_path / "a.jsonl", [{"text": "x", "labels": ["a"], "unknown_labels": ["a"]}])
    assert "line 1: label 'a' is in labels and in unknown_labels; remove one" in fault(train_file=file)


@pytest.mark.parametrize(
    ("labels", "feature", "message"),
    [
        ([[1], [-1]], List(NAMES), "row 2: label id -1 has no name, only 0 to 2 have"),
        ([[1], [0, None]], List(NAMES), "row 2: label id None has no name"),
        ([1, -1], NAMES, "row 2: label id -1 has no name"),
        ([1, None], NAMES, "row 2: the labels are missing (null)"),
    ],
)
def test_parquet_ids_without_name(tmp_path, labels, feature, message):
    file = class_labels(tmp_path / "a.parquet", labels, feature)
    assert f"{file} {message}" in fault(train_file=file)


def test_parquet_ids_beyond_the_names(tmp_path):
    file = class_labels(tmp_path / "a.parquet", [[1], [2]], List(NAMES))
    table = pyarrow.parquet.read_table(file)
    labels = pyarrow.array([[1], [3]], pyarrow.list_(pyarrow.int64()))
    pyarrow.parquet.write_table(table.set_column(1, table.schema.field("labels"), labels), file)
    assert f"{file} row 2: label id 3 has no name" in fault(train_file=file)


def test_seed(tmp_path):
    file = jsonl(tmp_path / "a.jsonl")
    one, two, other = (load_files(file, seed=seed)["validation"]["id"][:] for seed in (0, 0, 3))
    assert one == two != other


@pytest.mark.parametrize("mark", [";", "|", ","])
def test_forgotten_separator(tmp_path, caplog, mark):
    names = ["a", "b", "c", mark.join("ab"), mark.join("bc"), mark.join("abc")]
    file = write(tmp_path / "a.csv", "text,labels\n" + "".join(f'x,"{name}"\n' for name in names * 5))
    load_files(file)
    assert f"3 of 6 labels contain '{mark}', such as 'a{mark}b'" in caplog.text
    assert f"give label_separator '{mark}'" in caplog.text
    caplog.clear()
    load_files(file, label_separator=mark)
    lists = [{"text": "x", "labels": [name]} for name in names * 5]
    load_files(jsonl(tmp_path / "lists.jsonl", lists))  # lists need no separator
    load_files(write(tmp_path / "b.csv", "text,labels\n" + "".join(f'x,"{name}"\n' for name in names[:5] * 5)))
    assert not caplog.records


def test_small_validation_cut(tmp_path, caplog):
    rare = [{"text": f"x{i}", "labels": [str(i % 100)]} for i in range(300)]
    cut_off = load_files(jsonl(tmp_path / "a.jsonl", rare))["validation"].num_rows
    assert cut_off < 15
    assert f"only {cut_off} of 30 documents were cut off for validation" in caplog.text
    caplog.clear()
    load_files(jsonl(tmp_path / "b.jsonl"))
    load_files(jsonl(tmp_path / "a.jsonl", rare), jsonl(tmp_path / "c.jsonl", rare))
    assert not caplog.records


def test_one_label_only(tmp_path):
    dataset = load_files(jsonl(tmp_path / "a.jsonl", [{"text": "x", "labels": ["a"] * (i % 2)} for i in range(20)]))
    assert dataset["validation"].num_rows == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "x", "unknown suffix '.txt'; known: .jsonl, .json, .csv, .parquet"),
        ("a.jsonl", "", "contains no documents"),
        ("a.csv", "text,labels\n", "contains no documents"),
        ("a.csv", "", "contains no documents"),
        ("a.jsonl", '{"text": "x", "labels": ["a"]}\n\n{"text": \n', "line 3: broken JSON"),
        ("a.json", '[\n{"text": "x", "labels": ["a"]}\n]', "line 1: broken JSON"),
        ("a.json", '[{"text": "x", "labels": ["a"]}]', "line 1: a JSON list, not an object; write one object per line"),
        ("a.jsonl", "[" * 100_000, "line 1: broken JSON"),
        ("a.jsonl", '{"txt": "x", "labels": ["a"]}', "line 1: no column 'text'; there are: txt, labels"),
        ("a.jsonl", '{"text": "x", "labels": ["a"]}\n{"text": "x"}', "line 2: no column 'labels'; there are: text"),
        ("a.csv", "text;labels\nx;a\n", "line 2: no column 'text'; there are: text;labels"),
        ("a.csv", "text,labels\nx,a\ny,b,c\n", "line 3: 3 fields, but the header has 2"),
        ("a.csv", 'text,labels\n"x\ny",a\ny\n', "line 4: 1 fields, but the header has 2"),
        ("a.csv", 'text,labels\nx,a\n"never closed,b\nz,c\n', "line 3: not well-formed CSV"),
        ("a.csv", "text,labels,text\nx,a,b\n", "line 1: the column 'text' occurs twice"),
        ("a.csv", "text,labels\nx,a\nna\xefve,b\n".encode("latin-1"), "line 3: byte 18 is not UTF-8; save the file as"),
        ("a.csv", "text,labels\nx,a\n".encode("utf-16"), "line 1: byte 0 is not UTF-8"),
        ("a.jsonl", b'{"text": "x", "labels": ["a"]}\n' + b"\xff", "line 2: byte 31 is not UTF-8"),
        ("a.parquet", b"PAR1 not really", "not a readable Parquet file"),
        ("a.parquet", b"", "not a readable Parquet file"),
    ],
)
def test_malformed_file(tmp_path, name, content, message):
    file = write(tmp_path / name, content)
    assert f"{file}" in fault(train_file=file)
    assert message in fault(train_file=file)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"text": 3, "labels": []}', "the text is of type int, not a string"),
        ('{"text": null, "labels": []}', "the text is missing (null), not a string"),
        ('{"text": ["x"], "labels": []}', "the text is of type list"),
        ('{"text": "a\\ud800", "labels": []}', "character 2 of the text is half a surrogate pair"),
        ('{"text": "x", "labels": null}', "the labels are missing (null); expected a list of names or ids"),
        ('{"text": "x", "labels": {"a": 1}}', "the labels are of type dict"),
        ('{"text": "x", "labels": 1.0}', "the labels are of type float"),
        ('{"text": "x", "labels": true}', "the labels are of type bool"),
        ('{"text": "x", "labels": [true]}', "label True is of type bool"),
        ('{"text": "x", "labels": [0.5]}', "label 0.5 is of type float"),
        ('{"text": "x", "labels": [["a"]]}', "label ['a'] is of type list"),
        ('{"text": "x", "labels": [""]}', "label '' is an empty string"),
        ('{"text": "x", "labels": [null]}', "label None is missing (null)"),
        ('{"text": "x", "labels": ["a", "b", "a"]}', "label 'a' is named twice"),
        ('{"text": "x", "labels": [-1]}', "label id -1 is negative"),
    ],
)
def test_malformed_row(tmp_path, row, message):
    file = write(tmp_path / "a.jsonl", '{"text": "fine", "labels": ["a"]}\n' + row + "\n")
    assert f"{file} line 2: {message}" in fault(train_file=file)


def test_missing_file(tmp_path):
    assert "nowhere.csv: no such file" in fault(train_file=str(tmp_path / "nowhere.csv"))
    (tmp_path / "folder.csv").mkdir()
    assert "is a folder" in fault(train_file=str(tmp_path / "folder.csv"))
    assert "no file was given" in fault()
    assert "the labels are unknown" in fault(test_file="a.csv")


def test_label_that_training_never_saw(tmp_path):
    other = jsonl(tmp_path / "b.jsonl", [*ROWS[:2], {"text": "x", "labels": ["sport"]}])
    message = fault(train_file=jsonl(tmp_path / "a.jsonl"), test_file=other)
    assert f"{other} line 3: label 'sport' is not one of the 3 labels of training" in message
    message = fault(test_file=other, label_names=["a", "b", "c"])
    assert "line 3: label 'sport' is not one of the 3 labels of the model" in message


def test_no_label_at_all(tmp_path):
    file = jsonl(tmp_path / "a.jsonl", [{"text": "x", "labels": []}] * 5)
    assert "no training document has a label" in fault(train_file=file)


def test_too_few_documents(tmp_path):
    file = jsonl(tmp_path / "a.jsonl", ROWS[:1])
    assert "too few to cut a validation split off" in fault(train_file=file)
    assert load_files(file, validation_file=file)["train"].num_rows == 1


def test_empty_separator(tmp_path):
    assert "label_separator is empty" in fault(train_file=jsonl(tmp_path / "a.jsonl"), label_separator="")
