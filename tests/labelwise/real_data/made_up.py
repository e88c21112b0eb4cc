# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Made-up documents of three labels, and both doors of the package: commands and `MultiLabelClassifier`."""

import json
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from labelwise import MultiLabelClassifier, UserInputError
from labelwise.runs.data import DataArguments

NAMES = ["health", "law", "tax"]  # as a model orders them
AS_IS = dict(zip(NAMES, NAMES, strict=True))
WORDS = {
    "health": ["doctor", "clinic", "vaccine", "nurse"],
    "law": ["court", "judge", "contract", "appeal"],
    "tax": ["income", "refund", "levy", "invoice"],
}
_LABEL_SETS = [["tax"], ["law"], ["health"], ["law", "tax"], ["health", "law"], []]
# Of the model: so few documents have rare words, and too few of them are for validation to tune thresholds.
_OPTIONS = {"min_frequency": 1, "min_df": 1, "tune_thresholds": "none"}
# Options that say how texts are read; `predict` takes these alone.
_OF_TEXTS = ("text_column", "input_format", "delimiter", "quoting", "encoding", "sheet")


class Row(NamedTuple):
    """A document; the names of its labels are sorted."""

    text: str
    labels: list[str]

    @property
    def states(self) -> list[int]:
        """One 0 or 1 per label, in the order of `NAMES`."""
        return [int(name in self.labels) for name in NAMES]


def make_rows(number: int, seed: int, label_sets: list[list[str]] = _LABEL_SETS) -> list[Row]:
    """Short texts that are all different, with three of the four words of each of their labels."""
    rng = random.Random(seed)
    rows = []
    for i in range(number):
        labels = label_sets[i % len(label_sets)]
        words = [word for label in labels for word in rng.sample(WORDS[label], 3)]
        words += ["about", f"note{seed}x{i}"]
        rng.shuffle(words)
        rows.append(Row(" ".join(words), labels))
    return rows


TRAIN, TEST = make_rows(36, seed=0), make_rows(12, seed=1)


def texts_of(rows: list[Row]) -> list[str]:
    return [row.text for row in rows]


def with_labels(rows: list[Row], labels: list) -> list[dict]:
    """Return rows of a table whose column `labels` has these values."""
    return [{"text": row.text, "labels": of_row} for row, of_row in zip(rows, labels, strict=True)]


def write_jsonl(path: Path, rows: list[dict]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def table(rows: list[Row]) -> pd.DataFrame:
    """Columns id, text and labels, which are lists in strings."""
    found = pd.DataFrame(with_labels(rows, [str(row.labels) for row in rows]))
    found.insert(0, "id", range(len(rows)))
    return found


def write_csv(path: Path, rows: list[Row], **options: Any) -> Path:
    """Write the table; options are those of `pandas.DataFrame.to_csv`."""
    table(rows).to_csv(path, index=False, **options)
    return path


def both(folder: Path, name: str, make: Callable[[Path, list[Row]], Any]) -> list[Path]:
    """Write a training and a test file, each in a folder of its own."""
    files = []
    for split, rows in (("train", TRAIN), ("test", TEST)):
        (folder / split).mkdir(exist_ok=True)
        files.append(folder / split / name)
        make(files[-1], rows)
    return files


# The two doors


class Told(NamedTuple):
    """What a command told: exit status, standard output, and standard error."""

    status: int
    output: str
    errors: str

    @property
    def error(self) -> str:
        """The one line of a refusal."""
        assert self.status == 2, self.errors
        assert self.output == "" and "Traceback" not in self.errors
        (line,) = [line for line in self.errors.splitlines() if line.startswith("labelwise ")]
        return line.partition(": error: ")[2]

    def lines_with(self, part: str) -> list[str]:
        return [line for line in self.errors.split("\n") if part in line]


Command = Callable[..., Told]


class Trained(NamedTuple):
    """A model that `labelwise train` wrote, and what was told and printed."""

    folder: Path
    told: Told
    printed: dict[str, Any]

    @property
    def names(self) -> list[str]:
        """Names of the labels in the order of their ids."""
        id2label = json.loads((self.folder / "config.json").read_text("utf-8"))["id2label"]
        return [id2label[str(i)] for i in range(len(id2label))]


def as_words(options: dict[str, Any]) -> list[str]:
    """Return options as the command line takes them."""
    words = []
    for name, value in options.items():
        words += [f"--{name}", *map(str, value if isinstance(value, list) else [value])]
    return words


def train(command: Command, folder: Path, train_file: Any, **options: Any) -> Trained:
    """Run `labelwise train`, which must work, in a new folder `model`."""
    out = folder / "model"
    words = ["--train_file", str(train_file), *as_words(options), "--output_dir", str(out)]
    told = command("train", "--model", "br", *as_words(_OPTIONS), *words)
    assert told.status == 0, told.errors
    return Trained(out, told, json.loads(told.output))


def new_classifier() -> MultiLabelClassifier:
    """The front door's counterpart of `train`."""
    return MultiLabelClassifier("br", **_OPTIONS)


def refused(command: Command, folder: Path, train_file: Any, **options: Any) -> str:
    """Return the line with which both doors refuse a training file. Nothing is written."""
    out = folder / "refused"
    words = ["--train_file", str(train_file), *as_words(options), "--output_dir", str(out)]
    told = command("train", "--model", "br", *words)
    with pytest.raises(UserInputError) as caught:
        MultiLabelClassifier("br").fit(train_file, **options)
    assert told.error == str(caught.value)
    assert not out.exists()
    return told.error


def evaluate(command: Command, model: Path, test_file: Any, **options: Any) -> dict[str, Any]:
    """Run `labelwise evaluate`, which must work, and return what it prints."""
    words = ["--model_name_or_path", str(model), "--test_file", str(test_file), *as_words(options)]
    told = command("evaluate", *words)
    assert told.status == 0, told.errors
    return json.loads(told.output)


def predict(command: Command, model: Path, source: Any, stdin: bytes | None = None, **options: Any) -> list[list[str]]:
    """Run `labelwise predict`, which must work, and return the labels of each text."""
    words = ["--model_name_or_path", str(model), "--input", str(source), *as_words(options)]
    told = command("predict", *words, stdin=stdin)
    assert told.status == 0, told.errors
    return [json.loads(line)["labels"] for line in told.output.splitlines()]


def check_command(
    command: Command, folder: Path, train_file: Any, test_file: Any, renamed: dict[str, str] = AS_IS, **options: Any
) -> Trained:
    """Train, evaluate and predict by commands.

    The files contain `TRAIN` and `TEST`; `renamed` has the names of the labels in them, in the order of the model.
    """
    model = train(command, folder, train_file, **options)
    assert model.names == [*renamed.values()]
    assert model.printed["validation"]["micro_f1"] == 1.0
    measured = evaluate(command, model.folder, test_file, **options)
    assert measured["micro_f1"] == measured["subset_accuracy"] == 1.0
    of_texts = {name: value for name, value in options.items() if name in _OF_TEXTS}
    assert predict(command, model.folder, test_file, **of_texts) == labels_of(TEST, renamed)
    return model


def check_front_door(train: Any, test: Any, renamed: dict[str, str] = AS_IS, **options: Any) -> list[str]:
    """Fit, predict and evaluate by `MultiLabelClassifier`, where `train` and `test` may be pairs of texts and labels.

    Returns:
        `list[str]`: What was told.
    """
    names = [*renamed.values()]
    classifier = new_classifier()
    with listening() as told:
        classifier.fit(*(train if isinstance(train, tuple) else (train,)), **options)
        measured = classifier.evaluate(*(test if isinstance(test, tuple) else (test,)))
    assert classifier.classes_.tolist() == names
    assert measured["micro_f1"] == measured["subset_accuracy"] == 1.0
    predicted = classifier.predict(texts_of(TEST))
    if not isinstance(predicted, list):  # one 0 or 1 per label, as the labels were given
        predicted = [[name for name, state in zip(names, row, strict=True) if state] for row in predicted]
    assert predicted == labels_of(TEST, renamed)
    return told


def labels_of(rows: list[Row], renamed: dict[str, str] = AS_IS) -> list[list[str]]:
    """Return the labels of rows, in the order and under the names of `renamed`."""
    return [[new for label, new in renamed.items() if label in row.labels] for row in rows]


def load(train_file: Any, **options: Any) -> dict[str, tuple[list[str], list[str]]]:
    """Return labels and unknown labels by text, of a training file and the validation part that is cut off."""
    corpus = DataArguments(train_file=str(train_file), **options).load()
    found = {}
    for split in corpus.values():
        names = split.features["labels"].feature.names
        for row in split:
            found[row["text"]] = tuple([names[i] for i in row.get(key, [])] for key in ("labels", "unknown_labels"))
    return found


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect the messages of this package."""
    told: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())
    logger = logging.getLogger("labelwise")
    before, propagates = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [handler], False
    try:
        yield told
    finally:
        logger.handlers, logger.propagate = before, propagates
