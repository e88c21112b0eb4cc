# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import json

import pytest

from labelwise.datasets_scripts import load_corpus
from labelwise.datasets_scripts.cail2019_elements import CAIL2019Elements
from labelwise.errors import UserInputError

MALFORMED = [
    "",
    "{",
    "null",
    "[" * 100_000,
    '["text"]',
    '[{"sentence": "x"}]',
    '[{"sentence": 3, "labels": []}]',
    '[{"sentence": "x", "labels": "LB1"}]',
    '[{"sentence": "x", "labels": [["LB1"]]}]',
]


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(CAIL2019Elements, "COUNTS", {})
    folder = tmp_path / "labor"
    folder.mkdir()
    (folder / "tags.txt").write_text("LB1\nLB2")
    (folder / "selectedtags.txt").write_text("解除劳动关系\n支付工资\n", encoding="utf-8")
    judgment = [{"sentence": "原告诉称。", "labels": []}, {"labels": ["LB2", "LB1"], "sentence": "被告未付工资。"}]
    lines = [json.dumps(judgment, ensure_ascii=False)] * 20
    (folder / "data_small_selected.json").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def load(folder, config="labor", seed=0):
    return load_corpus("cail2019_elements", str(folder), config, split_seed=seed, cache_dir=str(folder / "cache"))


def judgments(dataset):
    return {row_id.split("-")[0] for row_id in dataset["id"]}


def test_small_corpus(corpus):
    dataset = load(corpus)
    assert {split: len(part) for split, part in dataset.items()} == {"train": 32, "validation": 4, "test": 4}
    assert dataset["train"].features["labels"].feature.names == ["解除劳动关系", "支付工资"]
    assert dataset["test"]["labels"][:2] == [[], [0, 1]]


def test_no_judgment_on_two_sides(corpus):
    parts = [judgments(part) for part in load(corpus).values()]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 20
    assert parts[2] != judgments(load(corpus, seed=1)["test"])


@pytest.mark.parametrize("line", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_line(corpus, line):
    with open(corpus / "labor" / "data_small_selected.json", "a") as file:
        file.write("\n" + line + "\n")
    with pytest.raises(UserInputError, match=r"data_small_selected\.json line 21: expected a JSON list"):
        load(corpus)


def test_unknown_tag(corpus):
    with open(corpus / "labor" / "data_small_selected.json", "a") as file:
        file.write('\n[{"sentence": "x", "labels": ["LB9"]}]')
    with pytest.raises(UserInputError, match=r"line 21: tag 'LB9' is not in tags\.txt"):
        load(corpus)


def test_names_must_match_tags(corpus):
    (corpus / "labor" / "tags.txt").write_text("LB1")
    with pytest.raises(UserInputError, match=r"selectedtags\.txt: 2 names, but 1 tag in tags"):
        load(corpus)


def test_configuration_must_be_chosen(corpus):
    with pytest.raises(UserInputError, match="no default configuration; choose one of: divorce, labor, loan"):
        load(corpus, config=None)


@pytest.mark.parametrize(("config", "sentences"), [("divorce", 11685), ("labor", 5682), ("loan", 5124)])
def test_real_counts(real_data, real_cache, config, sentences):
    dataset = load_corpus("cail2019_elements", str(real_data / "cail2019_elements"), config, cache_dir=real_cache)
    assert sum(len(part) for part in dataset.values()) == sentences
    assert len(dataset["train"].features["labels"].feature.names) == 20
