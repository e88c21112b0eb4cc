# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What no configuration takes, and what is left of one for other labels."""

import pytest
import torch
from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import AutoConfig, AutoModelForSequenceClassification

from labelwise import (
    CNNConfig,
    CNNForSequenceClassification,
    CNNRNNConfig,
    HANLGConfig,
    LWLSTMConfig,
    MAGNETConfig,
    RegLSTMConfig,
    SGMConfig,
    TfidfLinearConfig,
)

WORDS = ["vocab_size", "embedding_size", "max_words"]
HIERARCHY = ["hidden_size", "num_hidden_layers", "max_sentences", "max_words_per_sentence"]
SIZES = {
    CNNConfig: [*WORDS, "num_filters"],
    CNNRNNConfig: [*WORDS, "num_filters", "decoder_hidden_size", "num_beams"],
    HANLGConfig: [*WORDS, *HIERARCHY],
    LWLSTMConfig: [*WORDS, *HIERARCHY],
    MAGNETConfig: [*WORDS, "hidden_size", "num_hidden_layers", "num_graph_layers", "num_attention_heads"],
    RegLSTMConfig: [*WORDS, "hidden_size"],
    SGMConfig: [*WORDS, "hidden_size", "num_hidden_layers", "num_beams"],
    TfidfLinearConfig: ["vocab_size", "max_words", "num_ngrams", "num_label_sets"],
}


@pytest.mark.parametrize("value", [0, -1])
@pytest.mark.parametrize(("config_class", "name"), [(cls, name) for cls, names in SIZES.items() for name in names])
def test_sizes_are_1_or_above(config_class, name, value):
    with pytest.raises((StrictDataclassFieldValidationError, ValueError), match=name):
        config_class(**{name: value})
    assert getattr(config_class(**{name: 1}), name) == 1


def test_other_numbers_may_be_0():
    assert CNNConfig(pad_token_id=0, sep_token_id=0, dropout=0, chunk_size_feed_forward=0).pad_token_id == 0


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"thresholds": [0.5, 0.4]}, "2 thresholds for 3 labels: give one, or one per label"),
        ({"calibration": {"scale": [1.0, 2.0], "offset": 0.0}}, "calibration: 2 scales for 3 labels: give one"),
        ({"calibration": {"scale": 1.0, "offset": [0.0] * 4}}, "calibration: 4 offsets for 3 labels: give one"),
    ],
)
def test_one_number_or_one_per_label(settings, told):
    with pytest.raises(ValueError, match=told):
        CNNConfig(num_labels=3, **settings)


NAMES = {0: "rock", 1: "jazz", 2: "soul"}
OTHERS = {"id2label": NAMES, "label2id": {name: index for index, name in NAMES.items()}}


@pytest.mark.parametrize("number", [2, 4])
@pytest.mark.parametrize("given", [{"num_labels": 3}, OTHERS, {"num_labels": 3, **OTHERS}], ids=str)
def test_a_saved_model_begins_anew_on_other_labels(number, given, tmp_path, caplog):
    calibration = {"scale": 2.0, "offset": [0.1] * number}
    config = CNNConfig(
        vocab_size=9,
        embedding_size=4,
        num_filters=3,
        num_labels=number,
        thresholds=[0.3] * number,
        calibration=calibration,
        label_blocks=[number - 1, 1],
    )
    CNNForSequenceClassification(config).save_pretrained(tmp_path)
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path, ignore_mismatched_sizes=True, **given)
    assert (model.config.thresholds, model.config.calibration, model.config.label_blocks) == (0.5, None, None)
    assert model(torch.ones(1, 4, dtype=torch.long)).logits.shape == (1, 3)
    told = "thresholds, calibration, label_blocks: left out, as the saved model has "
    (message,) = [record.getMessage() for record in caplog.records if record.name.startswith("labelwise")]
    assert message == f"{told}{number} labels and this one 3"

    kept = AutoConfig.from_pretrained(tmp_path, num_labels=number)
    assert (kept.thresholds, kept.calibration, kept.label_blocks) == ([0.3] * number, calibration, [number - 1, 1])


def test_one_threshold_is_of_the_saved_labels_too(tmp_path):
    TfidfLinearConfig(num_labels=4, thresholds=0.3, method="cc", chain_order=[3, 1, 2, 0]).save_pretrained(tmp_path)
    config = AutoConfig.from_pretrained(tmp_path, num_labels=3)
    assert (config.thresholds, config.chain_order) == (0.5, None)
    assert AutoConfig.from_pretrained(tmp_path, num_labels=3, thresholds=0.2).thresholds == 0.2


def test_nothing_is_told_of_defaults(tmp_path, caplog):
    CNNConfig(num_labels=4).save_pretrained(tmp_path)
    assert AutoConfig.from_pretrained(tmp_path, num_labels=3).num_labels == 3
    assert not [record for record in caplog.records if record.name.startswith("labelwise")]
