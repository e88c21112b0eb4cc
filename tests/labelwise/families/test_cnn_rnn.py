# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model cnn-rnn`, and what follows."""

import json

import pytest
from labelwise_cli import main
from transformers import AutoModelForSequenceClassification

TINY = "--embedding_size 16 --num_filters 16 --kernel_sizes 1 2 --decoder_hidden_size 32 --min_frequency 1"
TRAINING = "--num_train_epochs 30 --per_device_train_batch_size 8 --learning_rate 1e-2 --dropout 0.1 --eval_strategy no"
TRAINING += " --save_strategy no --load_best_model_at_end false"


def test_it_learns_and_is_evaluated(data, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(f"train --model cnn-rnn {data} {TINY} {TRAINING} --word_vectors random --output_dir {out}".split()) == 0
    expected = json.loads((out / "results.json").read_text())["metrics_at_tuned_thresholds"]["test"]
    assert expected["micro_f1"] > 0.75  # that of predicting every label is 0.57
    assert "Chen et al.," in (out / "README.md").read_text()
    config = AutoModelForSequenceClassification.from_pretrained(out).config
    assert (config.kernel_sizes, config.num_filters, config.decoder_hidden_size) == ([1, 2], 16, 32)
    assert (sorted(config.label_order), config.max_labels) == ([0, 1, 2], 3)
    test_file = data.split("--test_file ")[1].split()[0]
    capsys.readouterr()
    assert main(["evaluate", "--model_name_or_path", str(out), "--test_file", test_file]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--decoder_hidden_size 0", "--decoder_hidden_size 0: must be >"),
        ("--kernel_sizes 3 0", "--kernel_sizes"),
        ("--hidden_size 8", "--hidden_size: is an option of --model"),
    ],
)
def test_refusals(data, refused, options, message):
    assert message in refused(f"train --model cnn-rnn {data} {options} --output_dir out")
