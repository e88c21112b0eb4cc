# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Formulas, compared with the counts of matrix products that are run."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks import counting
from benchmarks.documents import hierarchical_documents
from benchmarks.sizes import Sizes
from labelwise import LWLSTMConfig


def run_bilstm(steps, input_size, hidden_size, num_layers):
    """Run the matrix products of a bidirectional LSTM over one sequence, step by step."""
    width = input_size
    for _ in range(num_layers):
        for _ in range(2):
            for _ in range(steps):
                _ = torch.zeros(1, width) @ torch.zeros(width, 4 * hidden_size)
                _ = torch.zeros(1, hidden_size) @ torch.zeros(hidden_size, 4 * hidden_size)
        width = 2 * hidden_size


def run_attention(steps, num_queries, hidden_size):
    _ = torch.zeros(num_queries, 2 * hidden_size) @ torch.zeros(2 * hidden_size, steps)
    _ = torch.zeros(num_queries, steps) @ torch.zeros(steps, 2 * hidden_size)


def counted(run) -> int:
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


def test_flat_encoder():
    config = LWLSTMConfig(embedding_size=3, hidden_size=5, num_hidden_layers=2, num_labels=4)

    def run():
        for steps in (7, 1):
            run_bilstm(steps, 3, 5, 2)
            run_attention(steps, 4, 5)

    assert counting.encoder(config, 4, words=8, sentences=2) == counted(run)


def test_hierarchical_encoder_reads_sentences_once_per_label():
    config = LWLSTMConfig(embedding_size=3, hidden_size=5, num_hidden_layers=1, num_labels=4, hierarchical=True)
    sizes = Sizes(vocab_size=9, max_sentences=6, max_words_per_sentence=5, mean_words_per_sentence=3)
    documents = hierarchical_documents(3, sizes, 4, seed=0)

    def run():
        for document in documents.sentences:
            for words in document:
                run_bilstm(len(words), 3, 5, 1)
                run_attention(len(words), 4, 5)
            for _ in range(4):
                run_bilstm(len(document), 10, 5, 1)
                run_attention(len(document), 1, 5)

    assert counting.encoder(config, 4, documents.num_words, documents.num_sentences) == counted(run)


def test_training_is_three_times_the_forward_pass():
    weight = torch.zeros(3, 5, requires_grad=True)
    inputs = torch.zeros(2, 3, requires_grad=True)
    forward = counted(lambda: inputs @ weight)
    assert counting.TRAINING * forward == counted(lambda: (inputs @ weight).sum().backward())
