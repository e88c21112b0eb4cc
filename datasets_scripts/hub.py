# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora of the Hugging Face Hub, converted to the features of this package."""

import datasets

from ..errors import UserInputError
from .class_ids import class_names, name_rows
from .hub_errors import explain_hub_error
from .records import assemble, check_columns


def load_hub(
    repo_id: str,
    data_dir: str | None = None,
    config_name: str | None = None,
    seed: int = 0,
    cache_dir: str | None = None,
    text_column: str = "text",
    label_column: str = "labels",
) -> datasets.DatasetDict:
    """Load a dataset of the Hub, whose labels are names or ids, in lists or single.

    Args:
        repo_id (`str`): Repository, `namespace/name`.
        data_dir (`str`, *optional*): Folder inside the repository.
        config_name (`str`, *optional*): Configuration of the dataset.
        seed (`int`, *optional*, defaults to 0): Seed of the cut if there is no validation split.
        cache_dir (`str`, *optional*): Folder of the download, defaults to the cache of `datasets`.
        text_column (`str`, *optional*, defaults to `"text"`): Column with the text.
        label_column (`str`, *optional*, defaults to `"labels"`): Column with the labels.

    Returns:
        `DatasetDict`: The splits train and validation, and test if the dataset has it.

    Raises:
        UserInputError: The dataset cannot be loaded, has no train split, or its columns or labels do not fit.
    """
    try:
        loaded = datasets.load_dataset(repo_id, config_name, data_dir=data_dir, cache_dir=cache_dir)
    # Network, permissions, names, formats: the libraries raise many unrelated types.
    except Exception as error:
        why = explain_hub_error(error, repo_id)
        why = why or f"{' '.join(str(error).split())}; check its files and the configuration"
        raise UserInputError(f"{repo_id} cannot be loaded from the Hub: {why}") from error
    if "train" not in loaded:
        raise UserInputError(f"{repo_id} has no train split; it has: {', '.join(loaded)}")
    splits = {split: loaded[split] for split in ("train", "validation", "test") if split in loaded}
    check_columns(loaded["train"].features, (text_column, label_column), repo_id)
    names = class_names(loaded["train"].features[label_column])
    records = {
        split: name_rows(dataset, dataset.features, (label_column,), f"{repo_id} {split}")
        for split, dataset in splits.items()
    }
    return assemble(records, text_column, label_column, None, names, seed)
