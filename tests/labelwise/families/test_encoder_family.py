# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --train_layers`, `--lora_rank` and `--freeze_encoder` over pretrained encoders."""

import json
from pathlib import Path

import pytest
import torch
from labelwise_cli import main
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from labelwise import LabelTokenizer, LabelWisePreTrainer, MultiLabelTrainer
from labelwise.families import encoder_family
from labelwise.trainer.head_learning_rate import label_token_ids

from ...resuming import assert_same_weights, interrupt, results_of, weights_of

TINY = "--num_train_epochs 2 --per_device_train_batch_size 8"
WINDOWS = "--window_size 16 --window_overlap 4"
SYSTEMS = {
    "lw-encoder": f"--model lw-encoder {WINDOWS}",
    "bert": "--model bert",
    "bert-mlm": "--model bert-mlm",
    "lm-mtc": "--model lm-mtc --template diff",
}
# What is above the layers of the encoder, and new or trained with it.
ABOVE = ("head.", "lw_encoder.contexts.", "lw_encoder.candidate_contexts.", "lm_mtc.encoder.cls.", "lm_mtc.pooler.")
PRETRAINING = "--pretraining_steps 3 --pretraining_batch_size 8"
READ_ONCE = "the frozen encoder has read 64 documents once: "


def train(bert: str, data: str, out: Path, options: str) -> int:
    return main(f"train --encoder {bert} {data} {TINY} {options} --output_dir {out}".split())


def changed(bert: str, out: Path) -> set[str]:
    """The weights of the encoder that a training has changed, by their names in the encoder's folder."""
    start, found = weights_of(Path(bert)), set()
    for name, weight in weights_of(out).items():
        if not name.startswith(ABOVE):
            own = name.removeprefix("lm_mtc.encoder.").replace("lw_encoder.encoder.", "bert.")
            if not torch.equal(weight[: len(start[own])], start[own]):
                found.add(own)
    return found


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_last_layers_are_trained(bert, data, tmp_path, system):
    out = tmp_path / "out"
    assert train(bert, data, out, f"{SYSTEMS[system]} --train_layers 1 --weight_decay 0.1") == 0
    found = changed(bert, out)
    assert found and all(name.startswith("bert.encoder.layer.1.") for name in found)
    trained = {name for name in weights_of(Path(bert)) if name.startswith("bert.encoder.layer.1.")}
    assert trained - found <= {"bert.encoder.layer.1.attention.self.key.bias"}  # which the softmax removes


@pytest.mark.parametrize("options", ["--train_layers 0", "--lora_rank 2"])
def test_label_tokens_are_trained_whatever_is_frozen(bert, data, tmp_path, options):
    pytest.importorskip("peft")
    start, out = tmp_path / "start", tmp_path / "out"
    command = f"{SYSTEMS['lm-mtc']} {options} --weight_decay 0.1"
    assert train(bert, data, start, f"{command} --max_steps 1 --learning_rate 1e-12") == 0
    assert train(bert, data, out, command) == 0
    name = "lm_mtc.encoder.bert.embeddings.word_embeddings.weight"
    before, after = weights_of(start)[name], weights_of(out)[name]
    moved = ((after - before).abs() > 1e-9).any(dim=1).nonzero().flatten().tolist()
    tokenizer = AutoTokenizer.from_pretrained(out)
    assert isinstance(tokenizer, LabelTokenizer)
    assert moved == label_token_ids(tokenizer)


@pytest.mark.parametrize("system", SYSTEMS)
def test_adapters_are_in_the_weights_of_the_folder(bert, data, tmp_path, system, monkeypatch):
    pytest.importorskip("peft")
    out, plain = tmp_path / "out", tmp_path / "plain"
    assert train(bert, data, out, f"{SYSTEMS[system]} --lora_rank 2 --learning_rate 1e-2") == 0
    assert train(bert, data, plain, f"{SYSTEMS[system]} --max_steps 1") == 0
    assert weights_of(out).keys() == weights_of(plain).keys()
    linear = {name for name in weights_of(Path(bert)) if ".layer." in name and name.endswith(".weight")}
    linear -= {name for name in linear if "LayerNorm" in name}
    assert changed(bert, out) == linear
    head = {name for name in weights_of(out) if name.startswith("head.")}
    assert [name for name in head if not torch.equal(weights_of(out)[name], weights_of(plain)[name])]
    # The numbers of the run are those of the model that was saved.
    test_file = data.split("--validation_file ")[1].split()[0]
    report = tmp_path / "metrics.json"
    command = f"evaluate --model_name_or_path {out} --test_file {test_file} --output_file {report}"
    assert main(command.split()) == 0
    expected = results_of(out)["metrics_at_tuned_thresholds"]["validation"]
    assert json.loads(report.read_text())["micro_f1"] == pytest.approx(expected["micro_f1"])


@pytest.mark.parametrize(
    "options",
    [
        f"{SYSTEMS['lw-encoder']} --lora_rank 2 {PRETRAINING} --learning_rate 1e-2",
        f"{SYSTEMS['lm-mtc']} --lora_rank 2 --learning_rate 1e-2 --activation_checkpointing",
        f"{SYSTEMS['lm-mtc']} --train_layers 1",
        f"{SYSTEMS['lw-encoder']} --freeze_encoder --hierarchical",
    ],
)
def test_a_resumed_run_ends_as_if_never_stopped(bert, data, tmp_path, monkeypatch, options):
    pytest.importorskip("peft")
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert train(bert, data, whole, options) == 0
    if PRETRAINING in options:
        with monkeypatch.context() as patch:
            interrupt(patch, LabelWisePreTrainer, "training_step", 2)
            assert train(bert, data, out, options) == 130
    resume = " --resume" if PRETRAINING in options else ""
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 9)
        assert train(bert, data, out, f"{options}{resume}") == 130
    assert train(bert, data, out, f"{options} --resume") == 0
    assert_same_weights(whole, out)
    assert results_of(whole)["metrics"] == results_of(out)["metrics"]


def test_a_run_is_resumed_with_its_own_adapters(bert, data, tmp_path, monkeypatch, capsys):
    pytest.importorskip("peft")
    out, options = tmp_path / "out", SYSTEMS["lw-encoder"]
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 9)
        assert train(bert, data, out, f"{options} --lora_rank 2") == 130
    for other in ("--lora_rank 3", "", "--train_layers 1"):
        assert train(bert, data, out, f"{options} {other} --resume") == 2
        assert "had another --lora_rank, or none; repeat its options" in capsys.readouterr().err


def test_a_frozen_raw_encoder_reads_once_and_contexts_and_head_are_trained(bert, data, tmp_path, capsys):
    once, each = tmp_path / "once", tmp_path / "each"
    options = f"{SYSTEMS['lw-encoder']} --hierarchical --freeze_encoder"
    assert train(bert, data, once, options) == 0
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "the frozen encoder" in line]
    assert line.startswith(READ_ONCE)
    assert changed(bert, once) == set()
    assert train(bert, data, each, f"{options} --frozen_dropout") == 0  # dropout is in training only
    assert "frozen" not in capsys.readouterr().err
    first, second = weights_of(once), weights_of(each)
    differ = {name for name in first if not torch.equal(first[name], second[name])}
    assert differ == {"lw_encoder.contexts.steps", "lw_encoder.contexts.parts", "head.weight", "head.bias"}
    assert not (once / "frozen_features").exists()


def test_states_in_16_bits_train_what_those_in_32_do(bert, data, tmp_path, monkeypatch, capsys):
    kept, computed = tmp_path / "kept", tmp_path / "computed"
    options = f"{SYSTEMS['lw-encoder']} --hierarchical --freeze_encoder --dropout 0"
    assert train(bert, data, kept, options) == 0
    monkeypatch.setattr("labelwise.trainer.frozen_features.MAX_SHARE_OF_DISK", 0)
    assert train(bert, data, computed, options) == 0
    assert "reads each document in each epoch, without dropout: the representations of 48" in capsys.readouterr().err
    first, second = weights_of(kept), weights_of(computed)
    assert max((first[name] - second[name]).abs().max() for name in first) < 2e-2


def test_no_layers_of_the_label_wise_encoder_are_the_frozen_encoder(bert, data, tmp_path, capsys):
    frozen, none = tmp_path / "frozen", tmp_path / "none"
    assert train(bert, data, frozen, f"{SYSTEMS['lw-encoder']} --freeze_encoder") == 0
    assert train(bert, data, none, f"{SYSTEMS['lw-encoder']} --train_layers 0") == 0
    assert capsys.readouterr().err.count(READ_ONCE) == 2
    assert_same_weights(frozen, none)


def test_a_frozen_pre_trained_encoder_keeps_its_contexts(bert, data, tmp_path):
    out = tmp_path / "out"
    assert train(bert, data, out, f"{SYSTEMS['lw-encoder']} {PRETRAINING} --freeze_encoder") == 0
    pretrained, trained = weights_of(out / "pretraining"), weights_of(out)
    assert all(torch.equal(weight, trained[name]) for name, weight in pretrained.items())
    assert changed(bert, out / "pretraining")


def test_context_vectors_and_classifier_of_a_frozen_encoder_learn_at_the_rate_of_the_head(
    bert, data, tmp_path, monkeypatch
):
    rates = []
    create_optimizer = MultiLabelTrainer.create_optimizer

    def create(self, *args, **kwargs):
        optimizer = create_optimizer(self, *args, **kwargs)
        rates.extend(group["lr"] for group in optimizer.param_groups if group["params"])
        return optimizer

    monkeypatch.setattr(MultiLabelTrainer, "create_optimizer", create)
    assert train(bert, data, tmp_path / "out", f"{SYSTEMS['lw-encoder']} --freeze_encoder --max_steps 1") == 0
    assert set(rates) == {1e-3}


def test_the_folder_of_adapters_starts_another_training(bert, data, tmp_path):
    pytest.importorskip("peft")
    one, two = tmp_path / "one", tmp_path / "two"
    assert train(bert, data, one, f"{SYSTEMS['bert']} --lora_rank 2 --learning_rate 1e-2") == 0
    command = f"train --model_name_or_path {one} {data} {TINY} --lora_rank 1 --learning_rate 1e-2 --output_dir {two}"
    assert main(command.split()) == 0
    first, second = weights_of(one), weights_of(two)
    moved = {name for name in first if name.endswith("query.weight") and not torch.equal(first[name], second[name])}
    assert len(moved) == 2
    step = second["lm_mtc.encoder.bert.encoder.layer.0.attention.self.query.weight"]
    step = step - first["lm_mtc.encoder.bert.encoder.layer.0.attention.self.query.weight"]
    assert torch.linalg.matrix_rank(step, atol=1e-5) == 1
    assert AutoModelForSequenceClassification.from_pretrained(two).config.model_type == "lm_mtc"


def test_peft_is_asked_for(bert, data, refused, monkeypatch):
    monkeypatch.setattr(encoder_family, "find_spec", lambda name: None)
    message = refused(f"train --model bert --encoder {bert} {data} --lora_rank 8 --output_dir out")
    assert message == '--lora_rank 8 needs a package that is missing: pip install "labelwise[lora]" (peft)'


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--model lw-encoder --train_layers 3", "--train_layers 3: the encoder has 2 layers"),
        ("--model lm-mtc --train_layers 3", "--train_layers 3: the encoder has 2 layers"),
        (f"--model lw-encoder {PRETRAINING} --train_layers 3", "--train_layers 3: the encoder has 2 layers"),
        ("--model bert --train_layers -1", "--train_layers -1: must be >= 0"),
        ("--model bert --lora_rank 0", "--lora_rank 0: must be > 0"),
        ("--model bert --lora_rank 1000000000", "--lora_rank 1000000000: the weights of the encoder have rank"),
        ("--model bert --lora_rank 2 --train_layers 1", "--train_layers and --lora_rank say what of the encoder is"),
        ("--model bert --lora_rank 2 --freeze_encoder", "--freeze_encoder and --lora_rank say what of the encoder is"),
        ("--model bert --train_layers 0 --freeze_encoder", "--freeze_encoder and --train_layers say what of the"),
        (
            "--model lw-encoder --freeze_encoder --learning_rate 1e-3",
            "--learning_rate 0.001: the encoder is not fine-tuned",
        ),
        (
            f"--model lw-encoder {PRETRAINING} --freeze_encoder --learning_rate 1e-3",
            "--learning_rate 0.001: the encoder is not fine-tuned",
        ),
        (
            "--model lw-encoder --train_layers 0 --learning_rate 1e-3",
            "--learning_rate 0.001: the encoder is not fine-tuned",
        ),
        (
            "--model bert --freeze_encoder --head_learning_rate 1e-3",
            "--head_learning_rate 0.001: --freeze_encoder trains",
        ),
        ("--model lw-lstm --freeze_encoder", "--freeze_encoder: the encoder of a new lw-lstm is random; pre-train it"),
        ("--model lw-lstm --train_layers 1", "--train_layers"),
        ("--model cnn --lora_rank 1", "--lora_rank"),
    ],
)
def test_wrong_options(bert, data, refused, options, told):
    encoder = "" if "lstm" in options or "cnn" in options else f"--encoder {bert}"
    assert told in refused(f"train {encoder} {data} {options} --output_dir out")
