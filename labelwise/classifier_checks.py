# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Checks that what `MultiLabelClassifier` is given as texts are texts."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from pandas import DataFrame
from scipy import sparse

from .datasets_scripts.documents import check_text
from .errors import UserInputError


def check_splits(splits: Mapping[str, Any]) -> None:
    """Check that the texts of pairs (texts, labels) are a list, before anything is read; texts are checked as read.

    Args:
        splits (`Mapping[str, Any]`): By split, what `from_lists` takes; a table or a path is left to it.

    Raises:
        UserInputError: Texts are a table, features, or no list, or have no labels.
    """
    for split, documents in splits.items():
        if isinstance(documents, list) and any(isinstance(part, str) for part in documents):
            raise UserInputError(
                f"{split}: texts without labels: give texts and labels, a Dataset, a DataFrame or a path with both"
            )
        if isinstance(documents, (tuple, list)) and len(documents) == 2:
            _check_list(documents[0], f"{split}: ")


def check_texts(texts: Any) -> list[str]:
    """Check texts to predict.

    Args:
        texts (`Iterable[str]`): The texts.

    Returns:
        `list[str]`: The texts; an iterator can be read once.

    Raises:
        UserInputError: They are a table, features or one string, or one is no string.
    """
    _check_list(texts, "")
    return [check_text(text, f"text {number}") for number, text in enumerate(texts, start=1)]


def _check_list(texts: Any, where: str) -> None:
    if isinstance(texts, str):
        raise UserInputError(f"{where}texts is one string: give a list of strings")
    if isinstance(texts, (Dataset, DataFrame)):  # as a list, a frame would be the names of its columns
        raise UserInputError(f"{where}texts is a {type(texts).__name__}: give its column of texts")
    is_array = isinstance(texts, (np.ndarray, torch.Tensor)) or sparse.issparse(texts)
    if is_array and texts.ndim != 1:
        raise UserInputError(f"{where}texts is an array of shape {tuple(texts.shape)}: give a list of strings")
    if isinstance(texts, Mapping) or not isinstance(texts, Iterable):
        raise UserInputError(f"{where}texts is of type {type(texts).__name__}: give a list of strings")
