# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import gzip
import json

import openpyxl
import pandas
import pyarrow
import pyarrow.parquet
import pytest
from datasets import ClassLabel, Dataset, Features, List, Value

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


def test_all_formats_give_the_same(tmp_path):
    cells = "".join(f'"{row["text"]}"{{0}}"{"|".join(row["labels"])}"\n' for row in ROWS)
    book = openpyxl.Workbook()
    for row in (["text", "labels"], *([row["text"], "|".join(row["labels"])] for row in ROWS)):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), tmp_path / "a.parquet")
    files = [
        jsonl(tmp_path / "a.jsonl"),
        write(tmp_path / "a.json", json.dumps(ROWS, indent=1)),
        write(tmp_path / "a.json.gz", gzip.compress(json.dumps(ROWS).encode())),
        write(tmp_path / "a.CSV", "text,labels\n" + cells.format(",")),
        write(tmp_path / "a.tsv", "text\tlabels\n" + cells.format("\t")),
        write(tmp_path / "b.csv", "text;labels\n" + cells.format(";"), "utf-16"),
        str(tmp_path / "a.parquet"),
        str(tmp_path / "a.xlsx"),
    ]
    first, *others = (load_files(file, label_separator="|") for file in files)
    for other in others:
        assert other["train"][:] == first["train"][:] and other["validation"][:] == first["validation"][:]
        assert other["train"].features == first["train"].features


def test_several_files_are_one_split(tmp_path):
    for i in range(2):
        jsonl(tmp_path / f"part-{i}.jsonl", ROWS[10 * i : 10 * i + 10])
    whole = load_files(jsonl(tmp_path / "whole.json"))
    assert load_files(str(tmp_path / "part-*"))["train"][:] == whole["train"][:]


def test_label_columns(tmp_path, caplog):
    cells = "".join(f"{i},text {i},{i % 2},{int(i % 3 == 0)},{i}\n" for i in range(20))
    file = write(tmp_path / "a.csv", "id,comment,toxic,insult,votes\n" + cells)
    one = load_files(file, text_column="comment", label_columns=["toxic", "insult"])
    assert caplog.records == []
    assert one["train"].features["labels"].feature.names == ["toxic", "insult"]
    assert {row["id"]: row["labels"] for part in one.values() for row in part} == {
        str(i): [0] * (i % 2) + [1] * (i % 3 == 0) for i in range(20)
    }
    two = load_files(file, text_column="comment", label_columns="auto")
    assert two["train"][:] == one["train"][:]
    assert "the label columns are toxic, insult (label_columns sets them)" in caplog.text


def test_label_columns_with_blank_cells(tmp_path):
    file = write(tmp_path / "a.csv", "text,a,b\nx,1,\ny,0,1\n")
    rows = load_files(file, file, label_columns=["a", "b"])["train"]
    assert (rows["labels"][:], rows["unknown_labels"][:]) == ([[0], [1]], [[1], []])


def test_class_folders(tmp_path):
    for i in range(10):
        for name in ["a"] * (i < 6) + ["b"] * (i > 3):
            (tmp_path / name).mkdir(exist_ok=True)
            write(tmp_path / name / f"{i}.txt", f"text {i}")
    corpus = load_files(str(tmp_path))
    labels = {row["id"]: row["labels"] for part in corpus.values() for row in part}
    assert labels == {f"{'a' if i < 6 else 'b'}/{i}.txt": [0] * (i < 6) + [1] * (i > 3) for i in range(10)}


def test_what_is_detected_is_told_once(tmp_path, caplog):
    file = write(tmp_path / "a.txt", "text;a\n" + "".join(f"x{i};{i % 2}\n" for i in range(20)))
    load_files(file, label_columns="auto")
    told = [record.getMessage().removeprefix(f"{file}: ") for record in caplog.records]
    assert told == [
        "is read as CSV (input_format sets it)",
        "the cells are read as separated by a semicolon (delimiter sets it)",
        "the label columns are a (label_columns sets them)",
    ]


def test_other_columns(tmp_path):
    rows = [{"id": 70 + i, "body": f"x{i}", "tags": "b, a,", "date": "today"} for i in range(3)]
    dataset = load_files(
        jsonl(tmp_path / "a.jsonl", rows), text_column="body", label_column="tags", label_separator=","
    )
    assert dataset["train"].column_names == ["id", "text", "labels"]
    assert sorted(dataset["train"]["id"][:] + dataset["validation"]["id"][:]) == ["70", "71", "72"]
    assert dataset["train"]["labels"][0] == [0, 1]


def test_csv_cells(tmp_path):
    text = 'text,labels\r\n"two\nlines, ""quoted""",a b\r\nplain,\r\n\r\nlast,c'
    dataset = load_files(
        write(tmp_path / "a.csv", text, "utf-8-sig"),
        validation_file=write(tmp_path / "b.csv", text, "utf-8-sig"),
        missing_labels="negative",
    )
    assert dataset["train"]["text"][:] == ['two\nlines, "quoted"', "plain", "last"]
    assert dataset["train"]["labels"][:] == [[0], [], [1]]
    assert dataset["train"].features["labels"].feature.names == ["a b", "c"]
    assert "line 4: the labels are missing, as in 1 of 3 rows of" in fault(train_file=str(tmp_path / "a.csv"))


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
    rows = [{"text": "x", "labels": ["a", "z"]}, {"text": "y", "labels": ["m"]}, {"text": "", "labels": []}]
    ids = [{"text": "x", "labels": [2, 0]}, {"text": "y", "labels": 1}, {"text": "", "labels": []}]
    for written in (rows, ids):
        dataset = load_files(test_file=jsonl(tmp_path / "a.jsonl", written), model_labels=["z", "m", "a"])
        assert dataset["test"].features["labels"].feature.names == ["z", "m", "a"]
        assert dataset["test"]["labels"][:] == [[0, 2], [1], []]


def test_white_space_around_names(tmp_path):
    rows = [{"text": "x", "labels": ["a "]}, {"text": "y", "labels": ["a"]}]
    file = jsonl(tmp_path / "a.jsonl", rows)
    assert load_files(file, validation_file=file)["train"].features["labels"].feature.names == ["a"]
    assert load_files(test_file=file, label_names=["b", " a"])["test"]["labels"][:] == [[1], [1]]


def test_parquet_with_names(tmp_path):
    features = Features(text=Value("string"), labels=List(ClassLabel(names=["1", "spam", "0"])))
    rows = {"text": ["one", "two", "three"], "labels": [[1, 2], [0], []]}
    Dataset.from_dict(rows, features=features).to_parquet(tmp_path / "a.parquet")
    file = str(tmp_path / "a.parquet")
    dataset = load_files(file, validation_file=file)["train"]
    assert dataset.features["labels"].feature.names == ["1", "spam", "0"]
    assert dataset["labels"][:] == rows["labels"]


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


def test_seed(tmp_path):
    file = jsonl(tmp_path / "a.jsonl")
    one, two, other = (load_files(file, split_seed=seed)["validation"]["id"][:] for seed in (0, 0, 3))
    assert one == two != other


def test_forgotten_separator(tmp_path, caplog):
    names = ["a", "b", "c", "a;b", "b;c", "a;b;c"]
    cells = "".join(f"x{i},{name}\n" for i, name in enumerate(names * 5))
    load_files(write(tmp_path / "a.csv", "text,labels\n" + cells))
    assert "3 of 6 labels contain ';', such as 'a;b'" in caplog.text
    caplog.clear()
    load_files(str(tmp_path / "a.csv"), label_separator=";")
    assert not caplog.records


def test_rare_labels_are_in_the_validation_cut(tmp_path, caplog):
    rare = [{"text": f"x{i}", "labels": [str(i % 100)]} for i in range(300)]
    assert len(load_files(jsonl(tmp_path / "a.jsonl", rare))["validation"]) == 30
    assert "70 of 100 labels have no document in the validation split that is cut off: " in caplog.text
    caplog.clear()
    load_files(jsonl(tmp_path / "b.jsonl"))
    assert not caplog.records


def test_one_label_only(tmp_path):
    rows = [{"text": f"x{i}", "labels": ["a"] * (i % 2)} for i in range(20)]
    assert load_files(jsonl(tmp_path / "a.jsonl", rows))["validation"].num_rows == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", "", "contains no documents"),
        ("a.json", '[{"text": "x", "labels": ["a"]}, 3]', "item 2: a JSON int, not an object"),
        ("a.jsonl", '{"txt": "x", "labels": ["a"]}', "line 1: no column 'text'; there are: txt, labels"),
        ("a.jsonl", '{"text": "x"}\n{"text": "y"}', "no column 'labels'; there are: text"),
        ("a.csv", "body;labels\nx;a\n", "line 1: no column 'text'; there are: body, labels (the"),
        ("a.csv", "text,labels\nx,a\ny,b,c\n", "line 3: 3 fields, but the header has 2"),
        ("a.csv", "text,labels\nx,a\nna\xefve,b\n".encode("latin-1"), "line 3: byte 18 is not UTF-8; save the file as"),
        ("a.parquet", b"PAR1 not really", "not a readable Parquet file"),
        ("a.txt", "one\ntwo\n", "no column 'labels'; there are: text"),
    ],
)
def test_malformed_file(tmp_path, name, content, message):
    file = write(tmp_path / name, content)
    assert f"{file}" in fault(train_file=file)
    assert message in fault(train_file=file)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"text": 3, "labels": []}', "line 2: the text is of type int, not a string"),
        ('{"text": null, "labels": []}', "line 2: the text is missing (null), as in 1 of 2 rows"),
        ('{"text": "a\\ud800", "labels": []}', "line 2: character 2 of the text is half a surrogate pair"),
        ('{"text": "x", "labels": null}', "line 2: the labels are missing, as in 1 of 2 rows of"),
        ('{"text": "x"}', "line 2: the labels are missing, as in 1 of 2 rows of"),
        ('{"text": "x", "labels": " "}', "line 2: the labels are missing, as in 1 of 2 rows of"),
        ('{"text": "x", "labels": {"a": 1}}', 'line 1: the labels ["a"] are no object, but those of'),
        ('{"text": "x", "labels": [0.5]}', "line 2: the labels [0.5] are numbers, but those of"),
        ('{"text": "x", "labels": [""]}', "line 2: label '' is an empty string"),
        ('{"text": "x", "labels": "[\'a\', \'b\']"}', None),
    ],
)
def test_malformed_row(tmp_path, row, message):
    file = write(tmp_path / "a.jsonl", '{"text": "fine", "labels": ["a"]}\n' + row + "\n")
    if message is None:
        assert load_files(file)["train"].features["labels"].feature.names == ["a", "b"]
    else:
        assert f"{file} {message}" in fault(train_file=file)


def test_missing_file(tmp_path):
    assert "nowhere.csv: no such file" in fault(train_file=str(tmp_path / "nowhere.csv"))
    (tmp_path / "folder.csv").mkdir()
    assert "folder.csv: is a folder without files" in fault(train_file=str(tmp_path / "folder.csv"))
    assert "no file was given" in fault()
    assert "the labels are unknown" in fault(test_file="a.csv")


@pytest.mark.parametrize("given", [{"train": "a.jsonl"}, {}, ["a.jsonl"], pandas.DataFrame({"text": ["x"]})])
def test_what_is_no_path(given):
    kind = type(given).__name__
    told = f"test_file is of type {kind}, not a path: give one, as in load_files('train.jsonl', test_file='test.jsonl')"
    assert fault(train_file="a.jsonl", test_file=given) == f"{told}; from_lists takes objects in memory"


def test_label_that_training_never_saw(tmp_path):
    other = jsonl(tmp_path / "b.jsonl", [*ROWS[:2], {"text": "x", "labels": ["sport"]}])
    message = fault(train_file=jsonl(tmp_path / "a.jsonl"), test_file=other)
    assert f"{other} line 3: 'sport': 1 label (1 time in all) is not among the 3 of training" in message
    message = fault(test_file=other, model_labels=["a", "b", "c"])
    assert "line 3: 'sport': 1 label (1 time in all) is not among the 3 of the model" in message


def test_no_label_at_all(tmp_path):
    file = jsonl(tmp_path / "a.jsonl", [{"text": "x", "labels": []}] * 5)
    assert "no training document has a label" in fault(train_file=file)


def test_too_few_documents(tmp_path):
    file = jsonl(tmp_path / "a.jsonl", ROWS[:1])
    assert "too few to cut a validation split off" in fault(train_file=file)
    assert load_files(file, validation_file=file)["train"].num_rows == 1


def test_empty_separator(tmp_path):
    assert "label_separator is empty" in fault(train_file=jsonl(tmp_path / "a.jsonl"), label_separator="")
