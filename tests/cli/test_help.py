# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Help: grouped, the common options first, and each with the models that have it."""

import labelwise_cli as cli
import pytest


def help_of(capsys, *argv):
    """What is printed, in one line per option."""
    assert cli.main([*argv]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", cli.COMMANDS)
@pytest.mark.parametrize("asked", [["--help"], ["-h"], ["--help", "all"]])
def test_every_command(capsys, command, asked):
    out = help_of(capsys, command, *asked)
    assert out.startswith(f"usage: labelwise {command} ")
    assert "%%" not in out


def test_parts_of_a_command(capsys):
    assert "label-attention" in help_of(capsys, "figure", "--help")
    assert "--name" in help_of(capsys, "figure", "label-attention", "--help")


def test_groups_with_the_common_options_first(capsys):
    brief, everything = help_of(capsys, "train", "--help"), help_of(capsys, "train", "--help", "all")
    for out in (brief, everything):
        groups = ["\ndata:", "\nmodel:", "\ntraining:", "\nthresholds:", "\noutput:"]
        places = [out.index(group) for group in groups]
        assert places == sorted(places)
        assert 0 < out.index("--train_file") < out.index("--label_column") < places[1]
        assert places[3] < out.index("--tune_thresholds") < places[4] < out.index("--output_dir")
    assert "--lr_scheduler_type" not in brief
    assert everything.index("--num_train_epochs") < everything.index("--lr_scheduler_type")
    assert "`labelwise train --help all` lists all" in brief
    assert len(brief.splitlines()) < len(everything.splitlines()) / 3


def test_models_of_an_option(capsys):
    everything = " ".join(help_of(capsys, "train", "--help", "all").split())
    assert "--mlm_weight FLOAT [lm-mtc, bert, bert-mlm] Lambda of Eq. 5" in everything
    assert (
        "--word_vectors TEXT [all but lm-mtc, bert, bert-mlm, lw-encoder, static, br, cc, lp] skip-gram" in everything
    )
    assert "--train_file TEXT Your training file" in everything
    brief = " ".join(help_of(capsys, "train", "--help").split())
    assert "[br, cc, lp] --min_df" in brief
    assert "[all but br, cc, lp] Epochs of training. (default: the model's own)" in brief


def test_options_of_one_model(capsys):
    out = " ".join(help_of(capsys, "train", "--model", "br", "--help").split())
    assert "--min_df INT Minimum number of documents" in out
    assert "--mlm_weight" not in out
    assert "--num_train_epochs" not in out


def test_percent_sign(capsys):
    assert "10 % of the training" in " ".join(help_of(capsys, "train", "--help").split())
