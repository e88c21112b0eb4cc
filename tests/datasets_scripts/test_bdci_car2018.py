# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts import load_corpus
from labelwise.datasets_scripts.bdci_car2018 import BDCICar2018
from labelwise.errors import UserInputError

HEADER = "content_id,content,subject,sentiment_value,sentiment_word\n"


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(BDCICar2018, "COUNTS", {})
    rows = [f'{i},"车{i}, 好  ",{subject},0,\n' for i in range(20) for subject in ("价格", "油耗")[: 1 + i % 2]]
    (tmp_path / "train_2.csv").write_text(HEADER + "".join(rows), encoding="utf-8-sig")
    return tmp_path


def load(folder):
    return load_corpus("bdci_car2018", data_dir=str(folder), cache_dir=str(folder / "cache"))


def test_rows_become_documents(corpus):
    dataset = load(corpus)
    rows = {row["id"]: row for part in dataset.values() for row in part}
    assert len(rows) == sum(len(part) for part in dataset.values()) == 20
    assert rows["3"] == {"id": "3", "text": "车3, 好", "labels": [0, 1]}
    assert [len(part) for part in dataset.values()] == [16, 2, 2]


def test_other_columns(corpus):
    (corpus / "train_2.csv").write_text("content_id,content\n1,x\n", encoding="utf-8")
    with pytest.raises(UserInputError, match=r"train_2\.csv line 1: expected the columns content_id, content, subject"):
        load(corpus)


def test_malformed_row(corpus):
    with open(corpus / "train_2.csv", "a", encoding="utf-8") as file:
        file.write("99,x,价格,0\n")
    with pytest.raises(UserInputError, match=r"train_2\.csv line 32: 4 fields, but the header has 5"):
        load(corpus)


def test_missing_subject(corpus):
    with open(corpus / "train_2.csv", "a", encoding="utf-8") as file:
        file.write("99,x,,0,\n")
    with pytest.raises(UserInputError, match=r"line 32: the subject is missing"):
        load(corpus)


def test_real_counts(real_data, real_cache):
    dataset = load_corpus("bdci_car2018", data_dir=str(real_data / "bdci_car2018"), cache_dir=real_cache)
    assert sum(len(part) for part in dataset.values()) == 10654
    assert len(dataset["train"].features["labels"].feature.names) == 10
