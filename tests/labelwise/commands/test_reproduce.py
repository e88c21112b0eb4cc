# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise reproduce` refuses wrong options in one line, before any run."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("lw-pt-table-9 --output_dir runs", "there is no table lw-pt-table-9; known: lm-mtc-table-2"),
        ("lw-pt-table-2", "--output_dir"),
        ("lw-pt-table-2 --output_dir runs --corpus reuters", "--corpus reuters: the table has rmsc-v2"),
        ("lw-pt-table-2 --output_dir runs --system bert", "--system bert: the table has br"),
        ("lw-pt-table-2 --output_dir runs --data_dir nowhere", "--data_dir nowhere is not a folder"),
        ("lw-pt-table-2 --output_dir runs --seeds 1 1", "each once"),
        (
            "lw-pt-table-2 --output_dir runs --train_arguments=--encoder=x",
            "--train_arguments: --encoder: set elsewhere",
        ),
        ("lw-pt-table-2 --output_dir runs --train_arguments=--hidden_sise=8", "no row has this option"),
        ("lw-pt-table-2 --output_dir runs --train_arguments=8", "8 follows no option"),
        ("lw-pt-table-2 --output_dir runs --train_arguments=-h", "-h: no row has this option"),
    ],
)
def test_refusals(refused: Callable[[str], str], options: str, told: str) -> None:
    assert told in refused(f"reproduce {options}")
