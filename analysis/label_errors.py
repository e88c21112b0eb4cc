# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Likely label errors: labels that a model's probabilities contradict, by cleanlab's multi-label functions.

Confident learning (Northcutt, Jiang and Chuang 2021; for multi-label data, Thyagarajan et al. 2022) takes each label as
a problem of its own: the average probability of the documents with the label, and of those without it, tells from which
probability on a document is counted as the other kind, and how many errors there are. The probabilities must come from
a model that was not trained on the document.

Shapes: D documents, L labels.
"""

import json
import warnings
from importlib.util import find_spec

import numpy as np
import pandas as pd

from ..errors import UserInputError
from .all_splits import AllSplits

FEWEST_DOCUMENTS = 5  # of a label that is checked: from fewer, a model learns nothing that could contradict them


def check_cleanlab() -> None:
    """Check that cleanlab is installed.

    Raises:
        UserInputError: It is not.
    """
    if find_spec("cleanlab") is None:
        raise UserInputError('label errors need a package that is missing: pip install "labelwise[audit]" (cleanlab)')


def find_label_errors(labels_DL: np.ndarray, probabilities_DL: np.ndarray) -> np.ndarray:
    """Find the labels of documents that are likely wrong.

    Args:
        labels_DL (`np.ndarray` of shape `(documents, num_labels)`): 1 where a label applies, 0 where not, -100 where
            that is unknown, which is never an error.
        probabilities_DL (`np.ndarray` of shape `(documents, num_labels)`): Probabilities of a model; a document with
            NaN is left out.

    Returns:
        `np.ndarray` of shape `(documents, num_labels)`, bool: Whether the document likely has the label and should not,
        or should have it. A label with fewer than `FEWEST_DOCUMENTS` documents is not checked.
    """
    from cleanlab.multilabel_classification.filter import find_multilabel_issues_per_class

    is_scored_DL = (labels_DL >= 0) & ~np.isnan(probabilities_DL)
    is_error_DL = np.zeros(labels_DL.shape, dtype=bool)
    for label, is_scored_D in enumerate(is_scored_DL.T):
        applies = labels_DL[is_scored_D, label] == 1
        if FEWEST_DOCUMENTS <= applies.sum() < len(applies):
            probabilities = probabilities_DL[is_scored_D, label, None].astype(np.float64)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about labels with few documents
                given = [[0] if one else [] for one in applies]
                is_error = find_multilabel_issues_per_class(given, probabilities, n_jobs=1)
            is_error_DL[is_scored_D, label] = is_error[:, 0]
    return is_error_DL


def label_quality(labels_DL: np.ndarray, probabilities_DL: np.ndarray) -> np.ndarray:
    """Return the probability of each label as it is given, which cleanlab calls self-confidence; NaN where unknown."""
    quality_DL = np.where(labels_DL == 1, probabilities_DL, 1 - probabilities_DL)
    return np.where(labels_DL >= 0, quality_DL, np.nan)


def document_quality(labels_DL: np.ndarray, probabilities_DL: np.ndarray) -> np.ndarray:
    """Return cleanlab's quality of each document's labels together, from 0 to 1; the worst labels count most.

    Args:
        labels_DL, probabilities_DL: As in `find_label_errors`, without NaN.
    """
    from cleanlab.multilabel_classification.rank import get_label_quality_scores

    certain_DL = np.where(labels_DL >= 0, probabilities_DL, 0).astype(np.float64)  # unknown labels lower no quality
    given = [np.flatnonzero(row == 1).tolist() for row in labels_DL]
    # One more document, because cleanlab refuses data in which no document has a label.
    return get_label_quality_scores([*given, [0]], np.vstack([certain_DL, np.ones(labels_DL.shape[1])]))[:-1]


def list_label_errors(documents: AllSplits, probabilities_DL: np.ndarray) -> pd.DataFrame:
    """Return the likely label errors, the surest first.

    Args:
        documents (`AllSplits`): The documents.
        probabilities_DL (`np.ndarray` of shape `(documents, num_labels)`): As in `find_label_errors`.

    Returns:
        `pd.DataFrame`: `split`, `id`, `label`, `given` (whether the label applies, in the data), `probability` of the
        label, `label_quality` (probability of what is given), `document_quality`, `labels` of the document (as JSON),
        and `text`.
    """
    rows, labels = np.nonzero(find_label_errors(documents.labels_DL, probabilities_DL))
    quality_DL = label_quality(documents.labels_DL, probabilities_DL)
    order = np.argsort(quality_DL[rows, labels], kind="stable")
    rows, labels = rows[order], labels[order]
    some = np.unique(rows)
    of_document = dict(
        zip(some.tolist(), document_quality(documents.labels_DL[some], probabilities_DL[some]), strict=True)
    )
    columns = {
        "split": [documents.split_names[split] for split in documents.split_D[rows]],
        "id": [documents.ids[row] for row in rows],
        "label": [documents.label_names[label] for label in labels],
        "given": documents.labels_DL[rows, labels] == 1,
        "probability": probabilities_DL[rows, labels].astype(np.float64).round(4),
        "label_quality": quality_DL[rows, labels].astype(np.float64).round(4),
        "document_quality": [round(float(of_document[row]), 4) for row in rows.tolist()],
        "labels": [json.dumps(documents.names_of(row), ensure_ascii=False) for row in rows],
        "text": [documents.texts[row] for row in rows],
    }
    return pd.DataFrame(columns)
