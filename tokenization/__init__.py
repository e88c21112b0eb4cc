# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tokenizers: words for the LSTM encoders, label tokens for pretrained ones."""

from .tokenization_label import LabelTokenizer
from .tokenization_word import WordTokenizer

__all__ = ["LabelTokenizer", "WordTokenizer"]
