# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The texts and labels that a command or a program works on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas
from datasets import Dataset, DatasetDict

from ..datasets_scripts import CORPORA, from_lists, load_corpus, load_files
from ..datasets_scripts.loading import find_builder
from ..datasets_scripts.own_data.formats import format_of
from ..datasets_scripts.own_data.memory import is_matrix
from ..datasets_scripts.own_data.options import LabelOptions
from ..errors import UserInputError
from .options import SEED_RANGE, check_numbers, is_seed

Documents = Sequence[str] | Dataset | pandas.DataFrame | str | Path
# Names of the options that say how own data is read.
READING_OPTIONS = tuple(part.name for part in fields(LabelOptions))
# Those that are read for files of one format only.
_OF_FORMATS = {"delimiter": "csv", "quoting": "csv", "sheet": "xlsx"}


@dataclass
class DataArguments(LabelOptions):
    """A corpus by name, or the user's own files."""

    dataset: str | None = field(
        default=None, metadata={"help": f"A corpus ({', '.join(sorted(CORPORA))}) or a Hub id ns/name."}
    )
    config_name: str | None = field(default=None, metadata={"help": "Configuration of the corpus, if it has several."})
    data_dir: str | None = field(default=None, metadata={"help": "Folder with the corpus's original files."})
    train_file: str | None = field(
        default=None,
        metadata={
            "help": "Your training file: CSV, TSV, JSON, JSONL, Parquet or Excel, compressed or not; a folder or "
            "pattern of such files; or a folder with one folder of text files per label."
        },
    )
    validation_file: str | None = field(
        default=None,
        metadata={"help": "Your validation file; without it, about 10 %% of the training file."},
    )
    test_file: str | None = field(default=None, metadata={"help": "Your test file."})

    def __post_init__(self) -> None:
        check_numbers(self, ["split_seed"], is_seed, SEED_RANGE)
        super().__post_init__()
        self.check_named()

    def check_named(self) -> None:
        """Check that the data is named, and once.

        Raises:
            UserInputError: There is neither a dataset nor a file, or both, or an option of datasets beside files.
        """
        if (self.dataset is None) == (not any(self._files)):
            told = "name the data: --dataset, or --train_file (and --validation_file, --test_file)"
            raise UserInputError(told if self.dataset is None else "--dataset and files are both given; leave one out")
        for name in ("config_name", "data_dir"):
            if self.dataset is None and getattr(self, name) is not None:
                raise UserInputError(f"--{name} {getattr(self, name)}: is for --dataset, not for files; leave it out")
        formats = {self.input_format or format_of(Path(file)) for file in self._files if file}
        for name, file_format in _OF_FORMATS.items():
            # Files without a suffix that tells a format may have any.
            if getattr(self, name) is not None and formats and not formats & {file_format, None}:
                raise UserInputError(f"--{name} {getattr(self, name)!r}: is for {file_format} files; leave it out")

    @property
    def is_named(self) -> bool:
        """Whether there are documents."""
        return self.dataset is not None or any(self._files)

    @property
    def _files(self) -> list[str | None]:
        return [self.train_file, self.validation_file, self.test_file]

    @property
    def name(self) -> str:
        """Name of the data in results."""
        if self.dataset is None:
            return self.train_file or self.test_file or self.validation_file
        return self.dataset if self.config_name is None else f"{self.dataset}/{self.config_name}"

    @property
    def language(self) -> str | None:
        """Language of the corpus, such as `"zh"`, where it is known."""
        return CORPORA[self.dataset].LANGUAGE if self.dataset in CORPORA else None

    def load(self, model_labels: list[str] | None = None, required: Sequence[str] = ()) -> DatasetDict:
        """Load the splits.

        Args:
            model_labels (`list[str]`, *optional*): Labels of an existing model, in their order; the data must have no
                others.
            required (`Sequence[str]`, *optional*): Splits that must have a document.

        Returns:
            `datasets.DatasetDict`: Some of `train`, `validation`, `test`.

        Raises:
            UserInputError: The data cannot be read or does not fit, or lacks a required split.
        """
        options = {name: getattr(self, name) for name in READING_OPTIONS}
        if self.dataset is not None:
            corpus = load_corpus(self.dataset, self.data_dir, self.config_name, model_labels=model_labels, **options)
        else:
            corpus = load_files(*self._files, model_labels=model_labels, **options)
        for split in required:
            if not corpus.get(split):
                builder = find_builder(self.dataset, self.data_dir, self.config_name, self.split_seed)
                reason = builder.missing() if builder else ""
                told = f"{self.name} has no {split} documents; it has {', '.join(corpus)}"
                raise UserInputError(reason or (told if self.dataset else f"{told}; name --{split}_file"))
        return corpus

    def load_split(self, split: str, model_labels: list[str]) -> Dataset:
        """Load one split for an existing model.

        Args:
            split (`str`): `train`, `validation` or `test`.
            model_labels (`list[str]`): Labels of the model.

        Returns:
            `datasets.Dataset`: At least one document.

        Raises:
            UserInputError: The data cannot be read or does not fit, or has no such split.
        """
        return self.load(model_labels, required=[split])[split]


@dataclass
class OptionalDataArguments(DataArguments):
    """A corpus by name, or the user's own files, or neither."""

    def check_named(self) -> None:
        if self.is_named:
            super().check_named()


class DataInMemory:
    """Documents in memory; the counterpart of `DataArguments`.

    Args:
        splits (`dict`): By split, what `from_lists` takes: `(texts, labels)`, a `datasets.Dataset`, a
            `pandas.DataFrame` or a path.
        options: Fields of `LabelOptions`.

    Attributes:
        is_matrix (`bool`): Whether the labels of the first split are a 0/1 matrix.
    """

    language = None

    def __init__(self, splits: dict[str, Any], **options: Any) -> None:
        # Iterators can be read once.
        self.splits = {
            split: tuple(list(part) if isinstance(part, Iterator) else part for part in documents)
            if isinstance(documents, tuple)
            else documents
            for split, documents in splits.items()
        }
        self.options = options
        self.split_seed = options.get("split_seed", 0)
        self.unseen_labels = options.get("unseen_labels", "error")
        check_numbers(self, ["split_seed"], is_seed, SEED_RANGE)
        first = next(iter(self.splits.values()))
        self.is_matrix = isinstance(first, tuple) and is_matrix(first[1])
        self.name = str(first) if isinstance(first, (str, Path)) else "in-memory data"

    def load(self, model_labels: list[str] | None = None) -> DatasetDict:
        """Make the splits; arguments, result and errors as in `DataArguments.load`."""
        return from_lists(self.splits, model_labels=model_labels, **self.options)
