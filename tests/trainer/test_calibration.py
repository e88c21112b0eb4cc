# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Calibration, against scikit-learn's calibrators, and the measures of reliability, against loops."""

import numpy as np
import pytest
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.frozen import FrozenEstimator

from labelwise.errors import UserInputError
from labelwise.modeling.calibration import calibrate_logits
from labelwise.trainer.calibration import (
    METHODS,
    cross_validate_calibration,
    fit_calibration,
    measure_calibration,
    measure_reliability,
)
from labelwise.trainer.thresholds import assign_folds


class Logits(ClassifierMixin, BaseEstimator):
    """A fitted classifier whose decision is its only input, for scikit-learn to calibrate."""

    classes_ = np.array([0, 1])

    def fit(self, inputs, labels):
        return self

    def decision_function(self, inputs):
        return inputs[:, 0]

    def predict(self, inputs):
        return (inputs[:, 0] > 0).astype(int)

    def __sklearn_is_fitted__(self):
        return True


def sklearn_probabilities(logits, labels, method, new) -> np.ndarray:
    """What scikit-learn makes of new logits, having seen these."""
    everything = [(np.arange(len(logits)), np.arange(len(logits)))]
    calibrator = CalibratedClassifierCV(FrozenEstimator(Logits()), method=method, cv=everything, ensemble=False)
    return calibrator.fit(logits[:, None], labels).predict_proba(new[:, None])[:, 1]


def draw(seed, documents=80, labels=5, unknown=0.2):
    """Logits of an overconfident model, of labels from frequent to rare, some of them unknown."""
    rng = np.random.default_rng(seed)
    true = rng.random((documents, labels)) < np.linspace(0.5, 0.1, labels)
    logits = 5 * (rng.normal(size=true.shape) + 1.5 * true - 1)
    return logits.astype(np.float32), np.where(rng.random(true.shape) < unknown, -100, true)


def sigmoid(logits):
    return torch.as_tensor(logits).double().sigmoid().numpy()


NEW = np.linspace(-20, 20, 41)


@pytest.mark.parametrize("seed", range(10))
def test_sigmoid_is_that_of_scikit_learn(seed):
    logits, labels = draw(seed)
    calibration = fit_calibration(logits, labels, "sigmoid")
    assert calibration["method"] == "sigmoid"
    assert calibration["shared_labels"] == []
    found = sigmoid(calibrate_logits(torch.tensor(NEW)[:, None].expand(-1, 5), calibration))
    for label in range(5):
        known = labels[:, label] != -100
        expected = sklearn_probabilities(logits[known, label].astype(float), labels[known, label], "sigmoid", NEW)
        np.testing.assert_allclose(found[:, label], expected, atol=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_temperature_is_that_of_scikit_learn(seed):
    logits, labels = draw(seed)
    calibration = fit_calibration(logits, labels, "temperature")
    assert calibration.keys() == {"method", "scale", "offset"}
    assert calibration["offset"] == 0
    known = labels != -100
    expected = sklearn_probabilities(logits[known].astype(float), labels[known], "temperature", NEW)
    np.testing.assert_allclose(sigmoid(NEW * calibration["scale"]), expected, atol=1e-6)


def test_labels_that_cannot_be_calibrated_share_a_calibration():
    """None set, all set, all logits the same, and a scale that would turn the order round."""
    logits, labels = draw(0, labels=12, unknown=0.0)
    labels[:, 0], labels[:, 1] = 0, 1
    logits[:, 2] = 0.5
    labels[:, 3] = logits[:, 3] < 0
    calibration = fit_calibration(logits, labels, "sigmoid")
    assert calibration["shared_labels"] == [0, 1, 2, 3]
    shared = sklearn_probabilities(logits.ravel().astype(float), labels.ravel(), "sigmoid", NEW)
    for label in range(4):
        found = sigmoid(NEW * calibration["scale"][label] + calibration["offset"][label])
        np.testing.assert_allclose(found, shared, atol=1e-5)
    assert not set(calibration["scale"][4:]) & set(calibration["scale"][:4])


@pytest.mark.parametrize("method", METHODS)
def test_probabilities_of_new_documents_become_reliable(method):
    fitted, new = draw(0, 2000, 4), draw(1, 2000, 4)
    calibrated = calibrate_logits(torch.tensor(new[0]), fit_calibration(*fitted, method))
    before, after = measure_calibration(*new), measure_calibration(calibrated, new[1])
    assert after["expected_calibration_error"] < before["expected_calibration_error"] * 0.7
    assert after["log_loss"] < before["log_loss"]


def test_cross_validation():
    logits, labels = draw(3)
    found = cross_validate_calibration(logits, labels, "sigmoid")
    fold_of = assign_folds(len(logits))
    for fold in range(5):
        others = fit_calibration(logits[fold_of != fold], labels[fold_of != fold], "sigmoid")
        expected = calibrate_logits(torch.tensor(logits[fold_of == fold]).double(), others)
        np.testing.assert_allclose(found[fold_of == fold], expected, atol=1e-6)


def test_reliability():
    logits, labels = draw(0, 500)
    table = measure_reliability(logits, labels)
    known = labels != -100
    probabilities, true = sigmoid(logits)[known], labels[known]
    frequency, probability = calibration_curve(true, probabilities, n_bins=15)
    np.testing.assert_allclose(table["frequency"], frequency)
    np.testing.assert_allclose(table["probability"], probability, rtol=1e-5)
    assert table["pairs"].sum() == known.sum()
    total = 0.0
    for low, high in table.index:
        chosen = (probabilities >= low) & (probabilities < high)
        assert chosen.sum() == table.loc[(low, high), "pairs"]
        total += abs((probabilities[chosen] - true[chosen]).sum())
    measured = measure_calibration(logits, labels)
    assert measured["expected_calibration_error"] == pytest.approx(total / known.sum(), abs=1e-6)
    of_true = np.where(true == 1, probabilities, 1 - probabilities)
    assert measured["log_loss"] == pytest.approx(-np.log(of_true).mean(), rel=1e-4)


def test_extreme_probabilities_have_a_bin():
    table = measure_reliability(np.array([[-2000.0, 2000.0]]), np.array([[0, 1]]))
    assert table["pairs"].tolist() == [1, 1]
    assert table.index.get_level_values("to").tolist() == pytest.approx([1 / 15, 1])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("logits", "labels", "told"),
    [
        ([[1.0], [2.0]], [[0], [0]], "all set or all not set"),
        ([[1.0], [2.0]], [[1], [-100]], "all set or all not set"),
        ([[1.0], [1.0]], [[0], [1]], "no better than chance"),
        ([[1.0], [-1.0]], [[0], [1]], "no better than chance"),
        ([[np.nan], [-1.0]], [[0], [1]], "NaN or infinity"),
        ([[np.inf], [-1.0]], [[1], [0]], "NaN or infinity"),
    ],
)
def test_documents_that_do_not_do(logits, labels, told, method):
    with pytest.raises(UserInputError, match=told):
        fit_calibration(np.array(logits), np.array(labels), method)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="method must be one of sigmoid, temperature, not 'isotonic'"):
        fit_calibration(np.zeros((2, 1)), np.array([[0], [1]]), "isotonic")
    with pytest.raises(ValueError, match=r"logits \(2, 1\) and labels \(2, 2\)"):
        fit_calibration(np.zeros((2, 1)), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="one document cannot be cross-validated"):
        cross_validate_calibration(np.zeros((1, 2)), np.array([[0, 1]]))
