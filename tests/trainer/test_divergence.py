# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Trainings that diverge stop, and keep their last good checkpoint."""

import math
from types import SimpleNamespace

import labelwise_cli as cli
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import Trainer

from labelwise import MultiLabelTrainer
from labelwise.errors import UserInputError
from labelwise.trainer import divergence
from labelwise.trainer.divergence import DivergenceCheck
from labelwise.trainer.label_wise_pretrainer import LabelWisePreTrainer
from labelwise.trainer.masked_lm import MaskedLMTrainer

from ..tiny_corpus import PRETRAINING, TINY

TINY_BERT = "--hidden_size 8 --num_hidden_layers 1 --num_attention_heads 2 --max_length 16 --max_steps 4"


@pytest.fixture
def diverging(monkeypatch):
    """`diverging(trainer, step, what)`: the loss or the weights of this trainer are not finite from this step on."""

    def make(trainer: type[DivergenceCheck], step: int, what: str) -> None:
        compute = trainer.compute_loss

        def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
            loss, outputs = compute(self, model, inputs, return_outputs=True, **kwargs)
            if model.training and self.state.global_step + 1 >= step:
                if what == "weights":  # those of the step before were finite, and so is this loss
                    weight = next(weight for weight in model.parameters() if weight.requires_grad)
                    weight.register_hook(lambda gradient: gradient * math.nan)
                else:
                    loss = loss * math.inf
            return (loss, outputs) if return_outputs else loss

        monkeypatch.setattr(trainer, "compute_loss", compute_loss)

    return make


def refuse(capsys, command: str) -> str:
    capsys.readouterr()
    assert cli.main(command.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()[-1]


@pytest.mark.parametrize("what", ["loss", "weights"])
def test_the_last_good_checkpoint_is_kept(diverging, data, capsys, tmp_path, what):
    """There are 6 steps in an epoch, after which there is an evaluation and a checkpoint."""
    diverging(MultiLabelTrainer, 10, what)
    folder = tmp_path / "out"
    told = refuse(capsys, f"train --model lstm {data} {TINY} --max_grad_norm 0 --output_dir {folder}")
    step = 10 if what == "loss" else 11  # whose loss weights that are no numbers give
    assert f"training has diverged in step {step}: the loss is {'inf' if what == 'loss' else 'nan'};" in told
    assert f"the last good checkpoint is {folder}/checkpoint-6; lower the learning rate, 0.02" in told
    assert not (folder / "results.json").exists() and not (folder / "model.safetensors").exists()
    weights = load_file(folder / "checkpoint-6" / "model.safetensors")
    assert all(weight.isfinite().all() for weight in weights.values())


def test_weights_after_the_last_step(diverging, data, capsys, tmp_path):
    """No loss is computed of them any more, nor anything saved."""
    diverging(MultiLabelTrainer, 6, "weights")
    command = f"train --model lstm {data} {TINY} --max_steps 6 --eval_strategy no --save_strategy no"
    told = refuse(capsys, f"{command} --load_best_model_at_end false --output_dir {tmp_path / 'out'}")
    assert "training has diverged in step 6: weights are not finite, first of all " in told and "no checkpoint" in told
    assert not (tmp_path / "out" / "model.safetensors").exists()


@pytest.mark.parametrize(
    ("trainer", "command"),
    [
        (LabelWisePreTrainer, f"train --model lw-lstm DATA {TINY} {PRETRAINING}"),
        (MaskedLMTrainer, f"pretrain-encoder DATA {TINY_BERT} --min_frequency 1"),
    ],
)
def test_every_trainer(diverging, data, capsys, tmp_path, trainer, command):
    diverging(trainer, 2, "loss")
    told = refuse(capsys, f"{command.replace('DATA', data)} --output_dir {tmp_path / 'out'}")
    assert "training has diverged in step 2: the loss is inf; no checkpoint was saved before" in told


def test_a_learning_rate_that_is_far_too_high(data, capsys, tmp_path):
    told = refuse(capsys, f"train --model lstm {data} {TINY} --learning_rate 1e30 --output_dir {tmp_path / 'out'}")
    assert "training has diverged in step " in told and "lower the learning rate, 1e+30" in told
    assert {path.name.partition("-")[0] for path in tmp_path.glob("out/*")} <= {"checkpoint"}


def test_weights_that_are_finite_after_the_last_step(data, capsys, tmp_path):
    command = f"train --model lstm {data} {TINY} --max_steps 1 --warmup_steps 0 --learning_rate 1e30"
    told = refuse(
        capsys,
        f"{command} --eval_strategy no --save_strategy no --load_best_model_at_end false --output_dir {tmp_path}",
    )
    assert "training has diverged in step 1: weights are 9.9" in told and "lower the learning rate, 1e+30" in told
    assert not (tmp_path / "model.safetensors").exists()


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_weights_that_are_loaded(model, data, capsys, tmp_path, value):
    for file in model.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = load_file(tmp_path / "model.safetensors")
    name = next(name for name in weights if name.startswith("head."))
    weights[name].flatten()[0] = value
    save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})
    commands = (f"evaluate {data}", "predict --text money", f"calibrate {data}", f"train {data} --output_dir other")
    for command in commands:
        told = refuse(capsys, f"{command} --model_name_or_path {tmp_path}")
        assert f"{tmp_path} cannot be used: {name} has weights that are not finite" in told


def test_an_encoder_that_is_loaded(make_encoder, data, capsys, tmp_path):
    folder = make_encoder("bert")
    weights = load_file(f"{folder}/model.safetensors")
    next(iter(weights.values())).flatten()[0] = math.nan
    save_file(weights, f"{folder}/model.safetensors", {"format": "pt"})
    for model in ("lm-mtc", "lw-encoder"):
        told = refuse(capsys, f"train --model {model} --encoder {folder} {data} --output_dir {tmp_path / 'out'}")
        assert f"--encoder {folder}: " in told and "not finite" in told


@pytest.fixture
def check(tmp_path):
    """A trainer in its third step, in which it only checks."""
    check = DivergenceCheck.__new__(MultiLabelTrainer)
    check.hp_search_backend, check.model, check._unchecked = None, torch.nn.Linear(1, 1), []
    check.is_in_train, check.state = True, SimpleNamespace(global_step=3)
    check.args = SimpleNamespace(output_dir=str(tmp_path), learning_rate=1.0)
    return check


def test_a_trial_of_a_search_may_diverge(check):
    """Its metrics say that it did, and the search goes on."""
    check.model.weight.data.fill_(math.nan)
    check.hp_search_backend = "optuna"
    check._check_weights()
    check.hp_search_backend = None
    with pytest.raises(UserInputError, match="step 3: weights are not finite, first of all weight"):
        check._check_weights()


def test_weights_that_are_finite_are_read_at_once(check, monkeypatch):
    monkeypatch.setattr(divergence, "find_not_finite", None)
    check.model.register_buffer("empty", torch.empty(0))
    check._check_weights()


def test_large_buffers_are_no_divergence(check):
    check.model.register_buffer("large", torch.tensor(1e30))
    check._check_weights()
    check.model.large.fill_(math.inf)
    with pytest.raises(UserInputError, match="weights are not finite, first of all large"):
        check._check_weights()


def test_losses_of_several_sets(check, monkeypatch):
    """Hamming loss is none of them, and is `None` where it is not defined."""
    metrics = {"eval_a_loss": 0.5, "eval_a_hamming_loss": None, "eval_hamming_loss": None}
    monkeypatch.setattr(Trainer, "evaluation_loop", lambda self: SimpleNamespace(metrics=metrics))
    assert check.evaluation_loop().metrics == metrics
    metrics["eval_b_loss"] = math.nan
    with pytest.raises(UserInputError, match="step 3: the loss on validation documents is nan;"):
        check.evaluation_loop()
