# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora of the Hugging Face Hub, brought to our features."""

from collections.abc import Iterator

import datasets

from .errors import UserInputError
from .hub_errors import explain_hub_error
from .records import Record, assemble, class_names, name_ids


def load_hub(
    repo_id: str,
    data_dir: str | None = None,
    config_name: str | None = None,
    seed: int = 0,
    cache_dir: str | None = None,
    text_column: str = "text",
    label_column: str = "labels",
) -> datasets.DatasetDict:
    """Load a dataset of the Hub; its labels may be lists of names or ids, or single ones.

    Args:
        repo_id (`str`): `namespace/name`.
        data_dir (`str`, *optional*): Folder inside the repository.
        config_name (`str`, *optional*): The dataset's configuration.
        seed (`int`, *optional*, defaults to 0): Seed of the cut where there is no validation split.
        cache_dir (`str`, *optional*): Folder for the download, defaults to the cache of `datasets`.
        text_column (`str`, *optional*, defaults to `"text"`): Column with the text.
        label_column (`str`, *optional*, defaults to `"labels"`): Column with the labels.

    Returns:
        `DatasetDict`: Its splits train, validation and test; a test split only where it has one.

    Raises:
        UserInputError: It can't be loaded, has no train split, or its columns or labels don't fit.
    """
    try:
        loaded = datasets.load_dataset(repo_id, config_name, data_dir=data_dir, cache_dir=cache_dir)
    # Network, permissions, names, formats: the libraries below raise a dozen unrelated types.
    except Exception as error:
        why = explain_hub_error(error, repo_id)
        why = why or f"{' '.join(str(error).split())}; check its files and the configuration"
        raise UserInputError(f"{repo_id} cannot be loaded from the Hub: {why}") from error
    if "train" not in loaded:
        raise UserInputError(f"{repo_id} has no train split; it has: {', '.join(loaded)}")
    splits = {split: loaded[split] for split in ("train", "validation", "test") if split in loaded}
    for column in (text_column, label_column):
        if column not in loaded["train"].column_names:
            raise UserInputError(
                f"{repo_id}: no column '{column}'; there are: {', '.join(loaded['train'].column_names)} "
                "(text_column and label_column choose)"
            )
    names = class_names(loaded["train"].features[label_column])
    records = {
        split: read_rows(f"{repo_id} {split}", dataset, label_column, names) for split, dataset in splits.items()
    }
    return assemble(records, text_column, label_column, None, names, seed)


def read_rows(where: str, dataset: datasets.Dataset, label_column: str, names: list[str] | None) -> Iterator[Record]:
    """Yield a split's rows, label ids as names.

    Args:
        where (`str`): Repository and split, for messages.
        dataset (`Dataset`): The split.
        label_column (`str`): Column with the labels.
        names (`list[str]`, *optional*): Names by id.

    Yields:
        `Record`: One row.

    Raises:
        UserInputError: A label id has no name.
    """
    for number, row in enumerate(dataset, start=1):
        if names is not None:
            row[label_column] = name_ids(row[label_column], f"{where} row {number}", names)
        yield Record(f"{where} row {number}", row)
