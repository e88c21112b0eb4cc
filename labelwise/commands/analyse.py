# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise analyse`: neighbours of a document by label, and disagreements of models (LW-PT, Tables 5 and 6)."""

from dataclasses import dataclass, field
from itertools import chain, compress, zip_longest
from pathlib import Path

import datasets

from ..analysis.cases import Case, find_cases
from ..analysis.neighbours import label_shares, nearest, similarities
from ..datasets_scripts.documents import UNKNOWN_COLUMN, check_text
from ..errors import UserInputError
from ..hub.markdown import escape, make_table
from ..json_text import dump_json
from ..label_ids import find_label_ids
from ..modeling.thresholding import predict_labels
from ..runs.data import DataArguments
from ..runs.loading import load_config_and_tokenizer, load_for_inference
from ..runs.options import CommandParser, check_numbers, choose_part
from ..runs.prediction import predict_split
from ..runs.progress import logger
from ..runs.writing import check_file, open_file
from ..trainer.preprocessing import label_matrix
from ..wording import counted

_CHARACTERS_SHOWN = 200
_SMALLEST_SHARE = 0.1  # as in Table 5


@dataclass
class OutputArguments:
    """Options of both analyses."""

    split: str = field(default="test", metadata={"help": "Split to read: train, validation or test."})
    batch_size: int = field(default=64, metadata={"help": "Documents per batch."})
    output_file: str | None = field(
        default=None,
        metadata={
            "help": "File to write: JSON lines if its name ends in .jsonl, else Markdown. By default, JSON lines go to "
            "standard output, and the table to standard error."
        },
    )

    def __post_init__(self) -> None:
        check_numbers(self, ["batch_size"], lambda number: number > 0, "> 0")
        check_file("--output_file", self.output_file)


@dataclass
class NeighboursArguments(OutputArguments):
    """Model, document and labels of a table of neighbours."""

    model_name_or_path: str = field(
        kw_only=True, metadata={"help": "Folder or Hub id of a trained or pre-trained model."}
    )
    document: str = field(
        kw_only=True,
        metadata={"help": "Id of a document of the split, its number in the split (from 0), or any text."},
    )
    labels: list[str] = field(kw_only=True, metadata={"help": "Names of the labels."})
    num_neighbours: int = field(default=50, metadata={"help": "Nearest documents to count the labels of."})

    def __post_init__(self) -> None:
        super().__post_init__()
        check_numbers(self, ["num_neighbours"], lambda number: number > 0, "> 0")


@dataclass
class CasesArguments(OutputArguments):
    """Models of a table of cases."""

    models: list[str] = field(
        kw_only=True,
        metadata={
            "help": "Folders or Hub ids. Documents that the last model gets right and the first gets wrong come first."
        },
    )
    num_cases: int = field(default=10, metadata={"help": "Documents to show."})

    def __post_init__(self) -> None:
        super().__post_init__()
        check_numbers(self, ["num_cases"], lambda number: number > 0, "> 0")
        different = {Path(name).resolve() for name in self.models}
        if len(different) < 2 or len(different) < len(self.models):
            raise UserInputError(f"--models {' '.join(self.models)}: name at least two models, each once")


def main(argv: list[str]) -> None:
    name = choose_part("analyse", {name: what for name, (_, _, what) in ANALYSES.items()}, argv)
    analyse, arguments, _ = ANALYSES[name]
    args, data_args = CommandParser([arguments, DataArguments], prog=f"labelwise analyse {name}").parse(argv[1:])
    table, records = analyse(args, data_args)
    lines = "".join(dump_json(record) + "\n" for record in records)
    if args.output_file is None:
        logger.info(table.removesuffix("\n"))
    with open_file("--output_file", args.output_file) as file:
        file.write(lines if (args.output_file or ".jsonl").endswith(".jsonl") else table)


def neighbours(args: NeighboursArguments, data_args: DataArguments) -> tuple[str, list[dict]]:
    """Make Table 5 of LW-PT: shares of the labels among the nearest documents.

    Args:
        args (`NeighboursArguments`): The options.
        data_args (`DataArguments`): The corpus.

    Returns:
        `tuple[str, list[dict]]`: The table as Markdown, and a record for each label: `representation`, `shares` of all
        labels, and `neighbours`, each with `id` and `similarity`.

    Raises:
        UserInputError: The model or the data does not exist or does not fit, a label or the document is unknown, or
            there are fewer documents than neighbours.
    """
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    label_ids = find_label_ids("--labels", args.labels, config)
    documents = data_args.load_split(args.split, config.label_names)
    number = _find_document(args.document, documents["id"])
    text = check_text(args.document, "--document") if number is None else documents[number]["text"]
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    if not any(start < end for start, end in encoded["offset_mapping"]):
        raise UserInputError(f"--document {args.document!r}: it contains no words")
    others = [i for i in range(len(documents)) if i != number]
    if args.num_neighbours > len(others):
        raise UserInputError(
            f"--num_neighbours {args.num_neighbours}: there are {len(others)} other {args.split} documents"
        )
    model = load_for_inference(args.model_name_or_path, config, may_lack_head=True).base_model
    similarity_NK, is_label_wise = similarities(
        model, tokenizer, text, documents.select(others)["text"], label_ids, args.batch_size
    )
    headings = [config.id2label[index] for index in label_ids] if is_label_wise else ["(one for all labels)"]
    records = []
    for heading, similarity_N in zip(headings, similarity_NK.T, strict=True):
        found = nearest(similarity_N, args.num_neighbours)
        near = [{"id": documents[others[i]]["id"], "similarity": round(float(similarity_N[i]), 4)} for i in found]
        shares = label_shares(label_matrix(documents.select([others[i] for i in found])), config.label_names)
        records.append({"representation": heading, "shares": shares, "neighbours": near})
    own = "unknown" if number is None else _join(_label_sets(documents.select([number]))[0])
    lines = [
        f"Labels of the {counted(args.num_neighbours, 'document')} nearest to this one, of {len(others):,} "
        f"({escape(data_args.name)}, {escape(args.split)}), by the representation (Rep.) of each label in "
        f"{escape(args.model_name_or_path)}: share P of the documents that have the label, from "
        f"{_SMALLEST_SHARE:.0%}, by cosine similarity.{_tell_unknown(documents)}\n",
        f"> {_excerpt(text)}\n>\n> Its labels: {own}\n",
    ]
    head = [cell for heading in headings for cell in (f"Rep. {escape(heading)}", "P")]
    columns = [
        [(escape(label), f"{share:.0%}") for label, share in record["shares"].items() if share >= _SMALLEST_SHARE]
        for record in records
    ]
    rows = [list(chain(*row)) for row in zip_longest(*columns, fillvalue=("", ""))]
    return "\n".join([*lines, make_table(head, rows)]) + "\n", records


def cases(args: CasesArguments, data_args: DataArguments) -> tuple[str, list[dict]]:
    """Make Table 6 of LW-PT: documents on which models differ.

    Args:
        args (`CasesArguments`): The options.
        data_args (`DataArguments`): The corpus.

    Returns:
        `tuple[str, list[dict]]`: The table as Markdown, and a record for each document: `id`, `text`, `labels`, and
        `predicted`, the labels by model; labels that are unknown of a document are in neither.

    Raises:
        UserInputError: A model or the data does not exist or does not fit.
    """
    predicted = []
    for name_or_path in args.models:
        split = predict_split(name_or_path, data_args, args.split, args.batch_size)
        names = split.config.label_names
        label_rows = predict_labels(split.predictions, split.config.thresholds).tolist()
        predicted.append([set(compress(names, row)) for row in label_rows])
    documents = split.documents
    unknown = _label_sets(documents, UNKNOWN_COLUMN)
    by_document = zip(*predicted, strict=True)
    known = [[labels - some for labels in of_models] for of_models, some in zip(by_document, unknown, strict=True)]
    all_cases = list(map(Case, documents["id"], documents["text"], _label_sets(documents), known))
    found = find_cases(all_cases)
    headings = [Path(name).name for name in args.models]
    if len(set(headings)) < len(headings):
        headings = args.models
    first, last = escape(headings[0]), escape(headings[-1])
    lines = [
        f"{escape(data_args.name)}, {escape(args.split)}: the models differ on {len(found):,} of {len(all_cases):,} "
        f"documents. All labels right: by {last} and not by {first} on {sum(case.is_gain for case in found):,}, by "
        f"{first} and not by {last} on {sum(case.is_loss for case in found):,}. The first "
        f"{min(args.num_cases, len(found))} follow, the former before the latter.\n",
        "✓: all labels right. ✗: not all; +label is predicted and not true, −label is true and not predicted."
        f"{_tell_unknown(documents)}\n",
    ]
    rows, records = [], []
    for case in found[: args.num_cases]:
        cells = [_excerpt(case.text), _join(case.labels), *(_mark(case.labels, labels) for labels in case.predicted)]
        rows.append(cells)
        by_model = {model: sorted(labels) for model, labels in zip(args.models, case.predicted, strict=True)}
        records.append({"id": case.id, "text": case.text, "labels": sorted(case.labels), "predicted": by_model})
    table = make_table(["Document", "True labels", *map(escape, headings)], rows)
    return "\n".join([*lines, table]) + "\n", records


def _label_sets(documents: datasets.Dataset, column: str = "labels") -> list[set[str]]:
    """Return the labels that a column has of each document; none without the column."""
    if column not in documents.column_names:
        return [set()] * len(documents)
    names = documents.features[column].feature.names
    return [{names[index] for index in ids} for ids in documents[column]]


def _tell_unknown(documents: datasets.Dataset) -> str:
    has_some = UNKNOWN_COLUMN in documents.column_names
    return " Labels that are unknown of a document are left out." if has_some else ""


def _find_document(document: str, ids: list[str]) -> int | None:
    """Return the number of a document in its split, or `None` for a text."""
    ids = list(ids)
    if document in ids:
        return ids.index(document)
    if not document.removeprefix("-").isdecimal():
        return None
    numbers = list(map(str, range(len(ids))))
    if document not in numbers:
        raise UserInputError(f"--document {document}: no id of the split, and no number from 0 to {len(ids) - 1}")
    return numbers.index(document)


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return escape(text) if len(text) <= _CHARACTERS_SHOWN else f"{escape(text[:_CHARACTERS_SHOWN].rstrip())} …"


def _join(labels: set[str]) -> str:
    return ", ".join(map(escape, sorted(labels))) or "none"


def _mark(labels: set[str], predicted: set[str]) -> str:
    """Return the labels that a model predicts, with marks of errors."""
    if predicted == labels:
        return f"✓ {_join(predicted)}"
    named = [(name, "" if name in labels else "+") for name in predicted] + [(name, "−") for name in labels - predicted]
    return "✗ " + ", ".join(f"{sign}{escape(name)}" for name, sign in sorted(named))


ANALYSES = {
    "neighbours": (
        neighbours,
        NeighboursArguments,
        "labels of the documents nearest to a document, by the representation of each label",
    ),
    "cases": (cases, CasesArguments, "documents on which models differ"),
}
