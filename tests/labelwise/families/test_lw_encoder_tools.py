# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A trained label-wise encoder in every tool of the package."""

import csv
import json
import shutil

import datasets
import numpy as np
import pandas as pd
import pytest
import torch
from labelwise_cli import main
from transformers import AutoModel, AutoTokenizer, pipeline

from labelwise import (
    LabelWiseEncoderForSequenceClassification,
    LabelWiseEncoderTrainingArguments,
    MultiLabelClassifier,
    MultiLabelTrainer,
)
from labelwise.commands import compare as compare_module
from labelwise.reproduction import runs as table_runs
from labelwise.runs.comparison import options_of
from labelwise.trainer.preprocessing import preprocess

from ...in_process import train_here
from ...label_wise_encoders import make_label_wise_encoder
from ...resuming import results_of
from ...tiny_corpus import WORDS, make_documents

NAMES = sorted(WORDS)
SHAPE = "--window_size 16 --window_overlap 4 --per_device_train_batch_size 8"
LEARNING = "--num_train_epochs 6 --learning_rate 3e-3 --head_learning_rate 3e-2"
LONG = "the money and the ball. " * 20
TABLE = """
title = "Tiny"
paper = "none"
arguments = "--num_train_epochs 1"
seeds = [42]
metrics = ["micro_f1"]
systems = ["lw-encoder", "lw-encoder+pt", "lw-encoder+pt+ft"]

[definitions."lw-encoder+pt"]
arguments = "--model lw-encoder --freeze_encoder"
pretraining = "--pretraining_steps 2 --pretraining_batch_size 8"

[[corpora]]
name = "own"
split = "48 / 16 / 16"
arguments = "{data} --window_size 16"
"""


def run(capsys, command: str, *more: str) -> str:
    """What a command prints."""
    capsys.readouterr()
    assert main([*command.split(), *more]) == 0
    return capsys.readouterr().out


@pytest.fixture(scope="module")
def trained(bert, data, tmp_path_factory):
    out = tmp_path_factory.mktemp("tools") / "flat"
    command = f"train --model lw-encoder --encoder {bert} {data} {SHAPE} {LEARNING} --output_dir {out}"
    assert main(command.split()) == 0
    return out


@pytest.fixture(scope="module")
def pretrained(bert, data, tmp_path_factory):
    """Hierarchical, with one encoder and two sets of context vectors; its pre-training is in it."""
    out = tmp_path_factory.mktemp("tools") / "hierarchical"
    steps = "--hierarchical --pretraining_steps 2 --pretraining_batch_size 8 --num_train_epochs 1"
    command = f"train --model lw-encoder --encoder {bert} {data} {SHAPE} {steps} --output_dir {out}"
    assert main(command.split()) == 0
    return out


@pytest.mark.parametrize("name", ["trained", "pretrained"])
def test_explain(request, name, tmp_path, capsys):
    folder = request.getfixturevalue(name)
    out = tmp_path / "out"
    told = json.loads(
        run(capsys, f"explain --model_name_or_path {folder} --output_dir {out} --labels bank food --text", LONG)
    )
    assert len(told["files"]) == 4 and (out / "explanation.png").read_bytes().startswith(b"\x89PNG")
    with (out / "explanation.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] == "bank"]
    assert [row["word"] for row in rows] == LONG.replace(".", " .").split()
    shares = [float(row["share"]) for row in rows if row["share"]]
    assert 0 < sum(shares) < 1 and len(shares) < len(rows)  # special tokens have a share; the end is cut off
    page = (out / "explanation.html").read_text("utf-8")
    if name == "pretrained":
        windows = [int(row["sentence"]) for row in rows if row["sentence"]]
        assert sorted(set(windows)) == list(range(8)) and windows == sorted(windows)
        assert 'title="share of the window"' in page and "mean of both sets of context vectors" in page
        assert "with leaving windows out" in told["labels"][0]["trust"]


@pytest.mark.parametrize("name", ["trained", "pretrained", "pretrained/pretraining"])
def test_neighbours(request, name, files, capsys):
    fixture, _, rest = name.partition("/")
    folder = request.getfixturevalue(fixture) / rest
    texts = [json.loads(line)["text"] for line in (files / "test.jsonl").read_text().splitlines()]
    options = f"--test_file {files / 'test.jsonl'} --labels bank food --num_neighbours 4 --document"
    command = f"analyse neighbours --model_name_or_path {folder} {options}"
    found = [json.loads(line) for line in run(capsys, command, LONG).splitlines()]
    assert [row["representation"] for row in found] == ["bank", "food"]
    model, tokenizer = AutoModel.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    with torch.no_grad():
        own, *others = (
            model(**tokenizer(text, truncation=True, return_tensors="pt")).last_hidden_state[0, NAMES.index("food")]
            for text in [LONG, *texts]
        )
    expected = sorted((float(torch.cosine_similarity(own, other, dim=0)) for other in others), reverse=True)[:4]
    assert [row["similarity"] for row in found[1]["neighbours"]] == pytest.approx(expected, abs=2e-4)


def test_cases_and_figure(trained, pretrained, data, files, tmp_path, capsys):
    options = f"--models {trained} {pretrained} --test_file {files / 'test.jsonl'}"
    for line in run(capsys, f"analyse cases {options}").splitlines():
        assert json.loads(line)["predicted"].keys() == {str(trained), str(pretrained)}
    out = tmp_path / "out"
    run(capsys, f"figure f1-by-frequency --models {trained} {pretrained} {data} --bins 2 --output_dir {out}")
    table = pd.read_csv(out / "f1-by-frequency.csv")
    assert len(table) == 2 and {trained.name, pretrained.name} <= set(table.columns)


def test_evaluate_calibrate_and_tune(trained, files, tmp_path, capsys):
    folder = shutil.copytree(trained, tmp_path / "model")
    test = f"evaluate --model_name_or_path {folder} --test_file {files / 'test.jsonl'}"
    before = json.loads(run(capsys, f"{test} --report {tmp_path / 'report'}"))
    assert {"report.csv", "report.png", "report.svg"} <= {path.name for path in (tmp_path / "report").iterdir()}
    validation = f"--model_name_or_path {folder} --validation_file {files / 'validation.jsonl'}"
    run(capsys, f"calibrate {validation}")
    assert json.loads((folder / "config.json").read_text())["calibration"]
    run(capsys, f"tune-thresholds {validation} --mode per-label")
    assert len(json.loads((folder / "config.json").read_text())["thresholds"]) == 3
    assert json.loads(run(capsys, test)).keys() == before.keys()
    card = (folder / "README.md").read_text("utf-8")
    assert "Label-wise attention (Eqs. 5-6) over the states of a bert encoder" in card and "calibrated" in card


def test_every_way_to_predict_gives_the_same(trained, files, tmp_path, capsys):
    texts = [*(json.loads(line)["text"] for line in (files / "test.jsonl").read_text().splitlines()), LONG, ""]
    lines = tmp_path / "texts.jsonl"
    lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    command = f"predict --model_name_or_path {trained} --input {lines}"
    rows = [json.loads(line) for line in run(capsys, command).splitlines()]
    for suffix in ("jsonl", "csv", "parquet"):
        run(capsys, f"{command} --output_file {tmp_path / f'out.{suffix}'}")
    assert (tmp_path / "out.jsonl").read_text() == "".join(json.dumps(row) + "\n" for row in rows)
    table = pd.read_csv(tmp_path / "out.csv")
    assert [[name for name in NAMES if row[name]] for _, row in table.iterrows()] == [row["labels"] for row in rows]
    assert [list(labels) for labels in pd.read_parquet(tmp_path / "out.parquet")["labels"]] == [
        row["labels"] for row in rows
    ]
    tagger = pipeline("multi-label-classification", model=str(trained))
    assert [row["labels"] for row in tagger(texts)] == [row["labels"] for row in rows]
    classify = pipeline("text-classification", model=str(trained), top_k=None)
    for scores, row in zip(classify(texts, truncation=True), rows, strict=True):
        if row["labels"] or row["scores"]["bank"]:  # of a text without words, predict says nothing
            assert {one["label"]: one["score"] for one in scores} == pytest.approx(row["scores"], abs=1e-5)


def test_push_and_use(hub, trained, files, capsys):
    run(capsys, f"push --model_name_or_path {trained} --repo_id ann/windows")
    command = f"evaluate --test_file {files / 'test.jsonl'} --model_name_or_path"
    assert run(capsys, f"{command} ann/windows") == run(capsys, f"{command} {trained}")
    assert "modeling_lw_encoder.py" in hub.repos["model", "ann/windows"].files


def test_a_pre_trained_folder_is_told_apart(pretrained, files, refused, capsys):
    told = refused(f"evaluate --model_name_or_path {pretrained / 'pretraining'} --test_file {files / 'test.jsonl'}")
    assert told.endswith("it has no classifier yet: train one")


def test_classifier(bert):
    rows = make_documents(24, 0)
    texts, labels = [row["text"] for row in rows], [row["labels"] for row in rows]
    classifier = MultiLabelClassifier("lw-encoder", encoder=bert, window_size=16, max_steps=2, eval_strategy="no")
    classifier.set_params(save_strategy="no", load_best_model_at_end=False).fit(texts, labels)
    assert isinstance(classifier.model, LabelWiseEncoderForSequenceClassification)
    assert classifier.model.config.window_size == 16
    assert classifier.predict_proba(texts).shape == (24, 3)


def test_hyperparameter_search(bert, tmp_path):
    optuna = pytest.importorskip("optuna")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    tokenizer, _ = make_label_wise_encoder(bert, NAMES)
    rows = make_documents(16, 0)
    labels = datasets.List(datasets.ClassLabel(names=NAMES))
    features = datasets.Features({"text": datasets.Value("string"), "labels": labels})
    documents = preprocess(datasets.Dataset.from_list(rows, features=features), tokenizer)
    settings = {"num_train_epochs": 1, "disable_tqdm": True, "report_to": "none"}
    args = LabelWiseEncoderTrainingArguments(str(tmp_path), **settings)
    default = args.learning_rate  # a trial changes it
    trainer = MultiLabelTrainer(
        args=args,
        model_init=lambda: make_label_wise_encoder(bert, NAMES)[1],
        train_dataset=documents,
        eval_dataset=documents,
        processing_class=tokenizer,
    )
    best = trainer.hyperparameter_search(n_trials=2, backend="optuna")
    assert default / 10 <= best.hyperparameters["learning_rate"] <= default * 10


def test_time_ends_a_training(bert, data, tmp_path, capsys):
    command = f"train --model lw-encoder --encoder {bert} {data} {SHAPE} --num_train_epochs 10000 --max_minutes 0.03"
    run(capsys, f"{command} --output_dir {tmp_path / 'out'}")
    assert results_of(tmp_path / "out")["stopped_by"]
    assert 0 < results_of(tmp_path / "out")["epochs"] < 10000


def test_compare(bert, data, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(table_runs, "execute", train_here)
    monkeypatch.setattr(compare_module, "measure_texts_per_second", lambda folder, texts: 1.0)
    options = ["--train_arguments=--num_train_epochs 1 --window_size 16"]
    capsys.readouterr()
    command = f"compare {data} --models br lw-encoder --encoder {bert} --output_dir {tmp_path}"
    assert main([*command.split(), *options]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert [row["model"] for row in summary["systems"]] == ["br", "lw-encoder"]
    assert all(row["metrics"]["test"] for row in summary["systems"])


def test_reproduce(bert, data, tmp_path, capsys, monkeypatch):
    """The rows of systems.toml at smaller sizes: one run trains on what another has pre-trained."""
    monkeypatch.setattr(table_runs, "execute", train_here)
    (tmp_path / "tiny.toml").write_text(TABLE.replace("{data}", data))
    command = f"reproduce {tmp_path / 'tiny.toml'} --encoder {bert} --output_dir {tmp_path / 'runs'}"
    capsys.readouterr()
    assert main(command.split()) == 0
    results = (tmp_path / "runs" / "own").glob("*/results.json")
    found = {path.parent.name: json.loads(path.read_text()) for path in results}
    assert found.keys() == {
        *("lw-encoder", "lw-encoder, learning rate 2e-4", "lw-encoder+pt"),
        *("lw-encoder+pt+ft", "lw-encoder+pt+ft, learning rate 2e-4"),
    }
    assert found["lw-encoder+pt+ft"]["pretraining"]["step"] == 2
    assert "--freeze_encoder" in options_of(found["lw-encoder+pt"]["command"][2:])
    assert np.isfinite(found["lw-encoder+pt"]["metrics"]["test"]["micro_f1"])
