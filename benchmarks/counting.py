# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Floating-point operations of one forward pass, on real tokens only.

The product of an (a, b) and a (b, c) matrix is 2abc operations; additions, non-linearities, normalisation and the
classifier are not counted. With h the width of the state of one direction, per token:

- a BiLSTM layer: 2 directions x 8 h (in + h);
- attention with Q context vectors: Q x 2h x 2 for the scores and the same for the weighted sums.
"""

from labelwise import LWLSTMConfig

TRAINING = 3  # the backward pass has two products for each product of the forward pass


def bilstm(input_size: int, hidden_size: int, num_layers: int) -> int:
    """Return the operations of all layers per token."""
    inputs = [input_size] + [2 * hidden_size] * (num_layers - 1)
    return sum(2 * 8 * hidden_size * (width + hidden_size) for width in inputs)


def attention(num_queries: int, hidden_size: int) -> int:
    """Return the operations per token."""
    return num_queries * 2 * hidden_size * 2 * 2


def encoder(config: LWLSTMConfig, num_queries: int, words: int, sentences: int) -> int:
    """Return the operations of one encoder.

    Args:
        config (`LWLSTMConfig`): Sizes of the model.
        num_queries (`int`): Representations per document: the number of labels, or 1 in pre-training.
        words (`int`): Number of words of all documents.
        sentences (`int`): Number of sentences of all documents; the sentence level reads each once per representation.

    Returns:
        `int`: Floating-point operations.
    """
    hidden, layers = config.hidden_size, config.num_hidden_layers
    count = words * (bilstm(config.embedding_size, hidden, layers) + attention(num_queries, hidden))
    if config.hierarchical:
        count += sentences * num_queries * (bilstm(2 * hidden, hidden, layers) + attention(1, hidden))
    return count
