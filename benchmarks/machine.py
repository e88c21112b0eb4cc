# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Where and with what something was measured."""

import os
from pathlib import Path

import torch

from labelwise.runs.results import make_results

from .references import git_revision


def describe(device: torch.device) -> dict:
    """The facts of the machine, the versions and the revision of this checkout."""
    facts = make_results(device=device.type)
    if device.type == "cpu" and torch.cuda.is_available():
        facts["machine"] = f"{os.cpu_count()} cores, GPU not used"
    return {
        **facts,
        "threads": torch.get_num_threads(),
        "load_before": os.getloadavg()[0],
        "git_revision": git_revision(Path(__file__).parent),
    }
