# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`results.json`: what a run was and what came out, enough to run it again."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

import torch

METRICS = ("micro_f1", "macro_f1", "hamming_loss", "one_error", "accuracy", "micro_jaccard")
_PACKAGES = ("labelwise", "torch", "transformers", "tokenizers", "datasets", "accelerate", "evaluate", "gensim")


def describe_machine() -> str:
    """The processor or GPU, in words."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def make_results(**facts) -> dict:
    """The facts of a run with the versions and the machine it ran on."""
    return {
        **facts,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
        "machine": describe_machine(),
    }


def save_results(results: dict, output_dir: str) -> None:
    """Writes `results.json`."""
    (Path(output_dir) / "results.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
