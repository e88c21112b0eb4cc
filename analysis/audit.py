# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The audit of a corpus: what usually goes wrong with texts and labels, as tables.

Shapes: D documents, L labels.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..trainer.metrics import score
from .all_splits import AllSplits
from .duplicates import Duplicates, count_duplicates, count_shared, list_duplicates
from .label_counts import count_known, count_labels, count_together, list_label_pairs
from .label_errors import FEWEST_DOCUMENTS, list_label_errors
from .label_names import find_near_equal_names
from .text_lengths import TextLengths


@dataclass(frozen=True)
class AuditSettings:
    """What an audit calls rare, and almost the same, and where its probabilities come from.

    Attributes:
        name (`str`): Name of the corpus.
        min_documents (`int`): Training documents below which a label is rare.
        similarity (`float`): Similarity from which two texts are almost the same (`find_near_duplicates`).
        scores (`str`): Where the probabilities come from, in words; empty without probabilities.
    """

    name: str
    min_documents: int
    similarity: float
    scores: str = ""


@dataclass
class Audit:
    """The tables of an audit.

    Attributes:
        settings (`AuditSettings`): The settings.
        lengths (`TextLengths`): Words of each document, and those that a model reads.
        checks (`pd.DataFrame`): Numbers by split: a row for each check, a column for each split, and `all`.
        incomplete (`pd.DataFrame`): `split` and `id` of the documents without a text or label, and which of the two is
            missing (`blank_text`, `unlabelled`). A document with an unknown label may have a label.
        labels, label_pairs, label_names (`pd.DataFrame`): From `count_labels`, `list_label_pairs` and
            `find_near_equal_names`.
        rare (`list[str]`): Labels with fewer than `min_documents` training documents, the most frequent first.
        together_LL, known_LL (`np.ndarray`): From `count_together` and `count_known`, in the order of `labels`.
        duplicates (`pd.DataFrame`): From `list_duplicates`.
        shared (`pd.DataFrame`): From `count_shared`.
        label_errors (`pd.DataFrame`, *optional*): From `list_label_errors`; `None` without probabilities.
        num_unchecked (`int`): Labels with too few documents to look for errors.
        micro_f1 (`float`): Micro-F1 of the probabilities at 0.5 on the labels as they are; NaN without probabilities.
    """

    settings: AuditSettings
    lengths: TextLengths
    checks: pd.DataFrame
    incomplete: pd.DataFrame
    labels: pd.DataFrame
    label_pairs: pd.DataFrame
    label_names: pd.DataFrame
    rare: list[str]
    together_LL: np.ndarray
    known_LL: np.ndarray
    duplicates: pd.DataFrame
    shared: pd.DataFrame
    label_errors: pd.DataFrame | None
    num_unchecked: int
    micro_f1: float

    def to_json(self) -> dict[str, Any]:
        """Return all numbers, without texts and ids."""
        settings = self.settings
        numbers = {
            "dataset": settings.name,
            "min_documents": settings.min_documents,
            "near_duplicate_similarity": settings.similarity,
            "length_unit": self.lengths.unit,
            "length_limit": self.lengths.limit,
            "checks": {split: dict(map(_as_number, self.checks[split].items())) for split in self.checks},
            "labels": self.labels.round(6).to_dict("records"),
            "rare_labels": self.rare,
            "near_equal_label_names": self.label_names.to_dict("records"),
            "documents_with_text_of_another_split": self.shared.to_dict("index"),
        }
        if self.label_errors is not None:
            by_label = self.label_errors.groupby(["label", "given"]).size().unstack(fill_value=0)
            by_label = by_label.reindex(columns=[False, True], fill_value=0)
            numbers["label_errors"] = {
                "scores": settings.scores,
                "micro_f1": round(self.micro_f1, 4),
                "labels_not_checked": self.num_unchecked,
                "missing": {label: int(count) for label, count in by_label[False].items()},
                "wrong": {label: int(count) for label, count in by_label[True].items()},
            }
        return numbers


def make_audit(
    documents: AllSplits,
    duplicates: Duplicates,
    lengths: TextLengths,
    settings: AuditSettings,
    probabilities_DL: np.ndarray | None = None,
) -> Audit:
    """Make the tables of an audit.

    Args:
        documents (`AllSplits`): The documents of all splits.
        duplicates (`Duplicates`): From `find_duplicates`.
        lengths (`TextLengths`): From `measure_lengths`.
        settings (`AuditSettings`): The settings.
        probabilities_DL (`np.ndarray` of shape `(documents, num_labels)`, *optional*): Probabilities of a model that
            was not trained on the document; NaN for documents that are not to be checked. Without them, label errors
            are not looked for.
    """
    labels = count_labels(documents)
    numbers = {name: number for number, name in enumerate(documents.label_names)}
    order = np.ix_(*[[numbers[label] for label in labels["label"]]] * 2)
    counted = "train" if "train" in labels else "all"
    errors = None if probabilities_DL is None else list_label_errors(documents, probabilities_DL)
    scored_D = None if probabilities_DL is None else ~np.isnan(probabilities_DL).any(axis=1)
    num_unchecked, micro_f1 = 0, float("nan")
    if scored_D is not None:
        true_DL, known_DL = documents.labels_DL[scored_D] == 1, documents.labels_DL[scored_D] >= 0
        micro_f1 = score(probabilities_DL[scored_D] > 0.5, true_DL, known_DL, "micro_f1")
        num_unchecked = int(((documents.labels_DL[scored_D] == 1).sum(axis=0) < FEWEST_DOCUMENTS).sum())
    return Audit(
        settings=settings,
        lengths=lengths,
        checks=_checks(documents, duplicates, lengths, errors, scored_D),
        incomplete=_list_incomplete(documents),
        labels=labels,
        label_pairs=list_label_pairs(documents),
        label_names=find_near_equal_names(documents.label_names),
        rare=labels["label"][labels[counted] < settings.min_documents].tolist(),
        together_LL=count_together(documents.labels_DL)[order],
        known_LL=count_known(documents.labels_DL)[order],
        duplicates=list_duplicates(documents, duplicates),
        shared=count_shared(documents, duplicates),
        label_errors=errors,
        num_unchecked=num_unchecked,
        micro_f1=micro_f1,
    )


def _list_incomplete(documents: AllSplits) -> pd.DataFrame:
    is_blank_D, is_unlabelled_D = _is_blank(documents), _is_unlabelled(documents)
    rows = np.flatnonzero(is_blank_D | is_unlabelled_D)
    return pd.DataFrame(
        {
            "split": [documents.split_names[split] for split in documents.split_D[rows]],
            "id": [documents.ids[row] for row in rows],
            "blank_text": is_blank_D[rows],
            "unlabelled": is_unlabelled_D[rows],
        }
    )


def _is_blank(documents: AllSplits) -> np.ndarray:
    return np.array([not text.strip() for text in documents.texts], dtype=bool)


def _is_unlabelled(documents: AllSplits) -> np.ndarray:
    return (documents.labels_DL == 0).all(axis=1)


def _checks(
    documents: AllSplits,
    duplicates: Duplicates,
    lengths: TextLengths,
    errors: pd.DataFrame | None,
    scored_D: np.ndarray | None,
) -> pd.DataFrame:
    kinds = count_duplicates(documents, duplicates)
    applies_DL, unknown_DL = documents.labels_DL == 1, documents.labels_DL == -100
    is_blank_D, is_unlabelled_D = _is_blank(documents), _is_unlabelled(documents)
    columns = {}
    parts = [(name, documents.split_D == number) for number, name in enumerate(documents.split_names)]
    for name, rows in [*parts, ("all", np.ones(len(documents.ids), dtype=bool))]:
        words = lengths.words_D[rows]
        number = int(rows.sum())
        numbers = {
            "documents": number,
            "labels_per_document": applies_DL[rows].sum() / max(number, 1),
            "unlabelled": int((is_unlabelled_D & rows).sum()),
            "unknown_labels": int(unknown_DL[rows].sum()),
            "labels_without_documents": int((~applies_DL[rows].any(axis=0)).sum()),
            "blank_texts": int((is_blank_D & rows).sum()),
            "mean_words": words.sum() / max(number, 1),
            "max_words": int(words.max(initial=0)),
            "documents_cut": int((lengths.is_cut_D & rows).sum()),
            "share_of_documents_cut": (lengths.is_cut_D & rows).sum() / max(number, 1),
            "share_of_words_lost": 1 - lengths.read_D[rows].sum() / max(words.sum(), 1) if words.sum() else 0.0,
            **{kind: int((is_kind_D & rows).sum()) for kind, is_kind_D in kinds.items()},
        }
        if errors is not None:
            found = errors if name == "all" else errors[errors["split"] == name]
            numbers["scored_documents"] = int((scored_D & rows).sum())
            numbers["label_errors"] = len(found)
            numbers["documents_with_label_errors"] = len(found[["split", "id"]].drop_duplicates())
        columns[name] = {check: float(value) for check, value in numbers.items()}
    if "train" not in columns:
        columns = {
            name: {check: value for check, value in numbers.items() if not check.endswith("in_train")}
            for name, numbers in columns.items()
        }
    return pd.DataFrame(columns)


def _as_number(item: tuple[str, float]) -> tuple[str, int | float]:
    """Return a check with a whole number as an integer."""
    name, value = item
    return name, int(value) if value.is_integer() and "share" not in name else round(value, 6)
