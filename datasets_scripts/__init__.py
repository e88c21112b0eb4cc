# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora, own files and objects in memory, all with the same features: id, text, labels."""

from .files import load_files
from .loading import CORPORA, load_corpus
from .memory import from_lists

__all__ = ["CORPORA", "from_lists", "load_corpus", "load_files"]
