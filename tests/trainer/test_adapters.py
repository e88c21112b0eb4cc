# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Low-rank adapters in pretrained encoders."""

import pytest
import torch
from torch import nn
from transformers import AutoModel, BertConfig, BertModel, TrainerControl, TrainerState, TrainingArguments

pytest.importorskip("peft")

from labelwise.trainer.adapters import MergeAdapters, add_adapters


def states_of(model):
    model.eval()
    with torch.no_grad():
        return model(input_ids=torch.arange(5, 25)[None]).last_hidden_state


def test_adapters_change_nothing_before_training_and_are_in_the_weights_after_it(encoder, tmp_path):
    model = AutoModel.from_pretrained(encoder)
    names, before = set(model.state_dict()), states_of(model)
    add_adapters(model, 3)
    torch.testing.assert_close(states_of(model), before)
    trained = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert trained and all(".lora_A." in name or ".lora_B." in name for name in trained)
    assert {min(parameter.shape) for parameter in trained.values()} == {3}
    for layer in ("0", "1"):  # the attention of each layer has some
        assert [name for name in trained if f".{layer}.att" in f".{name}"]
    for parameter in trained.values():
        nn.init.normal_(parameter, std=0.1)
    adapted = states_of(model)
    assert not torch.allclose(adapted, before, atol=1e-2)
    MergeAdapters().on_train_end(TrainingArguments(str(tmp_path)), TrainerState(), TrainerControl(), model=model)
    assert set(model.state_dict()) == names
    torch.testing.assert_close(states_of(model), adapted, atol=1e-4, rtol=1e-4)


def test_alpha_is_twice_the_rank():
    bert = BertModel(BertConfig(hidden_size=4, num_attention_heads=1, num_hidden_layers=1, intermediate_size=4))
    add_adapters(bert, 4)
    assert bert.encoder.layer[0].attention.self.query.scaling == {"default": 2.0}


def test_a_rank_above_that_of_the_weights(encoder):
    with pytest.raises(ValueError, match="the weights of the encoder have rank"):
        add_adapters(AutoModel.from_pretrained(encoder), 10**9)
