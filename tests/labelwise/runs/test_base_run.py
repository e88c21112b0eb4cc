# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Resuming a run whose checkpoints lack the optimizer."""

import shutil

import labelwise_cli as cli
from safetensors.torch import load_file

CNN = "train --model cnn --embedding_size 8 --min_frequency 1 --word_vectors random --num_train_epochs 2"


def test_a_run_without_optimizer_starts_again(data, tmp_path, capsys):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    command = (
        f"{CNN} {data} --per_device_train_batch_size 16 --save_only_model true --save_total_limit 9 --keep_checkpoints"
    )
    assert cli.main(f"{command} --output_dir {whole}".split()) == 0
    shutil.copytree(whole / "checkpoint-3", stopped / "checkpoint-3")
    capsys.readouterr()
    assert cli.main(f"{command} --resume --output_dir {stopped}".split()) == 0
    told = f"--resume: {stopped / 'checkpoint-3'} was saved by --save_only_model, so training starts again"
    assert told in capsys.readouterr().err
    expected = load_file(whole / "model.safetensors")
    assert all(value.equal(expected[name]) for name, value in load_file(stopped / "model.safetensors").items())
