# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Wrong options, told before anything is imported."""

import json

import labelwise_cli as cli
import pytest


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ("train --model nosuch", "--model nosuch: must be one of cnn, "),
        ("compare --output_dir out --models br nosuch", "--models nosuch: must be some of cnn, "),
        ("train --nosuch=secret", "unknown option --nosuch (`labelwise train --help` lists the options)"),
        (
            "train --train_fil=secret",
            "unknown option --train_fil; did you mean --train_file? (`labelwise train --help` ",
        ),
        (
            "train --label_column a b",
            "--label_column takes one value, and more are given; put one with spaces in quotes",
        ),
        (
            "train --train_file a.csv --train_file=b.csv",
            "--train_file is given twice; for several files, name a folder",
        ),
        ("train --text_column a --text_column b", "--text_column is given twice; give all values at once"),
        ("train --label_column=a secret", "--label_column takes one value, and more are given; "),
        ("datasets support_tickets more", "unknown option more"),
        ("train --loss nosuch", "argument --loss: invalid choice: 'nosuch' (choose from "),
        ("train --seed one", "argument --seed: invalid int value: 'one' "),
        ("train --overwrite maybe", "argument --overwrite: must be true or false, not maybe "),
        ("train --learning_rate", "argument --learning_rate/--learning-rate: expected one argument "),
        ("evaluate", "the following arguments are required: --model_name_or_path/--model-name-or-path "),
        ("train --dataset support_tickets", "the following arguments are required: --output_dir/--output-dir "),
        ("train --dataset nosuch", "unknown dataset 'nosuch'; known: aapd, "),
        ("datasets nosuch", "unknown dataset 'nosuch'; known: aapd, "),
        ("figure", "figure: the NAME is missing; must be one of label-correlation, "),
        ("figure nosuch", "figure: unknown name 'nosuch'; must be one of label-correlation, "),
        (
            "figure loss-curves --runs out --nosuch",
            "unknown option --nosuch (`labelwise figure loss-curves --help` lists ",
        ),
    ],
)
def test_wrong_options(capsys, argv, told):
    assert cli.main(argv.split()) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith(f"labelwise {argv.split()[0]}: error: {told}")
    assert error.count("\n") == 1
    assert "secret" not in error


@pytest.mark.parametrize("spelling", ["--mlm_weight", "--mlm-weight"])
def test_option_of_another_model(capsys, spelling):
    of_others = "is an option of --model lm-mtc, bert, bert-mlm, lw-encoder"
    for argv, model in ((["--model", "cnn"], "cnn"), ([], "lw-lstm")):
        assert cli.main(["train", *argv, spelling, "0.1"]) == 2
        assert capsys.readouterr().err == (
            f"labelwise train: error: {spelling}: {of_others}; --model {model} does not have it\n"
        )


def test_refused_option_has_a_reason(capsys):
    assert cli.main(["train", "--model", "br", "--learning_rate", "1"]) == 2
    assert "--learning_rate: linear models are fitted by scikit-learn" in capsys.readouterr().err
    assert cli.main(["train", "--model", "cnn", "--hub-token", "secret"]) == 2
    error = capsys.readouterr().err
    assert "--hub-token: would be recorded; run `hf auth login`" in error
    assert "secret" not in error


def test_options_of_a_checkpoint(capsys, tmp_path):
    """The folder says which model is trained."""
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "lw_lstm"}))
    assert cli.main(["train", "--model_name_or_path", str(tmp_path), "--mlm_weight", "0.1"]) == 2
    assert "--mlm_weight: is an option of --model lm-mtc, bert, bert-mlm" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv", [["--overwrite"], ["--overwrite", "false"], ["--no_load_best_model_at_end"], ["--seed=3"]]
)
def test_right_options_reach_the_command(monkeypatch, argv):
    given = []
    monkeypatch.setattr("labelwise.commands.train.main", given.append)
    assert cli.main(["train", "--output_dir", "out", *argv]) == 0
    assert given == [["--output_dir", "out", *argv]]
