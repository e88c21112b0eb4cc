# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LabelWiseEncoderConfig: windows and what follows from them, refusals, a round trip, and what the card says."""

import pytest
from huggingface_hub.errors import StrictDataclassClassValidationError, StrictDataclassFieldValidationError
from transformers import AutoConfig, ModernBertConfig

from labelwise import LabelWiseEncoderConfig

NAMES = {0: "joy", 1: "anger", 2: "cat"}


def test_defaults():
    config = LabelWiseEncoderConfig()
    assert (config.hierarchical, config.num_encoders, config.num_contexts) == (False, 1, 1)
    assert (config.window_size, config.window_overlap, config.max_windows) == (512, 64, 8)
    assert config.num_special_tokens == [1, 1] and config.max_tokens == 512 + 7 * (510 - 64)
    assert LabelWiseEncoderConfig(num_encoders=2).num_contexts == 2


def test_tokens_read_are_those_of_all_windows():
    config = LabelWiseEncoderConfig(window_size=12, window_overlap=4, max_windows=4, num_special_tokens=[0, 1])
    assert config.max_tokens == 12 + 3 * (11 - 4)


def test_everything_survives_a_round_trip(tmp_path):
    changed = {
        "hierarchical": True,
        "num_contexts": 2,
        "window_size": 40,
        "window_overlap": 3,
        "max_windows": 5,
        "num_special_tokens": [2, 0],
        "label_descriptions": {"joy": "being glad"},
        "dropout": 0.25,
    }
    encoder = ModernBertConfig(vocab_size=99, hidden_size=24)
    LabelWiseEncoderConfig(encoder=encoder, id2label=NAMES, **changed).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is LabelWiseEncoderConfig and type(loaded.encoder) is ModernBertConfig
    assert {name: getattr(loaded, name) for name in changed} == changed
    assert (loaded.label_names, loaded.vocab_size, loaded.hidden_size) == (["joy", "anger", "cat"], 99, 24)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"window_size": 20, "window_overlap": 18}, "window_overlap 18: must be >= 0 and < 18, the text tokens"),
        ({"window_overlap": -1}, "window_overlap -1: must be >= 0"),
        ({"window_size": 2}, "window_size"),
        ({"max_windows": 0}, "max_windows"),
        ({"num_encoders": 2, "num_contexts": 1}, "num_encoders 2 needs a set of context vectors for each"),
        ({"num_encoders": 3}, "num_encoders"),
    ],
)
def test_refusals(fields, told):
    errors = (ValueError, StrictDataclassFieldValidationError, StrictDataclassClassValidationError)
    with pytest.raises(errors, match=told):
        LabelWiseEncoderConfig(**fields)


def test_description_for_the_card():
    flat = LabelWiseEncoderConfig(encoder=ModernBertConfig()).describe()
    assert flat.startswith("Label-wise attention (Eqs. 5-6) over the states of a modernbert encoder, and a weight")
    assert "pre-training" not in flat.partition("From *")[0]
    pretrained = LabelWiseEncoderConfig(hierarchical=True, num_contexts=2).describe()
    assert "Eqs. 8-9 and 11-12: windows, then the document" in pretrained and "(Eq. 3)" in pretrained
