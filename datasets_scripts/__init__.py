# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora, own files and objects in memory, all with the same features: id, text, labels.

The builders and `datasets` are imported when they are first used; a prediction reads its texts without them.
"""

from importlib import import_module
from typing import Any

_LAZY = {
    "CORPORA": ".loading",
    "from_lists": ".own_data.memory",
    "load_corpus": ".loading",
    "load_files": ".own_data.files",
}

__all__ = [*_LAZY]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name], __name__), name)
