# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The sections of an audit's report, from which the text and the page are made."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from ..wording import counted
from .audit import Audit
from .audit_findings import count, find_problems, percent
from .label_errors import FEWEST_DOCUMENTS

_NAMED = 20  # labels that a sentence names
_CHECKS = {
    "Documents": {
        "documents": "documents",
        "labels_per_document": "labels per document",
        "unlabelled": "without labels",
        "unknown_labels": "unknown labels",
        "blank_texts": "blank texts",
        "labels_without_documents": "labels without documents",
    },
    "Lengths": {
        "mean_words": "{unit} per document",
        "max_words": "{unit} of the longest",
        "documents_cut": "documents cut",
        "share_of_words_lost": "{unit} lost",
    },
    "Duplicates": {
        "same_text": "same text as an earlier one of the split",
        "near": "almost the same as another of the split",
        "same_text_in_train": "same text as a training document",
        "near_in_train": "almost the same as a training document",
        "conflict": "same text, different labels",
        "near_conflict": "almost the same text, different labels",
    },
    "Label errors": {
        "scored_documents": "documents checked",
        "documents_with_label_errors": "with likely errors",
        "label_errors": "likely errors",
    },
}
_SHARES = {"unlabelled", "blank_texts", "documents_cut", *_CHECKS["Duplicates"], "documents_with_label_errors"}


@dataclass
class Section:
    """A section of the report.

    Attributes:
        title (`str`): Its heading.
        checks (`pd.DataFrame`): Numbers by split.
        sentences (`list[str]`): What to know about them.
        caption, file (`str`): Heading of `table`, and the file that contains all of its rows.
        table (`pd.DataFrame`, *optional*): A table of cells.
        pictures (`list[str]`): Names of its pictures.
    """

    title: str
    checks: pd.DataFrame
    sentences: list[str]
    caption: str = ""
    file: str = ""
    table: pd.DataFrame | None = None
    pictures: list[str] = field(default_factory=list)


def make_sections(audit: Audit) -> list[Section]:
    """Return the sections of the report, with all cells as text."""
    parts = (_findings, _documents, _lengths, _duplicates, _labels, _pairs, _names, _errors)
    made = [part(audit) for part in parts]
    return [section for section in made if section is not None]


def _findings(audit: Audit) -> Section:
    return Section("Findings", pd.DataFrame(), find_problems(audit) or ["Nothing."])


def _documents(audit: Audit) -> Section:
    cells = _format(
        audit.incomplete, blank_text=lambda blank: "yes" if blank else "", unlabelled=lambda no: "yes" if no else ""
    )
    return Section(
        "Documents",
        _format_checks(audit, "Documents"),
        [],
        "Documents without a text or a label",
        "incomplete.csv",
        cells.rename(columns={"blank_text": "blank text"}),
    )


def _lengths(audit: Audit) -> Section:
    sentences = [f"A model reads {audit.lengths.limit} of a document; what follows is cut off."]
    if audit.lengths.unit == "words":
        sentences.append("Words are counted as the models of words do: a punctuation mark is one.")
    return Section("Lengths", _format_checks(audit, "Lengths"), sentences, pictures=["lengths"])


def _duplicates(audit: Audit) -> Section:
    sentences = [
        "Texts are the same if they differ in white space at most, and almost the same if they share at least "
        f"{percent(audit.settings.similarity, 0)} of their character 5-grams (Jaccard similarity, without case and "
        "punctuation).",
    ]
    for split, others in audit.shared.iterrows():
        named = [f"{count(number)} with the text of one in {other}" for other, number in others.items() if number]
        if named:
            sentences.append(f"Documents of {split}: {', '.join(named)}.")
    table = audit.duplicates.drop(columns="text_number")
    cells = _format(
        table,
        labels=_join_labels,
        differ=lambda differ: "yes" if differ else "no",
        similarity=lambda number: f"{number:.2f}",
        text=shorten,
    )
    caption = "Groups of the same or almost the same text; those whose labels differ first"
    return Section("Duplicates", _format_checks(audit, "Duplicates"), sentences, caption, "duplicates.csv", cells)


def _labels(audit: Audit) -> Section:
    sentences = []
    if audit.rare:
        few = counted(audit.settings.min_documents, "training document" if "train" in audit.checks else "document")
        sentences.append(
            f"Labels with fewer than {few}: {len(audit.rare)} of {len(audit.labels)}: {_name(audit.rare)}."
        )
    table = audit.labels.drop(columns="unknown") if not audit.labels["unknown"].any() else audit.labels
    cells = _format(table, share=percent, share_of_it=percent)
    return Section(
        "Labels",
        pd.DataFrame(),
        sentences,
        "Labels by frequency",
        "labels.csv",
        cells.rename(columns={"most_often_with": "most often with", "share_of_it": "share with it"}),
        ["label_frequencies"],
    )


def _pairs(audit: Audit) -> Section | None:
    pairs = audit.label_pairs
    if pairs.empty:
        return None
    sentences = []
    always = pairs[(pairs["share_of_label"] > 0.95) & (pairs["share_of_other"] > 0.95) & (pairs["together"] > 1)]
    if len(always):
        named = _name([f"{one} and {two}" for one, two in zip(always["label"], always["other"], strict=True)])
        sentences.append(f"Labels that hardly ever apply without each other: {named}.")
    cells = _format(pairs, share_of_label=percent, share_of_other=percent, correlation=lambda number: f"{number:.2f}")
    return Section(
        "Labels that apply together",
        pd.DataFrame(),
        sentences,
        "Pairs of labels, the most correlated first",
        "label_pairs.csv",
        cells.rename(columns={"share_of_label": "of label's", "share_of_other": "of other's"}),
        ["label_pairs"],
    )


def _names(audit: Audit) -> Section | None:
    if audit.label_names.empty:
        return None
    counts = audit.labels.set_index("label")["all"]
    table = audit.label_names.assign(
        documents=audit.label_names["label"].map(counts), of_other=audit.label_names["other"].map(counts)
    )
    sentence = "They may be one label, written in two ways."
    cells = _format(table).rename(columns={"of_other": "documents of other"})
    return Section(
        "Near-equal label names", pd.DataFrame(), [sentence], "Pairs of labels", "near_equal_label_names.csv", cells
    )


def _errors(audit: Audit) -> Section | None:
    if audit.label_errors is None:
        return None
    sentences = [
        f"Probabilities come from {audit.settings.scores}. They contradict these labels, by cleanlab's confident "
        "learning; a person has to decide.",
        f"At 0.5, the probabilities have a micro-F1 of {audit.micro_f1:.3f} against the labels as they are: the lower "
        "it is, the more of the labels that they contradict are right.",
    ]
    if audit.num_unchecked:
        sentences.append(
            f"Labels that are not checked, with fewer than {FEWEST_DOCUMENTS} documents: {audit.num_unchecked}."
        )
    table = audit.label_errors.assign(
        error=audit.label_errors["given"].map(lambda given: "should not apply" if given else "should apply")
    )
    first = ["split", "id", "label", "error", "probability", "labels"]
    table = table[[*first, *(column for column in table if column == "text")]]
    cells = _format(table, probability=lambda number: f"{number:.3f}", labels=_join_labels, text=shorten)
    caption = "Likely label errors, the surest first"
    return Section(
        "Label errors",
        _format_checks(audit, "Label errors"),
        sentences,
        caption,
        "label_errors.csv",
        cells,
        ["label_errors"],
    )


def _format_checks(audit: Audit, theme: str) -> pd.DataFrame:
    rows = {}
    for check, wording in _CHECKS[theme].items():
        if check not in audit.checks.index or (check == "unknown_labels" and not audit.checks.loc[check, "all"]):
            continue
        numbers = audit.checks.loc[check]
        if check == "share_of_words_lost":
            cells = map(percent, numbers)
        elif check in _SHARES:
            of = "scored_documents" if theme == "Label errors" else "documents"
            cells = map(_count_and_share, numbers, audit.checks.loc[of])
        else:
            cells = (
                f"{number:,.2f}" if check in ("labels_per_document", "mean_words") else count(number)
                for number in numbers
            )
        rows[wording.format(unit=audit.lengths.unit)] = dict(zip(numbers.index, cells, strict=True))
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(audit.checks))


def _count_and_share(number: float, of: float) -> str:
    return f"{count(number)} ({percent(number / of)})" if number else "0"


def _format(table: pd.DataFrame, **formats: Callable) -> pd.DataFrame:
    """Return a table of strings; whole numbers get separators of thousands."""
    columns = {
        name: [formats[name](value) for value in values]
        if name in formats
        else [f"{value:,}" if isinstance(value, int) else str(value) for value in values.tolist()]
        for name, values in table.items()
    }
    return pd.DataFrame(columns, columns=list(table), dtype=object)


def _join_labels(labels: str) -> str:
    return ", ".join(json.loads(labels)) or "(none)"


def _name(names: list[str]) -> str:
    named = ", ".join(names[:_NAMED])
    return named if len(names) <= _NAMED else f"{named} and {len(names) - _NAMED} more"


def shorten(text: str, characters: int = 200) -> str:
    """Return the beginning of a text, on one line."""
    text = " ".join(text[: 4 * characters].split())
    return text if len(text) <= characters else f"{text[:characters].rstrip()} …"
