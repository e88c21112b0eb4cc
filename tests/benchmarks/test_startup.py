# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Start-up of commands against `import torch`."""

import pytest

from benchmarks.startup import TORCH, main, measure


def test_ratios_are_of_medians(tmp_path):
    slow = "import time; time.sleep(0.6)"
    first, second = measure({TORCH: (["-c", ""], 0), "slow": (["-c", slow], 0)}, 3, tmp_path)
    assert (first["work"], first["ratio"]) == (TORCH, 1)
    assert second["seconds"] >= 0.6
    assert second["ratio"] == pytest.approx(second["seconds"] / first["seconds"])


def test_another_exit_status_is_no_measurement(tmp_path):
    with pytest.raises(RuntimeError, match=r"wrong exited with 3: told"):
        measure({"wrong": (["-c", "import sys; print('told', file=sys.stderr); sys.exit(3)"], 2)}, 1, tmp_path)


@pytest.mark.slow
def test_a_row_per_command(tmp_path, capsys):
    assert main(["--repeats", "1"]) == 0
    out = capsys.readouterr().out
    assert "| `labelwise train --help` | 0." in out
    assert "| `labelwise predict --model_name_or_path br --input texts.txt` |" in out
