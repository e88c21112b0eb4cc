# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training of the last layers of an encoder, and of rows of its embedding."""

import pytest
from torch import nn
from transformers import AutoModel

from labelwise import MultiLabelTrainer, MultiLabelTrainingArguments
from labelwise.trainer.partial_training import train_last_layers, train_rows

from ..other_families import make_other_family


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_last_layers_are_trained_and_nothing_else(encoder, number):
    model = AutoModel.from_pretrained(encoder)
    train_last_layers(model, number)
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    expected = {
        name for name, _ in model.named_parameters() for layer in range(2 - number, 2) if f"layer.{layer}." in name
    } | {name for name, _ in model.named_parameters() for layer in range(2 - number, 2) if f"layers.{layer}." in name}
    assert trained == expected
    assert bool(trained) == bool(number)


@pytest.mark.parametrize(("module", "layers"), [(nn.ModuleList(nn.Linear(1, 1) for _ in range(3)), 3), (nn.Tanh(), 0)])
def test_more_layers_than_there_are(module, layers):
    with pytest.raises(ValueError, match=f"the encoder has {layers} layers"):
        train_last_layers(nn.Sequential(module), 4)


def test_rows_that_are_not_trained_stay_to_the_bit(word_tokenizer, planted_corpus, tmp_path):
    """With weight decay too, which moves what has no gradient."""
    model = make_other_family("cnn", word_tokenizer, ["a", "b", "c", "d"])
    weight = model.get_input_embeddings().weight
    weight.requires_grad_(False)
    train_rows(weight, [3, 7])
    before = weight.detach().clone()
    settings = {"weight_decay": 0.1, "max_steps": 3, "disable_tqdm": True, "report_to": "none", "save_strategy": "no"}
    args = MultiLabelTrainingArguments(
        str(tmp_path), eval_strategy="no", load_best_model_at_end=False, lr_scheduler_type="constant", **settings
    )
    trainer = MultiLabelTrainer(model, args, train_dataset=planted_corpus(64), processing_class=word_tokenizer)
    trainer.train()
    assert (weight != before).any(dim=1).nonzero().flatten().tolist() == [3, 7]
    decays = {id(parameter) for parameter in trainer.optimizer.param_groups[0]["params"]}
    assert id(weight) not in decays and len(decays) > 1
