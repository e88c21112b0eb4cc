# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""JSON without `NaN`, from values and from commands."""

import json
import math

import labelwise_cli as cli
import pytest

from labelwise.json_text import dump_json
from labelwise.runs.results import save_results

from ..tiny_corpus import write_jsonl


def refuse(constant: str):
    raise AssertionError(f"{constant} is no JSON")


def test_numbers_that_are_not_finite_are_null():
    value = {"a": math.nan, "b": [1.5, -math.inf, {"c": (math.inf, "NaN", True)}], "é": 0}
    text = dump_json(value)
    assert json.loads(text, parse_constant=refuse) == {"a": None, "b": [1.5, None, {"c": [None, "NaN", True]}], "é": 0}
    assert "é" in text


def test_other_values_are_as_ever():
    value = {"b": [1, 2.5, None], "a": "é"}
    assert dump_json(value, indent=1, sort_keys=True) == json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)
    assert dump_json({"x": {1, 2}}, default=str) == '{"x": "{1, 2}"}'
    with pytest.raises(TypeError):
        dump_json(object())


def test_results(tmp_path):
    save_results({"metrics": {"test": {"micro_f1": math.nan}}}, tmp_path)
    text = (tmp_path / "results.json").read_text("utf-8")
    assert json.loads(text, parse_constant=refuse) == {"metrics": {"test": {"micro_f1": None}}}


def test_columns_that_are_carried_over(model, tmp_path, capsys):
    """Python reads `NaN` in the input, and wrote it into the output."""
    path = write_jsonl(tmp_path / "in.jsonl", [{"text": "money", "price": math.nan}, {"text": "ball", "price": 2.5}])
    assert cli.main(f"predict --model_name_or_path {model} --input {path} --keep_columns price".split()) == 0
    rows = [json.loads(line, parse_constant=refuse) for line in capsys.readouterr().out.splitlines()]
    assert [row["price"] for row in rows] == [None, 2.5]
