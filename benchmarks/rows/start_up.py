# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Start-up of commands against `import torch`, each in a process of its own."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..startup import PREDICT, TORCH, make_work
from ..timing import Contender, Workload
from .setting import Setting

MAX_REPEATS = 3  # a repeat takes ten seconds, and all are the same work
COMMANDS = ("labelwise --help", f"labelwise {PREDICT}")


def start_up(setting: Setting) -> Workload:
    """Return the workload of starting `labelwise --help` and `labelwise predict` with a small TF-IDF model."""
    folder = tempfile.TemporaryDirectory()
    work = make_work(Path(folder.name))

    def run(name: str) -> Callable[[None], None]:
        def start(_: None) -> None:
            subprocess.run([sys.executable, *work[name][0]], cwd=folder.name, capture_output=True, check=True)

        return start

    inputs = [None] * (min(setting.repeats, MAX_REPEATS) + 1)
    return Workload(
        "start-up",
        Contender(TORCH, run(TORCH), inputs),
        [Contender(name, run(name), inputs, lambda: 0.0) for name in COMMANDS],
        [1] * len(inputs),
    )
