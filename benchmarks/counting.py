# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Floating-point operations of one forward pass, on real tokens only.

A product of an (a, b) and a (b, c) matrix counts 2abc; additions, non-linearities, normalisation and the classifier
count nothing. With h the state of one direction, per token:

- a BiLSTM layer: 2 directions x 8 h (in + h);
- attention with Q context vectors: Q x 2h x 2 for the scores, as much for the weighted sums.
"""

TRAINING = 3  # the backward pass is two products for each of the forward pass


def bilstm(input_size: int, hidden_size: int, num_layers: int) -> int:
    """Per token, all layers."""
    inputs = [input_size] + [2 * hidden_size] * (num_layers - 1)
    return sum(2 * 8 * hidden_size * (width + hidden_size) for width in inputs)


def attention(num_queries: int, hidden_size: int) -> int:
    """Per token."""
    return num_queries * 2 * hidden_size * 2 * 2


def encoder(config, num_queries: int, words: int, sentences: int) -> int:
    """One encoder of `LWLSTMConfig`.

    Args:
        config (`LWLSTMConfig`): Sizes.
        num_queries (`int`): Representations of a document: all labels, or 1 in pre-training.
        words (`int`): Of all documents.
        sentences (`int`): Of all documents; the sentence level reads each once per representation.
    """
    hidden, layers = config.hidden_size, config.num_hidden_layers
    count = words * (bilstm(config.embedding_size, hidden, layers) + attention(num_queries, hidden))
    if config.hierarchical:
        count += sentences * num_queries * (bilstm(2 * hidden, hidden, layers) + attention(1, hidden))
    return count
