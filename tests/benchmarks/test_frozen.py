# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Time of an epoch over a frozen encoder."""

import json

from benchmarks.frozen import WAYS, main

from ..tiny_corpus import PRETRAINING, TINY

QUICK = "--word_vectors random --max_steps 1"


def test_both_ways(tmp_path, capsys):
    from labelwise_cli import main as labelwise

    command = (
        f"train --model lw-lstm --dataset support_tickets {TINY} {PRETRAINING} {QUICK} --output_dir {tmp_path / 'run'}"
    )
    assert labelwise(command.split()) == 0
    capsys.readouterr()
    options = f"--model {tmp_path / 'run' / 'pretraining'} --dataset support_tickets --documents 40 --epochs 2"
    assert main([*options.split(), "--output_file", str(tmp_path / "frozen.json")]) == 0
    measurement = json.loads((tmp_path / "frozen.json").read_text())
    assert [row["way"] for row in measurement["rows"]] == list(WAYS)
    assert all(0 < row["seconds_per_epoch"] < 60 and 0 <= row["micro_f1"] <= 1 for row in measurement["rows"])
    assert measurement["documents"] == {"train": 40, "validation": 40}
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| training | seconds once | seconds / epoch | times as fast | loss | micro-F1 | macro-F1 |"
    assert lines[2].startswith("| --frozen_dropout |") and "| 1 |" in lines[2]


def test_an_encoder(make_encoder, tmp_path):
    file = tmp_path / "frozen.json"
    options = (
        f"--encoder {make_encoder('bert')} --dataset support_tickets --documents 20 --epochs 2 --learning_rate 2e-3 "
        f"--output_file {file}"
    )
    assert main(options.split()) == 0
    measurement = json.loads(file.read_text())
    assert [row["way"] for row in measurement["rows"]] == list(WAYS)
    assert (measurement["model"], measurement["hidden_size"], measurement["learning_rate"]) == ("lw_encoder", 16, 2e-3)


def test_a_model_that_does_not_exist_is_one_line(tmp_path, capsys):
    assert main(["--model", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.startswith("benchmarks.frozen: error: ")
