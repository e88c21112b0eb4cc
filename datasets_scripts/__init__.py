# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora, own files and objects in memory, all with the same features: id, text, labels."""

from .loading import CORPORA, load_corpus
from .own_data.files import load_files
from .own_data.memory import from_lists

__all__ = ["CORPORA", "from_lists", "load_corpus", "load_files"]
