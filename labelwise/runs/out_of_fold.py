# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Out-of-fold probabilities: each document's come from a model that was trained on others."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GroupKFold

from ..classifier import MultiLabelClassifier
from ..errors import UserInputError
from ..wording import counted

logger = logging.getLogger(__name__)


def make_classifier(system: str) -> MultiLabelClassifier:
    """Return an untrained classifier of a system, without what probabilities do not need: tuned thresholds."""
    return MultiLabelClassifier(system, disable_tqdm=True, tune_thresholds="none")


def cross_validate_probabilities(
    classifier: MultiLabelClassifier,
    texts: Sequence[str],
    labels_DL: np.ndarray,
    label_names: Sequence[str],
    groups_D: np.ndarray,
    num_folds: int = 5,
    seed: int = 0,
) -> np.ndarray:
    """Return the probabilities of documents by cross-validation.

    scikit-learn's `cross_val_predict` would renumber the values of labels, unknown ones (-100) included.

    Args:
        classifier (`MultiLabelClassifier`): A classifier, of which a clone is trained for each fold.
        texts (`Sequence[str]`): The text of each document.
        labels_DL (`np.ndarray` of shape `(documents, num_labels)`): 1 where a label applies, 0 where not, -100 where
            that is unknown.
        label_names (`Sequence[str]`): Names of the labels.
        groups_D (`np.ndarray` of shape `(documents,)`): Documents of the same number are in the same fold, such as
            those of the same text: one would confirm the labels of the other.
        num_folds (`int`, *optional*, defaults to 5): Number of folds.
        seed (`int`, *optional*, defaults to 0): Seed of the folds.

    Returns:
        `np.ndarray` of shape `(documents, num_labels)`, float32: The probabilities.

    Raises:
        UserInputError: There are fewer groups than folds, or the classifier cannot be trained.
    """
    num_groups = len(np.unique(groups_D))
    if num_groups < num_folds:
        raise UserInputError(
            f"{counted(num_groups, 'different text')} cannot be cut into {num_folds} folds: give more, or lower "
            "--num_folds"
        )
    probabilities_DL = np.empty(labels_DL.shape, dtype=np.float32)
    folds = GroupKFold(num_folds, shuffle=True, random_state=seed)
    for number, (others, fold) in enumerate(folds.split(texts, groups=groups_D), start=1):
        logger.info(f"fold {number} of {num_folds}: training on {counted(len(others), 'document')}")
        with _no_reports_of_data():
            model = clone(classifier).fit([texts[row] for row in others], labels_DL[others], label_names=label_names)
        probabilities_DL[fold] = model.predict_proba([texts[row] for row in fold])
    return probabilities_DL


@contextmanager
def _no_reports_of_data() -> Iterator[None]:
    """Leave out what is reported when data is read, which would be the same for every fold."""
    reports = logging.getLogger("labelwise.datasets_scripts")
    level = reports.level
    reports.setLevel(logging.ERROR)
    try:
        yield
    finally:
        reports.setLevel(level)
