# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Weights against their configuration, before any is read; `tests/hostile` tries many more."""

import json

import pytest
import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForSequenceClassification

from labelwise import (
    LMMTCForSequenceClassification,
    LWLSTMConfig,
    LWLSTMForPreTraining,
    LWLSTMForSequenceClassification,
    LWLSTMModel,
)
from labelwise.errors import UserInputError
from labelwise.runs.saved_weights import check_sizes, check_weights, read_header, without_memory

from ...conftest import SMALL


@pytest.fixture
def folder(tmp_path) -> str:
    LWLSTMForSequenceClassification(LWLSTMConfig(**SMALL, num_hidden_layers=2)).save_pretrained(tmp_path)
    return str(tmp_path)


def change_weights(folder: str, changes: dict[str, torch.Tensor | None]) -> None:
    weights = {**LWLSTMForSequenceClassification.from_pretrained(folder).state_dict(), **changes}
    save_file({name: weight for name, weight in weights.items() if weight is not None}, f"{folder}/model.safetensors")


def check(folder: str, **fields) -> None:
    config = AutoConfig.from_pretrained(folder, **fields)
    tensors = read_header(folder)
    check_sizes(folder, {**json.loads(config.to_json_string()), **fields}, tensors)
    check_weights(folder, without_memory(lambda: AutoModelForSequenceClassification.from_config(config)), tensors)


def test_sound(folder):
    check(folder)


def test_several_files(folder, tmp_path):
    model = LWLSTMForSequenceClassification.from_pretrained(folder)
    model.save_pretrained(tmp_path / "parts", max_shard_size="1KB")
    assert len(list((tmp_path / "parts").glob("*.safetensors"))) > 1
    assert read_header(str(tmp_path / "parts")) == read_header(folder)
    check(str(tmp_path / "parts"))


def test_tied_weights_are_saved_once(encoder, tmp_path):
    LMMTCForSequenceClassification.from_encoder(encoder, ["joy", "anger"]).save_pretrained(tmp_path)
    check(str(tmp_path))


@pytest.mark.parametrize("model_class", [LWLSTMForPreTraining, LWLSTMModel])
def test_no_classifier_yet(tmp_path, model_class):
    model_class(LWLSTMConfig(**SMALL, num_encoders=2)).save_pretrained(tmp_path)
    check(str(tmp_path))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"hidden_size": 9}, "has the shape"),
        ({"vocab_size": 10**9}, "has the shape (60, 6), not (1000000000, 6)"),
        ({"num_hidden_layers": 3}, " values for the "),
        ({"num_hidden_layers": 1}, "_l1 is no part of the model"),
        ({"max_words": 10**20}, f"max_words is {10**20}, and can be {2**31} at most"),
        ({"label_graph": True}, "is missing"),
    ],
)
def test_another_configuration(folder, fields, told):
    with pytest.raises(UserInputError, match="its weights do not fit its config") as error:
        check(folder, **fields)
    assert told in str(error.value) and folder in str(error.value)


WEIGHT, BIAS = "head.classifier.1.weight", "head.classifier.1.bias"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({BIAS: torch.zeros(4, dtype=torch.long)}, f"{BIAS} has values of the type I64"),
        ({BIAS: None}, f"{BIAS} is missing"),
        ({WEIGHT: None, BIAS: None}, f"{WEIGHT} is missing"),
        ({"other": torch.zeros(1)}, "other is no part of the model"),
    ],
)
def test_other_weights(folder, changes, told):
    change_weights(folder, changes)
    with pytest.raises(UserInputError) as error:
        check(folder)
    assert told in str(error.value)
