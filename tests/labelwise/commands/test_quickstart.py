# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise quickstart`, on fewer tickets and with fewer steps."""

import json

import datasets
import labelwise_cli as cli
import pytest

from labelwise.commands import quickstart


@pytest.mark.slow
def test_quickstart(capfd, tmp_path, small_quickstart):
    out = tmp_path / "out"
    assert cli.main(["quickstart", "--output_dir", str(out)]) == 0
    out_text, told = capfd.readouterr()
    result = json.loads(out_text)
    assert result["model"] == str(out)
    assert [answer["text"] for answer in result["answers"]] == list(quickstart.UNSEEN)
    for folder, name in ((out / "frozen", "+PT"), (out, "+PT+FT")):
        results = json.loads((folder / "results.json").read_text())
        score = results["metrics_at_tuned_thresholds"]["test"]["micro_f1"]
        assert f"  {score:.3f}  {name}\n" in told
        assert result["test_micro_f1"][name] == score
    for stage in ("1/3", "2/3", "3/3"):
        assert stage in told
    for answer in result["answers"]:
        assert f"{answer['text']}\n    -> {', '.join(answer['labels']) or 'no label'}\n" in told
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
