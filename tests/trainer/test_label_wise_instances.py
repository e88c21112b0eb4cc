# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Pre-training instances: what each holds, that the seed alone decides, and that the draws are fair."""

import pickle
from collections import Counter

import datasets
import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader
from transformers.utils import logging

from labelwise.errors import UserInputError
from labelwise.trainer.label_wise_instances import LabelWiseInstances, PreTrainingCollator


def documents(labels):
    """Documents whose only word is their number."""
    return datasets.Dataset.from_dict({"input_ids": [[number + 3] for number in range(len(labels))], "labels": labels})


def random_labels(number=30, num_labels=5, seed=0):
    return (np.random.default_rng(seed).random((number, num_labels)) < 0.4).astype(int).tolist()


def draws(instances):
    return [instances.draw(index) for index in range(len(instances))]


@pytest.mark.parametrize("num_candidates", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 7])
def test_what_every_instance_holds(num_candidates, seed):
    labels = np.array(random_labels())
    for target, k, candidates, position in draws(LabelWiseInstances(documents(labels), 600, num_candidates, seed)):
        assert labels[target, k] == 1
        assert len(candidates) == len(set(candidates)) == num_candidates
        assert target not in candidates
        assert [labels[candidate, k] for candidate in candidates] == [
            int(place == position) for place in range(num_candidates)
        ]


def test_what_is_not_known_is_neither_positive_nor_negative():
    labels = np.array(random_labels(60))
    labels[np.random.default_rng(1).random(labels.shape) < 0.3] = -100
    for target, k, candidates, position in draws(LabelWiseInstances(documents(labels), 600, 3, seed=0)):
        assert labels[target, k] == 1
        assert [labels[candidate, k] for candidate in candidates] == [int(place == position) for place in range(3)]


def test_an_item_holds_the_words_of_its_documents():
    instances = LabelWiseInstances(documents(random_labels()), 50, 3, 0)
    assert len(instances) == 50 and len(list(instances)) == 50
    for index, item in enumerate(instances):
        target, k, candidates, position = instances.draw(index)
        assert item == {
            "input_ids": [target + 3],
            "candidate_input_ids": [[candidate + 3] for candidate in candidates],
            "class_ids": k,
            "labels": position,
        }
    for outside in (-1, 50):
        with pytest.raises(IndexError):
            instances[outside]


def test_seed_and_index_alone_decide():
    rows = documents(random_labels())
    expected = draws(LabelWiseInstances(rows, 200, 3, 5))
    again = LabelWiseInstances(rows, 200, 3, 5)
    backwards = [again.draw(index) for index in reversed(range(200))]
    assert backwards[::-1] == expected
    assert draws(pickle.loads(pickle.dumps(again))) == expected
    assert draws(LabelWiseInstances(rows, 100, 3, 5)) == expected[:100]
    torch.manual_seed(3)
    np.random.seed(3)
    assert draws(LabelWiseInstances(rows, 200, 3, 5)) == expected
    assert draws(LabelWiseInstances(rows, 200, 3, 6)) != expected


def test_the_seed_decides_candidates_too_and_not_only_the_order():
    rows = documents([[1], [1], *[[0]] * 20])
    negatives = [
        [np.delete(candidates, position).tolist() for _, _, candidates, position in draws(instances)]
        for instances in (LabelWiseInstances(rows, 30, 3, seed) for seed in (5, 6))
    ]
    assert sum(one == other for one, other in zip(*negatives, strict=True)) < 5


def test_workers_change_nothing(word_tokenizer):
    instances = LabelWiseInstances(documents(random_labels()), 64, 3, 0)
    batches = [
        list(DataLoader(instances, batch_size=10, collate_fn=PreTrainingCollator(word_tokenizer), num_workers=workers))
        for workers in (0, 2)
    ]
    assert len(batches[0]) == len(batches[1]) == 7
    for one, other in zip(*batches, strict=True):
        assert one.keys() == other.keys()
        assert all(one[name].equal(other[name]) for name in one)


def test_every_round_visits_every_target_once_in_a_new_order():
    labels = random_labels()
    targets = {number for number, row in enumerate(labels) if any(row)}
    assert len(targets) < len(labels)  # some document has no label
    order = [draw[0] for draw in draws(LabelWiseInstances(documents(labels), 4 * len(targets), 2, 0))]
    rounds = [order[start : start + len(targets)] for start in range(0, len(order), len(targets))]
    assert all(set(one) == targets for one in rounds)
    assert len({tuple(one) for one in rounds}) == 4


def assert_uniform(counts, expected_number):
    """Pearson's chi-square; 5 standard deviations above its mean is far beyond chance."""
    assert len(counts) == expected_number
    mean, freedom = sum(counts.values()) / expected_number, expected_number - 1
    chi_square = sum((count - mean) ** 2 / mean for count in counts.values())
    assert chi_square <= freedom + 5 * (2 * freedom) ** 0.5


def test_draws_are_uniform():
    labels = np.array(random_labels(number=12, num_labels=3, seed=1))
    seen = {"k": Counter(), "positive": Counter(), "negative": Counter(), "position": Counter()}
    for target, k, candidates, position in draws(LabelWiseInstances(documents(labels), 24000, 3, 0)):
        seen["k"][target, k] += 1
        seen["positive"][target, k, candidates[position]] += 1
        seen["position"][position] += 1
        for candidate in np.delete(candidates, position):
            seen["negative"][k, int(candidate)] += 1
    for target in range(12):
        held = np.flatnonzero(labels[target])
        if len(held):
            assert_uniform({k: n for (t, k), n in seen["k"].items() if t == target}, len(held))
        for k in held:
            positives = {c: n for (t, kk, c), n in seen["positive"].items() if (t, kk) == (target, k)}
            assert_uniform(positives, labels[:, k].sum() - 1)
    for k in range(3):
        assert_uniform({c: n for (kk, c), n in seen["negative"].items() if kk == k}, (labels[:, k] == 0).sum())
    assert_uniform(seen["position"], 3)


def test_negatives_are_drawn_without_replacement():
    """Both orders of a pair of negatives, each pair as often as another."""
    labels = [[1], [1], [0], [0], [0], [0]]
    pairs = Counter()
    for _, _, candidates, position in draws(LabelWiseInstances(documents(labels), 6000, 3, 0)):
        pairs[frozenset(np.delete(candidates, position).tolist())] += 1
    assert_uniform(pairs, 6)


def test_negatives_may_be_just_enough():
    labels = [[1], [0], [1], [0], [1]]
    for target, _, candidates, position in draws(LabelWiseInstances(documents(labels), 50, 3, 0)):
        assert sorted(np.delete(candidates, position).tolist()) == [1, 3]
        assert candidates[position] in {0, 2, 4} - {target}


@pytest.fixture
def warnings(monkeypatch):
    found = []
    logger = logging.get_logger("labelwise.trainer.label_wise_instances")
    monkeypatch.setattr(logger, "warning", found.append)
    return found


# Label 0 is usable, 1 is carried by one document, 2 by all, 3 by none, 4 by all but one.
LABELS = [[1, 1, 1, 0, 1], [1, 0, 1, 0, 1], [0, 0, 1, 0, 1], [0, 0, 1, 0, 0]]


def test_labels_without_a_pair_are_left_out_and_named_once(warnings):
    instances = LabelWiseInstances(documents(LABELS), 40, 3, 0, names=["good", "rare", "common", "dead", "frequent"])
    assert {(target, k) for target, k, _, _ in draws(instances)} == {(0, 0), (1, 0)}
    assert len(warnings) == 1
    assert "leaves out 4 of 5 labels" in warnings[0] and warnings[0].endswith(": rare, common, dead, frequent")


def test_fewer_candidates_need_fewer_negatives(warnings):
    instances = LabelWiseInstances(documents(LABELS), 200, 2, 0)
    assert {k for _, k, _, _ in draws(instances)} == {0, 4}
    assert len(warnings) == 1 and warnings[0].endswith(": 1, 2, 3")


def test_no_warning_when_nothing_is_left_out(warnings):
    LabelWiseInstances(documents([[1, 0], [1, 1], [0, 1], [0, 0]]), 1, 3, 0)
    assert warnings == []


@pytest.mark.parametrize("labels", [[[1, 1]] * 4, [[1, 0], [0, 1]], [[0, 0]] * 4, [[1, 1], [1, 1], [0, 0]]], ids=str)
def test_no_usable_label(labels):
    with pytest.raises(UserInputError, match=f"none of 2 labels of {len(labels)} training documents") as error:
        LabelWiseInstances(documents(labels), 10, 3, 0)
    assert str(error.value).endswith("; give more training documents, or lower num_candidates")


def test_fewer_candidates_than_two_are_not_asked_for():
    with pytest.raises(UserInputError, match=r"give more validation documents$"):
        LabelWiseInstances(documents([[1, 1]] * 4), 10, 2, 0, split="validation")


@pytest.mark.parametrize("num_candidates", [-1, 0, 1])
def test_too_few_candidates(num_candidates):
    with pytest.raises(UserInputError, match="at least 2 candidates"):
        LabelWiseInstances(documents(LABELS), 10, num_candidates, 0)


def test_a_batch(word_tokenizer):
    batch = PreTrainingCollator(word_tokenizer)(
        [
            {"input_ids": [3, 4], "candidate_input_ids": [[5], [6, 7, 8]], "class_ids": 1, "labels": 0},
            {"input_ids": [9], "candidate_input_ids": [[], [10, 11]], "class_ids": 0, "labels": 1},
        ]
    )
    assert {name: value.tolist() for name, value in batch.items()} == {
        "input_ids": [[3, 4], [9, 0]],
        "attention_mask": [[1, 1], [1, 0]],
        "candidate_input_ids": [[[5, 0, 0], [6, 7, 8]], [[0, 0, 0], [10, 11, 0]]],
        "candidate_attention_mask": [[[1, 0, 0], [1, 1, 1]], [[0, 0, 0], [1, 1, 0]]],
        "class_ids": [1, 0],
        "labels": [0, 1],
    }
