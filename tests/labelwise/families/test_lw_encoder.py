# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model lw-encoder`, and what follows."""

import json

import pytest
import torch
from labelwise_cli import main
from transformers import AutoModel, AutoModelForPreTraining, AutoModelForSequenceClassification, AutoTokenizer

from labelwise import LabelWiseEncoderConfig, LabelWisePreTrainer, MultiLabelTrainer, UserInputError
from labelwise.families.lw_encoder import LabelWiseEncoderFamily
from labelwise.trainer.log_odds import label_log_odds

from ...resuming import assert_same_weights, interrupt, results_of, weights_of

SETTINGS = "--num_train_epochs 2 --per_device_train_batch_size 8 --window_size 16 --window_overlap 4"
PRETRAINING = "--pretraining_steps 3 --pretraining_batch_size 8"


def train(bert: str, data: str, out, options: str = "") -> int:
    return main(f"train --model lw-encoder --encoder {bert} {data} {SETTINGS} {options} --output_dir {out}".split())


@pytest.fixture(scope="module")
def trained(bert, data, tmp_path_factory):
    out = tmp_path_factory.mktemp("lw-encoder") / "out"
    assert train(bert, data, out) == 0
    return out


def test_the_folder_loads_with_the_auto_classes(trained):
    tokenizer = AutoTokenizer.from_pretrained(trained)
    batch = tokenizer(["the money", "the money and the ball " * 40], truncation=True, padding=True, return_tensors="pt")
    assert batch["input_ids"].shape == (2, tokenizer.model_max_length)
    model = AutoModelForSequenceClassification.from_pretrained(trained)
    assert model.config.max_tokens == tokenizer.model_max_length
    assert AutoModel.from_pretrained(trained)(**batch).last_hidden_state.shape == (2, 3, 16)
    assert model(**batch).logits.shape == (2, 3)
    assert "Label-wise attention (Eqs. 5-6) over the states of a bert encoder" in (trained / "README.md").read_text()


def test_evaluate_gives_what_training_wrote(trained, data, capsys):
    test_file = data.split("--test_file ")[1].split()[0]
    capsys.readouterr()
    assert main(["evaluate", "--model_name_or_path", str(trained), "--test_file", test_file]) == 0
    found = json.loads(capsys.readouterr().out)
    expected = results_of(trained)["metrics_at_tuned_thresholds"]["test"]
    assert {name: found[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize("options", ["--hierarchical", "--label_start name --bf16", "--tokens_per_batch 60"])
def test_options(bert, data, tmp_path, options):
    options = options if "tokens" not in options else f"{options} --num_train_epochs 1"
    command = f"train --model lw-encoder --encoder {bert} {data} --window_size 16 {options} --max_steps 2"
    assert main(f"{command} --output_dir {tmp_path / 'out'}".split()) == 0


@pytest.mark.parametrize(
    ("trainer", "options", "rates", "new"),
    [
        (MultiLabelTrainer, "", {1e-4, 1e-3}, {"contexts.steps", "head.weight", "head.bias"}),
        (
            LabelWisePreTrainer,
            f"{PRETRAINING} --pretraining_learning_rate 3e-4",
            {3e-4, 1e-3},
            {"contexts.steps", "candidate_contexts.steps"},
        ),
    ],
)
def test_context_vectors_and_head_have_their_own_rate(bert, data, tmp_path, monkeypatch, trainer, options, rates, new):
    groups = {}
    step = trainer.training_step

    def training_step(self, *args, **kwargs):
        names = {id(parameter): name for name, parameter in self.model.named_parameters()}
        for group in self.optimizer.param_groups:
            for parameter in group["params"]:
                groups[names[id(parameter)].removeprefix("lw_encoder.")] = group["initial_lr"]
        return step(self, *args, **kwargs)

    monkeypatch.setattr(trainer, "training_step", training_step)
    assert train(bert, data, tmp_path / "out", f"--max_steps 1 {options}") == 0
    assert {name for name, rate in groups.items() if rate == 1e-3} == new
    assert {rate for rate in groups.values()} == rates


def test_resumed_run_ends_as_if_never_stopped(bert, data, tmp_path, monkeypatch):
    whole, out, options = tmp_path / "whole", tmp_path / "out", f"{PRETRAINING} --hierarchical"
    assert train(bert, data, whole, options) == 0
    with monkeypatch.context() as patch:
        interrupt(patch, LabelWisePreTrainer, "training_step", 2)
        assert train(bert, data, out, options) == 130
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 9)
        assert train(bert, data, out, f"{options} --resume") == 130
    assert train(bert, data, out, f"{options} --resume") == 0
    assert_same_weights(whole, out)
    assert results_of(whole)["metrics"] == results_of(out)["metrics"]


@pytest.mark.parametrize("stopped", ["before", "after"])
def test_pre_training_on_a_cpu_drops_no_attention_weights(bert, data, tmp_path, monkeypatch, capsys, stopped):
    """Nor does a run that resumes in it, or after it, forget what it began with."""
    whole, out, options = tmp_path / "whole", tmp_path / "out", f"{PRETRAINING} --max_steps 2 --use_cpu"
    assert train(bert, data, whole, options) == 0
    assert "training on a CPU with attention dropout 0" in capsys.readouterr().err
    for folder in (whole, whole / "pretraining"):
        assert json.loads((folder / "config.json").read_text())["encoder"]["attention_probs_dropout_prob"] == 0
    trainer = LabelWisePreTrainer if stopped == "before" else MultiLabelTrainer
    with monkeypatch.context() as patch:
        interrupt(patch, trainer, "training_step", 1)
        assert train(bert, data, out, options) == 130
    assert train(bert, data, out, f"{options} --resume") == 0
    assert_same_weights(whole, out)


def test_label_wise_pre_training(bert, data, tmp_path):
    """One encoder and two sets of contexts by default, or two encoders; its folder starts classifiers."""
    out = tmp_path / "out"
    assert train(bert, data, out, f"{PRETRAINING} --num_encoders 2") == 0
    pretrained = AutoModelForPreTraining.from_pretrained(out / "pretraining")
    assert (pretrained.config.num_encoders, pretrained.config.num_contexts) == (2, 2)
    assert results_of(out)["pretraining"]["eval_accuracy"] >= 0
    again = tmp_path / "again"
    command = f"train --model_name_or_path {out / 'pretraining'} {data} --max_steps 2 --output_dir {again}"
    assert main(command.split()) == 0
    weights = weights_of(again)
    assert weights["head.weight"].shape == (3, 32)
    one = tmp_path / "one"
    assert train(bert, data, one, f"{PRETRAINING} --max_steps 2") == 0
    assert not [name for name in weights_of(one) if name.startswith("lw_encoder.candidate_encoder")]
    assert "lw_encoder.candidate_contexts.steps" in weights_of(one)


def test_joint_masked_language_modelling(bert, data, tmp_path, capsys):
    """Begun on a pre-trained encoder, and ended on a trained model."""
    out = tmp_path / "out"
    assert train(bert, data, out, f"{PRETRAINING} --mlm_weight 0.5 --mlm_probability 0.3 --logging_steps 1") == 0
    assert AutoModelForSequenceClassification.from_pretrained(out).config.mlm_weight == 0.5
    logs = json.loads((out / "trainer_state.json").read_text())["log_history"]
    [first, *_] = [log for log in logs if "mlm_loss" in log]
    assert first["loss"] == pytest.approx(first["label_loss"] + 0.5 * first["mlm_loss"], rel=1e-3)
    command = f"train --model lw-encoder --model_name_or_path {out} {data} --mlm_weight 0 --num_train_epochs 1"
    assert main(f"{command} --output_dir {tmp_path / 'without'}".split()) == 0
    assert AutoModelForSequenceClassification.from_pretrained(tmp_path / "without").word_head is None
    command = f"train --model_name_or_path {out} {data} --max_steps 1 --logging_steps 1"
    assert main(f"{command} --output_dir {tmp_path / 'with'}".split()) == 0
    logs = json.loads((tmp_path / "with" / "trainer_state.json").read_text())["log_history"]
    assert [log for log in logs if "mlm_loss" in log]


def test_masked_words_need_a_mask_token(bert):
    tokenizer = AutoTokenizer.from_pretrained(bert)
    tokenizer.mask_token = None
    family = LabelWiseEncoderFamily(model="lw-encoder", model_name_or_path="out")
    with pytest.raises(UserInputError, match=r"^--mlm_weight 0\.5: the tokenizer has no mask token.*; pass --mlm_wei"):
        family.trainer_arguments(tokenizer, LabelWiseEncoderConfig(mlm_weight=0.5))


def test_a_new_classifier_starts_at_the_log_odds_from_the_names_of_labels(bert, data, files, tmp_path):
    out = tmp_path / "out"
    settings = "--label_start name --max_steps 1 --learning_rate 1e-12 --head_learning_rate 1e-12"
    assert train(bert, data, out, settings) == 0
    rows = [json.loads(line) for line in (files / "train.jsonl").read_text().splitlines()]
    names = json.loads((out / "config.json").read_text())["id2label"].values()
    labels = torch.tensor([[name in row["labels"] for name in names] for row in rows]).long()
    weights = weights_of(out)
    torch.testing.assert_close(weights["head.bias"], label_log_odds(labels), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(weights["head.weight"], weights["lw_encoder.contexts.steps"], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(weights["head.weight"].norm(dim=-1), torch.ones(3), atol=1e-5, rtol=1e-5)


def test_descriptions_travel_in_the_configuration(bert, data, tmp_path):
    file, out = tmp_path / "labels.json", tmp_path / "out"
    descriptions = {"bank": "money and loans", "sport": "balls", "food": "bread and soup"}
    file.write_text(json.dumps(descriptions))
    assert train(bert, data, out, f"--label_descriptions {file} --max_steps 1") == 0
    assert json.loads((out / "config.json").read_text())["label_descriptions"] == descriptions


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--model lw-encoder", "--model lw-encoder needs --encoder"),
        ("--encoder ENCODER --num_encoders 2", "--num_encoders 2: needs --pretraining_steps"),
        ("--encoder ENCODER --window_size 99", "--encoder ENCODER: window_size 99: it reads 64 tokens"),
        ("--encoder ENCODER --window_size 10 --window_overlap 8", "window_overlap 8: must be >= 0 and < 8"),
        ("--encoder ENCODER --label_start description", "--label_start description and --label_descriptions FILE go"),
        ("--encoder ENCODER --label_start name --label_descriptions x.json", "go together"),
        ("--encoder ENCODER --label_descriptions x.json", "--label_descriptions x.json: no such file"),
        ("--encoder ENCODER --mlm_probability 0.1", "--mlm_probability"),
        ("--encoder ENCODER --mlm_weight 1 --mlm_probability 1.5", "--mlm_probability"),
        ("--encoder ENCODER --mlm_weight -1", "--mlm_weight"),
        ("--encoder ENCODER --mlm_weight 1 --freeze_encoder", "--mlm_weight"),
        ("--encoder ENCODER --mlm_weight 1 --train_layers 0", "--mlm_weight"),
    ],
)
def test_wrong_options(bert, data, refused, options, told):
    options = options if "--model" in options else f"--model lw-encoder {options}"
    message = refused(f"train {data} {options.replace('ENCODER', bert)} --output_dir out")
    assert told.replace("ENCODER", bert) in message


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[", "not valid JSON"),
        ('["bank"]', "must be an object"),
        ('{"bank": ""}', "must be an object"),
        ('{"bank": "a", "sport": "b"}', "no description of 'food'"),
        ('{"bank": "a", "sport": "b", "food": "c", "war": "d"}', "no label is called 'war'"),
    ],
)
def test_wrong_descriptions(bert, data, refused, tmp_path, content, told):
    file = tmp_path / "labels.json"
    file.write_text(content)
    command = f"train --model lw-encoder --encoder {bert} {data} --label_descriptions {file} --output_dir out"
    assert told in refused(command)
