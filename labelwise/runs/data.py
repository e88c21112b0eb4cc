# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The texts and labels that a command or a program works on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas
from datasets import ClassLabel, Dataset, DatasetDict, List

from ..datasets_scripts import CORPORA, from_lists, load_corpus, load_files
from ..datasets_scripts.loading import find_builder
from ..datasets_scripts.memory import is_matrix
from ..errors import UserInputError
from .options import SEED_RANGE, check_numbers, is_seed

Documents = Sequence[str] | Dataset | pandas.DataFrame


@dataclass
class DataArguments:
    """A corpus by name, or the user's own files."""

    dataset: str | None = field(
        default=None, metadata={"help": f"A corpus ({', '.join(sorted(CORPORA))}) or a Hub id ns/name."}
    )
    config_name: str | None = field(default=None, metadata={"help": "Configuration of the corpus, if it has several."})
    data_dir: str | None = field(default=None, metadata={"help": "Folder with the corpus's original files."})
    train_file: str | None = field(default=None, metadata={"help": "Your training file: JSONL, CSV or Parquet."})
    validation_file: str | None = field(
        default=None,
        metadata={
            "help": "Your validation file; without it, about 10 %% of the training file, fewer where labels are rare."
        },
    )
    test_file: str | None = field(default=None, metadata={"help": "Your test file."})
    text_column: str = field(default="text", metadata={"help": "Column with the text."})
    label_column: str = field(default="labels", metadata={"help": "Column with the labels."})
    label_separator: str | None = field(
        default=None, metadata={"help": "Separator of the labels where the column contains one string."}
    )
    split_seed: int = field(default=0, metadata={"help": "Seed of every split that is made here."})

    def __post_init__(self) -> None:
        if (self.dataset is None) == (not any(self._files)):
            raise UserInputError("name the data: --dataset, or --train_file (and --validation_file, --test_file)")
        check_numbers(self, ["split_seed"], is_seed, SEED_RANGE)

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

    def load(self, label_names: list[str] | None = None, required: Sequence[str] = ()) -> DatasetDict:
        """Load the splits.

        Args:
            label_names (`list[str]`, *optional*): Labels of an existing model, in their order; the data must have no
                others.
            required (`Sequence[str]`, *optional*): Splits that must have a document.

        Returns:
            `datasets.DatasetDict`: Some of `train`, `validation`, `test`.

        Raises:
            UserInputError: The data cannot be read or does not fit, or lacks a required split.
        """
        corpus = self._load(label_names)
        for split in required:
            if not corpus.get(split):
                builder = find_builder(self.dataset, self.data_dir, self.config_name, self.split_seed)
                reason = builder.missing() if builder else ""
                raise UserInputError(reason or f"{self.name} has no {split} documents; it has {', '.join(corpus)}")
        return corpus

    def _load(self, label_names: list[str] | None) -> DatasetDict:
        if self.dataset is not None:
            corpus = load_corpus(
                self.dataset,
                data_dir=self.data_dir,
                config_name=self.config_name,
                seed=self.split_seed,
                text_column=self.text_column,
                label_column=self.label_column,
            )
            return corpus if label_names is None else _with_labels_of_model(corpus, label_names, self.name)
        return load_files(
            *self._files,
            text_column=self.text_column,
            label_column=self.label_column,
            label_separator=self.label_separator,
            label_names=label_names,
            seed=self.split_seed,
        )

    def load_split(self, split: str, label_names: list[str]) -> Dataset:
        """Load one split for an existing model.

        Args:
            split (`str`): `train`, `validation` or `test`.
            label_names (`list[str]`): Labels of the model.

        Returns:
            `datasets.Dataset`: At least one document.

        Raises:
            UserInputError: The data cannot be read or does not fit, or has no such split.
        """
        return self.load(label_names, required=[split])[split]


class DataInMemory:
    """Documents in memory; the counterpart of `DataArguments`.

    Args:
        splits (`dict`): By split, `(texts, labels)`, or a `datasets.Dataset` or `pandas.DataFrame`; see `from_lists`.
        label_names (`Sequence[str]`, *optional*), text_column (`str`), label_column (`str`): As in `from_lists`.
        split_seed (`int`, *optional*, defaults to 0): Seed of a validation split that is cut off.

    Attributes:
        is_matrix (`bool`): Whether the labels of the first split are a 0/1 matrix.
    """

    name = "in-memory data"
    language = None

    def __init__(
        self,
        splits: dict[str, Any],
        label_names: Sequence[str] | None = None,
        text_column: str = "text",
        label_column: str = "labels",
        split_seed: int = 0,
    ) -> None:
        self.splits = splits
        self.label_names = label_names
        self.columns = {"text_column": text_column, "label_column": label_column}
        self.split_seed = split_seed
        check_numbers(self, ["split_seed"], is_seed, SEED_RANGE)
        first = next(iter(splits.values()))
        self.is_matrix = isinstance(first, tuple) and is_matrix(first[1])

    def load(self, label_names: list[str] | None = None) -> DatasetDict:
        """Make the splits; arguments, result and errors as in `DataArguments.load`."""
        if label_names is None:
            return from_lists(self.splits, self.label_names, seed=self.split_seed, **self.columns)
        if not self.is_matrix:
            return from_lists(self.splits, label_names, seed=self.split_seed, **self.columns)
        names = label_names if self.label_names is None else self.label_names
        corpus = from_lists(self.splits, names, seed=self.split_seed, **self.columns)
        return _with_labels_of_model(corpus, label_names, self.name)


def _with_labels_of_model(corpus: DatasetDict, names: list[str], name: str) -> DatasetDict:
    """Return the corpus with its label ids in the order of the model's."""
    first = next(iter(corpus.values()))
    own = first.features["labels"].feature.names
    unknown = [label for label in own if label not in names]
    if unknown:
        raise UserInputError(
            f"{name} has {len(unknown)} labels that the model does not have: {', '.join(unknown[:10])}"
        )
    if own == names:
        return corpus
    new_id = [names.index(label) for label in own]
    features = first.features.copy()
    columns = [column for column in ("labels", "unknown_labels") if column in features]
    features |= {column: List(ClassLabel(names=names)) for column in columns}

    def renumber(row: dict[str, Any]) -> dict[str, list[int]]:
        return {column: sorted(new_id[i] for i in row[column]) for column in columns}

    return corpus.map(renumber, features=features)
