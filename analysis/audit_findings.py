# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What an audit found, in a sentence each: what to look at first."""

from ..wording import counted
from .audit import Audit

_DOCUMENTS = {
    "blank_texts": "Documents with a blank text",
    "unlabelled": "Documents without labels",
    "same_text": "Documents that repeat the text of another one of their split",
    "conflict": "Documents with the text of another one, and other labels",
    "near_conflict": "Documents with almost the text of another one, and other labels",
    "documents_cut": "Documents that are cut",
}
_EVALUATION = {
    "same_text_in_train": "Evaluation documents with the text of a training document, which makes results too good",
    "near_in_train": "Evaluation documents with almost the text of a training document, which makes results too good",
}


def find_problems(audit: Audit) -> list[str]:
    """Return a sentence for each problem of the corpus; an empty list if there is none."""
    found = audit.checks["all"]
    trained = audit.checks["train"]["documents"] if "train" in audit.checks else 0
    sentences = [_tell(what, found[check], found["documents"]) for check, what in _DOCUMENTS.items() if found[check]]
    sentences += [
        _tell(what, found[check], found["documents"] - trained)
        for check, what in _EVALUATION.items()
        if found.get(check)
    ]
    if found["documents_cut"]:
        sentences.append(f"Share of {audit.lengths.unit} that are cut off: {percent(found['share_of_words_lost'])}.")
    if audit.rare:
        few = counted(audit.settings.min_documents, "training document" if "train" in audit.checks else "document")
        sentences.append(_tell(f"Labels with fewer than {few}", len(audit.rare), len(audit.labels)))
    if len(audit.label_names):
        sentences.append(f"Pairs of labels with nearly equal names: {len(audit.label_names)}.")
    if found.get("label_errors"):
        some = found["documents_with_label_errors"]
        sentences.append(_tell("Documents with labels that are likely wrong", some, found["scored_documents"]))
    return sentences


def _tell(what: str, number: float, of: float) -> str:
    return f"{what}: {count(number)} of {count(of)} ({percent(number / of)})."


def count(number: float) -> str:
    """Return a whole number with separators of thousands."""
    return f"{int(number):,}"


def percent(share: float, decimals: int = 1) -> str:
    """Return a share as a percentage."""
    return f"{100 * share:.{decimals}f} %"
