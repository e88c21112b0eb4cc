# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Cards of corpora: a valid header in which the library's part stays, and the numbers of the corpus."""

import pytest
import yaml
from datasets import Dataset, DatasetDict
from huggingface_hub import DatasetCard

from labelwise.datasets_scripts import CORPORA
from labelwise.datasets_scripts.documents import make_features
from labelwise.hub.corpus_cards import write_corpus_card

HEADER = "dataset_info:\n  features:\n  - name: text\n    dtype: string\nconfigs:\n- config_name: modapte\n"


@pytest.fixture
def corpus():
    rows = {"id": ["1", "2", "3"], "text": ["one two three", "four", "five"], "labels": [[0], [0, 1], []]}
    train = Dataset.from_dict(rows, features=make_features(["a|b", "{c}"]))
    return DatasetDict(train=train, test=train.select(range(1)))


def write(corpus, name, config_name=None, text="", repo_id="ann/copy"):
    card = DatasetCard(f"---\n{HEADER}---\n{text}")
    written = write_corpus_card(card, corpus, name, repo_id, config_name, "labelwise datasets NAME")
    return written, DatasetCard(str(card))


@pytest.mark.parametrize("name", CORPORA)
def test_header(corpus, name):
    written, card = write(corpus, name)
    assert written
    data = card.data.to_dict()
    expected = yaml.safe_load(HEADER)
    assert {key: data[key] for key in expected} == expected
    assert data["task_categories"] == ["text-classification"]
    assert data["task_ids"] == ["multi-label-classification"]
    assert data["language"] == [CORPORA[name].LANGUAGE]
    assert data["license"] == {"support_tickets": "apache-2.0", "goemotions": "cc-by-4.0"}.get(name, "other")


def test_text(corpus):
    _, card = write(corpus, "reuters21578", "modapte")
    builder = CORPORA["reuters21578"]
    for words in (
        builder.DESCRIPTION,
        builder.CITATION,
        builder.HOME,
        f"Licence: {builder.LICENSE}.",
        "| train | 3 |\n| test | 1 |",
        "| a\\|b | 3 |\n| {c} | 1 |",
        "1.00 per document on\naverage, of 2 in all. A document has 2.0 words on average.",
        'load_dataset("ann/copy", "modapte")',
        "labelwise train --dataset ann/copy --config_name modapte",
        "```\nlabelwise datasets NAME\n```",
    ):
        assert words in card.text, words


def test_a_later_run_writes_its_own_card_anew(corpus):
    _, first = write(corpus, "support_tickets")
    del corpus["test"]
    written, second = write(corpus, "support_tickets", text=first.text)
    assert written
    assert "| test | 1 |" in first.text and "| test |" not in second.text
    assert second.text.count("# support_tickets") == 1
    assert "remove this line from a card that you edit" in first.text


def test_a_text_of_somebodys_own_stays(corpus):
    written, card = write(corpus, "support_tickets", text="Mine.")
    assert not written
    assert card.text == "Mine."
    assert set(card.data.to_dict()) == set(yaml.safe_load(HEADER))
