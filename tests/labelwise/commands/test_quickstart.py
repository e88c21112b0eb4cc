# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise quickstart`, on fewer tickets and with fewer steps."""

import json

import datasets
import labelwise_cli as cli
import pytest

from labelwise import load_corpus
from labelwise.commands import quickstart
from labelwise.runs import data


@pytest.fixture
def small(monkeypatch):
    """The embedded corpus, cut to a few tickets."""

    def load_few(*args, **kwargs):
        corpus = load_corpus("support_tickets")
        return datasets.DatasetDict({split: rows.select(range(60)) for split, rows in corpus.items()})

    monkeypatch.setattr(quickstart, "load_corpus", load_few)
    monkeypatch.setattr(data, "load_corpus", load_few)
    monkeypatch.setattr(quickstart, "SHAPE", quickstart.SHAPE.replace("64", "8"))
    monkeypatch.setattr(
        quickstart,
        "PRETRAINING",
        "--pretraining_steps 2 --pretraining_batch_size 4 --freeze_encoder --num_train_epochs 1",
    )
    monkeypatch.setattr(quickstart, "FINE_TUNING", "--dataset support_tickets --num_train_epochs 1")


def test_quickstart(capfd, tmp_path, small):
    out = tmp_path / "out"
    assert cli.main(["quickstart", "--output_dir", str(out)]) == 0
    told = capfd.readouterr().out
    for folder, name in ((out / "frozen", "+PT"), (out, "+PT+FT")):
        results = json.loads((folder / "results.json").read_text())
        score = results["metrics_at_tuned_thresholds"]["test"]["micro_f1"]
        assert f"  {score:.3f}  {name}\n" in told
    for stage in ("1/3", "2/3", "3/3"):
        assert stage in told
    assert all(f"{text}\n    -> " in told for text in quickstart.UNSEEN)
    assert cli.main(["quickstart", "--output_dir", str(out)]) == 2
    assert "already contains a model; pass --overwrite" in capfd.readouterr().err


def test_baseline():
    """Counted by hand: `a` for every document is best in training, and right for 2 of 3 test documents."""
    features = datasets.Features({"labels": datasets.List(datasets.ClassLabel(names=["a", "b"]))})
    corpus = {
        "train": datasets.Dataset.from_dict({"labels": [[0], [0], [0, 1], [0]]}, features=features),
        "test": datasets.Dataset.from_dict({"labels": [[0], [1], [0, 1]]}, features=features),
    }
    score, labels = quickstart.most_frequent_baseline(corpus)
    assert labels == ["a"]
    assert score == pytest.approx(2 * 2 / (3 + 4))
