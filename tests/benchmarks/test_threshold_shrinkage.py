# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The measurement of thresholds that are drawn towards the global one, on the embedded corpus."""

import json

from benchmarks.threshold_shrinkage import PRIORS, main


def test_the_tickets(tmp_path, capsys):
    file = tmp_path / "shrinkage.json"
    assert main(["--corpora", "support_tickets", "--seeds", "0", "1", "--output_file", str(file)]) == 0
    (corpus,) = json.loads(file.read_text("utf-8"))["corpora"]
    kinds = ["one for all labels", *(f"k = {prior}" for prior in PRIORS)]
    assert list(corpus["scores"]) == kinds
    for scores in corpus["scores"].values():
        assert all(0.5 < value < 1 for values in scores.values() for value in values)
        assert [len(values) for values in scores.values()] == [2, 2]
    assert corpus["scores"]["k = 0"] != corpus["scores"]["k = 80"]
    table = capsys.readouterr().out
    assert "| thresholds | support_tickets macro-F1 | support_tickets micro-F1 |" in table
    assert all(f"| {kind} |" in table for kind in kinds)


def test_a_corpus_that_does_not_exist(capsys):
    assert main(["--corpora", "nosuch"]) == 2
    assert "unknown dataset 'nosuch'" in capsys.readouterr().err
