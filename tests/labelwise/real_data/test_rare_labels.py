# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Hundreds of rare labels: what is cut off for validation, and which labels are not in it."""

import random
from collections import Counter

import pytest

from labelwise.runs.data import DataArguments

from .made_up import NAMES, TRAIN, Row, listening, load, new_classifier, texts_of, train, with_labels, write_jsonl


def rare_rows(documents: int, labels: int, seed: int = 0) -> list[Row]:
    """Documents of one to four labels, most of which occur a few times; each label is a word."""
    rng = random.Random(seed)
    weights = [1 / (rank + 2) ** 0.5 for rank in range(labels)]
    rows = []
    for number in range(documents):
        names = sorted({f"topic{i:03}" for i in rng.choices(range(labels), weights, k=rng.randint(1, 4))})
        rows.append(Row(f"note{number} {' '.join(names)}", names))
    return rows


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("documents", "labels"), [(300, 300), (600, 300), (400, 150), (1500, 300)])
def test_about_a_tenth_is_cut_off(tmp_path, documents, labels, seed):
    rows = rare_rows(documents, labels)
    file = write_jsonl(tmp_path / "a.jsonl", with_labels(rows, [row.labels for row in rows]))
    with listening() as told:
        corpus = DataArguments(train_file=str(file), split_seed=seed).load()
    assert 0.09 * documents <= len(corpus["validation"]) <= 0.12 * documents
    names = corpus["train"].features["labels"].feature.names
    of = {split: Counter(names[i] for ids in part["labels"] for i in ids) for split, part in corpus.items()}
    in_all = Counter(name for row in rows for name in row.labels)
    assert of["train"].keys() == in_all.keys()  # each label can be learned
    assert all(0.04 < of["validation"][name] / number < 0.26 for name, number in in_all.items() if number >= 20)
    lacking = sorted(in_all.keys() - of["validation"].keys())
    shown = ", ".join(lacking[:20]) + ", …" * (len(lacking) > 20)
    what = "labels have no document in the validation split that is cut off"
    assert told == [f"{len(lacking)} of {len(in_all)} {what}: {shown}"]


def test_labels_of_one_document_each(tmp_path):
    """They cannot be in both parts. The others still can, and what that costs is told."""
    rows = [Row(f"note{i}", [f"id{i:04}", NAMES[i % 3]]) for i in range(300)]
    file = write_jsonl(tmp_path / "a.jsonl", with_labels(rows, [row.labels for row in rows]))
    with listening() as told:
        corpus = DataArguments(train_file=str(file)).load()
    number = len(corpus["validation"])
    assert 27 <= number <= 33
    names = corpus["train"].features["labels"].feature.names
    counts = Counter(names[i] for ids in corpus["validation"]["labels"] for i in ids)
    assert all(abs(counts[name] - number / 3) <= 1 for name in NAMES)
    assert len(told) == 2
    assert told[0].startswith(
        f"{300 - number} of 303 labels have no document in the validation split that is cut off: id"
    )
    assert told[1].startswith(f"{number} of 303 labels have all documents in the validation split that is cut off")


def test_one_document_of_a_label_stays_in_training(tmp_path):
    """Where enough other documents can be cut off, those that are alone with a label are not."""
    for seed in range(10):
        rows = [Row(row.text, [*row.labels, *(["rare"] if i == seed else [])]) for i, row in enumerate(TRAIN)]
        file = write_jsonl(tmp_path / f"{seed}.jsonl", with_labels(rows, [row.labels for row in rows]))
        corpus = DataArguments(train_file=str(file), split_seed=seed).load()
        assert rows[seed].text in corpus["train"]["text"]


@pytest.mark.parametrize("door", ["command", "front door"])
def test_both_doors(command, tmp_path, door):
    rows = rare_rows(300, 120)
    labels = [row.labels for row in rows]
    if door == "command":
        model = train(command, tmp_path, write_jsonl(tmp_path / "a.jsonl", with_labels(rows, labels)))
        told, names, measured = model.told.errors.splitlines(), model.names, model.printed["validation"]
    else:
        with listening() as told:
            classifier = new_classifier().fit(texts_of(rows), labels)
        names, measured = classifier.classes_.tolist(), classifier.results_["metrics"]["validation"]
        assert 27 <= classifier.results_["documents"]["validation"] <= 36
    assert names == sorted({name for row in rows for name in row.labels})
    assert measured["micro_f1"] > 0.3
    assert len([line for line in told if "have no document in the validation split that is cut off" in line]) == 1


def test_labels_that_training_has_in_no_or_in_all_documents(tmp_path):
    """They cannot be learned; their names are told."""
    rows = [Row(row.text, [*row.labels, "always"]) for row in TRAIN]
    file = write_jsonl(tmp_path / "a.jsonl", with_labels(rows, [row.labels for row in rows]))
    with listening() as told:
        load(file, label_names=[*NAMES, "always", "never"])
    assert "train: 1 label has no positive document: never" in told
    assert "train: 1 label has no negative document: always" in told
