# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""All that is published, searched for tokens, user names, paths and e-mail addresses."""

import json
import re
import shutil
from pathlib import Path

import labelwise_cli as cli
import numpy as np
import pytest

from labelwise import MultiLabelClassifier

from ..tiny_corpus import TINY, make_documents, write_jsonl

TOKEN = "hf_" + "QzXw" * 8
USER = "j.doe-private"
_PATH = re.compile(rb"(?<![\w.:/`*-])(?:/(?:home|Users|root|tmp|var|work|mnt|srv|opt|private)/|~/|[A-Z]:\\+)[\w.-]")
_EMAIL = re.compile(rb"[\w.+-]+@[\w-]+\.\w+")


def assert_private(repo, folder: Path) -> dict[str, bytes]:
    """Check the files of a repository, and return them."""
    assert len(repo.files) > 2
    for name, content in repo.files.items():
        for secret in (TOKEN, USER, str(folder), str(folder.parent), str(Path.home()), "hf_ann"):
            assert secret.encode() not in content, f"{name} has {secret}"
        if not name.endswith((".safetensors", ".parquet")):
            for pattern in (_PATH, _EMAIL):
                assert not pattern.search(content), f"{name} has {pattern.search(content)[0]}"
    return repo.files


@pytest.fixture
def home(files, tmp_path) -> Path:
    """A folder whose name says who the user is, and where all files are."""
    folder = tmp_path / USER / "j.doe@example.org" / TOKEN
    return Path(shutil.copytree(files, folder, ignore=shutil.ignore_patterns("model", "pre*")))


@pytest.fixture
def encoder(bert, home) -> Path:
    return Path(shutil.copytree(bert, home / "encoder"))


def data_of(home: Path) -> list[str]:
    return [f"--{split}_file={home / split}.jsonl" for split in ("train", "validation", "test")]


def run(*words: str) -> None:
    assert cli.main([str(word) for word in words]) == 0


@pytest.mark.parametrize("model", ["lstm", "br"])
def test_by_train(hub, home, tmp_path, model):
    options = TINY.split() if model == "lstm" else ["--min_frequency", "1"]
    run(
        "train",
        "--model",
        model,
        *data_of(home),
        *options,
        "--output_dir",
        home / "out",
        "--push_to_hub",
        "true",
        "--hub_model_id",
        "ann/t",
    )
    files = assert_private(hub.repos["model", "ann/t"], tmp_path)
    record = json.loads(files["results.json"])
    assert record["dataset"] == "train.jsonl"
    assert "--output_dir out" in " ".join(record["command"])
    local = json.loads((home / "out" / "results.json").read_text("utf-8"))
    assert local["dataset"].endswith("/train.jsonl") and local["metrics"] == record["metrics"]


@pytest.mark.parametrize("model", ["lm-mtc", "lw-encoder"])
def test_by_push(hub, home, encoder, tmp_path, model):
    """A checkpoint that started from a checkpoint, with thresholds and calibration of its own, and descriptions."""
    about = {label: f"About {label}." for row in make_documents(40, 1) for label in row["labels"]}
    (home / "about.json").write_text(json.dumps(about), "utf-8")
    options = ["--label_descriptions", home / "about.json"] if model == "lw-encoder" else []
    training = [*data_of(home), "--num_train_epochs", "2", "--learning_rate", "1e-2"]
    run("train", "--model", model, "--encoder", encoder, *options, *training, "--output_dir", home / "first")
    folder = ["--model_name_or_path", home / "out"]
    run("train", "--model_name_or_path", home / "first", *training, "--output_dir", home / "out")
    run("tune-thresholds", *folder, *data_of(home))
    # A model of two epochs may score documents no better than chance, which cannot be calibrated: its own order can.
    classifier = MultiLabelClassifier.from_pretrained(home / "out")
    texts = [row["text"] for row in make_documents(16, 1)]
    probabilities = classifier.predict_proba(texts)
    is_set = probabilities > np.median(probabilities)
    labels = [classifier.classes_[row].tolist() for row in is_set]
    rows = [{"text": text, "labels": names} for text, names in zip(texts, labels, strict=True)]
    write_jsonl(home / "validation.jsonl", rows)
    run("calibrate", *folder, *data_of(home), "--method", "sigmoid")
    run("push", *folder, "--repo_id", "ann/t")
    files = assert_private(hub.repos["model", "ann/t"], tmp_path)
    assert "--model_name_or_path first" in files["README.md"].decode()


def test_by_python(hub, home, encoder, tmp_path):
    settings = {"encoder": str(encoder), "num_train_epochs": 1, "output_dir": str(home / "out")}
    MultiLabelClassifier("bert", **settings).fit(str(home / "train.jsonl")).push_to_hub("ann/t")
    files = assert_private(hub.repos["model", "ann/t"], tmp_path)
    assert "encoder='encoder'" in files["README.md"].decode()
    MultiLabelClassifier.from_pretrained(home / "out").push_to_hub("ann/other")
    assert_private(hub.repos["model", "ann/other"], tmp_path)


def test_encoders(hub, home, tmp_path):
    shape = "--hidden_size 8 --num_hidden_layers 1 --num_attention_heads 1 --num_train_epochs 1 --min_frequency 1"
    hub_options = ["--push_to_hub", "true", "--hub_model_id", "ann/e"]
    run("pretrain-encoder", *data_of(home), *shape.split(), "--output_dir", home / "out", *hub_options)
    assert_private(hub.repos["model", "ann/e"], tmp_path)


def test_corpora(hub, home, tmp_path):
    run("datasets", *data_of(home), "--push_to_hub", "ann/c", "--to_parquet", home / "parquet")
    files = assert_private(hub.repos["dataset", "ann/c"], tmp_path)
    assert "--train_file=train.jsonl" in files["README.md"].decode()
