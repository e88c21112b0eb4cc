# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training documents that are read from Parquet while they are needed, as they do not fit into memory.

One pass over the label column finds and counts the labels; vocabulary, word vectors and the first biases come from the
first documents. A resumed training reads the same documents in the same order, and passes over those it has seen.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet
import torch
from datasets import Dataset, DatasetDict, IterableDataset, load_dataset
from transformers import PreTrainedTokenizerBase

from ..datasets_scripts import from_lists
from ..datasets_scripts.documents import UNKNOWN_COLUMN
from ..datasets_scripts.own_data.formats import format_of
from ..datasets_scripts.own_data.sources import find_files
from ..datasets_scripts.own_data.tables import names_in_parquet
from ..datasets_scripts.own_data.text_columns import read_text
from ..errors import UserInputError
from ..families import Family, GradientFamily
from ..tokenization.long_texts import read_beginnings
from ..trainer.multi_label_trainer import MultiLabelTrainer
from ..trainer.preprocessing import multi_hot
from ..trainer.training_arguments import MultiLabelTrainingArguments
from .base_run import RunArguments
from .data import DataArguments
from .options import check_numbers
from .progress import logger

_BUFFER = 10_000
_LISTS, _STRINGS = (pyarrow.list_, pyarrow.large_list), (pyarrow.string(), pyarrow.large_string())
_IDS = (pyarrow.int64(), pyarrow.int32(), pyarrow.int16(), pyarrow.int8())
# Options that say how the files are read.
_READ = ("text_column", "label_column", "label_names", "unseen_labels")


@dataclass
class StreamingArguments(RunArguments):
    """Options of training documents that are not read at once."""

    streaming: bool = field(
        default=False,
        metadata={
            "help": "Read the training documents, Parquet with lists of labels, while they are needed; vocabulary and "
            "word vectors are learned from the first --shuffle_buffer ones."
        },
    )
    shuffle_buffer: int | None = field(
        default=None, metadata={"help": f"Documents to shuffle at a time with --streaming; {_BUFFER:,} by default."}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        check_numbers(self, ["shuffle_buffer"], lambda number: number > 0, "> 0")
        if self.shuffle_buffer is not None and not self.streaming:
            raise UserInputError(f"--shuffle_buffer {self.shuffle_buffer}: needs --streaming; leave it out")


@dataclass
class Stream:
    """Documents of Parquet files.

    Args:
        data (`DataArguments`): Names the files and their columns.
        files (`list[Path]`): The files of training documents, in the order of their names.
        counts (`dict[str, int]`): Number of documents of each label, in the order of the label ids.
        num_documents (`int`): Number of documents.
        buffer_size (`int`): Number of documents that are shuffled at a time.
        class_names (`list[str]`, *optional*): Names of the label ids in the files; they contain names if not given.
    """

    data: DataArguments
    files: list[Path]
    counts: dict[str, int]
    num_documents: int
    buffer_size: int
    class_names: list[str] | None = None

    @property
    def name(self) -> str:
        """Name of the data in results."""
        return self.data.name

    def load(self, model_labels: list[str] | None = None) -> DatasetDict:
        """Return the first training documents, and all of validation and test; see `DataArguments.load`."""
        files = {"validation": self.data.validation_file, "test": self.data.test_file}
        first = Dataset.from_list(list(islice(self._rows(), self.buffer_size)))
        splits = {"train": first, **{split: file for split, file in files.items() if file}}
        options = {name: getattr(self.data, name) for name in _READ if name != "label_names"}
        corpus = from_lists(splits, model_labels=list(self.counts), **options)
        logger.info(
            f"--streaming: {self.num_documents:,} training documents; what a model learns before its training, such as "
            f"words, word vectors and log-odds, comes from the first {len(first):,}"
        )
        return corpus

    def feed(self, trainer: MultiLabelTrainer) -> None:
        """Give a trainer the documents, again and again, in place of those that it has."""
        args, config = trainer.args, trainer.model.config
        args.remove_unused_columns = False  # the collator reads the texts
        seed = args.seed if args.data_seed is None else args.data_seed
        # Each process reads all rows and keeps its own: the first one cannot send batches of different lengths.
        trainer.accelerator.dataloader_config.dispatch_batches = False
        trainer.train_dataset = Passes(self._rows(), self.buffer_size, seed)
        trainer.train_data_collator = StreamCollator(
            self.data, trainer.processing_class, config.label2id, trainer.train_data_collator
        )

    def epochs(self, trainer: MultiLabelTrainer) -> float:
        """Return how often a trainer has read all documents."""
        args = trainer.args
        per_step = args.train_batch_size * args.gradient_accumulation_steps * args.world_size
        return trainer.state.global_step * per_step / self.num_documents

    def _rows(self) -> IterableDataset:
        files = [str(file) for file in self.files]
        columns = [*self.data.text_column, self.data.label_column]
        rows = load_dataset("parquet", data_files=files, split="train", streaming=True, columns=columns)
        rows = rows.reshard()  # into row groups: a file that is read as a whole keeps those that were read in memory
        return rows if self.class_names is None else rows.map(self._name_labels)

    def _name_labels(self, row: dict[str, Any]) -> dict[str, Any]:
        column = self.data.label_column
        return {**row, column: [self.class_names[number] for number in row[column]]}


class Passes(torch.utils.data.IterableDataset):
    """Rows again and again, in another order in each pass.

    `IterableDataset.repeat` would repeat the order too, as `Trainer` sees one epoch without an end.

    Args:
        rows (`IterableDataset`): The rows of one pass.
        buffer_size (`int`): Number of rows that are shuffled at a time.
        seed (`int`): Seed of the orders.
    """

    def __init__(self, rows: IterableDataset, buffer_size: int, seed: int) -> None:
        self.rows, self.buffer_size, self.seed = rows, buffer_size, seed

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for number in count():
            generator = np.random.default_rng((self.seed, number))
            is_empty = True
            for row in self.rows.shuffle(generator=generator, buffer_size=self.buffer_size):
                yield row
                is_empty = False
            if is_empty:  # a worker of the data loader for which no row group is left
                return


class StreamCollator:
    """A collator of rows of a `Stream`, which it tokenizes.

    Args:
        data (`DataArguments`): Names the columns.
        tokenizer (`PreTrainedTokenizerBase`): Tokenizer of the model.
        label2id (`dict[str, int]`): Ids of the labels.
        collate (`Callable`): Collator of tokenized documents.
    """

    def __init__(
        self, data: DataArguments, tokenizer: PreTrainedTokenizerBase, label2id: dict[str, int], collate: Callable
    ) -> None:
        self.data, self.tokenizer, self.label2id, self.collate = data, tokenizer, label2id, collate

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Return a batch for `forward`.

        Raises:
            UserInputError: A text is missing.
        """
        texts = [read_text(row, self.data.text_column, f"a row of {self.data.train_file}") for row in rows]
        encoded = self.tokenizer(read_beginnings(texts, self.tokenizer), truncation=True)
        ids = [[self.label2id[name] for name in row[self.data.label_column]] for row in rows]
        labels_BL = multi_hot(ids, len(self.label2id)).tolist()
        documents = [dict(zip(encoded, values, strict=True)) for values in zip(*encoded.values(), strict=True)]
        return self.collate([{**row, "labels": labels} for row, labels in zip(documents, labels_BL, strict=True)])


def check_streaming(model: Family, data: DataArguments, args: MultiLabelTrainingArguments) -> None:
    """Check that nothing is asked for that needs all documents at once.

    Raises:
        UserInputError: Something is, or the documents are not streamed from files.
    """
    if not isinstance(data, DataArguments) or data.train_file is None or data.validation_file is None:
        raise UserInputError("--streaming: needs --train_file with Parquet, and --validation_file")
    options = [name for name in data.given() if name not in _READ]
    if options:
        raise UserInputError(f"--{options[0]}: --streaming reads Parquet with lists of labels only; leave it out")
    if args.max_steps <= 0:
        raise UserInputError("--streaming: needs --max_steps, because a stream has no epochs")
    if "epoch" in (args.eval_strategy, args.save_strategy):
        raise UserInputError("--streaming: has no epochs; pass --eval_strategy and --save_strategy, steps or no")
    if vars(model).get("mlm_epochs") is not None:
        raise UserInputError(f"--mlm_epochs {model.mlm_epochs}: --streaming has no epochs; leave it out")
    if not isinstance(model, GradientFamily):
        raise UserInputError(f"--streaming: {model.system} is fitted to all documents at once; leave it out")
    needs_all = {
        "--loss weighted_bce": args.loss == "weighted_bce",
        "--loss distribution_balanced": args.loss == "distribution_balanced",
        "--tokens_per_batch": args.tokens_per_batch is not None,
        f"--train_sampling_strategy {args.train_sampling_strategy}": args.train_sampling_strategy != "random",
        "--learning_rate_decay": args.learning_rate_decay != 1,
        "--pretraining_steps": model.pretrains,
        "--freeze_encoder": model.freeze_encoder,
    }
    for option, is_given in needs_all.items():
        if is_given:
            raise UserInputError(f"{option}: needs all training documents at once; leave it or --streaming out")


def open_stream(data: DataArguments, model_labels: Sequence[str] | None, buffer_size: int | None) -> Stream:
    """Find and count the labels of Parquet files, in one pass over their column.

    Args:
        data (`DataArguments`): Names the files and their columns.
        model_labels (`Sequence[str]`, *optional*): Labels of an existing model, in their order.
        buffer_size (`int`, *optional*): Value of `--shuffle_buffer`.

    Raises:
        UserInputError: A file is not Parquet, lacks a column, or has labels that are not lists of names or of the ids
            that the file names; two files name ids differently.
    """
    files = find_files(data.train_file)
    wrong = [file for file in files if format_of(file) != "parquet"]
    if wrong:
        raise UserInputError(
            f"--streaming: {wrong[0]} is not a Parquet file; `labelwise datasets --train_file FILE --to_parquet "
            "FOLDER` converts it"
        )
    counts: Counter[str] = Counter()
    class_names = names_in_parquet(files[0], data.label_column)
    for file in files:
        if names_in_parquet(file, data.label_column) != class_names:
            raise UserInputError(f"{file}: names the ids of '{data.label_column}' differently from {files[0]}")
        for labels in _labels(file, data, class_names):
            for found in labels.value_counts():
                counts[found["values"].as_py()] += found["counts"].as_py()
    names = model_labels or data.label_names or class_names or sorted(counts)
    unknown = sorted(counts.keys() - set(names))
    if unknown:
        raise UserInputError(f"{data.train_file}: the label {unknown[0]!r} is none of those that are given")
    num_documents = sum(pyarrow.parquet.read_metadata(file).num_rows for file in files)
    counted = {name: counts[name] for name in names}
    return Stream(data, files, counted, num_documents, buffer_size or _BUFFER, class_names)


def _labels(file: Path, data: DataArguments, class_names: list[str] | None) -> Iterator[pyarrow.Array]:
    """Yield the names of the labels of a batch of rows at a time, one after another."""
    try:
        parquet = pyarrow.parquet.ParquetFile(file)
        schema = parquet.schema_arrow
        missing = [name for name in (*data.text_column, data.label_column) if name not in schema.names]
        if missing:
            raise UserInputError(f"{file}: no column '{missing[0]}'; there are: {', '.join(schema.names)}")
        kind = schema.field(data.label_column).type
        values = _STRINGS if class_names is None else _IDS
        if kind not in [make(value) for make in _LISTS for value in values]:
            raise UserInputError(
                f"{file}: '{data.label_column}' is {kind}; --streaming reads lists of label names, or of ids that the "
                "file names"
            )
        if UNKNOWN_COLUMN in schema.names:
            raise UserInputError(f"{file}: has a column '{UNKNOWN_COLUMN}', which --streaming does not read")
        for batch in parquet.iter_batches(columns=[data.label_column]):
            labels = batch.column(0).flatten()
            if class_names is not None:
                labels = pyarrow.array(class_names, pyarrow.string()).take(labels)
            if batch.column(0).null_count or labels.null_count:
                raise UserInputError(f"{file}: '{data.label_column}' is missing (null) in a row; correct or remove it")
            yield labels
    except pyarrow.ArrowIndexError as error:
        raise UserInputError(f"{file}: '{data.label_column}' has an id without a name ({error})") from error
    except (pyarrow.ArrowException, OSError) as error:
        raise UserInputError(f"{file}: cannot be read as Parquet ({error})") from error
