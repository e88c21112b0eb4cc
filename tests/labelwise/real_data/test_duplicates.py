# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Texts that occur twice: on one side of a cut, counted and told across files, and dropped if that is wanted."""

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from labelwise.datasets_scripts import from_lists
from labelwise.runs.data import DataArguments

from .made_up import (
    NAMES,
    TEST,
    TRAIN,
    Row,
    listening,
    make_rows,
    new_classifier,
    refused,
    texts_of,
    train,
    with_labels,
    write_jsonl,
)

OTHER = ["health", "tax"]  # labels of none of the rows


def write(path: Path, rows: list[Row]) -> Path:
    return write_jsonl(path, with_labels(rows, [row.labels for row in rows]))


def splits_of(folder: Path, **splits: list[Row]) -> dict[str, str]:
    """Write a file per split; return the options that name them."""
    return {f"{name}_file": str(write(folder / f"{name}.jsonl", rows)) for name, rows in splits.items()}


def texts_by_split(**options) -> dict[str, list[str]]:
    return {split: list(rows["text"]) for split, rows in DataArguments(**options).load().items()}


# One file, of which a validation part is cut off


@pytest.mark.parametrize("copies", [2, 3, 6])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_copies_stay_on_one_side(tmp_path, copies, seed):
    """Once, all validation texts were in training too. Copies may differ in whitespace."""
    rows = [Row(row.text.replace(" ", " " * (1 + i)), row.labels) for i in range(copies) for row in TRAIN]
    with listening() as told:
        found = texts_by_split(train_file=str(write(tmp_path / "a.jsonl", rows)), split_seed=seed)
    kinds = {split: {" ".join(text.split()) for text in texts} for split, texts in found.items()}
    assert not kinds["train"] & kinds["validation"]
    assert len(kinds["train"]) + len(kinds["validation"]) == 36
    assert len(found["validation"]) == copies * len(kinds["validation"])
    assert 0.05 < len(kinds["validation"]) / 36 < 0.2
    assert not told


@pytest.mark.parametrize("form", ["command", "lists", "frame", "path"])
def test_copies_through_both_doors(command, tmp_path, form):
    """The measured result is that of texts that were not trained on: random labels are not predicted."""
    rows = [Row(f"note{i} about note{i}x", [NAMES[i * 7 % 11 % 3]]) for i in range(36)] * 2
    file = write(tmp_path / "a.jsonl", rows)
    if form == "command":
        measured = train(command, tmp_path, file).printed["validation"]
    else:
        pair = (texts_of(rows), [row.labels for row in rows])
        given = {"lists": pair, "frame": (pd.DataFrame({"text": pair[0], "labels": pair[1]}),), "path": (file,)}[form]
        classifier = new_classifier().fit(*given)
        measured = classifier.results_["metrics"]["validation"]
        assert classifier.predict(texts_of(rows)) != [row.labels for row in rows]
    assert measured["micro_f1"] < 0.5


def test_one_text_is_too_few(command, tmp_path):
    file = write(tmp_path / "a.jsonl", [Row("one text", ["tax"])] * 5)
    assert "5 training documents of one text are too few to cut a validation split off" in refused(
        command, tmp_path, file
    )


# Several files


def test_overlaps_are_counted_and_told(command, tmp_path):
    validation = [*make_rows(6, seed=2), *TRAIN[:3], Row(TRAIN[6].text, OTHER)]
    test = [*TEST, Row(TRAIN[7].text, OTHER), Row(TRAIN[8].text, OTHER), validation[0]]
    files = splits_of(tmp_path, train=TRAIN, validation=validation, test=test)
    model = train(
        command, tmp_path, files["train_file"], **{key: files[key] for key in ("validation_file", "test_file")}
    )
    end = "measured results are too high (drop_duplicates keeps one)"
    lines = [
        f"4 of 10 validation documents have a text that is in train too, 1 of them with other labels: {end}",
        f"2 of 15 test documents have a text that is in train too, 2 of them with other labels: {end}",
        f"1 of 15 test documents has a text that is in validation too, 0 of them with other labels: {end}",
    ]
    assert model.told.lines_with("a text that is in") == lines
    with listening() as told:
        classifier = new_classifier()
        classifier.fit(texts_of(TRAIN), [row.labels for row in TRAIN], validation=Path(files["validation_file"]))
    assert [line for line in told if "have a text that is in" in line] == lines[:1]


@pytest.mark.parametrize("door", ["command", "front door"])
def test_conflicts_in_training_are_counted_and_told(command, tmp_path, door):
    """As where each row has one label of its document."""
    rows = [Row(row.text, [label]) for row in TRAIN for label in row.labels] + [TRAIN[0]]
    expected = (
        "train: 12 of 30 texts occur in several rows with different labels; if each row has one label of its document, "
        'join the rows: df.groupby("text")["labels"].agg(list) in pandas (`labelwise audit` lists the texts)'
    )
    assert sum(len(row.labels) == 2 for row in TRAIN) == 12
    if door == "command":
        assert train(command, tmp_path, write(tmp_path / "a.jsonl", rows)).told.lines_with("different labels") == [
            expected
        ]
        return
    with listening() as told:
        new_classifier().fit(texts_of(rows), [row.labels for row in rows])
    assert [line for line in told if "different labels" in line] == [expected]


# --drop_duplicates


def copies() -> dict[str, list[Row]]:
    validation = [*make_rows(6, seed=2), TRAIN[0], Row(TRAIN[1].text, OTHER)]
    test = [*TEST, TEST[0], TRAIN[2], validation[0]]
    return {"train": [*TRAIN, TRAIN[3], Row(TRAIN[4].text, OTHER)], "validation": validation, "test": test}


def check_kept(found: dict[str, list[str]]) -> None:
    """Each text is in one split once: in test, else in validation, else in training; the order is kept."""
    splits = copies()
    assert found["test"] == texts_of([*TEST, TRAIN[2], splits["validation"][0]])
    assert found["validation"] == texts_of(splits["validation"][1:])
    assert found["train"] == texts_of(TRAIN[3:])
    assert max(Counter(text for texts in found.values() for text in texts).values()) == 1


DROPPED = [
    f"{split}: {documents} text occurs elsewhere; {conflicts} of the split had different labels, of which the first "
    "are kept"
    for split, documents, conflicts in (
        ("test", "1 document is dropped, because its", "0 texts"),
        ("validation", "1 document is dropped, because its", "0 texts"),
        ("train", "5 documents are dropped, because their", "1 text"),
    )
]


def test_drop_duplicates(tmp_path):
    with listening() as told:
        check_kept(texts_by_split(**splits_of(tmp_path, **copies()), drop_duplicates=True))
    assert told == DROPPED
    pairs = {split: (texts_of(rows), [row.labels for row in rows]) for split, rows in copies().items()}
    check_kept({split: list(rows["text"]) for split, rows in from_lists(pairs, drop_duplicates=True).items()})


def test_the_first_labels_are_kept(tmp_path):
    corpus = DataArguments(**splits_of(tmp_path, **copies()), drop_duplicates=True).load()
    row = corpus["train"][corpus["train"]["text"].index(TRAIN[4].text)]
    assert [NAMES[i] for i in row["labels"]] == TRAIN[4].labels


def test_drop_duplicates_through_both_doors(command, tmp_path):
    files = splits_of(tmp_path, **copies())
    train_file, options = files.pop("train_file"), {**files, "drop_duplicates": True}
    model = train(command, tmp_path, train_file, **options)
    assert [line for line in DROPPED if model.told.lines_with(line)] == DROPPED
    assert not model.told.lines_with("a text that is in")
    results = json.loads((model.folder / "results.json").read_text("utf-8"))
    assert results["documents"] == {"train": 33, "validation": 7, "test": 14}
    rows = copies()
    classifier = new_classifier().fit(
        Path(train_file),
        validation=(texts_of(rows["validation"]), [row.labels for row in rows["validation"]]),
        drop_duplicates=True,
    )
    assert classifier.results_["documents"] == {"train": 34, "validation": 8}


def test_drop_duplicates_before_a_cut(tmp_path):
    found = texts_by_split(train_file=str(write(tmp_path / "a.jsonl", TRAIN * 3)), drop_duplicates=True)
    assert {*found["train"]} | {*found["validation"]} == {*texts_of(TRAIN)}
    assert len(found["train"]) + len(found["validation"]) == 36
