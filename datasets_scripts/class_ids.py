# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Names of the class ids in columns of `datasets`."""

from typing import Any

from ..errors import UserInputError


def class_names(feature: Any) -> list[str] | None:
    """Return the names of the label ids, single or in lists, of a column of `datasets`; None without names."""
    from datasets import ClassLabel, LargeList, List  # takes half as long to import as torch

    if isinstance(feature, (List, LargeList)):
        feature = feature.feature
    return feature.names if isinstance(feature, ClassLabel) else None


def name_ids(value: Any, where: str, names: list[str]) -> list[str] | None:
    """Return the names of the label ids of a column with names.

    Args:
        value (`Any`): List of ids, one id, or None, which is returned.
        where (`str`): Place of the row, for messages.
        names (`list[str]`): Names by id.

    Raises:
        UserInputError: An id has no name, as in test splits of contests, which are published without labels.
    """
    if value is None:
        return None
    ids = value if isinstance(value, list) else [value]
    wrong = [label_id for label_id in ids if label_id not in range(len(names))]
    if wrong:
        raise UserInputError(
            f"{where}: label id {wrong[0]} has no name, only 0 to {len(names) - 1} have; "
            "is this split published without labels?"
        )
    return [names[label_id] for label_id in ids]
