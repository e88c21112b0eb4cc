# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Pretrained encoders whose files are spoilt or do not fit together: refused in one line, or trained on."""

import json
import os
from pathlib import Path

import pytest

from labelwise import MultiLabelClassifier

from .config_faults import OF_ENCODERS
from .folder_changes import CONFIG, Fault, config, file
from .tokenizer_and_weight_faults import FAULTS as OTHER_FAULTS

FAULTS: dict[str, Fault] = {
    "config is empty": file(CONFIG, b""),
    "config is a list": file(CONFIG, b"[]"),
    "config is nested too deep": file(CONFIG, b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "model_type is a list": config(model_type=["bert"]),
    "head of other labels": config(id2label={"0": "a"}),
    "num_labels is a billion": config(num_labels=1_000_000_000),
    **{f"{name} is {value!r}": config(**{name: value}) for name, values in OF_ENCODERS.items() for value in values},
    # Single tensors have other names here; one that is lost is missed when all are loaded.
    **{
        name: fault
        for name, (fault, systems) in OTHER_FAULTS.items()
        if "lw-encoder" in systems and not name.startswith("a ")
    },
}


@pytest.mark.parametrize("model", ["lm-mtc", "lw-encoder"])
@pytest.mark.parametrize("fault", FAULTS)
def test_train(ends_well, bert, data, tmp_path, fault, model):
    folder = tmp_path / "encoder"
    folder.mkdir()
    for path in Path(bert).iterdir():
        os.link(path, folder / path.name)
    FAULTS[fault](folder)

    def check(told: str) -> None:
        assert all(0 <= value <= 1 for value in json.loads(told).values() if isinstance(value, float))
        MultiLabelClassifier.from_pretrained("out").predict(["money", "the ball " * 80])

    ends_well(f"train --model {model} --encoder {folder} {data} --num_train_epochs 1 --output_dir out", check)
