# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Numbers in messages."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number and what is counted, in the singular or the plural.

    Args:
        number (`int`): The number.
        one (`str`): What one is called; with its verb where the verb changes too, such as `"label has"`.
        many (`str`, *optional*): What several are called; `one` with an "s" by default.

    Example:

    ```python
    >>> counted(1, "label has", "labels have"), counted(1200, "label")
    ('1 label has', '1,200 labels')
    ```"""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def counted_of(number: int, total: int, noun: str, one: str, many: str) -> str:
    """Return a part of a whole, with the verb of the part.

    Args:
        number (`int`): Size of the part.
        total (`int`): Size of the whole.
        noun (`str`): What one of the whole is called.
        one, many (`str`): The verb for one and for several.

    Example:

    ```python
    >>> counted_of(1, 20, "text", "is", "are")
    '1 of 20 texts is'
    ```"""
    return f"{number:,} of {counted(total, noun)} {one if number == 1 else many}"
