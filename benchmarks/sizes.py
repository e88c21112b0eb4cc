# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Sizes of the measured work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Sizes of all rows; the floors apply to the defaults.

    Attributes:
        vocab_size: Rows of the word embedding.
        median_words, max_words: Length of documents without sentences.
        flat_width, flat_layers, flat_labels: LW-LSTM; embedding and state have the same width.
        flat_batch, flat_large_batch: Documents per batch of LW-LSTM.
        max_sentences, max_words_per_sentence, mean_words_per_sentence: Length of documents with sentences.
        hierarchical_width, hierarchical_labels, hierarchical_batch, hierarchical_large_batch: HLW-LSTM, 1 layer.
        pretraining_batch, num_candidates: Label-wise pre-training of LW-LSTM.
        lm_batch: Documents per batch of LM-MTC.
        num_texts: Texts per batch of a tokenizer.
        matrix, gpu_matrix: Rows of the square matrices that measure the peak speed of the machine.
        warm_up: Documents of the first batch, which is checked and not measured.
    """

    vocab_size: int = 50_000
    median_words: int = 155
    max_words: int = 500
    flat_width: int = 256
    flat_layers: int = 2
    flat_labels: int = 54
    flat_batch: int = 32
    flat_large_batch: int = 128
    max_sentences: int = 40
    max_words_per_sentence: int = 20
    mean_words_per_sentence: int = 12
    hierarchical_width: int = 100
    hierarchical_labels: int = 22
    hierarchical_batch: int = 16
    hierarchical_large_batch: int = 128
    pretraining_batch: int = 128
    num_candidates: int = 3
    lm_batch: int = 32
    num_texts: int = 4_000
    matrix: int = 2_048
    gpu_matrix: int = 8_192
    warm_up: int = 4


FULL = Sizes()
# The rows of a quick run take less than three minutes on two cores.
QUICK = Sizes(
    vocab_size=10_000,
    flat_width=128,
    flat_batch=16,
    flat_large_batch=32,
    hierarchical_width=64,
    hierarchical_batch=8,
    hierarchical_large_batch=16,
    pretraining_batch=8,
    lm_batch=8,
    num_texts=1_000,
)
