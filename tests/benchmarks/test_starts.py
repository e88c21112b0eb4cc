# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Epochs to the same score, and the tables of starts."""

import pytest

from benchmarks.starts import constants_table, epochs_to_same_score, main, table
from labelwise.trainer.losses import LOSSES

SLOW, FAST = [[0.5, 0.1], [1.0, 0.4], [1.5, 0.5]], [[0.5, 0.3], [1.0, 0.45], [1.5, 0.44]]


def test_the_score_to_reach_is_the_lower_one_of_the_best():
    assert epochs_to_same_score(SLOW, FAST) == [1.5, 1.0]
    assert epochs_to_same_score(FAST, SLOW) == [1.0, 1.5]
    assert epochs_to_same_score(SLOW, SLOW) == [1.5, 1.5]


def test_tables_have_means_and_the_numbers_of_each_seed():
    row = {"start": "log-odds", "model": "cnn", "corpus": "goemotions", "documents": 1500}
    row["runs"] = [{"scores": [SLOW, FAST]}, {"scores": [SLOW, SLOW]}]
    assert table([row]).splitlines()[-1] == (
        "| log-odds | cnn | goemotions, 1,500 | 1.50 (1.50, 1.50) | 1.25 (1.00, 1.50) | 50.00 (50.00, 50.00) | "
        "47.50 (45.00, 50.00) |"
    )
    lines = constants_table({"goemotions": {name: [2.0, 1.0] for name in LOSSES}}).splitlines()
    assert lines[0] == "| loss | goemotions, 0 | goemotions, log-odds |"
    assert lines[2:] == [f"| {name} | 2.00 | 1.00 |" for name in LOSSES]


@pytest.mark.parametrize("options", ["--output_file /nosuch/folder/x.json", "--output_file /tmp"])
def test_a_file_that_cannot_be_written_is_told_before_training(capsys, options):
    assert main(["--data_dir", "nosuch", "--encoder", "nosuch", *options.split()]) == 2
    assert "benchmarks.starts: error: --output_file" in capsys.readouterr().err
