# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files of answers: JSON lines, CSV and Parquet, written as the answers come, and read by `labelwise train`."""

import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import IO, Any

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..csv_rows import write_rows
from ..errors import UserInputError
from ..hub.answer_rules import AnswerRules
from ..json_text import dump_json
from .answers import Answer, predict
from .prediction import Document
from .unlabelled import Row
from .writing import open_file

FORMATS = ("jsonl", "csv", "parquet")
CSV_LABELS = ("columns", "names")
_SUFFIXES = {".csv": "csv", ".parquet": "parquet"}
_NOT_WRITTEN = (".tsv", ".tab", ".xlsx", ".xls", ".gz", ".bz2", ".xz", ".zip")

# Values of the columns that are carried over from the input, and the answer.
AnsweredRow = tuple[Mapping[str, Any], Answer]


@dataclass
class AnswerTable:
    """Columns of the output.

    Args:
        carried (`Sequence[str]`): Columns that are carried over from the input.
        label_names (`Sequence[str]`): Names of all labels, in the order of the model's.
        has_scores (`bool`): Whether scores are written.
        csv_labels (`str`): In CSV, `"columns"`: one column of 0 and 1 per label, and one of its scores; or `"names"`:
            one column with a list of names, and one with an object of scores.
    """

    carried: Sequence[str]
    label_names: Sequence[str]
    has_scores: bool
    csv_labels: str

    def columns(self, file_format: str) -> list[str]:
        """Return the columns of a format."""
        if file_format == "csv" and self.csv_labels == "columns":
            scores = [f"scores.{name}" for name in self.label_names] if self.has_scores else []
            return [*self.carried, *self.label_names, *scores]
        return [*self.carried, "labels", *(["scores"] if self.has_scores else [])]

    def check(self, file_format: str) -> None:
        """Check that no two columns have the same name.

        Raises:
            UserInputError: Two have.
        """
        seen: set[str] = set()
        for name in self.columns(file_format):
            if name in seen:
                raise UserInputError(
                    f"the output would have two columns '{name}': rename that of the input, or choose another --format "
                    "or --csv_labels"
                )
            seen.add(name)


def find_format(output_file: str | None, given: str | None) -> str:
    """Return the format of an output file: that which is given, or that of its suffix, or JSON lines.

    Args:
        output_file (`str`, *optional*): The file; `None` is standard output.
        given (`str`, *optional*): Value of `--format`.

    Raises:
        UserInputError: The suffix is that of a format that is not written, or Parquet would go to standard output.
    """
    suffix = Path(output_file or "").suffix.lower()
    if given is None and suffix in _NOT_WRITTEN:
        raise UserInputError(f"--output_file {output_file}: {suffix} is not written; name a .jsonl, .csv or .parquet")
    file_format = given or _SUFFIXES.get(suffix, "jsonl")
    if file_format == "parquet" and output_file is None:
        raise UserInputError("--format parquet: is not written to standard output; pass --output_file")
    return file_format


def answer_rows(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    rows: Iterator[Row],
    batch_size: int,
    rules: AnswerRules,
) -> Iterator[AnsweredRow]:
    """Yield the carried values and the answer of each row; only a few blocks of rows are in memory.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        rows (`Iterator[Row]`): From `read_rows`.
        batch_size (`int`): Number of texts of a batch.
        rules (`AnswerRules`): How probabilities become answers.
    """
    carried = deque()  # filled by the thread that reads

    def documents() -> Iterator[Document]:
        for row in rows:
            carried.append(row.carried)
            yield row.text, row.known

    for found in predict(model, tokenizer, documents(), batch_size, rules):
        yield carried.popleft(), found


def write_answers(rows: Iterable[AnsweredRow], table: AnswerTable, file_format: str, output_file: str | None) -> None:
    """Write answers as they come; the file appears only when it is complete.

    Args:
        rows (`Iterable[tuple[Mapping[str, Any], Answer]]`): Carried values by column, and the answer.
        table (`AnswerTable`): The columns.
        file_format (`str`): `"jsonl"`, `"csv"` or `"parquet"`.
        output_file (`str`, *optional*): The file; `None` is standard output.

    Raises:
        UserInputError: The file cannot be written, or, in Parquet, a carried column has values of several types.
    """
    with open_file("--output_file", output_file, binary=file_format == "parquet") as file:
        _WRITERS[file_format](file, rows, table)


def join_answers(files: Mapping[Path, Sequence[Path]], table: AnswerTable, file_format: str) -> None:
    """Join files that `write_answers` has written into what it would have written for all of their rows.

    Args:
        files (`Mapping[Path, Sequence[Path]]`): For each file, its parts in their order; the first has one at least.
        table, file_format: As in `write_answers`.

    Raises:
        UserInputError: As in `write_answers`.
    """
    if file_format == "parquet":
        from .answer_parquet import join_parquet

        join_parquet(files, table)
        return
    header = StringIO()
    if file_format == "csv":
        write_rows(header, [table.columns("csv")])
    heading = header.getvalue().encode()
    for path, parts in files.items():
        with open_file("--output_file", str(path), binary=True) as whole:
            whole.write(heading)
            for part in parts:
                with part.open("rb") as rows:
                    rows.seek(len(heading))
                    shutil.copyfileobj(rows, whole)


def _write_jsonl(file: IO, rows: Iterable[AnsweredRow], table: AnswerTable) -> None:
    for carried, (labels, scores) in rows:
        answer = {**carried, "labels": labels, **({"scores": scores} if table.has_scores else {})}
        file.write(dump_json(answer, default=str) + "\n")


def _write_csv(file: IO, rows: Iterable[AnsweredRow], table: AnswerTable) -> None:
    cells = _to_columns if table.csv_labels == "columns" else _to_names
    answered = ([*map(to_cell, carried.values()), *cells(answer, table)] for carried, answer in rows)
    write_rows(file, chain([table.columns("csv")], answered))


def _to_columns(answer: Answer, table: AnswerTable) -> Iterator[str | int]:
    labels = set(answer.labels)
    yield from (int(name in labels) for name in table.label_names)
    if table.has_scores:
        # With six digits, since a column of only "0.0" and "1.0" would be read as one of a label.
        scores = {name: f"{score:.6f}" for name, score in answer.scores.items()}
        yield from (scores.get(name, "") for name in table.label_names)


def _to_names(answer: Answer, table: AnswerTable) -> Iterator[str]:
    yield dump_json(answer.labels)
    if table.has_scores:
        yield dump_json(answer.scores)


def to_cell(value: Any) -> Any:
    """Return a carried value for a table: objects, whose keys may differ from row to row, and lists as JSON."""
    return dump_json(value, default=str) if isinstance(value, (dict, list)) else value


def _write_parquet(file: IO, rows: Iterable[AnsweredRow], table: AnswerTable) -> None:
    from .answer_parquet import write_parquet  # not at the top: other formats need no pyarrow

    write_parquet(file, rows, table)


_WRITERS: dict[str, Callable[[IO, Iterable[AnsweredRow], AnswerTable], None]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "parquet": _write_parquet,
}
