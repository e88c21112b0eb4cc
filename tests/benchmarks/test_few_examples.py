# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""No and few examples: what is drawn, and the page."""

import numpy as np
import pytest
import torch

from benchmarks.few_examples import Bench, _in_order, _mean_states, few_examples_page, main


def test_rows_return_to_the_order_of_the_documents():
    parts = [(np.array([2, 0]), np.array([[20], [0]])), (np.array([1]), np.array([[10]]))]
    assert _in_order(parts).tolist() == [[0], [10], [20]]


def test_mean_states_are_of_length_one_and_of_tokens_only():
    states = torch.tensor([[[3.0, 0.0], [0.0, 4.0], [9.0, 9.0]]])
    means = _mean_states([(np.array([0]), states, torch.tensor([[1, 1, 0]]))])
    assert means.tolist() == [pytest.approx([0.6, 0.8])]


def test_a_draw_has_examples_of_each_label():
    bench = object.__new__(Bench)
    bench.names = ["a", "b"]
    bench.labels = {"train": np.array([[1, 0]] * 10 + [[0, 1]] * 2 + [[0, 0]] * 5)}
    rows = bench.draw(4, seed=1)
    assert bench.labels["train"][rows].sum(axis=0).tolist() == [4, 2] and len(rows) == 6
    assert rows == bench.draw(4, seed=1) != bench.draw(4, seed=2)


def test_page_has_means_of_draws():
    row = {"corpus": "goemotions", "examples": 8, "system": "frozen", "documents": 200, "seconds": 10.0}
    rows = [{**row, "draw": i, "lrap": 0.4 + i / 10, "micro_f1": 0.2, "macro_f1": 0.3} for i in range(2)]
    nothing = {"corpus": "goemotions", "examples": 0, "draw": 0, "system": "cosine of means", "seconds": 1.0}
    rows.append({**nothing, "lrap": 0.25, "micro_f1": 0.0, "macro_f1": 0.0})
    page = few_examples_page({"machine": "x", "threads": 1, "git_revision": "abc", "rows": rows})
    lines = [line for line in page.splitlines() if line.startswith("| goemotions")]
    assert lines == [
        "| goemotions | 0 | 0 | cosine of means | 25.0 | 0.0 | 0.0 | 1 | 1 |",
        "| goemotions | 8 | 200 | frozen | 45.0 ± 7.1 | 20.0 ± 0.0 | 30.0 ± 0.0 | 2 | 10 |",
    ]


def test_a_file_that_cannot_be_written_is_told_first(capsys):
    assert main(["--data_dir", "nosuch", "--encoder", "nosuch", "--output_file", "/nosuch/folder/x.json"]) == 2
    assert "benchmarks.few_examples: error: --output_file" in capsys.readouterr().err
