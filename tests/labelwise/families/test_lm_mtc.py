# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model lm-mtc|bert|bert-mlm`, and what follows: evaluate, predict with known labels."""

import json

import pytest
from labelwise_cli import main
from torch import nn
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

from labelwise import (
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LMMTCTrainingArguments,
    MultiLabelClassifier,
    MultiLabelTrainer,
    UserInputError,
)

from ...resuming import assert_same_weights, interrupt, weights_of

SETTINGS = "--num_train_epochs 2 --per_device_train_batch_size 8 --learning_rate 1e-3"


def train(bert: str, data: str, out, options: str) -> int:
    return main(f"train --encoder {bert} {data} {SETTINGS} {options} --output_dir {out}".split())


@pytest.fixture(scope="module")
def trained(bert, data, tmp_path_factory):
    out = tmp_path_factory.mktemp("lm-mtc") / "out"
    assert train(bert, data, out, "--model lm-mtc --label_masking some --flip_probability 0.01 --mlm_epochs 1.0") == 0
    return out


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ("--model bert", 1),
        ("--model bert-mlm", 1),
        ("--model lm-mtc --template same --label_head shared --mlm_targets words", 3),
        ("--model lm-mtc --template shared_answers --mlm_targets labels", 3),
        ("--model lm-mtc --template compact --label_start name --mlm_weight 0", 3),
    ],
)
def test_rows_of_the_tables(bert, data, tmp_path, options, rows):
    out = tmp_path / "out"
    assert train(bert, data, out, options) == 0
    batch = AutoTokenizer.from_pretrained(out)(["the money"], return_tensors="pt")
    assert AutoModel.from_pretrained(out)(**batch).last_hidden_state.shape[:2] == (1, rows)
    assert AutoModelForSequenceClassification.from_pretrained(out)(**batch).logits.shape == (1, 3)
    assert "Label Mask" in (out / "README.md").read_text()


def test_evaluate_gives_what_training_wrote(trained, data, capsys):
    test_file = data.split("--test_file ")[1].split()[0]
    capsys.readouterr()
    assert main(["evaluate", "--model_name_or_path", str(trained), "--test_file", test_file]) == 0
    found = json.loads(capsys.readouterr().out)
    expected = json.loads((trained / "results.json").read_text())["metrics_at_tuned_thresholds"]["test"]
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_weight_decay_leaves_out_biases_and_norms(encoder, tmp_path):
    """As in the public code; by default nothing decays."""
    model = LMMTCForSequenceClassification.from_encoder(encoder, ["a", "b"])
    tokenizer = LabelTokenizer.from_encoder(encoder, ["a", "b"])
    settings = {"eval_strategy": "no", "load_best_model_at_end": False}
    assert LMMTCTrainingArguments(str(tmp_path), **settings).weight_decay == 0
    arguments = LMMTCTrainingArguments(str(tmp_path), weight_decay=0.01, **settings)
    trainer = MultiLabelTrainer(model, arguments, train_dataset=[{**tokenizer("cat"), "labels": [1, 0]}])
    groups = trainer.create_optimizer().param_groups
    decay = {id(parameter): group["weight_decay"] for group in groups for parameter in group["params"]}
    norms = {id(p) for module in model.modules() if isinstance(module, nn.LayerNorm) for p in module.parameters()}
    names = dict(model.named_parameters())
    spared = {name for name, parameter in names.items() if name.endswith("bias") or id(parameter) in norms}
    assert {"head.bias"} < spared and "head.weight" in names.keys() - spared
    assert {name: decay[id(parameter)] for name, parameter in names.items()} == {
        name: 0.0 if name in spared else 0.01 for name in names
    }


def test_training_goes_on_from_a_checkpoint(trained, data, tmp_path):
    command = f"train --model_name_or_path {trained} {data} {SETTINGS} --output_dir {tmp_path / 'out'}"
    assert main(command.split()) == 0


@pytest.mark.parametrize("mlm_targets", ["labels", "both"])
def test_resumed_run_ends_as_if_never_stopped(bert, data, tmp_path, monkeypatch, mlm_targets):
    whole, out, options = tmp_path / "whole", tmp_path / "out", f"--model lm-mtc --mlm_targets {mlm_targets}"
    assert train(bert, data, whole, options) == 0
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 9)
        assert train(bert, data, out, options) == 130
    assert (out / "checkpoint-6").is_dir()
    assert train(bert, data, out, f"{options} --resume") == 0
    assert_same_weights(whole, out)


def test_the_mlm_predicts_both_by_default(bert, data, tmp_path):
    """For bert-mlm, which has no label tokens, both is the words alone."""

    def weights(folder, options):
        assert train(bert, data, tmp_path / folder, f"{options} --max_steps 2") == 0
        return weights_of(tmp_path / folder)

    def equal(one, other):
        return all(value.equal(other[name]) for name, value in one.items())

    default = weights("default", "--model lm-mtc")
    assert equal(default, weights("both", "--model lm-mtc --mlm_targets both"))
    assert not equal(default, weights("words", "--model lm-mtc --mlm_targets words"))
    assert not equal(default, weights("labels", "--model lm-mtc --mlm_targets labels"))
    baseline = weights("bert-mlm", "--model bert-mlm")
    assert equal(baseline, weights("bert-mlm-words", "--model bert-mlm --mlm_targets words"))


@pytest.mark.parametrize("known", [{"bank": True, "food": False}, ["bank"], {}])
def test_known_labels_are_never_contradicted(trained, tmp_path, capsys, known):
    file = tmp_path / "texts.jsonl"
    file.write_text(json.dumps({"text": "the money", "known": known}) + "\n")
    capsys.readouterr()
    command = ["predict", "--model_name_or_path", str(trained), "--input", str(file)]
    assert main([*command, "--known_labels_column", "known"]) == 0
    prediction = json.loads(capsys.readouterr().out)
    for name, holds in (known if isinstance(known, dict) else dict.fromkeys(known, True)).items():
        assert prediction["scores"][name] == float(holds)
        assert (name in prediction["labels"]) == holds
    assert main(command) == 0
    alone = json.loads(capsys.readouterr().out)
    assert (prediction == alone) == (not known)  # the rest is completed, not only copied


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"text": "a", "known": {"nosuch": True}}, "'nosuch' is none of the model's labels"),
        ({"text": "a", "known": {"bank": "yes"}}, "true and false by name"),
        ({"text": "a", "known": [["bank"]]}, "known labels must be a list of names"),
        ({"text": "a", "known": [{"bank": 1}]}, "known labels must be a list of names"),
        ({"text": "a"}, "no column 'known'"),
    ],
)
def test_wrong_known_labels(trained, tmp_path, capsys, row, message):
    file = tmp_path / "texts.jsonl"
    file.write_text(json.dumps(row) + "\n")
    command = ["predict", "--model_name_or_path", str(trained), "--input", str(file), "--known_labels_column", "known"]
    assert main(command) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--model lm-mtc", "needs --encoder"),
        (
            "--model lm-mtc --encoder nosuch/folder/x",
            "--encoder nosuch/folder/x is neither a folder nor a Hub id ns/name",
        ),
        ("--model lm-mtc --encoder ENCODER --max_length 11", "--max_length 11: template 'diff' takes"),
        ("--model bert --encoder ENCODER --max_length 5000", "--max_length 5000: the encoder reads"),
        ("--model lm-mtc --encoder ENCODER --mlm_probability 2", ">= 0 and <= 1"),
        ("--model lm-mtc --encoder ENCODER --mlm_epochs 1.5", "--mlm_epochs 1.5: must be > 0 and whole"),
        ("--model lm-mtc --encoder ENCODER --hidden_size 8", "--hidden_size: is an option of --model"),
        ("--model bert --encoder ENCODER --label_head shared", "cannot distinguish labels"),
        ("--model bert --encoder ENCODER --template diff", "--template diff: --model bert sets it to none"),
        ("--model bert-mlm --encoder ENCODER --template same", "--model bert-mlm sets it to none"),
        (
            "--model bert-mlm --encoder ENCODER --mlm_targets labels",
            "--mlm_targets labels: a model without label tokens",
        ),
        ("--model bert --encoder ENCODER --mlm_targets words", "--mlm_targets words: the model has no MLM"),
        ("--model lm-mtc --encoder ENCODER --mlm_weight 0 --mlm_targets labels", "the model has no MLM (mlm_weight 0)"),
        (
            "--model lm-mtc --encoder ENCODER --freeze_encoder --mlm_weight 0.1",
            "--mlm_weight 0.1: the MLM trains the encoder, which --freeze_encoder leaves as it is; leave it out",
        ),
        ("--model bert-mlm --encoder ENCODER --freeze_encoder --mlm_epochs 1", "--mlm_epochs 1.0: the MLM trains the"),
        ("--model bert --encoder ENCODER --mlm_probability 0.2", "--mlm_probability 0.2: the model has no MLM"),
        ("--model bert-mlm --encoder ENCODER --mlm_targets both", "--mlm_targets both: a model without label tokens"),
        ("--model bert-mlm --encoder ENCODER --label_masking all", "--label_masking all: a model without label tokens"),
        (
            "--model lm-mtc --encoder ENCODER --label_masking some --label_mask_probability 0.3",
            "--label_mask_probability 0.3: --label_masking some has no share; leave it out",
        ),
        (
            "--model lm-mtc --encoder ENCODER --label_masking all --flip_probability 0.1",
            "--flip_probability 0.1: --label_masking all leaves no label visible; leave it out",
        ),
        (
            "--model lm-mtc --encoder ENCODER --mlm_targets labels --mlm_probability 0.3",
            "--mlm_probability 0.3: --mlm_targets labels predicts no words; leave it out",
        ),
        ("--model lm-mtc --encoder ENCODER --mlm_targets tokens", "invalid choice: 'tokens'"),
        ("--model bert --encoder ENCODER --mlm_weight 0.5", "--mlm_weight 0.5: --model bert sets it to 0"),
    ],
)
def test_refusals(bert, data, tmp_path, capsys, options, message):
    command = f"train {data} {options.replace('ENCODER', bert)} --output_dir {tmp_path / 'out'}"
    assert main(command.split()) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("labelwise train: error:")
    assert message in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["mlm_targets", "label_masking", "label_start"])
def test_wrong_choices_are_refused_in_python_too(bert, name):
    classifier = MultiLabelClassifier("lm-mtc", encoder=bert, **{name: "tokens"})
    with pytest.raises(UserInputError, match=f"^{name} tokens: must be one of"):
        classifier.fit(["the money", "a ball"] * 5, [["bank"], ["sport"]] * 5)


@pytest.mark.parametrize("options", ["--model bert-mlm", "--model bert"])
def test_a_checkpoint_without_such_targets_refuses_them(bert, data, tmp_path, capsys, options):
    assert train(bert, data, tmp_path / "first", f"{options} --max_steps 1") == 0
    command = f"train --model_name_or_path {tmp_path / 'first'} {data} --mlm_targets labels"
    assert main(f"{command} --output_dir {tmp_path / 'out'}".split()) == 2
    assert "--mlm_targets labels: a model without label tokens has only words" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_checkpoint_keeps_its_weight_of_the_mlm(bert, data, tmp_path):
    def weight_after(folder, options):
        command = f"train {data} {SETTINGS} {options} --output_dir {tmp_path / folder}"
        assert main(command.split()) == 0
        return json.loads((tmp_path / folder / "config.json").read_text())["mlm_weight"]

    assert weight_after("bert", f"--model bert --encoder {bert}") == 0
    assert weight_after("mlm", f"--model lm-mtc --encoder {bert}") == 0.05
    assert weight_after("on", f"--model_name_or_path {tmp_path / 'bert'}") == 0
    assert weight_after("other", f"--model_name_or_path {tmp_path / 'mlm'} --mlm_weight 0.2") == 0.2


@pytest.fixture(scope="module")
def planted(make_encoder, tmp_path_factory):
    """A model of documents whose text leaves open whether it rains, while the streets are wet just when it does."""
    folder = tmp_path_factory.mktemp("planted")
    rows = [{"text": "the money", "labels": ["rain", "wet"] if i % 2 else ["sun"]} for i in range(64)]
    for name in ("train", "validation", "test"):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    files = " ".join(f"--{name}_file {folder / name}.jsonl" for name in ("train", "validation", "test"))
    encoder = make_encoder("bert", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    options = f"--model lm-mtc --encoder {encoder} --mlm_weight 0 --num_train_epochs 60 --learning_rate 3e-3"
    # No epoch is better than another on validation, where the text leaves everything open.
    options += " --per_device_train_batch_size 8 --load_best_model_at_end false --tune_thresholds none"
    assert main(f"train {files} {options} --output_dir {folder / 'out'}".split()) == 0
    return folder / "out"


def test_known_labels_move_the_others(planted, tmp_path, capsys):
    given = [{"rain": True}, {"rain": False}, ["sun"]]
    file = tmp_path / "texts.jsonl"
    file.write_text("".join(json.dumps({"text": "the money", "known": known}) + "\n" for known in given))
    command = f"predict --model_name_or_path {planted} --input {file} --known_labels_column known"
    capsys.readouterr()
    assert main(command.split()) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [prediction["labels"] for prediction in found] == [["rain", "wet"], ["sun"], ["sun"]]
    assert found[0]["scores"]["wet"] > 0.8 > 0.2 > found[1]["scores"]["wet"]


def test_label_by_label_never_mixes_what_excludes_itself(planted, tmp_path, capsys):
    (tmp_path / "texts.txt").write_text("the money\n")
    command = f"predict --model_name_or_path {planted} --input {tmp_path / 'texts.txt'}"
    capsys.readouterr()
    assert main([*command.split(), "--label_by_label"]) == 0
    assert json.loads(capsys.readouterr().out)["labels"] in (["rain", "wet"], ["sun"])


def test_label_by_label_is_a_choice_at_inference(trained, bert, data, tmp_path, capsys):
    test_file = data.split("--test_file ")[1].split()[0]
    command = ["evaluate", "--model_name_or_path", str(trained), "--test_file", test_file]
    assert main([*command, "--label_by_label"]) == 0
    assert train(bert, data, tmp_path / "bert", "--model bert") == 0
    command[2] = str(tmp_path / "bert")
    assert main([*command, "--label_by_label"]) == 2
    assert "has no label tokens: --label_by_label needs an lm-mtc model" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--max_length 20", "--label_start name", "--encoder elsewhere"])
def test_options_of_a_new_model_beside_a_checkpoint(refused, data, trained, option):
    message = refused(f"train --model_name_or_path {trained} {data} {option} --output_dir out")
    assert message == f"{option}: is of new models; --model_name_or_path {trained} brings its own; leave it out"
