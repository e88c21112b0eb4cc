# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Items that a thread makes ahead."""

from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

_Item = TypeVar("_Item")
# A thread that waits for input, such as that of a pipe, does not keep a failed command from ending.
_LAST_SECONDS = 1.0


def read_ahead(items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield items; a thread makes the next one while one is in use.

    Args:
        items (`Iterable`): The items. An error that they raise is raised here, in its turn.
    """
    made: SimpleQueue[list[_Item] | BaseException] = SimpleQueue()  # an item in a list, an error, or [] at the end
    is_wanted: SimpleQueue[bool] = SimpleQueue()

    def make() -> None:
        try:
            for item in items:
                made.put([item])
                if not is_wanted.get():
                    return
            made.put([])
        except BaseException as error:
            made.put(error)

    thread = Thread(target=make, daemon=True)
    thread.start()
    try:
        while result := made.get():
            if isinstance(result, BaseException):
                raise result
            is_wanted.put(True)
            yield result[0]
    finally:
        is_wanted.put(False)
        thread.join(_LAST_SECONDS)
