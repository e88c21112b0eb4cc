# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model br|cc|lp`, and what follows."""

import json

import pytest
from labelwise_cli import main
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer, pipeline


@pytest.mark.parametrize("name", ["br", "cc", "lp"])
def test_from_texts_to_labels(data, tmp_path, capsys, name):
    out = tmp_path / "out"
    assert main(f"train --model {name} {data} --output_dir {out}".split()) == 0
    results = json.loads((out / "results.json").read_text())
    assert results["metrics"]["test"]["micro_f1"] > 0.8
    assert not list(out.glob("*.bin")) and not list(out.glob("checkpoint-*"))
    assert "support vector machine" in (out / "README.md").read_text()
    config = json.loads((out / "config.json").read_text())
    assert config["method"] == name
    batch = AutoTokenizer.from_pretrained(out)(["the money and the loan"], return_tensors="pt")
    assert AutoModel.from_pretrained(out)(**batch).last_hidden_state.shape == (1, 1, config["num_ngrams"])
    assert AutoModelForSequenceClassification.from_pretrained(out)(**batch).logits.shape == (1, 3)
    assert len(pipeline("text-classification", model=str(out), top_k=None)(["the money"])[0]) == 3
    capsys.readouterr()
    test_file = data.split("--test_file ")[1].split()[0]
    assert main(["evaluate", "--model_name_or_path", str(out), "--test_file", test_file]) == 0
    found = json.loads(capsys.readouterr().out)
    at_tuned = results["metrics_at_tuned_thresholds"]["test"]
    assert {metric: found[metric] for metric in at_tuned} == pytest.approx(at_tuned)


def test_thresholds_are_tuned_and_a_run_is_replaced(data, tmp_path):
    command = f"train --model br {data} --output_dir {tmp_path / 'out'} --tune_thresholds per-label"
    assert main(command.split()) == 0
    assert len(json.loads((tmp_path / "out" / "config.json").read_text())["thresholds"]) == 3
    assert main(command.split()) == 2
    assert main(f"{command} --overwrite --chain_order random --model cc --seed 3".split()) == 0
    config = json.loads((tmp_path / "out" / "config.json").read_text())
    assert config["method"] == "cc" and sorted(config["chain_order"]) == [0, 1, 2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--C 0", "--C 0.0: must be >"),
        ("--loss focal", "--loss: linear models are fitted by scikit-learn"),
        ("--C nan", "--C nan: must be a finite number"),
        ("--C inf", "--C inf: must be a finite number"),
        ("--min_df 0", "--min_df 0: must be >"),
        ("--min_df 49", "no known word occurs in 49 training documents: lower --min_df"),
        ("--min_df 1 --min_frequency 999", "contain no word of the vocabulary: give more, or lower --min_frequency"),
        ("--chain_order loud", "--chain_order"),
        ("--embedding_size 8", "--embedding_size: is an option of --model"),
        ("--learning_rate 0.1", "--learning_rate: linear models are fitted by scikit-learn"),
        ("--word_vectors random", "--word_vectors: is an option of --model"),
        ("--train_embeddings", "--train_embeddings: is an option of --model"),
        ("--dropout 0.9", "--dropout: is an option of --model"),
        ("--keep_checkpoints", "--keep_checkpoints: linear models are fitted by scikit-learn"),
        ("--freeze_encoder", "--freeze_encoder: is an option of --model"),
    ],
)
def test_refusals(data, refused, options, message):
    assert message in refused(f"train --model br {data} {options} --output_dir out")


def test_a_linear_model_is_no_start(data, refused, tmp_path):
    assert main(f"train --model br {data} --output_dir {tmp_path / 'out'}".split()) == 0
    message = refused(f"train --model_name_or_path {tmp_path / 'out'} {data} --output_dir out")
    assert "--model_name_or_path: is an option of --model" in message and "--model br does not have it" in message
