# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Changes of a model's folder: of its files as a whole, of fields and words in them, and of its weights."""

import json
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

CONFIG, TOKENIZER, SETTINGS, WEIGHTS = "config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"

Fault = Callable[[Path], object]


def write(path: Path, text: str | bytes) -> None:
    """Write a new file: the one that is there is a hard link to that of the sound model."""
    path.unlink(missing_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def change_json(path: Path, change: Callable[[dict], object]) -> None:
    content = json.loads(path.read_text())
    changed = change(content)
    write(path, json.dumps(content if changed is None else changed))


def config(**fields) -> Fault:
    return lambda folder: change_json(folder / CONFIG, lambda content: content.update(fields))


def config_without(name: str) -> Fault:
    return lambda folder: change_json(folder / CONFIG, lambda content: content.pop(name, None) and None)


def encoder_config(**fields) -> Fault:
    return lambda folder: change_json(folder / CONFIG, lambda content: content["encoder"].update(fields))


def settings(**fields) -> Fault:
    return lambda folder: change_json(folder / SETTINGS, lambda content: content.update(fields))


def settings_without(name: str) -> Fault:
    return lambda folder: change_json(folder / SETTINGS, lambda content: content.pop(name, None) and None)


def backend(change: Callable[[dict], object]) -> Fault:
    return lambda folder: change_json(folder / TOKENIZER, change)


def vocabulary(change: Callable[[dict[str, int]], dict[str, int]]) -> Fault:
    return backend(lambda content: content["model"].update(vocab=change(content["model"]["vocab"])))


def file(name: str, content: bytes | None) -> Fault:
    return lambda folder: (folder / name).unlink() if content is None else write(folder / name, content)


def weights(change: Callable[[dict[str, torch.Tensor]], object]) -> Fault:
    def spoil(folder: Path) -> None:
        found = load_file(folder / WEIGHTS)
        changed = change(found) or found
        (folder / WEIGHTS).unlink()
        save_file(changed, folder / WEIGHTS, metadata={"format": "pt"})

    return spoil


def weights_of(change: Callable[[torch.Tensor], torch.Tensor]) -> Fault:
    return weights(lambda found: {name: change(weight) for name, weight in found.items()})


def without_one(start: str) -> Fault:
    def change(found: dict[str, torch.Tensor]) -> None:
        del found[min(name for name in found if name.startswith("head.") == (start == "head."))]

    return weights(change)


def set_first(value: float) -> Fault:
    def change(found: dict[str, torch.Tensor]) -> None:
        weight = next(weight for name, weight in found.items() if name.startswith("head."))
        weight.view(-1)[0] = value

    return weights(change)
