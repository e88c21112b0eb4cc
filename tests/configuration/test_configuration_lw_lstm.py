# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LWLSTMConfig: what it fixes, what it refuses, and that all of it survives a round trip."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import AutoConfig

from labelwise import LWLSTMConfig

NAMES = {0: "rock", 1: "jazz", 2: "soul"}


def test_the_defaults():
    config = LWLSTMConfig()
    assert (config.embedding_size, config.hidden_size, config.num_hidden_layers) == (256, 128, 1)
    assert (config.rnn_type, config.hierarchical, config.label_wise) == ("lstm", False, True)
    assert (config.num_encoders, config.classifier, config.label_graph) == (1, "linear", False)
    assert (config.dropout, config.max_words, config.thresholds) == (0.2, 500, 0.5)
    assert (config.max_sentences, config.max_words_per_sentence) == (40, 60)


def test_the_problem_type_is_fixed():
    """Anything else makes the pipeline apply softmax."""
    for config in (LWLSTMConfig(), LWLSTMConfig(problem_type=None), LWLSTMConfig.from_dict({"problem_type": None})):
        assert config.problem_type == "multi_label_classification"


@pytest.mark.parametrize("problem_type", ["single_label_classification", "regression"])
def test_another_problem_type_is_refused(problem_type):
    with pytest.raises(StrictDataclassFieldValidationError, match="problem_type"):
        LWLSTMConfig(problem_type=problem_type)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rnn_type", "rnn"),
        ("classifier", "svm"),
        ("num_encoders", 3),
        ("num_encoders", 0),
        ("hidden_size", "256"),
        ("hidden_size", 0.5),
        ("hierarchical", "no"),
        ("label_wise", 1),
        ("label_graph", None),
        ("dropout", "0.2"),
        ("thresholds", "0.5"),
        ("thresholds", ["0.5"]),
        ("max_words", None),
        ("vocab_size", 1e4),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(StrictDataclassFieldValidationError, match=name):
        LWLSTMConfig(**{name: value})
    config = LWLSTMConfig()
    with pytest.raises(StrictDataclassFieldValidationError, match=name):
        setattr(config, name, value)


@pytest.mark.parametrize("label_wise", [True, False])
def test_one_query_per_label_or_one_for_all(label_wise):
    assert LWLSTMConfig(num_labels=7, label_wise=label_wise).num_queries == (7 if label_wise else 1)


def test_names_of_labels():
    config = LWLSTMConfig(id2label=NAMES)
    assert config.num_labels == 3
    assert config.label2id == {"rock": 0, "jazz": 1, "soul": 2}
    numbered = LWLSTMConfig(num_labels=2)
    assert numbered.id2label == {0: "LABEL_0", 1: "LABEL_1"} and numbered.label2id == {"LABEL_0": 0, "LABEL_1": 1}


@pytest.mark.parametrize("thresholds", [0.37, 0, 1, [0.1, 0.5, 0.9], [0, 0.5, 1]], ids=str)
def test_thresholds_survive_a_round_trip(thresholds, tmp_path):
    LWLSTMConfig(id2label=NAMES, thresholds=thresholds).save_pretrained(tmp_path)
    assert AutoConfig.from_pretrained(tmp_path).thresholds == thresholds


def test_everything_survives_a_round_trip(tmp_path):
    changed = {
        "vocab_size": 11,
        "embedding_size": 12,
        "hidden_size": 13,
        "num_hidden_layers": 3,
        "rnn_type": "gru",
        "hierarchical": True,
        "label_wise": False,
        "num_encoders": 2,
        "classifier": "mlp",
        "label_graph": True,
        "dropout": 0.1,
        "max_words": 15,
        "max_sentences": 16,
        "max_words_per_sentence": 17,
        "pad_token_id": 3,
        "sep_token_id": 4,
        "initializer_range": 0.3,
        "thresholds": [0.2, 0.3, 0.4],
        "id2label": NAMES,
    }
    default = LWLSTMConfig()
    assert all(getattr(default, name) != value for name, value in changed.items())
    LWLSTMConfig(**changed).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is LWLSTMConfig
    assert {name: getattr(loaded, name) for name in changed} == changed
    assert loaded.label2id == {"rock": 0, "jazz": 1, "soul": 2}
