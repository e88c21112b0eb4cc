# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Resident memory of this process while it works."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .curves import memory_mib


@contextmanager
def sample_memory() -> Iterator[list[float]]:
    """Yield a list that grows by the resident memory that is not of a file, in MiB, 50 times a second."""
    sampled, ended = [memory_mib("RssAnon")], threading.Event()

    def sample() -> None:
        while not ended.wait(0.02):
            sampled.append(memory_mib("RssAnon"))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield sampled
    finally:
        ended.set()
        thread.join()
