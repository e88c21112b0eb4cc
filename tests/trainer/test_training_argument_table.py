# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Every argument of `TrainingArguments`: it works, which a test here shows, or it is no option, with a reason."""

import json
import logging
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import labelwise_cli as cli
import pytest
import torch
from datasets import Dataset
from safetensors.torch import load_file
from torch.utils.checkpoint import checkpoint
from torch.utils.data import RandomSampler, SequentialSampler
from transformers import ProgressCallback, TrainerCallback, TrainingArguments, set_seed
from transformers.integrations import integration_utils
from transformers.trainer_pt_utils import BatchRebalanceSampler, EvalLoopContainer, LengthGroupedSampler
from transformers.utils.logging import get_verbosity, set_verbosity

from labelwise import (
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LMMTCTrainingArguments,
    LWLSTMForSequenceClassification,
    MultiLabelClassifier,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
)
from labelwise.errors import UserInputError
from labelwise.families import FAMILIES
from labelwise.runs.training_checks import check_training_arguments
from labelwise.trainer.argument_checks import OPTIMIZERS
from labelwise.trainer.refused_arguments import REFUSED

from ..bfloat16 import needs_bfloat16

DIFFERS = object()  # from what is observed without the option
EPOCHS = {"eval_strategy": "epoch", "save_strategy": "epoch", "load_best_model_at_end": True}
NO_SAVES = {"eval_strategy": "no", "save_strategy": "no", "load_best_model_at_end": False}
SAVE_BY_STEPS = {"eval_strategy": "steps", "save_strategy": "steps", "save_total_limit": 9}


class FirstWeights(TrainerCallback):
    """The weights before the first step."""

    def on_train_begin(self, args, state, control, model, **kwargs):
        self.found = [value.clone() for value in model.parameters()]


def steps(trainer):
    return trainer.state.global_step


def logged(trainer, name="loss"):
    return [log[name] for log in trainer.state.log_history if name in log]


def rates(trainer):
    return logged(trainer, "learning_rate")


def steps_of(name):
    return lambda trainer: [log["step"] for log in trainer.state.log_history if name in log]


def checkpoints(trainer):
    folders = Path(trainer.args.output_dir).glob("checkpoint-*")
    return sorted(int(path.name.rpartition("-")[2]) for path in folders)


def saves_optimizers(trainer):
    return [*Path(trainer.args.output_dir).glob("checkpoint-*/optimizer.pt")] != []


def group(name):
    return lambda trainer: trainer.optimizer.param_groups[0][name]


def change(trainer):
    """The norm of what was added to the weights."""
    (first,) = [found for found in trainer.callback_handler.callbacks if isinstance(found, FirstWeights)]
    changes = [new.detach() - old for new, old in zip(trainer.model.parameters(), first.found, strict=True)]
    return torch.cat([part.flatten() for part in changes]).norm().item()


# The settings of a training, what is observed of it, and what that is; without the settings it is something else.
TRAINING = {
    "per_device_train_batch_size": ({"per_device_train_batch_size": 8}, steps, 2),
    "num_train_epochs": ({"num_train_epochs": 2}, steps, 8),
    "max_steps": ({"max_steps": 3}, steps, 3),
    "gradient_accumulation_steps": ({"gradient_accumulation_steps": 2}, steps, 2),
    "learning_rate": ({"learning_rate": 0.25}, lambda trainer: rates(trainer)[0], 0.25),
    "lr_scheduler_type": ({"lr_scheduler_type": "constant"}, rates, [1e-3] * 4),
    "lr_scheduler_kwargs": (
        {"lr_scheduler_type": "polynomial", "lr_scheduler_kwargs": '{"power": 2, "lr_end": 0}'},
        rates,
        pytest.approx([1e-3 * (1 - step / 4) ** 2 for step in range(4)]),
    ),
    "warmup_steps": ({"warmup_steps": 2}, rates, pytest.approx([0, 0.5e-3, 1e-3, 0.5e-3])),
    "optim": ({"optim": "sgd"}, lambda trainer: type(trainer.optimizer.optimizer), torch.optim.SGD),
    "optim_args": ({"optim": "rmsprop", "optim_args": "alpha=0.5, eps=1e-3"}, group("eps"), 1e-3),
    "weight_decay": ({"weight_decay": 0.3}, group("weight_decay"), 0.3),
    "adam_beta1": ({"adam_beta1": 0.5}, group("betas"), (0.5, 0.999)),
    "adam_beta2": ({"adam_beta2": 0.5}, group("betas"), (0.9, 0.5)),
    "adam_epsilon": ({"adam_epsilon": 0.1}, group("eps"), 0.1),
    "max_grad_norm": (
        {"optim": "sgd", "learning_rate": 1.0, "max_steps": 1, "max_grad_norm": 0.01},
        change,
        pytest.approx(0.01, rel=1e-3),
    ),
    "label_smoothing_factor": ({"label_smoothing_factor": 0.3}, logged, DIFFERS),
    "bf16": ({"bf16": True}, lambda trainer: trainer.accelerator.mixed_precision, "bf16"),
    "logging_strategy": (
        {"logging_strategy": "epoch", "logging_steps": MultiLabelTrainingArguments.logging_steps},
        steps_of("loss"),
        [4],
    ),
    "logging_steps": ({"logging_steps": 2}, steps_of("loss"), [2, 4]),
    "logging_first_step": ({"logging_steps": 3, "logging_first_step": True}, steps_of("loss"), [1, 3]),
    "include_num_input_tokens_seen": (
        {"include_num_input_tokens_seen": "non_padding"},
        lambda trainer: trainer.state.num_input_tokens_seen,
        DIFFERS,
    ),
    "log_level": ({"log_level": "critical"}, lambda trainer: get_verbosity(), logging.CRITICAL),
    "disable_tqdm": (
        {"disable_tqdm": False},
        lambda trainer: ProgressCallback in map(type, trainer.callback_handler.callbacks),
        True,
    ),
    "full_determinism": (
        {"full_determinism": True},
        lambda trainer: torch.are_deterministic_algorithms_enabled(),
        True,
    ),
    "seed": ({"seed": 1}, logged, DIFFERS),
    "data_seed": ({"data_seed": 1}, logged, DIFFERS),
    "dataloader_num_workers": (
        {"dataloader_num_workers": 1},
        lambda trainer: trainer.get_train_dataloader().num_workers,
        1,
    ),
    "dataloader_prefetch_factor": (
        {"dataloader_num_workers": 1, "dataloader_prefetch_factor": 5},
        lambda trainer: trainer.get_train_dataloader().prefetch_factor,
        5,
    ),
    "train_sampling_strategy": (
        {"train_sampling_strategy": "sequential"},
        lambda trainer: type(trainer._get_train_sampler()),
        SequentialSampler,
    ),
}
# The same for trainings that are evaluated and saved.
EVALUATION = {
    "eval_strategy": ({**SAVE_BY_STEPS, "eval_steps": 1, "save_steps": 1}, steps_of("eval_loss"), [1, 2, 3, 4]),
    "eval_steps": ({**SAVE_BY_STEPS, "eval_steps": 3, "save_steps": 3}, steps_of("eval_loss"), [3, 4]),
    "eval_on_start": ({"eval_on_start": True}, steps_of("eval_loss"), [0, 4]),
    "per_device_eval_batch_size": (
        {"per_device_eval_batch_size": 3},
        lambda trainer: len(trainer.get_eval_dataloader()),
        4,
    ),
    "save_strategy": ({"save_strategy": "no", "load_best_model_at_end": False}, checkpoints, []),
    "save_steps": ({**SAVE_BY_STEPS, "eval_steps": 2, "save_steps": 2}, checkpoints, [2, 4]),
    "save_total_limit": ({"num_train_epochs": 3, "save_total_limit": 3}, checkpoints, [4, 8, 12]),
    "save_only_model": ({"save_only_model": True}, saves_optimizers, False),
    "metric_for_best_model": (
        {"metric_for_best_model": "eval_hamming_loss"},
        lambda trainer: trainer.state.best_metric == logged(trainer, "eval_hamming_loss")[0],
        True,
    ),
}
# Those whose tests follow.
SHOWN = {*TRAINING, *EVALUATION}


def shows(*names):
    SHOWN.update(names)
    return lambda test: test


@pytest.fixture(scope="module")
def train(planted_corpus, planted_config, word_tokenizer, tmp_path_factory):
    """`train(**settings)`: a trainer after four steps of a tiny model, whose arguments are those of an accepted run."""

    def run(**settings) -> MultiLabelTrainer:
        shape = {"per_device_train_batch_size": 4, "num_train_epochs": 1, "logging_steps": 1, "disable_tqdm": True}
        defaults = {**shape, **NO_SAVES}
        args = MultiLabelTrainingArguments(str(tmp_path_factory.mktemp("out")), **{**defaults, **settings})
        check_training_arguments(args)
        set_seed(args.seed)
        model = LWLSTMForSequenceClassification(planted_config())
        trainer = MultiLabelTrainer(
            model,
            args,
            train_dataset=planted_corpus(16),
            eval_dataset=planted_corpus(10, seed=1),
            processing_class=word_tokenizer,
            callbacks=[FirstWeights()],
        )
        trainer.train()
        return trainer

    return run


@pytest.fixture(scope="module")
def usual(train):
    """The trainer of a training with no option."""
    return train()


@pytest.fixture(scope="module")
def evaluated(train):
    """The trainer of a training with no option, but for the evaluation and the checkpoint of its epoch."""
    return train(**EPOCHS)


@pytest.fixture(autouse=True)
def restored():
    """The settings of the whole process that options change."""
    verbosity, environment = get_verbosity(), dict(os.environ)
    yield
    set_verbosity(verbosity)
    os.environ.clear()
    os.environ.update(environment)
    torch.use_deterministic_algorithms(False)


# The table


def test_every_argument_works_or_is_refused():
    arguments = {part.name for part in fields(TrainingArguments)} - {"label_names"}  # set by the classes
    assert arguments == SHOWN | REFUSED.keys()
    assert not SHOWN & REFUSED.keys()
    names = {name for family in FAMILIES.values() for name in family.__dataclass_fields__}
    assert not names & arguments


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=needs_bfloat16 if name == "bf16" else ()) for name in TRAINING]
)
def test_an_option_of_training_works(train, usual, name):
    check(train, usual, *TRAINING[name])


@pytest.mark.parametrize("name", EVALUATION)
def test_an_option_of_evaluation_works(train, evaluated, name):
    settings, observe, expected = EVALUATION[name]
    check(train, evaluated, {**EPOCHS, **settings}, observe, expected)


def check(train, usual, settings, observe, expected):
    before = observe(usual)
    found = observe(train(**settings))
    assert found == expected or expected is DIFFERS
    assert found != before


# Options whose effect takes more to see


@shows("output_dir")
def test_all_is_written_to_the_folder(evaluated):
    assert Path(evaluated.state.best_model_checkpoint).parent == Path(evaluated.args.output_dir)


SCHEDULES = {
    "linear": None,
    "cosine": {"num_cycles": 1},
    "cosine_with_restarts": {"num_cycles": 2},
    "polynomial": None,
    "constant": None,
    "constant_with_warmup": None,
    "inverse_sqrt": {"timescale": 2},
    "reduce_lr_on_plateau": {"factor": 0.5},
    "cosine_with_min_lr": {"min_lr": 1e-4},
    "cosine_warmup_with_min_lr": {"min_lr": 1e-4},
    "warmup_stable_decay": {"num_decay_steps": 2},
    "greedy": {"patience": 1},
}


@pytest.mark.parametrize("optim", OPTIMIZERS)
def test_every_optimizer_trains(train, optim):
    trainer = train(optim=optim)
    assert change(trainer) > 0
    assert all(value.isfinite().all() for value in trainer.model.parameters())


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_trains(train, schedule):
    settings = SCHEDULES[schedule]
    evaluates = EPOCHS if schedule in ("reduce_lr_on_plateau", "greedy") else {}
    trainer = train(lr_scheduler_type=schedule, lr_scheduler_kwargs=settings, **evaluates)
    assert len(rates(trainer)) == 4
    assert change(trainer) > 0


@pytest.mark.parametrize(
    ("strategy", "sampler"),
    [
        ("random", RandomSampler),
        ("sequential", SequentialSampler),
        ("group_by_length", LengthGroupedSampler),
        ("batch_rebalance", BatchRebalanceSampler),
    ],
)
def test_every_order_of_training_leaves_that_of_evaluation(train, strategy, sampler):
    trainer = train(train_sampling_strategy=strategy)
    assert type(trainer._get_train_sampler()) is sampler
    assert steps(trainer) == 4
    labels = trainer.predict(trainer.eval_dataset).label_ids
    assert labels.tolist() == trainer.eval_dataset["labels"][:]


@shows("load_best_model_at_end", "greater_is_better")
@pytest.mark.parametrize("loads", [True, False])
def test_the_best_model_is_loaded(train, loads):
    """The loss falls, so that the first evaluation is the best one if more is better."""
    best = {"metric_for_best_model": "loss", "greater_is_better": True} if loads else {}
    settings = {**EPOCHS, "load_best_model_at_end": loads, **best}
    trainer = train(num_train_epochs=3, save_total_limit=9, learning_rate=1e-2, **settings)
    losses = logged(trainer, "eval_loss")
    assert losses[0] == max(losses) > losses[-1]
    weights = load_file(Path(trainer.args.output_dir) / f"checkpoint-{4 if loads else 12}" / "model.safetensors")
    assert all(value.equal(weights[name]) for name, value in trainer.model.state_dict().items())


@pytest.mark.parametrize("metric", MultiLabelTrainingArguments.metrics)
def test_every_metric_of_validation_can_choose(evaluated, metric):
    for name in (metric, f"eval_{metric}"):
        args = MultiLabelTrainingArguments("out", metric_for_best_model=name)
        check_training_arguments(args)
        assert args.greater_is_better == (metric not in ("loss", "hamming_loss", "one_error"))
    assert len(logged(evaluated, f"eval_{metric}")) == 1


def test_no_metric_of_validation_is_missing(evaluated):
    times = {"eval_runtime", "eval_samples_per_second", "eval_steps_per_second"}
    found = {name for log in evaluated.state.log_history for name in log if name.startswith("eval_")}
    assert {f"eval_{name}" for name in evaluated.args.metrics} == found - times


@shows("eval_accumulation_steps")
def test_logits_are_moved_in_parts(train, evaluated, monkeypatch):
    move, moved = EvalLoopContainer.to_cpu_and_numpy, []
    monkeypatch.setattr(EvalLoopContainer, "to_cpu_and_numpy", lambda self: (moved.append(self), move(self)))
    trainer = train(per_device_eval_batch_size=2, eval_accumulation_steps=1, **EPOCHS)
    moved.clear()  # by evaluations in training, which keep no logits
    found = trainer.predict(trainer.eval_dataset)
    assert len(moved) > 2 * 5  # logits and labels of five batches
    assert [found.metrics["test_micro_f1"]] == logged(evaluated, "eval_micro_f1")


@shows("report_to", "run_name")
def test_an_integration_is_told(train, monkeypatch):
    told = []

    class Integration(TrainerCallback):
        def on_log(self, args, state, control, logs, **kwargs):
            told.append((args.run_name, "loss" in logs))

    monkeypatch.setitem(integration_utils.INTEGRATION_TO_CALLBACK, "wandb", Integration)
    train(report_to="wandb", run_name="mine")
    assert ("mine", True) in told


@shows("use_cpu")
def test_the_cpu_can_be_chosen():
    assert MultiLabelTrainingArguments("out", use_cpu=True).device.type == "cpu"


@shows("fp16", "tf32")
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu(train):
    trainer = train(fp16=True, tf32=True)
    assert trainer.accelerator.mixed_precision == "fp16"
    assert torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = False


# Options of Transformer encoders


@pytest.fixture
def train_encoder(bert, tmp_path):
    """`train_encoder(**settings)`: a trainer after two steps of LM-MTC with a tiny BERT, without any dropout."""

    def run(**settings) -> MultiLabelTrainer:
        tokenizer = LabelTokenizer.from_encoder(bert, ["a", "b"])
        args = LMMTCTrainingArguments(
            str(tmp_path), max_steps=2, logging_steps=1, disable_tqdm=True, **NO_SAVES, **settings
        )
        check_training_arguments(args)
        set_seed(0)
        model = LMMTCForSequenceClassification.from_encoder(bert, ["a", "b"])
        for module in model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        texts = ["the cat sat on the mat", "what joy it was", "a dog chased the cat", "quick brown foxes"]
        documents = Dataset.from_list(
            [{**tokenizer(text), "labels": [number % 2, number // 2]} for number, text in enumerate(texts)]
        )
        trainer = MultiLabelTrainer(
            model, args, train_dataset=documents, eval_dataset=documents, processing_class=tokenizer
        )
        trainer.train()
        return trainer

    return run


@shows("activation_checkpointing")
def test_activations_are_computed_again(train_encoder, monkeypatch):
    whole, calls = train_encoder(), []

    def count(*args, **kwargs):
        calls.append(1)
        return checkpoint(*args, **kwargs)

    monkeypatch.setattr("transformers.modeling_utils.checkpoint", count)
    trainer = train_encoder(activation_checkpointing=True)
    assert len(calls) == 2 * 2  # steps times layers
    assert logged(trainer) == pytest.approx(logged(whole))


@shows("neftune_noise_alpha")
def test_noise_is_added_to_embeddings(train_encoder):
    assert logged(train_encoder(neftune_noise_alpha=5.0)) != logged(train_encoder())


# Options of the run


@shows("push_to_hub", "hub_model_id", "hub_private_repo", "hub_revision")
def test_the_finished_model_is_published(hub, data, tmp_path):
    command = f"train --model br {data} --min_frequency 1 --output_dir {tmp_path / 'out'} --push_to_hub true"
    assert cli.main(f"{command} --hub_model_id ann/br --hub_private_repo true --hub_revision first".split()) == 0
    repo = hub.repos["model", "ann/br"]
    assert repo.private
    assert {"model.safetensors", "results.json"} <= repo.at("first").files.keys()


@shows("ddp_timeout")
@pytest.mark.slow
def test_in_two_processes(data, tmp_path):
    shape = "--embedding_size 8 --min_frequency 1 --num_train_epochs 1 --word_vectors random"
    command = f"torch.distributed.run --standalone --nproc_per_node 2 -m labelwise_cli train --model cnn {data} {shape}"
    argv = [sys.executable, "-m", *command.split(), "--ddp_timeout", "77", "--output_dir", str(tmp_path / "out")]
    run = subprocess.run(argv, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert json.loads((tmp_path / "out" / "results.json").read_text())["num_processes"] == 2


# Options that are none


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_option_is_named_with_its_reason(refused, name):
    for command in ("train --model cnn", "train --model lm-mtc --encoder e", "train --model br", "pretrain-encoder"):
        assert refused(f"{command} --output_dir out --{name} hf_secret") == f"--{name}: {REFUSED[name]}"
    with pytest.raises(UserInputError, match=f"^{name}: {re.escape(REFUSED[name].replace('--', ''))}$"):
        MultiLabelClassifier("cnn", **{name: "hf_secret"}).fit(["a", "b"], [["x"], ["y"]])


@pytest.mark.parametrize(
    ("command", "name", "reason"),
    [
        ("train --model cnn", "neftune_noise_alpha", "Transformer encoders"),
        ("train --model hlw-lstm", "activation_checkpointing", "Transformer encoders"),
        ("train --model sgm", "label_smoothing_factor", "has its own loss"),
        ("train --model br", "label_smoothing_factor", "not by gradient descent"),
        ("train --model br", "learning_rate", "not by gradient descent"),
        ("pretrain-encoder", "label_smoothing_factor", "words are predicted as they are"),
    ],
)
def test_an_option_of_other_models_is_refused(refused, command, name, reason):
    for written in (f"--{name} 0.1", f"--{name.replace('_', '-')}=0.1"):
        message = refused(f"{command} --output_dir out {written}")
        assert message.startswith(written.partition("0.1")[0].strip(" ="))
        assert reason in message
