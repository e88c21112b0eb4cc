# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tables and the page with them."""

import json
from pathlib import Path

import pytest

from benchmarks.report import COMMANDS, PAGES, write_page
from benchmarks.tables import curve_tables, number, side_by_side_table

FACTS = {
    "quick": False,
    "device": "cpu",
    "machine": "a machine",
    "threads": 2,
    "load_before": 0.1,
    "git_revision": "abc",
    "versions": {"torch": "2"},
    "references": {"LW-PT": "def"},
    "left_out": [],
    "failed": [],
}
ROW = {
    "work": "some work",
    "ours": "fp32",
    "against": "LW-PT code, fp32",
    "ours_per_second": 12345.6,
    "against_per_second": 7.891,
    "ratio": 4.51,
    "ratio_quartiles": [4.4, 4.6],
    "ratio_floor": 4.5,
    "difference": 2e-6,
    "repeats": 5,
    "peak_fraction": 0.612,
    "peak_fraction_floor": 0.68,
    "matrix_gflops": {"fp32": 175.2, "bf16": 410.0},
}


def cells(**changes):
    table = side_by_side_table({**FACTS, **changes.pop("facts", {}), "rows": [{**ROW, **changes}]})
    return [cell.strip() for cell in table.splitlines()[2].strip("|").split("|")]


def test_a_row_stands_beside_its_floors():
    assert cells()[:5] == ["some work", "fp32", "LW-PT code, fp32", "12,346", "7.89"]
    assert cells()[5:] == ["4.51 (4.4 to 4.6)", "4.5", "0.61", "0.68, **missed**"]


@pytest.mark.parametrize(
    "changes", [{"against": "plain torch, fp32"}, {"facts": {"quick": True}}, {"facts": {"device": "cuda"}}]
)
def test_floors_are_for_the_reference_the_full_sizes_and_a_cpu(changes):
    assert cells(**changes, ratio=0.1)[6] == ""


def test_what_is_missing_is_said():
    text = side_by_side_table({**FACTS, "rows": [], "left_out": ["no checkout"], "failed": ["row: differs"]})
    assert "- Left out: no checkout" in text
    assert "- **Failed**: row: differs" in text


def test_curves_leave_out_series():
    points = [{"labels": 5000, "speed": 1.2345, "over_time": [1.0, 2.0]}]
    assert "| 5,000 | 1.23 |" in curve_tables({**FACTS, "curves": {"labels": {"title": "Labels", "points": points}}})


@pytest.mark.parametrize(("value", "text"), [(1.2345, "1.23"), (1234.5, "1,234"), (7, "7"), (0.01234, "0.0123")])
def test_number(value, text):
    assert number(value) == text


DOCS = Path(__file__).parents[2] / "docs"


def copy_pages(folder):
    for page in PAGES:
        (folder / page).parent.mkdir()
        (folder / page).write_text((DOCS / page).read_text("utf-8"), "utf-8")


def test_the_page_says_what_was_not_measured(tmp_path):
    copy_pages(tmp_path)
    (tmp_path / "performance").mkdir()
    write_page(tmp_path)
    page = tmp_path / PAGES[0]
    empty = page.read_text("utf-8")
    assert empty.count("Not measured.") == len(COMMANDS)
    (tmp_path / "performance/cpu_intel.json").write_text(json.dumps({**FACTS, "rows": [ROW]}))
    write_page(tmp_path)
    filled = page.read_text("utf-8")
    assert filled.count("Not measured.") == len(COMMANDS) - 1
    assert "12,346" in filled
    write_page(tmp_path)
    assert page.read_text("utf-8") == filled


def test_the_pages_are_what_the_recorded_files_give(tmp_path):
    copy_pages(tmp_path)
    (tmp_path / "performance").symlink_to(DOCS / "performance")
    write_page(tmp_path)
    for page in PAGES:
        assert (tmp_path / page).read_text("utf-8") == (DOCS / page).read_text("utf-8")
