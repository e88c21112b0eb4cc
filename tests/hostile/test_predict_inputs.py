# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Texts, options and known labels of `predict` that are odd or wrong: refused in one line, or answered."""

import io
import json
import shlex
from pathlib import Path

import labelwise_cli as cli
import pytest

from .answers import check_answers
from .input_faults import OPTIONS, REFUSED, TEXTS
from .test_readers import NOTICES, ids


@pytest.fixture(scope="session")
def with_tokens(data, bert, tmp_path_factory) -> Path:
    """A model that takes known labels."""
    folder = tmp_path_factory.mktemp("tokens") / "lm-mtc"
    options = f"--encoder {bert} --max_steps 2 --tune_thresholds none"
    assert cli.main(f"train --model lm-mtc {data} {options} --output_dir {folder}".split()) == 0
    return folder


@pytest.mark.parametrize("case", TEXTS, ids=ids)
def test_predict(ends_well, either, tmp_path, case):
    content, number, name, options = TEXTS[case]
    path = tmp_path / name
    path.write_bytes(content)

    def check(told: str) -> None:
        if "--format csv" in options:
            assert len(told.splitlines()) == number + 1 and "\n=" not in told and ",=" not in told
        else:
            check_answers(told.replace("\u2028", " "), number)

    command = ["predict", "--model_name_or_path", str(either), "--input", str(path), *shlex.split(options)]
    told = ends_well(command, None if number is REFUSED else check, NOTICES)
    assert told is None or name in told or options


@pytest.mark.parametrize("case", [case for case in TEXTS if not TEXTS[case].options], ids=ids)
def test_predict_standard_input(ends_well, model, monkeypatch, case):
    """Refused or answered as the file is, but for what only the suffix of a name tells."""
    content, number, name, _ = TEXTS[case]
    stream = io.BufferedReader(io.BytesIO(content))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream))
    file_format = {"txt": "text", "gz": "text"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
    if file_format in ("zip", "png"):
        file_format = "text"
    command = f"predict --model_name_or_path {model} --input - --input_format {file_format}"
    ends_well(command, lambda told: number is REFUSED or check_answers(told, number), NOTICES)


@pytest.mark.parametrize("options", OPTIONS, ids=ids)
def test_predict_options(ends_well, either, three, monkeypatch, options):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(b""))))
    given = "" if "--input" in options else f"--input {three}"
    number = OPTIONS[options]
    command = f"predict --model_name_or_path {either} {given} {options}"
    ends_well(command, None if number is REFUSED else (lambda told: check_answers(told, number)), NOTICES)


KNOWN = {
    "a list of a name": ('["bank"]', 3),
    "an empty list": ("[]", 3),
    "an object": ('{"bank": true, "food": false}', 3),
    "an object of 0 and 1": ('{"bank": 1, "food": 0}', 3),
    "a list in a string": ("\"['bank']\"", 3),
    "null": ("null", REFUSED),
    "7": ("7", REFUSED),
    "a name": ('"bank"', REFUSED),
    "a label that is none": ('["nosuch"]', REFUSED),
    "a label of another case": ('["Bank"]', REFUSED),
    "an object of a label that is none": ('{"nosuch": true}', REFUSED),
    "an object of strings": ('{"bank": "yes"}', REFUSED),
    "an object of null": ('{"bank": null}', REFUSED),
    "an object of lists": ('{"bank": []}', REFUSED),
    "a list of numbers": ("[1]", REFUSED),
    "a list of lists": ('[["bank"]]', REFUSED),
    "a list of objects": ('[{"bank": true}]', REFUSED),
    "a list of null": ("[null]", REFUSED),
    "half a surrogate": (r'["\ud800"]', REFUSED),
    "nested 480": ("[" * 480 + "]" * 480, REFUSED),
    "nested 900": ("[" * 900 + "]" * 900, REFUSED),
    "a label twice": ('["bank", "bank"]', 3),
}


@pytest.mark.parametrize("case", KNOWN, ids=ids)
def test_known_labels(ends_well, with_tokens, tmp_path, case):
    value, number = KNOWN[case]
    path = tmp_path / "known.jsonl"
    path.write_text('{"text": "x", "known": []}\n' * 2 + f'{{"text": "x", "known": {value}}}\n')

    def check(told: str) -> None:
        check_answers(told, number)
        found = json.loads(told.splitlines()[-1])
        assert ("bank" in found["labels"]) or value == "[]"

    command = f"predict --model_name_or_path {with_tokens} --input {path} --known_labels_column known"
    told = ends_well(command, None if number is REFUSED else check)
    assert told is None or "known.jsonl line 3: " in told
