# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Inputs that several figures share: the labels of a split, and names of runs."""

from pathlib import Path

import numpy as np

from ..datasets_scripts.loading import find_builder
from ..errors import UserInputError
from ..runs.data import DataArguments
from ..trainer.preprocessing import label_matrix, label_names, multi_hot


def read_labels(data_args: DataArguments, split: str) -> tuple[list[str], np.ndarray]:
    """Read the labels of a split, even if only the labels and not the texts are available (AAPD's training documents).

    Args:
        data_args (`DataArguments`): The corpus.
        split (`str`): `"train"`, `"validation"` or `"test"`.

    Returns:
        `tuple[list[str], np.ndarray]`: Names of the labels, and an array of shape `(documents, num_labels)`: 1 where a
        label is set, 0 where not, -100 where that is unknown.

    Raises:
        UserInputError: The data cannot be read, or has no such split.
    """
    corpus = data_args.load()
    names = label_names(corpus)
    if split in corpus and len(corpus[split]) > 0:
        return names, label_matrix(corpus[split])
    builder = None
    if data_args.dataset is not None:
        builder = find_builder(data_args.dataset, data_args.data_dir, data_args.config_name, data_args.split_seed)
    label_sets = builder.read_label_sets() if builder is not None and split == "train" else []
    if not label_sets:
        raise UserInputError(f"{data_args.name} has no {split} documents; it has {', '.join(corpus)}")
    return names, multi_hot([[names.index(name) for name in label_set] for label_set in label_sets], len(names))


def name_folders(option: str, folders: list[str]) -> list[str]:
    """Return the names of folders, or their paths if two have the same name.

    Args:
        option (`str`): The option that lists the folders, for the error.
        folders (`list[str]`): Paths, or Hub ids.

    Raises:
        UserInputError: A folder is listed twice.
    """
    paths = [Path(folder).resolve() for folder in folders]
    if len(set(paths)) < len(paths):
        raise UserInputError(f"{option} {' '.join(folders)}: name each folder once")
    names = [path.name for path in paths]
    return names if len(set(names)) == len(names) else folders
