# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora and the user's own files, all with the same features: id, text, labels."""

from .errors import UserInputError
from .files import load_files
from .loading import CORPORA, load_corpus

__all__ = ["CORPORA", "UserInputError", "load_corpus", "load_files"]
