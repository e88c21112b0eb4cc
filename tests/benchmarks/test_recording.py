# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Comparison with a recorded measurement."""

import pytest

from benchmarks.recording import worse_rows


def measurement(**ratios):
    rows = [{"work": name, "ours": "fp32", "against": "plain torch", "ratio": ratio} for name, ratio in ratios.items()]
    return {"rows": rows}


@pytest.mark.parametrize(("ratio", "is_worse"), [(5.0, False), (3.3, False), (3.1, True), (float("nan"), True)])
def test_only_a_clearly_lower_ratio_is_worse(ratio, is_worse):
    recorded = measurement(training=4.0, inference=9.0)
    worse, not_compared = worse_rows(measurement(training=ratio, inference=9.0), recorded)
    assert bool(worse) is is_worse
    assert not_compared == []
    assert all("training" in sentence for sentence in worse)


def test_only_the_same_work_against_the_same_is_compared():
    now, recorded = measurement(training=1.0), measurement(training=4.0)
    now["rows"][0]["against"] = "LW-PT code"
    worse, not_compared = worse_rows(now, recorded)
    assert worse == []
    assert "not measured now" in not_compared[0]
