# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files of measurements: the facts of the machine, reading, writing and comparison."""

import json
import os
from pathlib import Path

import torch

from labelwise.errors import UserInputError
from labelwise.runs.processes import git_revision
from labelwise.runs.results import make_results
from labelwise.runs.writing import open_file

# A ratio below this fraction of the recorded one is worse. Noise between idle runs stays above it, but not always on a
# machine with other tenants: run a worse row again (`--rows`).
CLEARLY_WORSE = 0.8
# Keys that are equal in all measurements of a file.
_ALIKE = ("quick", "machine", "threads", "versions", "references", "git_revision", "time_limit", "epochs", "documents")


def describe(device: torch.device) -> dict:
    """Return the facts of the machine, the versions and the revision of this checkout."""
    facts = make_results(device=device.type)
    if device.type == "cpu" and torch.cuda.is_available():
        facts["machine"] = f"{os.cpu_count()} cores, GPU not used"
    if device.type == "cpu":  # processors of one name differ in this, and ratios with it
        facts["machine"] += f", {torch.backends.cpu.get_cpu_capability()}"
    return {
        **facts,
        "threads": torch.get_num_threads(),
        "load_before": os.getloadavg()[0],
        "git_revision": git_revision(Path(__file__).parent),
    }


def save_measurement(measurement: dict, file: str | None) -> None:
    """Write a measurement atomically, if `file` is given."""
    if file is not None:
        with open_file("--output_file", file) as output:
            output.write(json.dumps(measurement, indent=2, ensure_ascii=False) + "\n")


def read_measurement(file: str, content: str = "rows") -> dict:
    """Read a recorded measurement.

    Args:
        file (`str`): File to read.
        content (`str`, *optional*, defaults to `"rows"`): Key that it must contain, `"rows"` or `"curves"`.

    Returns:
        `dict`: The measurement.

    Raises:
        UserInputError: The file does not exist or is corrupted.
    """
    path = Path(file)
    if not path.is_file():
        raise UserInputError(f"{file}: no such file; record it first with the same options and --output_file")
    try:
        measurement = json.loads(path.read_text("utf-8"))
        _ = measurement[content], measurement["machine"], measurement["threads"], measurement["quick"]
    except (ValueError, TypeError, KeyError) as error:
        raise UserInputError(f"{file} is not a measurement ({error}); record it again with --output_file") from error
    return measurement


def read_alike(file: str | None, measurement: dict, content: str = "rows") -> dict | None:
    """Read the measurement of an output file, to which the current one is added.

    Args:
        file (`str`, *optional*): Output file.
        measurement (`dict`): Current measurement.
        content (`str`, *optional*, defaults to `"rows"`): Key that the file must contain, `"rows"` or `"curves"`.

    Returns:
        `dict`: The measurement of the file; `None` if the file does not exist.

    Raises:
        UserInputError: The file was measured on another machine or in another way.
    """
    if file is None or not Path(file).is_file():
        return None
    earlier = read_measurement(file, content)
    for name in _ALIKE:
        if earlier.get(name) != measurement.get(name):
            raise UserInputError(f"--output_file {file}: it was measured with another {name}; choose another file")
    return earlier


def worse_rows(now: dict, recorded: dict) -> tuple[list[str], list[str]]:
    """Compare two measurements row by row, by their ratios, not times.

    Args:
        now (`dict`): Current measurement of `side_by_side`.
        recorded (`dict`): Earlier measurement on the same machine with the same sizes.

    Returns:
        `tuple[list[str], list[str]]`: Sentences about rows that are clearly worse, and about those not compared.
    """
    found = {_key(row): row for row in now["rows"]}
    worse, not_compared = [], []
    for row in recorded["rows"]:
        name = f"{row['work']}, {row['ours']} against {row['against']}"
        if _key(row) not in found:
            not_compared.append(f"{name}: not measured now")
            continue
        ratio = found[_key(row)]["ratio"]
        if not ratio >= CLEARLY_WORSE * row["ratio"]:
            worse.append(f"{name}: ratio {ratio:.2f}, recorded {row['ratio']:.2f}")
    return worse, not_compared


def _key(row: dict) -> tuple[str, str, str]:
    return row["work"], row["ours"], row["against"]
