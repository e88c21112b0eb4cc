# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts import load_corpus
from labelwise.datasets_scripts.gaic import GAIC
from labelwise.errors import UserInputError

ROUND_1 = "track1_round1_train_20210222.csv"


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(GAIC, "COUNTS", {})
    (tmp_path / ROUND_1).write_text("".join(f"{i}|,|623 {i} 538 |,|{'16 2 2 ' if i % 2 else ''}\n" for i in range(10)))
    (tmp_path / "train.csv").write_text("".join(f"{i}|,|7 {i}|,|{'3 16,0 11' if i % 2 else ','}\n" for i in range(20)))
    return tmp_path


def load(folder, seed=0):
    return load_corpus("gaic", data_dir=str(folder), split_seed=seed, cache_dir=str(folder / "cache"))


def rows(dataset):
    return {row["id"]: row for part in dataset.values() for row in part}


def test_both_rounds(corpus):
    dataset = load(corpus)
    assert {split: len(part) for split, part in dataset.items()} == {"train": 24, "validation": 3, "test": 3}
    assert dataset["train"].features["labels"].feature.names == [str(i) for i in range(17)]
    found = rows(dataset)
    assert len(found) == 30
    assert found["1-0"] == {"id": "1-0", "text": "623 0 538", "labels": []}
    assert found["1-9"] == {"id": "1-9", "text": "623 9 538", "labels": [2, 16]}
    assert found["2-0"]["labels"] == []
    assert found["2-9"] == {"id": "2-9", "text": "7 9", "labels": [3, 16]}


def test_split_is_seeded(corpus):
    assert load(corpus)["test"]["id"][:] != load(corpus, seed=1)["test"]["id"][:]


def test_windows_file(corpus):
    path = corpus / ROUND_1
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert rows(load(corpus))["1-9"] == {"id": "1-9", "text": "623 9 538", "labels": [2, 16]}


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        (ROUND_1, "", r"line 11: expected id\|,\|words\|,\|regions; download"),
        (ROUND_1, "1,623 538,2", r"line 11: expected id\|,\|words\|,\|regions; download"),
        (ROUND_1, "1|,|623 538", r"line 11: expected id\|,\|words\|,\|regions; download"),
        (ROUND_1, "1|,||,|2", r"line 11: expected id\|,\|words\|,\|regions; download"),
        (ROUND_1, "1|,|623|,|2,3", r"line 11: expected id\|,\|words\|,\|regions; download"),
        (ROUND_1, "1|,|623|,|2|,|", r"line 11: expected id\|,\|words\|,\|regions; download"),
        (ROUND_1, "1|,|623|,|17", r"line 11: '17' is not a label id; valid ids are 0 to 16"),
        (ROUND_1, "1|,|623|,|2;3", r"line 11: '2;3' is not a label id"),
        (ROUND_1, "1|,|623|,|-1", r"line 11: '-1' is not a label id"),
        ("train.csv", "1|,|623|,|2", r"line 21: expected id\|,\|words\|,\|regions,types; download"),
        ("train.csv", "1|,|623|,|2,3,4", r"line 21: expected id\|,\|words\|,\|regions,types; download"),
        ("train.csv", "1|,|623|,|2,12", r"line 21: '12' is not a label id; valid ids are 0 to 11"),
    ],
)
def test_malformed_line(corpus, file, line, told):
    with open(corpus / file, "a") as opened:
        opened.write(line + "\n")
    with pytest.raises(UserInputError, match=rf"{file} {told}"):
        load(corpus)


def test_round_1_is_needed(corpus):
    (corpus / ROUND_1).unlink()
    with pytest.raises(UserInputError, match=rf"{ROUND_1} is missing; gaic needs .* from https://"):
        load(corpus)


def test_counts_are_checked(corpus, monkeypatch):
    monkeypatch.undo()
    with pytest.raises(
        UserInputError, match="must contain 10,000 round 1 documents, found 10; 20,000 round 2 documents, "
    ):
        load(corpus)
    (corpus / "train.csv").unlink()
    (corpus / ROUND_1).write_text("")
    with pytest.raises(UserInputError, match="must contain 10,000 round 1 documents, found 0; the files"):
        load(corpus)


def test_real_counts(real_data, real_cache):
    dataset = load_corpus("gaic", data_dir=str(real_data / "gaic"), cache_dir=real_cache)
    assert {split: len(part) for split, part in dataset.items()} == {"train": 8000, "validation": 1000, "test": 1000}
    labels = [label_set for part in dataset.values() for label_set in part["labels"]]
    assert sum(not label_set for label_set in labels) == 2622
