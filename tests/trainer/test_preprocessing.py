# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""From texts and label ids to what models read."""

import datasets
import pytest

from labelwise.trainer.preprocessing import label_matrix, label_names, preprocess, tokenized_labels

NAMES = ["rock", "jazz", "soul"]


@pytest.fixture
def corpus():
    features = datasets.Features(
        {
            "text": datasets.Value("string"),
            "labels": datasets.List(datasets.ClassLabel(names=NAMES)),
            "id": datasets.Value("string"),
        }
    )
    rows = {
        "text": ["w1 w2. W3", "", "unheard of", "w4"],
        "labels": [[2, 0], [], [1], [0, 1, 2]],
        "id": list("abcd"),
    }
    return datasets.Dataset.from_dict(rows, features=features)


@pytest.mark.parametrize("num_proc", [None, 2])
def test_ids_and_one_number_per_label(corpus, word_tokenizer, num_proc):
    found = preprocess(corpus, word_tokenizer, num_proc=num_proc)
    assert set(found.column_names) == {"input_ids", "attention_mask", "labels"}
    assert found["labels"][:] == [[1, 0, 1], [0, 0, 0], [0, 1, 0], [1, 1, 1]]
    assert found["input_ids"][:] == [word_tokenizer(text)["input_ids"] for text in corpus["text"]]
    assert found["attention_mask"][:] == [[1] * len(ids) for ids in found["input_ids"]]


def test_unknown_labels(corpus, word_tokenizer):
    unknown = datasets.List(datasets.ClassLabel(names=NAMES))
    corpus = corpus.add_column("unknown_labels", [[1], [0, 1, 2], [], []], feature=unknown)
    found = preprocess(corpus, word_tokenizer)
    assert set(found.column_names) == {"input_ids", "attention_mask", "labels"}
    assert found["labels"][:] == [[1, -100, 1], [-100, -100, -100], [0, 1, 0], [1, 1, 1]]
    assert tokenized_labels(found).tolist() == label_matrix(corpus).tolist() == found["labels"][:]


def test_texts_are_cut_to_the_limit_of_the_tokenizer(corpus, word_tokenizer, monkeypatch):
    monkeypatch.setattr(word_tokenizer, "model_max_length", 2)
    assert [len(ids) for ids in preprocess(corpus, word_tokenizer)["input_ids"]] == [2, 2, 2, 2]


def test_names_in_the_order_of_their_ids(corpus):
    assert label_names(datasets.DatasetDict({"test": corpus})) == NAMES


def test_one_label(word_tokenizer):
    features = datasets.Features(
        {"text": datasets.Value("string"), "labels": datasets.List(datasets.ClassLabel(names=["rock"]))}
    )
    corpus = datasets.Dataset.from_dict({"text": ["w1", "w2"], "labels": [[0], []]}, features=features)
    assert preprocess(corpus, word_tokenizer)["labels"][:] == [[1], [0]]
