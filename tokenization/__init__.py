# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tokenizers: words for the LSTM encoders."""

from .tokenization_word import WordTokenizer

__all__ = ["WordTokenizer"]
