# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts import load_corpus
from labelwise.datasets_scripts.goemotions import GoEmotions
from labelwise.errors import UserInputError


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(GoEmotions, "COUNTS", {})
    (tmp_path / "labels.txt").write_text("joy\nanger\nneutral\n")
    for name in ("train", "dev", "test"):
        (tmp_path / f"{name}.tsv").write_text(
            f'"Great\u2028day" \U0001f600 {name}\t2,0,0\ta1\nHm\t1\ta2\n', encoding="utf-8"
        )
    return tmp_path


def load(folder):
    return load_corpus("goemotions", data_dir=str(folder), cache_dir=str(folder / "cache"))


def test_small_corpus(corpus):
    dataset = load(corpus)
    assert dataset["train"].features["labels"].feature.names == ["joy", "anger", "neutral"]
    assert dataset["validation"][0] == {"id": "a1", "text": '"Great\u2028day" \U0001f600 dev', "labels": [0, 2]}
    assert list(dataset) == ["train", "validation", "test"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("no tabs at all", "expected 3 tab-separated fields, found 1"),
        ("a\tb\tc\td", "expected 3 tab-separated fields, found 4"),
        ("text\t3\tid", "'3' is not a label id; valid ids are 0 to 2"),
        ("text\t-1\tid", "'-1' is not a label id"),
        ("text\t\tid", "'' is not a label id"),
        ("text\tjoy\tid", "'joy' is not a label id"),
    ],
)
def test_malformed_line(corpus, line, message):
    with open(corpus / "dev.tsv", "a") as file:
        file.write(line + "\n")
    with pytest.raises(UserInputError) as error:
        load(corpus)
    assert f"dev.tsv line 3: {message}" in str(error.value)


def test_missing_file(corpus):
    (corpus / "labels.txt").unlink()
    with pytest.raises(
        UserInputError, match=r"labels\.txt is missing; goemotions needs train\.tsv, dev\.tsv, .* from https"
    ):
        load(corpus)


def test_counts_are_checked(corpus, monkeypatch):
    monkeypatch.undo()
    with pytest.raises(UserInputError, match=r"must contain 43,410 train\.tsv lines, found 2"):
        load(corpus)


def test_real_counts(real_data, real_cache):
    dataset = load_corpus("goemotions", data_dir=str(real_data / "goemotions"), cache_dir=real_cache)
    assert {split: len(part) for split, part in dataset.items()} == {"train": 43410, "validation": 5426, "test": 5427}
