# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What `labelwise train` tells a model that emits labels one by one."""

import datasets
import pytest

from labelwise.configuration.configuration_label_sequences import LabelSequenceConfig
from labelwise.families import FAMILIES

SGM, CNN_RNN = FAMILIES["sgm"], FAMILIES["cnn_rnn"]


@pytest.mark.parametrize(
    ("labels", "order", "max_labels"),
    [
        ([[0, 1, 0], [0, 1, 1], [0, 0, 1], [0, 1, 0]], [1, 2, 0], 2),
        ([[1, 1, 1], [0, 0, 0]], [0, 1, 2], 3),  # as often: the order of their ids
        ([[0, 0, 0]], [0, 1, 2], 1),
        ([[1, -100, 0], [0, -100, 0], [0, 1, 1], [0, 0, 1]], [2, 0, 1], 2),  # not known is not held
    ],
)
def test_order_and_number_come_from_the_training_split(labels, order, max_labels):
    documents = datasets.Dataset.from_dict({"input_ids": [[3]] * len(labels), "labels": labels})
    config = SGM.config_class(vocab_size=9, embedding_size=2, hidden_size=2, num_labels=3)
    assert isinstance(config, LabelSequenceConfig)
    model = SGM(model="sgm", word_vectors="random").make_model(config, None, documents, 0)
    assert (model.config.label_order, model.config.max_labels) == (order, max_labels)


@pytest.mark.parametrize(
    ("before", "labels", "after"),
    [
        (1, [[1, 1, 1], [0, 0, 1]], 3),
        (2, [[0, 0, 1]], 2),  # what it could, it still can
        (None, [[0, 0, 1]], None),  # no limit
        (1, [[1, 0, -100]], 1),
    ],
)
@pytest.mark.parametrize("family", [SGM, CNN_RNN])
def test_trained_further_it_may_predict_as_many_labels_as_the_new_documents_have(family, before, labels, after):
    documents = datasets.Dataset.from_dict({"input_ids": [[3]] * len(labels), "labels": labels})
    config = family.config_class(num_labels=3, label_order=[2, 0, 1], max_labels=before)
    family().adapt_config(config, documents)
    assert (config.label_order, config.max_labels) == ([2, 0, 1], after)


@pytest.mark.parametrize("name", ["sgm", "sgm-ge", "set-rnn", "cnn-rnn"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--loss focal", "--loss: a model that emits labels one by one has its own loss"),
        ("--num_beams 0", "--num_beams 0: must be >"),
        ("--num_beams many", "invalid int value"),
    ],
)
def test_refusals(data, refused, name, options, message):
    assert message in refused(f"train --model {name} {data} {options} --output_dir out")


def test_defaults_of_the_families():
    config = SGM(model="sgm").draft_config
    assert (config.embedding_size, config.dropout) == (512, 0.5)
    cnn = CNN_RNN(model="cnn-rnn")
    assert (cnn.draft_config.embedding_size, cnn.train_embeddings, cnn.draft_config.num_beams) == (300, True, 5)
