# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Whether a measurement is clearly worse than the recorded one: ratios are compared, not times."""

# A ratio below this share of the recorded one is worse; noise between quiet runs on one machine stays well above it.
CLEARLY_WORSE = 0.8


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
