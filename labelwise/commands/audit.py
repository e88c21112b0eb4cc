# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise audit`: report what is wrong with texts and labels, before any training."""

import logging
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ..analysis.all_splits import AllSplits, join_splits
from ..analysis.audit import Audit, AuditSettings, make_audit
from ..analysis.audit_page import to_html
from ..analysis.audit_sections import make_sections
from ..analysis.audit_text import to_text
from ..analysis.duplicates import Duplicates, find_duplicates
from ..analysis.label_errors import check_cleanlab
from ..analysis.near_duplicates import LOWEST_SIMILARITY
from ..analysis.text_lengths import measure_lengths, word_counter
from ..classifier import MultiLabelClassifier
from ..csv_rows import write_table
from ..errors import UserInputError
from ..families import family_of_model
from ..json_text import dump_json
from ..runs.data import DataArguments
from ..runs.locking import lock_folder
from ..runs.options import CommandParser, check_numbers
from ..runs.out_of_fold import cross_validate_probabilities, make_classifier
from ..runs.progress import hide_bars
from ..runs.results import make_results
from ..runs.writing import check_folder, make_files
from ..secret_tokens import hide_tokens

logger = logging.getLogger(__name__)

_MAX_LENGTH = 256
_PICTURES = ("lengths", "label_frequencies", "label_pairs", "label_errors")


@dataclass
class AuditArguments:
    """What an audit looks for, and its output."""

    output_dir: str = field(
        metadata={"help": "Folder of the report (audit.html, audit.json), its tables (CSV) and pictures (PNG)."}
    )
    max_length: int | None = field(
        default=None, metadata={"help": f"Words that a model reads; {_MAX_LENGTH} by default."}
    )
    model_name_or_path: str | None = field(
        default=None,
        metadata={
            "help": "Folder or Hub id of a trained model: what it reads of a text, and likely label errors of the "
            "validation and test documents by its probabilities."
        },
    )
    out_of_fold: str | None = field(
        default=None,
        metadata={
            "help": "System whose out-of-fold probabilities show likely label errors of all documents, such as br, "
            "which takes a minute for thousands of documents."
        },
    )
    num_folds: int = field(default=5, metadata={"help": "Folds of --out_of_fold, each a training."})
    min_documents: int = field(default=10, metadata={"help": "Training documents below which a label is rare."})
    near_duplicate_similarity: float = field(
        default=0.7,
        metadata={"help": "Share of common character 5-grams from which two texts count as near-duplicates."},
    )
    no_texts: bool = field(default=False, metadata={"help": "Write the ids of documents and no texts."})
    batch_size: int = field(default=64, metadata={"help": "Documents per batch of the model."})

    def __post_init__(self) -> None:
        check_numbers(self, ["max_length", "min_documents", "batch_size"], lambda number: number > 0, "> 0")
        check_numbers(self, ["num_folds"], lambda number: number > 1, "> 1")
        expected = f">= {LOWEST_SIMILARITY} and <= 1"
        check_numbers(self, ["near_duplicate_similarity"], lambda number: LOWEST_SIMILARITY <= number <= 1, expected)
        if self.max_length is not None and self.model_name_or_path is not None:
            raise UserInputError("--max_length and --model_name_or_path: give one; a model has its own limit")
        if self.out_of_fold is not None:
            family_of_model(self.out_of_fold)
        check_folder("--output_dir", self.output_dir)


def main(argv: list[str]) -> None:
    args, data_args = CommandParser([AuditArguments, DataArguments], prog="labelwise audit").parse(argv)
    with lock_folder("--output_dir", args.output_dir):
        _audit(args, data_args, argv)


def _audit(args: AuditArguments, data_args: DataArguments, argv: list[str]) -> None:
    hide_bars()  # those of the trainings of --out_of_fold would hide the report
    start = time.monotonic()
    audit = run(args, data_args)
    facts = make_results(
        **audit.to_json(),
        command=shlex.join(["labelwise", "audit", *argv]),
        wall_time_seconds=round(time.monotonic() - start, 1),
    )
    if audit.label_errors is not None:
        facts["versions"]["cleanlab"] = version("cleanlab")
    report, files = write_report(audit, facts, Path(args.output_dir), with_texts=not args.no_texts)
    logger.info(report)
    print(dump_json({**facts, "files": files}))


def run(args: AuditArguments, data_args: DataArguments) -> Audit:
    """Audit a corpus.

    Args:
        args (`AuditArguments`): The options.
        data_args (`DataArguments`): The corpus.

    Returns:
        `Audit`: The tables of the report.

    Raises:
        UserInputError: The data or the model does not exist or does not fit, or a package is missing.
    """
    if data_args.unseen_labels == "miss":
        raise UserInputError(
            "--unseen_labels miss: an audit counts no misses of a model; correct these labels, or pass ignore to leave "
            "them out"
        )
    if args.model_name_or_path or args.out_of_fold:
        check_cleanlab()
    classifier = None
    if args.model_name_or_path:
        classifier = MultiLabelClassifier.from_pretrained(args.model_name_or_path)
    documents = join_splits(data_args.load(None if classifier is None else classifier.classes_.tolist()))
    duplicates = find_duplicates(documents.texts, args.near_duplicate_similarity)
    tokenizer = word_counter(documents.texts, args.max_length or _MAX_LENGTH)
    lengths = measure_lengths(documents.texts, tokenizer if classifier is None else classifier.tokenizer)
    scores, probabilities_DL = _score(args, data_args, documents, duplicates, classifier)
    settings = AuditSettings(data_args.name, args.min_documents, args.near_duplicate_similarity, scores)
    return make_audit(documents, duplicates, lengths, settings, probabilities_DL)


def _score(
    args: AuditArguments,
    data_args: DataArguments,
    documents: AllSplits,
    duplicates: Duplicates,
    classifier: MultiLabelClassifier | None,
) -> tuple[str, np.ndarray | None]:
    """Return where the probabilities come from, in words, and the probabilities, NaN for documents without."""
    if args.out_of_fold is not None:
        probabilities_DL = cross_validate_probabilities(
            make_classifier(args.out_of_fold),
            documents.texts,
            documents.labels_DL,
            documents.label_names,
            duplicates.group_D,
            args.num_folds,
            data_args.split_seed,
        )
        scores = (
            f"{args.out_of_fold}, by {args.num_folds}-fold cross-validation over all splits, texts that are the same "
            "or almost the same in one fold"
        )
        return scores, probabilities_DL
    if classifier is None:
        return "", None
    rows = np.flatnonzero(~documents.in_split("train"))
    if not len(rows):
        logger.warning(
            f"--model_name_or_path {args.model_name_or_path}: label errors were not checked, because there are only "
            "training documents, whose labels the model learned; --out_of_fold br checks them"
        )
        return "", None
    probabilities_DL = np.full(documents.labels_DL.shape, np.nan, dtype=np.float32)
    probabilities_DL[rows] = classifier.predict_proba([documents.texts[row] for row in rows], args.batch_size)
    scores = (
        f"{args.model_name_or_path}, on documents outside the training split (a model confirms the labels that it was "
        "trained on: --out_of_fold checks those)"
    )
    return scores, probabilities_DL


def write_report(audit: Audit, facts: Mapping, folder: Path, with_texts: bool = True) -> tuple[str, list[str]]:
    """Write the report, all files or none, and remove those of an earlier report that this one does not have.

    Args:
        audit (`Audit`): The tables.
        facts (`Mapping`): Contents of `audit.json`.
        folder (`Path`): Folder of the files.
        with_texts (`bool`, *optional*, defaults to `True`): Whether tables have the texts of documents.

    Returns:
        `str`: The report as plain text, and the path of the page.
        `list[str]`: The paths of the files.

    Raises:
        UserInputError: The files cannot be written.
    """
    title = f"Audit of {audit.settings.name}"
    if not with_texts:
        audit.duplicates = audit.duplicates.drop(columns="text")
        if audit.label_errors is not None:
            audit.label_errors = audit.label_errors.drop(columns="text")
    tables = {
        "incomplete": audit.incomplete,
        "labels": audit.labels,
        "label_pairs": audit.label_pairs,
        "near_equal_label_names": audit.label_names,
        "duplicates": audit.duplicates,
        "label_errors": audit.label_errors,
    }
    sections, pictures = make_sections(audit), _draw(audit)
    earlier = [*(f"{name}.csv" for name in tables), *(f"{name}.png" for name in _PICTURES)]
    with make_files("--output_dir", folder, earlier) as unfinished:
        (unfinished / "audit.html").write_text(hide_tokens(to_html(title, sections, pictures)), "utf-8")
        (unfinished / "audit.json").write_text(hide_tokens(dump_json(facts, indent=2)) + "\n", "utf-8")
        for name, table in tables.items():
            if table is not None:
                write_table(table, unfinished / f"{name}.csv", index=False)
        for name, picture in pictures.items():
            (unfinished / f"{name}.png").write_bytes(picture)
        files = [str(folder / path.name) for path in sorted(unfinished.iterdir())]
    return f"{to_text(title, sections)}\n\n{folder / 'audit.html'}", files


def _draw(audit: Audit) -> dict[str, bytes]:
    try:
        from ..analysis.audit_figures import draw_pictures

        return draw_pictures(audit)
    except ImportError as error:
        logger.warning(f"no pictures: a package is missing: pip install 'labelwise[figures]' ({error})")
    except ValueError as error:
        logger.warning(f"no pictures: {error}")
    return {}
