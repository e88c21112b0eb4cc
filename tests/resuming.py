# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What runs leave behind, and how they are stopped."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file


def weights_of(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def results_of(folder: Path) -> dict:
    return json.loads((folder / "results.json").read_text("utf-8"))


def assert_same_weights(one: Path, other: Path) -> None:
    first, second = weights_of(one), weights_of(other)
    assert first.keys() == second.keys()
    assert [name for name in first if not torch.equal(first[name], second[name])] == []


def interrupt(monkeypatch, trainer, name: str, after: int) -> None:
    """Makes a method of a trainer stop the run, like Ctrl-C, when it was called so often."""
    method, calls = getattr(trainer, name), []

    def counted(*args, **kwargs):
        calls.append(1)
        if len(calls) > after:
            raise KeyboardInterrupt
        return method(*args, **kwargs)

    monkeypatch.setattr(trainer, name, counted)
