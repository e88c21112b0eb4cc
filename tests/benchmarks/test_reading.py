# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Speed and memory of reading files."""

import json

import pytest

from benchmarks.reading import FORMATS, INDICATORS, generate, main
from labelwise.datasets_scripts import load_files


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_the_same_documents(tmp_path, name):
    file, write = FORMATS[name]
    write(tmp_path / file, 60)
    corpus = load_files(tmp_path / file, **({"label_columns": "auto"} if name == INDICATORS else {}))
    names = corpus["train"].features["labels"].feature.names
    rows = [row for split in corpus.values() for row in split]
    expected = {text: sorted(labels) for text, labels in generate(60) if labels or "folder" not in name}
    assert {row["text"]: sorted(names[i] for i in row["labels"]) for row in rows} == expected


@pytest.mark.slow
def test_a_row_per_format(tmp_path, capsys):
    file = tmp_path / "reading.json"
    options = ["--rows", "400", "--repeats", "1", "--formats", "TSV"]
    assert main([*options, "--output_file", str(file)]) == 0
    rows = json.loads(file.read_text())["rows"]
    assert [row["format"] for row in rows] == ["TSV"]
    assert all(row["documents"] == 400 and row["documents_per_second"] > 0 for row in rows)
    assert "| TSV | 400 |" in capsys.readouterr().out
