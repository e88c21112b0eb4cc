# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CSV files of all kinds: delimiters, quotes, encodings, and texts of any length."""

import csv
import json
from pathlib import Path

import pytest

from .made_up import (
    TEST,
    TRAIN,
    Row,
    both,
    check_command,
    check_front_door,
    evaluate,
    listening,
    load,
    predict,
    refused,
    table,
    train,
    with_labels,
    write_csv,
)

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|"}


# Delimiters


@pytest.mark.parametrize("suffix", ["csv", "tsv", "CSV", "txt", "data"])
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_delimiters_are_detected_and_told(tmp_path, suffix, delimiter):
    usual = "\t" if suffix == "tsv" else ","
    file = write_csv(tmp_path / f"train.{suffix}", TRAIN, sep=delimiter)
    with listening() as told:
        assert load(file) == {row.text: (row.labels, []) for row in TRAIN}
    told = [line for line in told if "separated" in line]
    name = DELIMITERS[delimiter]
    expected = f"{file}: the cells are read as separated by {'a ' * name.isalpha()}{name} (delimiter sets it)"
    assert told == ([] if delimiter == usual else [expected])


@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ";"), ("csv", "\t"), ("csv", "|"), ("tsv", "\t")])
def test_delimiters_through_both_doors(command, tmp_path, suffix, delimiter):
    files = both(tmp_path, f"a.{suffix}", lambda path, rows: write_csv(path, rows, sep=delimiter))
    model = check_command(command, tmp_path, *files)
    assert len(model.told.lines_with("delimiter sets it")) == (suffix == "csv")
    told = check_front_door(*files)
    assert len([line for line in told if "delimiter sets it" in line]) == 2 * (suffix == "csv")


@pytest.mark.parametrize("delimiter", ["^", "~", "tab", ";"])
def test_delimiters_that_are_set(command, tmp_path, delimiter):
    """Nothing is guessed, and nothing told."""
    files = both(
        tmp_path, "a.csv", lambda path, rows: write_csv(path, rows, sep="\t" if delimiter == "tab" else delimiter)
    )
    model = check_command(command, tmp_path, *files, delimiter=delimiter)
    assert not model.told.lines_with("separated")
    check_front_door(*files, delimiter=delimiter)


def test_columns_of_texts_and_labels_decide_about_the_delimiter(tmp_path):
    """A header with more commas than semicolons, which nevertheless separate its columns."""
    renamed = table(TRAIN).rename(columns={"id": "a,b,c,d,e"})
    renamed.to_csv(tmp_path / "a.csv", sep=";", index=False)
    assert load(tmp_path / "a.csv") == {row.text: (row.labels, []) for row in TRAIN}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_quotes_line_breaks_and_delimiters_in_cells(tmp_path, delimiter):
    texts = [f'"{row.text}", he said;\nand\tso on' for row in TRAIN]
    table(TRAIN).assign(text=texts).to_csv(tmp_path / "a.csv", sep=delimiter, index=False)
    assert {*load(tmp_path / "a.csv")} == {*texts}


def test_tab_separated_texts_that_begin_with_a_quote(command, tmp_path):
    """Files of tweets have no quoting at all."""

    def make(path: Path, rows: list[Row]) -> None:
        lines = [f"{'' if i % 3 else chr(34)}{row.text}\t{row.labels}" for i, row in enumerate(rows)]
        path.write_text("\n".join(["text\tlabels", *lines]) + "\n")

    files = both(tmp_path, "a.tsv", make)
    model = train(command, tmp_path, files[0])
    assert len(model.told.lines_with("double quotes are read as part of the text (quoting sets it)")) == 1
    assert len(predict(command, model.folder, files[1])) == len(TEST)
    assert evaluate(command, model.folder, files[1])["micro_f1"] == 1.0
    assert f'"{TRAIN[0].text}' in load(files[0])
    with listening() as told:
        assert f'"{TRAIN[0].text}' in load(files[0], quoting="none")
    assert not [line for line in told if "quot" in line]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends(tmp_path, end):
    assert load(write_csv(tmp_path / "a.csv", TRAIN, lineterminator=end)) == {
        row.text: (row.labels, []) for row in TRAIN
    }


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "json"])
def test_byte_order_marks(tmp_path, suffix, encoding):
    rows = [Row(f"{row.text} café “ü” 税", row.labels) for row in TRAIN]
    file = tmp_path / f"a.{suffix}"
    if suffix in ("csv", "tsv"):
        write_csv(file, rows, encoding=encoding, sep="," if suffix == "csv" else "\t")
    else:
        found = with_labels(rows, [row.labels for row in rows])
        content = (
            json.dumps(found)
            if suffix == "json"
            else "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
        )
        file.write_text(content, encoding)
    with listening() as told:
        assert load(file) == {row.text: (row.labels, []) for row in rows}
    assert [line for line in told if "UTF-16" in line] == [f"{file}: is read as UTF-16 (encoding sets it)"] * (
        encoding == "utf-16"
    )


def test_excel_s_csv(command, tmp_path):
    """As Excel writes it where the decimal mark is a comma: a byte order mark, semicolons, Windows line ends."""
    options = {"encoding": "utf-8-sig", "sep": ";", "lineterminator": "\r\n"}
    files = both(tmp_path, "a.csv", lambda path, rows: write_csv(path, rows, **options))
    check_command(command, tmp_path, *files)
    check_front_door(*files)


def test_an_encoding_that_is_given(command, tmp_path):
    file = write_csv(tmp_path / "a.csv", [Row(f"{row.text} café", row.labels) for row in TRAIN], encoding="cp1252")
    assert f"{file} line 2: byte " in (told := refused(command, tmp_path, file))
    assert "is not UTF-8; save the file as UTF-8, or give its encoding (such as cp1252)" in told
    assert load(file, encoding="cp1252").keys() == {f"{row.text} café" for row in TRAIN}


# Long cells


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz", "a.jsonl", "a.json"])
def test_a_text_above_the_limit_of_the_csv_module(tmp_path, name):
    """Python's csv refuses cells of more than 131,072 characters."""
    long = Row(f"{TRAIN[0].text} {'word ' * 30_000}{TRAIN[1].text}", TRAIN[0].labels)
    assert len(long.text) > 131_072
    rows = [long, *TRAIN[1:]]
    if "json" in name:
        table(rows).to_json(tmp_path / name, orient="records", lines=name == "a.jsonl")
    else:
        write_csv(tmp_path / name, rows, sep="\t" if name == "a.tsv" else ",")
    csv.field_size_limit(131_072)
    assert load(tmp_path / name)[long.text] == (long.labels, [])


def test_long_texts_through_both_doors(command, tmp_path):
    rows = [Row(row.text + " and so on" * 14_000, row.labels) if i == 0 else row for i, row in enumerate(TRAIN)]
    files = [write_csv(tmp_path / "a.csv", rows), write_csv(tmp_path / "b.csv", TEST)]
    check_command(command, tmp_path, *files)
    check_front_door(*files)
