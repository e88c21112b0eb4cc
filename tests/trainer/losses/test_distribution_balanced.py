# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Distribution-balanced loss against its formulas by hand."""

from math import exp, log

import pytest
import torch

from labelwise.trainer.losses import DistributionBalancedLoss

POSITIVES, NEGATIVES = [60, 20, 5], [40, 80, 95]  # of 100 documents


def sigmoid(x):
    return 1 / (1 + exp(-x))


def by_hand(logits, labels, alpha, beta, mu, kappa, lambda_, gamma):
    """One document, label by label, as the papers write it: C, p_i, P_i^C, P^I, r, r hat, b hat, nu, q."""
    number = len(logits)
    drawn = sum(1 / number / n for n, y in zip(POSITIVES, labels, strict=True) if y == 1)
    total = 0.0
    for z, y, n in zip(logits, labels, POSITIVES, strict=True):
        if y == -100:
            continue
        r = (1 / number / n) / drawn if drawn else float("inf")
        r_hat = alpha + (1 / (1 + exp(-beta * (r - mu))) if drawn else 1)
        prior = n / 100
        nu = -kappa * -log(1 / prior - 1)
        if y == 1:
            q = sigmoid(z - nu)
            total += -r_hat * (1 - q) ** gamma * log(q)
        else:
            q = sigmoid(lambda_ * (z - nu))
            total += -r_hat / lambda_ * q**gamma * log(1 - q)
    return total


LOGITS = [[1.0, -0.5, 0.2], [-2.0, 0.7, 1.5], [0.4, 0.0, -1.0], [0.1, 0.2, 0.3]]
LABELS = [[1, 0, 1], [0, 1, 0], [0, 0, 0], [1, -100, 0]]
PAPER = {"alpha": 0.1, "beta": 10.0, "mu": 0.9, "kappa": 0.05, "lambda_": 2.0, "gamma": 2.0}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"gamma": 0.0, "mu": 0.2},  # the loss of 2020
        {"lambda_": 1.0, "kappa": 0.0},  # R-FL: weights only
        {"alpha": 0.7, "beta": 3.0, "kappa": 0.3, "lambda_": 5.0, "gamma": 1.0},
    ],
    ids=str,
)
def test_by_hand(settings):
    loss = DistributionBalancedLoss(torch.tensor(POSITIVES), torch.tensor(NEGATIVES), **settings)
    expected = sum(by_hand(*rows, **{**PAPER, **settings}) for rows in zip(LOGITS, LABELS, strict=True)) / 4
    assert loss(torch.tensor(LOGITS), torch.tensor(LABELS)).item() == pytest.approx(expected, rel=1e-5)


def test_the_weights_of_one_document():
    """Labels 0 and 2 hold: 1/60 + 1/5 = 13/60, of which 1/13 and 12/13 are theirs, and label 1's 1/20 would be 3/13."""
    loss = DistributionBalancedLoss(
        torch.tensor(POSITIVES), torch.tensor(NEGATIVES), alpha=0.5, beta=2.0, mu=0.4, kappa=0, lambda_=1, gamma=0
    )
    expected = sum((0.5 + sigmoid(2 * (share - 0.4))) * log(2) for share in (1 / 13, 3 / 13, 12 / 13))
    assert loss(torch.zeros(1, 3), torch.tensor([[1, 0, 1]])).item() == pytest.approx(expected)


def test_rare_labels_weigh_more_beside_common_ones():
    loss = DistributionBalancedLoss(torch.tensor(POSITIVES), torch.tensor(NEGATIVES), kappa=0)
    logits = torch.zeros(1, 3, requires_grad=True)
    loss(logits, torch.tensor([[1, 1, 1]])).backward()
    common, middle, rare = logits.grad[0].abs().tolist()
    assert common < middle < rare


def test_negatives_press_less_and_those_of_rare_labels_least():
    """nu_i moves their border up."""
    tolerant, plain = (
        DistributionBalancedLoss(torch.tensor(POSITIVES), torch.tensor(NEGATIVES), kappa=kappa, gamma=0)
        for kappa in (0.5, 0.0)
    )
    logits, labels = torch.full((1, 3), 0.5), torch.zeros(1, 3)
    gradients = []
    for loss in (tolerant, plain):
        z = logits.clone().requires_grad_()
        loss(z, labels).backward()
        gradients.append(z.grad[0])
    assert gradients[0][2] < gradients[0][1] < gradients[1][0] < gradients[0][0]
