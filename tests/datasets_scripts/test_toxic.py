# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts import load_corpus
from labelwise.datasets_scripts.loading import find_builder
from labelwise.datasets_scripts.toxic import LABELS, Toxic
from labelwise.errors import UserInputError

HEADER = f"id,comment_text,{','.join(LABELS)}\n"


def write(path, labelled=20, header=HEADER):
    rows = [f'a{i},"one, ""two""\nthree {i}",1,0,{i % 2},0,0,0\n' for i in range(labelled)]
    rows += [f"b{i},fine,0,0,0,0,0,0\n" for i in range(5)]
    path.write_text(header + "".join(rows), encoding="utf-8-sig")


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(Toxic, "COUNTS", {})
    write(tmp_path / "train.csv")
    return tmp_path


def load(folder, seed=0):
    return load_corpus("toxic", data_dir=str(folder), split_seed=seed, cache_dir=str(folder / "cache"))


def test_comments_with_a_label(corpus):
    dataset = load(corpus)
    assert {split: len(part) for split, part in dataset.items()} == {"train": 12, "validation": 2, "test": 6}
    assert dataset["train"].features["labels"].feature.names == LABELS
    rows = {row["id"]: row for part in dataset.values() for row in part}
    assert set(rows) == {f"a{i}" for i in range(20)}
    assert rows["a3"] == {"id": "a3", "text": 'one, "two"\nthree 3', "labels": [0, 2]}
    assert dataset["test"]["id"][:] != load(corpus, seed=1)["test"]["id"][:]
    assert find_builder("toxic", data_dir=str(corpus)).missing() == ""


def test_a_whole_file_must_be_whole(corpus, monkeypatch):
    monkeypatch.undo()
    write(corpus / "train_head.csv")
    with pytest.raises(
        UserInputError, match="must contain 159,571 rows, found 25; 16,225 comments with a label, found 20"
    ):
        load(corpus)


def test_a_part_is_told(tmp_path):
    write(tmp_path / "train_head.csv")
    assert sum(len(part) for part in load(tmp_path).values()) == 20
    told = find_builder("toxic", data_dir=str(tmp_path)).missing()
    assert (
        told == f"{tmp_path / 'train_head.csv'} is read as a part of train.csv, which has 16,225 comments with a label"
    )
    write(tmp_path / "train_tail.csv")
    with pytest.raises(UserInputError, match=r"train\.csv is missing; toxic needs train\.csv from https://"):
        load(tmp_path)


@pytest.mark.parametrize(("labelled", "sizes"), [(3, [1, 1, 1]), (4, [2, 1, 1])])
def test_no_part_is_empty(tmp_path, labelled, sizes):
    write(tmp_path / "train_head.csv", labelled)
    assert [len(part) for part in load(tmp_path).values()] == sizes


def test_too_few(tmp_path):
    write(tmp_path / "train_head.csv", 2)
    with pytest.raises(UserInputError, match="2 comments with a label are too few to split"):
        load(tmp_path)


def test_empty_file(tmp_path):
    (tmp_path / "train_head.csv").write_text("")
    with pytest.raises(UserInputError, match="0 comments with a label"):
        load(tmp_path)


def test_ids_may_be_missing(tmp_path):
    rows = [f"x {i},1,0,0,0,0,0\n" for i in range(4)]
    (tmp_path / "train_head.csv").write_bytes(
        (HEADER.removeprefix("id,") + "".join(rows)).replace("\n", "\r\n").encode()
    )
    assert {row["id"] for part in load(tmp_path).values() for row in part} == {"2", "3", "4", "5"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("c,text,1,0,0,0,0\n", "line 33: 7 fields, but the header has 8"),
        ("c,text,1,0,0,0,0,-1\n", "line 33: '-1' as identity_hate, expected 0 or 1"),
        ("c,text,,0,0,0,0,0\n", "line 33: '' as toxic, expected 0 or 1"),
        ('c,"text,1,0,0,0,0,0\n', "line 33: not well-formed CSV"),
        ("c,\xe9t\xe9,1,0,0,0,0,0\n", "line 33: byte .* is not UTF-8"),
    ],
)
def test_malformed_row(corpus, row, told):
    write(corpus / "train.csv", labelled=13)  # 2 lines each
    with open(corpus / "train.csv", "a", encoding="latin-1") as file:
        file.write(row)
    with pytest.raises(UserInputError, match=rf"train\.csv {told}"):
        load(corpus)


def test_columns(corpus):
    write(corpus / "train.csv", header=HEADER.replace("threat", "menace"))
    with pytest.raises(
        UserInputError, match=r"train\.csv line 1: no column 'threat'; there are: id, comment_text, toxic"
    ):
        load(corpus)
    write(corpus / "train.csv", header=HEADER.replace(",", ";"))
    with pytest.raises(UserInputError, match=r"train\.csv line 2: 8 fields, but the header has 1"):
        load(corpus)


def test_real_part(real_data, real_cache):
    dataset = load_corpus("toxic", data_dir=str(real_data / "jigsaw_toxic"), cache_dir=real_cache)
    assert sum(len(part) for part in dataset.values()) == 322
    assert len(dataset["test"]) == 97
    assert all(labels for part in dataset.values() for labels in part["labels"])
