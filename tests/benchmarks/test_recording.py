# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Comparison with a recorded measurement."""

import pytest

from benchmarks.recording import worse_rows


def measurement(**ratios):
    rows = [
        {"work": name, "ours": "fp32", "against": "plain torch", "ratio": ratio, "ratio_quartiles": [ratio, ratio]}
        for name, ratio in ratios.items()
    ]
    return {"rows": rows}


@pytest.mark.parametrize(("ratio", "is_worse"), [(5.0, False), (3.3, False), (3.1, True), (float("nan"), True)])
def test_only_a_clearly_lower_ratio_is_worse(ratio, is_worse):
    recorded = measurement(training=4.0, inference=9.0)
    worse, not_compared = worse_rows(measurement(training=ratio, inference=9.0), recorded)
    assert bool(worse) is is_worse
    assert not_compared == []
    assert all("training" in sentence for sentence in worse)


def test_a_lower_ratio_whose_quartiles_overlap_is_not_worse():
    now, recorded = measurement(training=3.1), measurement(training=4.0)
    now["rows"][0]["ratio_quartiles"], recorded["rows"][0]["ratio_quartiles"] = [2.9, 3.9], [3.8, 4.2]
    assert worse_rows(now, recorded)[0] == []
    recorded["rows"][0]["ratio_quartiles"] = [3.95, 4.2]
    assert len(worse_rows(now, recorded)[0]) == 1


def test_only_the_same_work_against_the_same_is_compared():
    now, recorded = measurement(training=1.0), measurement(training=4.0)
    now["rows"][0]["against"] = "LW-PT code"
    worse, not_compared = worse_rows(now, recorded)
    assert worse == []
    assert "not measured now" in not_compared[0]
