# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise predict`: write label sets and probabilities as JSON lines, CSV or Parquet."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from transformers.utils.logging import tqdm

from ..datasets_scripts.documents import check_text
from ..datasets_scripts.own_data.options import FileOptions
from ..errors import UserInputError
from ..hub.answer_rules import AnswerRules, check_thresholds
from ..runs.answer_files import CSV_LABELS, FORMATS, AnsweredRow, AnswerTable, answer_rows, find_format, write_answers
from ..runs.loading import check_label_tokens, load_config_and_tokenizer, load_for_inference
from ..runs.options import CommandParser, check_numbers
from ..runs.parts import check_parts, describe_files, start_processes, write_in_parts
from ..runs.precision import DTYPES, check_dtype
from ..runs.unlabelled import Row, read_rows
from ..runs.writing import check_file


@dataclass
class PredictArguments(FileOptions):
    """Model, input and output of predictions."""

    model_name_or_path: str = field(
        kw_only=True, metadata={"help": "Folder or Hub id of a trained model, or an exported folder."}
    )
    input: str | None = field(
        default=None,
        metadata={
            "help": "CSV, TSV, JSON, JSONL, Parquet or Excel file, a folder or pattern of them, a file with one text "
            "per line, or - for standard input."
        },
    )
    text: list[str] | None = field(default=None, metadata={"help": "Texts, instead of --input.", "action": "extend"})
    known_labels_column: str | None = field(
        default=None,
        metadata={"help": "Column of known labels: a list of names, or an object of true and false by name."},
    )
    keep_columns: list[str] | None = field(
        default=None,
        metadata={"help": "Input columns to copy to the output; a column `id` is always copied.", "action": "extend"},
    )
    threshold: list[str] | None = field(
        default=None,
        metadata={
            "help": "Threshold of all labels (0.3) or of one (label=0.7), instead of the model's.",
            "action": "extend",
        },
    )
    min_labels: int = field(
        default=0,
        metadata={"help": "Minimum number of labels per text, filled with the best by score; an empty text has none."},
    )
    label_by_label: bool = field(
        default=False, metadata={"help": "Predict one label at a time, the most confident first (lm-mtc; slower)."}
    )
    dtype: str = field(
        default="float32",
        metadata={
            "help": "Data type of matrix products; bfloat16 is faster on processors that support it.",
            "choices": list(DTYPES),
        },
    )
    batch_size: int = field(default=64, metadata={"help": "Texts per batch; more where they are short."})
    output_file: str | None = field(default=None, metadata={"help": "File to write; defaults to standard output."})
    format: str | None = field(
        default=None,
        metadata={
            "help": "Format of the output; by default that of the suffix of --output_file, otherwise jsonl.",
            "choices": list(FORMATS),
        },
    )
    csv_labels: str | None = field(
        default=None,
        metadata={
            "help": "Labels in CSV: `columns` (one of 0 and 1 per label; the default), or `names` (one column with a "
            "list of names).",
            "choices": list(CSV_LABELS),
        },
    )
    shards: int | None = field(
        default=None,
        metadata={
            "help": "Write this many files of consecutive texts, NAME-00000-of-00004.jsonl and so on. Run a stopped "
            "command again to answer only what is missing, as with `accelerate launch`."
        },
    )
    top_k: int | None = field(default=None, metadata={"help": "Write only the best scores, this many."})
    no_scores: bool = field(default=False, metadata={"help": "Write no scores."})

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_input()
        check_numbers(self, ["batch_size", "top_k", "shards"], lambda number: number > 0, "> 0")
        check_numbers(self, ["min_labels"], lambda number: number >= 0, ">= 0")
        if self.no_scores and self.top_k is not None:
            raise UserInputError("--top_k chooses scores, and --no_scores writes none; leave one of them out")
        self.format = find_format(self.output_file, self.format)
        if self.csv_labels is not None and self.format != "csv":
            raise UserInputError(f"--csv_labels {self.csv_labels}: is for --format csv, not {self.format}")
        self.thresholds = parse_thresholds(self.threshold or [])

    def _check_input(self) -> None:
        if (self.input is None) == (self.text is None):
            told = "give the texts: --input with a file or -, or --text"
            raise UserInputError(told if self.text is None else "--input and --text are both given; leave one out")
        if self.input_format == "folder":
            raise UserInputError("input_format folder is for training: name a file, a folder or pattern of files, or -")
        of_files = [part.name for part in fields(FileOptions)]
        default = FileOptions()
        given = [name for name in of_files if getattr(self, name) != getattr(default, name)]
        given += ["known_labels_column"] if self.known_labels_column else []
        given += ["keep_columns"] if self.keep_columns else []
        if self.text is not None and given:
            raise UserInputError(f"--{given[0]} is for --input, not for --text")
        kept = self.keep_columns or []
        twice = [name for i, name in enumerate(kept) if name in kept[:i]]
        if twice:
            raise UserInputError(f"--keep_columns: '{twice[0]}' is named twice")


def parse_thresholds(given: list[str]) -> tuple[float | None, dict[str, float]]:
    """Return the threshold of all labels, if there is one, and those of single labels.

    Args:
        given (`list[str]`): Numbers, and numbers after the name of a label and "=".

    Raises:
        UserInputError: One is no number between 0 and 1, or is given twice.
    """
    found: dict[str | None, float] = {}
    for threshold in given:
        name, equals, number = threshold.rpartition("=")
        key = name if equals else None
        try:
            found_number = float(number)
        except ValueError as error:
            raise UserInputError(f"--threshold {threshold}: must be a number, or LABEL=NUMBER") from error
        check_thresholds([found_number])
        if key in found:
            raise UserInputError(f"--threshold {threshold}: is given twice{f' for {name}' if equals else ''}")
        found[key] = found_number
    return found.pop(None, None), {name: number for name, number in found.items() if name is not None}


def main(argv: list[str]) -> None:
    (args,) = CommandParser(PredictArguments, prog="labelwise predict").parse(argv)
    run(args)


def run(args: PredictArguments) -> None:
    """Load the model and write the predictions of the input.

    Args:
        args (`PredictArguments`): The options.

    Raises:
        UserInputError: The model or the input does not exist or cannot be read.
    """
    state = start_processes()
    check_file("--output_file", args.output_file)
    in_parts = check_parts(args.input, args.output_file, args.shards)
    check_dtype(args.dtype, args.model_name_or_path)
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path, args.label_by_label, may_be_exported=True)
    if args.known_labels_column:
        check_label_tokens(args.model_name_or_path, config, "--known_labels_column")
    num_scores = 0 if args.no_scores else args.top_k
    rules = AnswerRules.for_model(config, *args.thresholds, args.min_labels, num_scores)
    if args.text is None:
        carried, rows = read_rows(args.input, args, config, args.keep_columns or [], args.known_labels_column)
    else:
        texts = [check_text(text, f"--text {number}") for number, text in enumerate(args.text, start=1)]
        carried, rows = [], (Row(text, {}, {}) for text in texts)
    table = AnswerTable(carried, config.label_names, not args.no_scores, args.csv_labels or "columns")
    table.check(args.format)
    # The weights come last: they take longest.
    model = load_for_inference(args.model_name_or_path, config, dtype=args.dtype)
    gc.freeze()  # searching the modules and the model for garbage takes as long as thousands of texts

    def answer(rows: Iterator[Row]) -> Iterator[AnsweredRow]:
        answered = answer_rows(model, tokenizer, rows, args.batch_size, rules)
        return tqdm(answered, desc="Predicting", unit="text", disable=None if state.is_main_process else True)

    if in_parts:
        key = f"{describe_files(args.model_name_or_path)} {[vars(args)[name] for name in _deciding_options()]}"
        write_in_parts(rows, answer, table, args.format, args.output_file, args.shards, key)
    else:
        write_answers(answer(rows), table, args.format, args.output_file)


def _deciding_options() -> list[str]:
    """Return the options that decide an answer, besides the text."""
    places = {"input", "text", "output_file", "shards", "batch_size"}
    return [part.name for part in fields(PredictArguments) if part.name not in places]
