# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files of measurements: the facts of the machine, reading, writing and comparison."""

import json
import os
from pathlib import Path

import torch

from labelwise.datasets_scripts import UserInputError
from labelwise.runs.results import make_results
from labelwise.runs.writing import open_file

from .references import git_revision

# A ratio below this share of the recorded one is worse; noise between quiet runs on one machine stays well above it.
CLEARLY_WORSE = 0.8
# What all that one file holds shares.
_ALIKE = ("quick", "machine", "threads", "versions", "references", "git_revision")


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


def save_measurement(measurement: dict, file: str | None) -> None:
    """Writes a measurement where `file` is given, whole or not at all."""
    if file is not None:
        with open_file("--output_file", file) as output:
            output.write(json.dumps(measurement, indent=2, ensure_ascii=False) + "\n")


def read_measurement(file: str, holds: str = "rows") -> dict:
    """A measurement that was recorded, of `"rows"` or `"curves"`.

    Raises:
        UserInputError: There is none, or it is damaged.
    """
    path = Path(file)
    if not path.is_file():
        raise UserInputError(
            f"{file}: nothing is recorded there; record it first, with the same options and --output_file"
        )
    try:
        measurement = json.loads(path.read_text("utf-8"))
        _ = measurement[holds], measurement["machine"], measurement["threads"], measurement["quick"]
    except (ValueError, TypeError, KeyError) as error:
        raise UserInputError(f"{file} is no measurement ({error}); record it again with --output_file") from error
    return measurement


def read_alike(file: str | None, measurement: dict, holds: str = "rows") -> dict | None:
    """What an output file holds already, to be kept beside what is measured now; `None` where there is none.

    Raises:
        UserInputError: It was measured elsewhere, or with something else.
    """
    if file is None or not Path(file).is_file():
        return None
    earlier = read_measurement(file, holds)
    for name in _ALIKE:
        if earlier.get(name) != measurement.get(name):
            raise UserInputError(f"--output_file {file}: it was measured with another {name}; name another file")
    return earlier


def worse_rows(now: dict, recorded: dict) -> tuple[list[str], list[str]]:
    """Compares two measurements row by row.

    Args:
        now (`dict`): What `side_by_side` has measured.
        recorded (`dict`): What it had measured before, with the same sizes.

    Returns:
        Two lists of sentences: what is clearly worse, and what could not be compared.
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
    for name in ("machine", "threads"):
        if now[name] != recorded[name]:
            not_compared.append(f"{name}: {now[name]} now, {recorded[name]} recorded; ratios may differ for that alone")
    return worse, not_compared


def _key(row: dict) -> tuple[str, str, str]:
    return row["work"], row["ours"], row["against"]
