# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""From logits to label sets."""

import numpy as np
import pytest
import torch

from labelwise import predict_labels


def logit(probability):
    return float(np.log(probability / (1 - probability)))


def test_a_threshold_is_a_probability_not_a_logit():
    logits = torch.tensor([[0.4, -0.1, 3.0]])  # 0.60, 0.48, 0.95
    assert predict_labels(logits, 0.5).tolist() == [[True, False, True]]
    assert predict_labels(logits, 0.47).tolist() == [[True, True, True]]
    assert predict_labels(logits, 0.9).tolist() == [[False, False, True]]


def test_one_threshold_per_label():
    logits = torch.tensor([[logit(0.3), logit(0.3)], [logit(0.7), logit(0.7)]])
    assert predict_labels(logits, [0.2, 0.8]).tolist() == [[True, False], [True, False]]


def test_a_label_on_the_threshold_does_not_hold():
    assert predict_labels(torch.zeros(1, 1), 0.5).tolist() == [[False]]
    assert predict_labels(torch.tensor([[-50.0, 50.0]]), 0.0).tolist() == [[True, True]]
    assert predict_labels(torch.tensor([[-50.0, 50.0]]), 1).tolist() == [[False, False]]


@pytest.mark.parametrize("make", [torch.tensor, np.array, list, lambda rows: torch.tensor(rows, dtype=torch.bfloat16)])
def test_any_kind_of_array(make):
    decoded = predict_labels(make([[2.0, -2.0]]), 0.5)
    assert decoded.dtype == torch.bool and decoded.tolist() == [[True, False]]


@pytest.mark.parametrize("shape", [(0, 2), (2,), (2, 3, 2)])
def test_any_shape(shape):
    assert predict_labels(torch.zeros(shape), [0.4, 0.6]).shape == shape


@pytest.mark.parametrize("thresholds", [[0.5], [0.5, 0.5, 0.5]])
def test_thresholds_of_another_number(thresholds):
    with pytest.raises(ValueError, match=f"{len(thresholds)} thresholds for 2 labels"):
        predict_labels(torch.zeros(1, 2), thresholds)


@pytest.mark.parametrize("thresholds", [-0.1, 1.1, [0.5, 2.0], float("nan")])
def test_thresholds_that_are_no_probabilities(thresholds):
    with pytest.raises(ValueError, match="thresholds must be >= 0 and <= 1, not"):
        predict_labels(torch.zeros(1, 2), thresholds)
