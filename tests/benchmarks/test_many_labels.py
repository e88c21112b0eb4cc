# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Curves by number of labels at tiny sizes."""

import json

import pytest

from benchmarks import label_wise_encoder, many_labels


@pytest.mark.parametrize("curve", many_labels.CURVES)
def test_a_point(curve, monkeypatch, capsys):
    monkeypatch.setattr(label_wise_encoder, "SMALL", {**label_wise_encoder.SMALL, "vocab_size": 100})
    monkeypatch.setattr(many_labels, "NEGATIVES", 10)
    assert many_labels.main(["--quick", "--point", curve, "90"]) == 0
    point = json.loads(capsys.readouterr().out)
    assert point["labels"] == 90 and all(number > 0 for number in point.values())
    assert ("inference_documents_per_second" in point) == (not curve.endswith("negatives"))


def test_a_file_that_cannot_be_written_is_told_first(capsys):
    assert many_labels.main(["--output_file", "/nosuch/folder/x.json"]) == 2
    assert "benchmarks.many_labels: error: --output_file" in capsys.readouterr().err
