# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Commands in two processes on a CPU, which are two processes: `accelerate launch --cpu` would start one."""

import os
import socket
import subprocess
import sys
from pathlib import Path

CONFIGURATIONS = Path(__file__).parents[1] / "examples" / "accelerate"


def launch(command: str, configuration: str = "ddp") -> list[str]:
    """Return the words that start a command of `labelwise` in two processes."""
    with socket.socket() as free:
        free.bind(("", 0))
        port = free.getsockname()[1]
    file = CONFIGURATIONS / f"{configuration}.yaml"
    launcher = f"-m accelerate.commands.launch --config_file {file} --num_processes 2 --mixed_precision no"
    return [
        sys.executable,
        *launcher.split(),
        "--main_process_port",
        str(port),
        "-m",
        "labelwise_cli",
        *command.split(),
    ]


def run_in_two_processes(command: str, folder: Path, configuration: str = "ddp") -> subprocess.CompletedProcess:
    """Run a command of `labelwise` in two processes of one thread each; it must succeed."""
    run = subprocess.run(
        launch(command, configuration),
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        cwd=folder,
    )
    assert run.returncode == 0, run.stderr
    return run
