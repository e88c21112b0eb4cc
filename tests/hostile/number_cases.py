# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Numbers at the ends of types and ranges, for each option that is a number: some are refused, some have a result."""

import json

from labelwise_cli.parsing import OPTIONS_FILE

from .option_cases import OF_WORDS, SYSTEMS

_COMMANDS = json.loads(OPTIONS_FILE.read_text("utf-8"))["commands"]
_VALUES = {"int": ("-1", "0", str(10**9)), "float": ("-1", "0", "1e9", "1e30")}
# As many as one asks for, which may take years.
_ENDLESS = ("max_steps", "pretraining_steps", "skip_gram_epochs")
_SETTINGS = {**SYSTEMS, "static": "--encoder BERT --max_steps 2"}
# What an option needs to have an effect.
_EFFECT = {
    "eval_steps": "--eval_strategy steps --save_strategy no --load_best_model_at_end false",
    "save_steps": "--save_strategy steps --load_best_model_at_end false",
    "pretraining_batch_size": "--pretraining_steps 2",
    "pretraining_learning_rate": "--pretraining_steps 2 --pretraining_batch_size 4",
    "candidates": "--pretraining_steps 2 --pretraining_batch_size 4",
    "dataloader_prefetch_factor": "--dataloader_num_workers 1",
}
# The commands beside `train` that read documents or texts, with what they need.
_OTHERS = {
    "compare": "DATA --models br --output_dir out",
    "pretrain-encoder": "DATA --output_dir out --max_steps 2",
    "evaluate": "DATA --model_name_or_path MODEL --split validation",
    "predict": "--model_name_or_path MODEL --text money",
    "tune-thresholds": "DATA --model_name_or_path COPY --mode global",
    "calibrate": "DATA --model_name_or_path COPY",
    "audit": "DATA --output_dir out",
    "datasets": "DATA --to_parquet out",
}


def _numbers(command: str) -> dict[str, dict]:
    """The options of a command that are numbers, each once."""
    found = {}
    for entry in _COMMANDS[command]["options"]:
        if entry.get("type") in _VALUES and "flags" in entry:
            found.setdefault(entry["name"], entry)
    return found


def _system(entry: dict) -> str:
    models = entry.get("models", [*SYSTEMS])
    return next((system for system in ("cnn", *SYSTEMS) if system in models), models[0])


def _of_train() -> list[tuple[str, str, str]]:
    return [
        (f"train --model {_system(entry)} DATA {_SETTINGS.get(_system(entry), OF_WORDS)} --output_dir out", name, value)
        for name, entry in _numbers("train").items()
        for value in _VALUES[entry["type"]]
        if name not in _ENDLESS or len(value) < 3
    ]


EXTREME = [
    *((f"{command} {_EFFECT.get(name, '')}".strip(), name, value) for command, name, value in _of_train()),
    *(
        (f"{command} {needed}", name, value)
        for command, needed in _OTHERS.items()
        for name, entry in _numbers(command).items()
        if command != "pretrain-encoder" or name not in _numbers("train") or name in ("vocab_size", "max_length")
        for value in _VALUES[entry["type"]]
    ),
]
# A part where a whole number is wanted.
PARTS = [
    (command, name) for command in _COMMANDS for name, entry in _numbers(command).items() if entry["type"] == "int"
]
