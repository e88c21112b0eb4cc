# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Commands that listen until they are stopped, as processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def listening(log: Path, *words: object) -> Iterator[tuple[str, subprocess.Popen]]:
    """Start `labelwise serve` or `demo` on a free port; give its address, from the one line of JSON that it prints."""
    command = [sys.executable, "-m", "labelwise_cli", *map(str, words), "--port", "0"]
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, env={**os.environ, "HF_HUB_OFFLINE": "1"}
        )
    try:
        line = process.stdout.readline()
        assert line, log.read_text("utf-8")
        yield json.loads(line)["url"], process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
