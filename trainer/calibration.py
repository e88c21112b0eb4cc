# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Calibration of probabilities, fitted on validation documents, and how reliable they are.

Shapes: D documents, L labels, P document-label pairs.
"""

from typing import Any

import numpy as np
import pandas as pd
import torch
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from ..errors import UserInputError
from ..modeling.calibration import calibrate_logits
from .thresholds import assign_folds

METHODS = ("sigmoid", "temperature")

_BINS = 15  # as in Guo et al.


def fit_calibration(
    logits: torch.Tensor | np.ndarray, labels: torch.Tensor | np.ndarray, method: str = "sigmoid"
) -> dict[str, Any]:
    """Return the calibration that makes the labels of documents most likely, as scikit-learn's calibrators do.

    - `"sigmoid"`: a scale and an offset per label, by a logistic regression on the label's logit whose targets are
      drawn in by one document of each kind (Platt). A label has the scale and the offset of all pairs together if it
      is set in none or in all of its documents, or if its own scale would turn the order of documents round.
    - `"temperature"`: one scale for all labels, 1 / T, and no offset (Guo et al.). Predictions at 0.5 stay the same.

    Args:
        logits (`torch.Tensor` or `np.ndarray` of shape `(documents, num_labels)`): Of the model without calibration.
        labels (`torch.Tensor` or `np.ndarray` of shape `(documents, num_labels)`): 1 where a label is set, 0 where not,
            -100 where it is unknown; such pairs are left out.
        method (`str`, *optional*, defaults to `"sigmoid"`): `"sigmoid"` or `"temperature"`.

    References:
        - J. Platt. Probabilistic outputs for support vector machines. Advances in Large Margin Classifiers, 1999.
        - C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger. On calibration of modern neural networks. ICML 2017.

    Returns:
        `dict`: The value of `config.calibration`: `method`, `scale` and `offset`, each one number or one per label; for
        `"sigmoid"` also `shared_labels`, the ids of the labels that have those of all pairs.

    Raises:
        ValueError: The method is unknown, or the shapes differ.
        UserInputError: The known labels are all set or all not, the logits order pairs no better than chance, or a
            logit is not finite.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")
    logits_DL, labels_DL = _as_arrays(logits, labels)
    of_all_pairs = _fit_pairs(*_known_pairs(logits_DL, labels_DL), has_offset=method == "sigmoid")
    if of_all_pairs is None:
        raise UserInputError(
            "probabilities cannot be calibrated on these documents: their labels are all set or all not set, or the "
            "model orders them no better than chance"
        )
    if method == "temperature":
        return {"method": method, "scale": of_all_pairs[0], "offset": 0.0}
    columns = zip(logits_DL.T, labels_DL.T, strict=True)
    own = [_fit_pairs(*_known_pairs(logits_D, labels_D)) for logits_D, labels_D in columns]
    scale, offset = zip(*(pair or of_all_pairs for pair in own), strict=True)
    shared = [label for label, pair in enumerate(own) if pair is None]
    return {"method": method, "scale": list(scale), "offset": list(offset), "shared_labels": shared}


def cross_validate_calibration(
    logits: torch.Tensor | np.ndarray, labels: torch.Tensor | np.ndarray, method: str = "sigmoid"
) -> np.ndarray:
    """Return calibrated logits of documents that the calibration was not fitted on, in the folds of thresholds.

    Args:
        logits, labels, method: As in `fit_calibration`.

    Returns:
        `np.ndarray` of shape `(documents, num_labels)`: The logits, each calibrated as the other folds say.

    Raises:
        ValueError: As in `fit_calibration`, or there are fewer than two documents.
        UserInputError: As in `fit_calibration`, for the documents of some folds.
    """
    logits_DL, labels_DL = _as_arrays(logits, labels)
    calibrated_DL = np.empty_like(logits_DL)
    fold_of = assign_folds(len(logits_DL))
    for fold in np.unique(fold_of):
        is_in_fold = fold_of == fold
        calibration = fit_calibration(logits_DL[~is_in_fold], labels_DL[~is_in_fold], method)
        calibrated_DL[is_in_fold] = calibrate_logits(torch.from_numpy(logits_DL[is_in_fold]), calibration).numpy()
    return calibrated_DL


def measure_reliability(logits: torch.Tensor | np.ndarray, labels: torch.Tensor | np.ndarray) -> pd.DataFrame:
    """Return how often labels are set, by their probability: all known pairs in 15 bins of equal width.

    Args:
        logits, labels: As in `fit_calibration`; the sigmoid of the logits is what is measured.

    Returns:
        `pd.DataFrame`: One row per bin that is not empty, with its limits `from` and `to` as index: `pairs`, their mean
        `probability`, and `frequency`, the share whose label is set.
    """
    logits_P, is_set_P = _known_pairs(*_as_arrays(logits, labels))
    probabilities_P = expit(logits_P)
    bin_of_P = np.minimum((probabilities_P * _BINS).astype(int), _BINS - 1)
    pairs = np.bincount(bin_of_P, minlength=_BINS)
    used = np.flatnonzero(pairs)
    sums = [np.bincount(bin_of_P, weights=values_P, minlength=_BINS) for values_P in (probabilities_P, is_set_P)]
    probability, frequency = (total[used] / pairs[used] for total in sums)
    limits = pd.MultiIndex.from_arrays([used / _BINS, (used + 1) / _BINS], names=["from", "to"])
    return pd.DataFrame({"pairs": pairs[used], "probability": probability, "frequency": frequency}, index=limits)


def measure_calibration(logits: torch.Tensor | np.ndarray, labels: torch.Tensor | np.ndarray) -> dict[str, float]:
    """Return how far probabilities are from what is true.

    Args:
        logits, labels: As in `fit_calibration`; the sigmoid of the logits is what is measured.

    Returns:
        `dict[str, float]`: Over all known pairs, `expected_calibration_error`, the mean distance of probability and
        frequency in the bins of `measure_reliability`, weighted by pairs (Guo et al., 2017, Eq. 3); and `log_loss`, the
        mean of minus the logarithm of the probability of what is true, to base e.
    """
    table = measure_reliability(logits, labels)
    logits_P, is_set_P = _known_pairs(*_as_arrays(logits, labels))
    return {
        "expected_calibration_error": float(
            np.average((table["probability"] - table["frequency"]).abs(), weights=table["pairs"])
        ),
        "log_loss": float(log_loss(is_set_P, expit(logits_P), labels=[False, True])),
    }


def _as_arrays(logits: torch.Tensor | np.ndarray, labels: torch.Tensor | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return logits in 64 bits and labels, `(documents, num_labels)` each; raise as `fit_calibration` does."""
    logits_DL = torch.as_tensor(logits).detach().double().cpu().numpy()
    labels_DL = torch.as_tensor(labels).cpu().numpy()
    if logits_DL.ndim != 2 or logits_DL.shape != labels_DL.shape:
        raise ValueError(f"logits {logits_DL.shape} and labels {labels_DL.shape} must both be (documents, num_labels)")
    if not np.isfinite(logits_DL).all():
        raise UserInputError("probabilities cannot be calibrated: the model returns NaN or infinity for some documents")
    return logits_DL, labels_DL


def _known_pairs(logits: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the logits of known pairs, and whether their labels are set."""
    is_known = labels != -100
    return logits[is_known], labels[is_known] == 1


def _fit_pairs(logits_P: np.ndarray, is_set_P: np.ndarray, has_offset: bool = True) -> tuple[float, float] | None:
    """Return scale and offset of a logistic regression on logits, with Platt's targets if it has an offset.

    `None` where it cannot be fitted: all pairs or all logits are the same, or the scale is not positive.
    """
    num_set, num_not_set = is_set_P.sum(), (~is_set_P).sum()
    if not num_set or not num_not_set or np.ptp(logits_P) == 0:
        return None
    center = logits_P.mean() if has_offset else 0.0
    spread = np.sqrt(np.mean((logits_P - center) ** 2))  # so that the solver sees numbers of about 1
    inputs_P1 = (logits_P[:, None] - center) / spread
    regression = LogisticRegression(C=np.inf, fit_intercept=has_offset, solver="newton-cholesky", tol=1e-8)
    if has_offset:
        # A target t between 0 and 1 is a pair that is set with weight t, and one that is not with weight 1 - t.
        targets_P = np.where(is_set_P, (num_set + 1) / (num_set + 2), 1 / (num_not_set + 2))
        kinds = np.repeat([1, 0], len(targets_P))
        regression.fit(np.vstack([inputs_P1, inputs_P1]), kinds, np.concatenate([targets_P, 1 - targets_P]))
    else:
        regression.fit(inputs_P1, is_set_P)
    scale = float(regression.coef_[0, 0] / spread)
    offset = float(regression.intercept_[0] - scale * center) if has_offset else 0.0
    return (scale, offset) if scale > 0 else None
