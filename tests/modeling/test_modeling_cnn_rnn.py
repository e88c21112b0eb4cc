# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CNN-RNN: Kim's features, then an LSTM over the labels, written out for one document."""

import pytest
import torch
from torch import nn

from labelwise import CNNConfig, CNNModel, CNNRNNConfig, CNNRNNForSequenceClassification, CNNRNNModel

END = 4  # the labels are 0 to 3
SMALL = {"vocab_size": 60, "embedding_size": 6, "num_labels": END, "max_words": 7, "num_filters": 5}
IDS = torch.tensor([[5, 6, 7, 2, 8, 9, 2, 0], [10, 11, 2, 0, 0, 0, 0, 0], [12, 13, 14, 15, 16, 17, 2, 18]])


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = CNNRNNForSequenceClassification(CNNRNNConfig(decoder_hidden_size=7, **SMALL)).eval()
    for parameter in model.parameters():
        nn.init.normal_(parameter)
    return model


@torch.no_grad()
def test_the_document_representation_is_that_of_the_cnn(model):
    cnn = CNNModel(CNNConfig(**SMALL)).eval()
    cnn.load_state_dict(model.cnn_rnn.state_dict())
    features = model.cnn_rnn(IDS).last_hidden_state
    assert isinstance(model.cnn_rnn, CNNRNNModel) and features.shape == (3, 1, 15)
    assert features.equal(cnn(IDS).last_hidden_state)


def test_the_loss_of_labels_one_by_one(model):
    labels = torch.tensor([[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]])
    head, total = model.head, 0.0
    for features, row in zip(model.cnn_rnn(IDS).last_hidden_state[:, 0], labels, strict=True):
        hidden, cell = head.bridge(features).tanh(), torch.zeros(7)
        allowed, last = list(range(END + 1)), END
        for label in [*row.nonzero().flatten().tolist(), END]:
            hidden, cell = head.cell(head.label_embeddings.weight[last], (hidden, cell))
            total -= head.output(hidden)[allowed].log_softmax(0)[allowed.index(label)] / 3
            last = label
            if label != END:
                allowed.remove(label)
    torch.testing.assert_close(model(IDS, labels=labels).loss, total)
