# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora of the Hugging Face Hub, converted to the features of this package."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import datasets

from ..errors import UserInputError
from .hub_errors import check_connection, explain_hub_error
from .own_data.assembly import SPLITS, assemble
from .own_data.memory import dataset_source
from .own_data.options import make_options


def load_hub(
    repo_id: str,
    data_dir: str | None = None,
    config_name: str | None = None,
    cache_dir: str | None = None,
    model_labels: Sequence[str] | None = None,
    **options: Any,
) -> datasets.DatasetDict:
    """Load a dataset of the Hub.

    Args:
        repo_id (`str`): Repository, `namespace/name`.
        data_dir (`str`, *optional*): Folder inside the repository.
        config_name (`str`, *optional*): Configuration of the dataset.
        cache_dir (`str`, *optional*): Folder of the download, defaults to the cache of `datasets`.
        model_labels (`Sequence[str]`, *optional*): Labels of an existing model, in their order.
        options: Fields of `LabelOptions`, such as `text_column`, `label_column` or `label_columns`.

    Returns:
        `DatasetDict`: The splits train and validation, and test if the dataset has it; for an existing model, those
            that it has.

    Raises:
        UserInputError: The dataset cannot be loaded, has no train split and no model has its labels, or its columns or
            labels do not fit.
    """
    parsed = make_options(options)
    # What was loaded before is read from the cache.
    is_new = not any(Path(cache_dir or datasets.config.HF_DATASETS_CACHE).glob(f"{repo_id.partition('/')[0]}___*"))
    try:
        if is_new:
            check_connection()
        loaded = datasets.load_dataset(repo_id, config_name, data_dir=data_dir, cache_dir=cache_dir)
    # Network, permissions, names, formats: the libraries raise many unrelated types.
    except Exception as error:
        why = explain_hub_error(error, repo_id)
        why = why or f"{' '.join(str(error).split())}; check its files and the configuration"
        raise UserInputError(f"{repo_id} cannot be loaded from the Hub: {why}") from error
    splits = {split: loaded[split] for split in SPLITS if split in loaded}
    if not splits or ("train" not in splits and model_labels is None):
        raise UserInputError(f"{repo_id} has no train split; it has: {', '.join(loaded)}")
    sources = {split: dataset_source(f"{repo_id} {split}", rows, parsed) for split, rows in splits.items()}
    return assemble(sources, parsed, model_labels, in_memory=False)
