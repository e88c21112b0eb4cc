# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts import load_corpus
from labelwise.datasets_scripts.aapd import AAPD
from labelwise.datasets_scripts.loading import find_builder
from labelwise.errors import UserInputError


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(AAPD, "COUNTS", {})
    for part in ("train", "val", "test"):
        (tmp_path / f"text_{part}").write_text(f"we prove a {part} bound .\nanother\u2028 one\n", encoding="utf-8")
        (tmp_path / f"label_{part}").write_text("cs.IT math.IT\ncs.AI\n")
    return tmp_path


@pytest.fixture
def tables(tmp_path, monkeypatch):
    monkeypatch.setattr(AAPD, "COUNTS", {})
    for split in ("train", "validation", "test"):
        (tmp_path / f"aapd_{split}.tsv").write_text(f"011\twe prove a {split} bound .\n100\tanother one\n")
    return tmp_path


def load(folder):
    return load_corpus("aapd", data_dir=str(folder), cache_dir=str(folder / "cache"))


def refused(folder):
    with pytest.raises(UserInputError) as error:
        load(folder)
    return str(error.value)


def names(dataset):
    return dataset["test"].features["labels"].feature.names


def test_small_corpus(corpus):
    dataset = load(corpus)
    assert list(dataset) == ["train", "validation", "test"]
    assert names(dataset) == ["cs.AI", "cs.IT", "math.IT"]
    assert dataset["validation"][0] == {"id": "text_val-1", "text": "we prove a val bound .", "labels": [1, 2]}
    assert dataset["test"][1] == {"id": "text_test-2", "text": "another\u2028 one", "labels": [0]}
    assert find_builder("aapd", data_dir=str(corpus)).missing() == ""
    assert find_builder("aapd", data_dir=str(corpus)).read_label_sets() == []


def test_windows_files(corpus):
    for path in corpus.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    dataset = load(corpus)
    assert names(dataset) == ["cs.AI", "cs.IT", "math.IT"]
    assert dataset["train"]["text"][:] == ["we prove a train bound .", "another\u2028 one"]


def test_without_the_training_text(corpus):
    (corpus / "text_train").unlink()
    (corpus / "label_train").write_text("cs.IT math.IT\ncs.AI\ncs.AI cs.XX\n")
    dataset = load(corpus)
    assert {split: len(part) for split, part in dataset.items()} == {"validation": 2, "test": 2}
    assert names(dataset) == ["cs.AI", "cs.IT", "cs.XX", "math.IT"]
    builder = find_builder("aapd", data_dir=str(corpus))
    assert builder.read_label_sets() == [["cs.IT", "math.IT"], ["cs.AI"], ["cs.AI", "cs.XX"]]
    assert builder.missing().endswith(
        "contains no text_train: aapd has no training documents, only their label sets (label_train)"
    )


def test_missing_file(corpus):
    (corpus / "label_train").unlink()
    assert "label_train is missing; aapd needs text_train, label_train, text_val" in refused(corpus)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("label_val", "cs.AI\n", "label_val: 1 line, but 2 lines in text_val"),
        ("label_val", "", "label_val: 0 lines, but 2 lines in text_val"),
        ("text_train", "one\n", "label_train: 2 lines, but 1 line in text_train"),
        (
            "label_test",
            "cs.AI\ncs.IT,math.IT\n",
            "label_test line 2: no training document has the label 'cs.IT,math.IT'",
        ),
        ("text_test", "one\n \n", "text_test line 2: the text is missing"),
        ("text_test", "one\n\xe9t\xe9\n", "text_test line 2: byte 4 is not UTF-8"),
    ],
)
def test_malformed(corpus, name, content, told):
    (corpus / name).write_text(content, encoding="latin-1")
    assert told in refused(corpus)


def test_a_label_named_twice_holds_once(corpus):
    (corpus / "label_train").write_text("cs.IT math.IT cs.IT\ncs.AI\n")
    assert load(corpus)["train"]["labels"][:] == [[1, 2], [0]]


def test_tables(tables):
    dataset = load(tables)
    assert list(dataset) == ["train", "validation", "test"]
    assert names(dataset) == ["0", "1", "2"]
    expected = {"id": "aapd_validation-1", "text": "we prove a validation bound .", "labels": [1, 2]}
    assert dataset["validation"][0] == expected
    (tables / "labels.txt").write_text("cs.AI\ncs.IT\nmath.IT\n")
    assert names(load(tables)) == ["cs.AI", "cs.IT", "math.IT"]


def test_windows_tables(tables):
    for path in tables.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    dataset = load(tables)
    assert names(dataset) == ["0", "1", "2"]
    assert dataset["test"]["text"][1] == "another one"


def test_tables_without_the_training_part(tables):
    (tables / "aapd_train.tsv").unlink()
    assert list(load(tables)) == ["validation", "test"]
    builder = find_builder("aapd", data_dir=str(tables))
    assert builder.missing().endswith("contains no aapd_train.tsv: aapd has no training documents")
    assert builder.read_label_sets() == []
    (tables / "aapd_validation.tsv").unlink()
    assert "aapd_validation.tsv is missing; aapd needs aapd_train.tsv, aapd_validation.tsv" in refused(tables)


def test_the_authors_files_go_first(corpus, tables):
    assert names(load(corpus)) == ["cs.AI", "cs.IT", "math.IT"]
    (corpus / "label_test").unlink()
    assert "label_test is missing" in refused(corpus)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "expected a row of 0 and 1, a tab and the text"),
        ("011 text", "expected a row of 0 and 1, a tab and the text"),
        ("text\t011", "expected a row of 0 and 1, a tab and the text"),
        ("012\ttext", "expected a row of 0 and 1, a tab and the text"),
        ("011\t", "expected a row of 0 and 1, a tab and the text"),
        ("\ttext", "expected a row of 0 and 1, a tab and the text"),
        ("011\ttext\t7", "expected a row of 0 and 1, a tab and the text"),
        ("0110\ttext", "4 labels, expected 3"),
    ],
)
def test_malformed_line_of_a_table(tables, line, told):
    with open(tables / "aapd_validation.tsv", "a") as file:
        file.write(line + "\n")
    assert f"aapd_validation.tsv line 3: {told}" in refused(tables)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a\nb\n", "aapd_train.tsv line 1: 3 labels, expected 2"),
        ("a\nb\na\n", "labels.txt: 'a' is named twice"),
        ("", "aapd_train.tsv line 1: 3 labels, expected 0"),
    ],
)
def test_names_that_do_not_fit(tables, content, told):
    (tables / "labels.txt").write_text(content)
    assert told in refused(tables)


def test_counts_are_checked(corpus, monkeypatch):
    monkeypatch.undo()
    assert "must contain 53,840 label_train lines, found 2" in refused(corpus)


def test_counts_of_tables_are_checked(tables, monkeypatch):
    monkeypatch.undo()
    (tables / "aapd_test.tsv").write_text("")
    told = "53,840 train documents, found 2; 1,000 validation documents, found 2; 1,000 test documents, found 0"
    (tables / "labels.txt").write_text("a\nb\nc\n")
    assert told in refused(tables)


def test_real_counts(real_data, real_cache):
    folder = str(real_data / "aapd")
    dataset = load_corpus("aapd", data_dir=folder, cache_dir=real_cache)
    assert {split: len(part) for split, part in dataset.items()} == {"validation": 1000, "test": 1000}
    assert len(names(dataset)) == 54
    assert len(find_builder("aapd", data_dir=folder).read_label_sets()) == 53840
