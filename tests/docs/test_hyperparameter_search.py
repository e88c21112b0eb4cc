# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The Python blocks of docs/how_to/hyperparameter_search.md run, in their order, with a tiny encoder."""

import re
from pathlib import Path

import pytest

pytest.importorskip("optuna")

PAGE = (Path(__file__).parents[2] / "docs/how_to/hyperparameter_search.md").read_text("utf-8")


@pytest.mark.slow
def test_blocks_run(make_encoder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words, again, encoder = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
    names = {}
    exec(words, names)
    best = names["best"]
    assert best.hyperparameters.keys() == {"hidden_size", "learning_rate", "per_device_train_batch_size"}
    assert list(Path("search", f"run-{best.run_id}").glob("checkpoint-*/model.safetensors"))
    exec(again, names)
    assert names["trainer"].model.config.hidden_size == best.hyperparameters["hidden_size"]
    exec(encoder.replace("bert-base-uncased", make_encoder("bert")), names)
    assert names["best"].hyperparameters.keys() == {"learning_rate", "head_learning_rate"}
