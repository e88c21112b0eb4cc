# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Explanation of linear models: what each word and pair of words adds to the logit of a label, which is exact.

- Binary relevance: TF-IDF value times weight of each word and pair; with the bias they sum to the margin.
- Classifier chain: also the weight of each earlier label that the chain predicts.
- Label powerset: a label's logit is the margin of the best label set with the label minus that of the best one without
  it, so a weight is the difference between the weights of these two sets.

Shapes: K labels to explain, W words of the text, N n-grams of the text, L labels, S label sets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from ..modeling.modeling_tfidf_linear import LinearHead, TfidfLinearForSequenceClassification
from .explanation import MOST_SHOWN, Answer, Explanation
from .words_read import WordsRead


@dataclass
class Term:
    """One term of the sum that is a label's logit: `value` times `weight`.

    Attributes:
        kind (`str`): `"word"`, `"pair"` (of neighbours), `"label"` (an earlier one of a chain) or `"bias"`.
        name (`str`): The word or pair as it is first written in the text, or the label.
        count (`int`): How many times the text has it.
        value (`float`): TF-IDF of all its occurrences; 1 for a label and the bias.
        weight (`float`): Its weight for the label, calibrated if the model is.
    """

    kind: Literal["word", "pair", "label", "bias"]
    name: str
    count: int
    value: float
    weight: float

    @property
    def contribution(self) -> float:
        return self.value * self.weight


@dataclass(kw_only=True)
class LinearExplanation(Explanation):
    """What words and pairs of words add to the logits of labels. Each word has half of what its pairs add.

    Attributes:
        terms (`list[list[Term]]`): The terms of each label, the bias last.
        rivals (`list[str]`): For label powerset, the two label sets that each label's logit is the difference of.
    """

    terms: list[list[Term]]
    rivals: list[str]

    method = "contributions"
    title = "What words add to labels"
    caveat = (
        "Words and pairs that too few training documents contain have no weight and add nothing. Values depend on all "
        "words of the text, so the text without a word does not lose exactly what the word adds."
    )

    def total(self, row: int, kind: str | None = None) -> float:
        """Return the sum of a label's terms, all or those of one kind."""
        return sum(term.contribution for term in self.terms[row] if kind in (None, term.kind))

    def trust(self, row: int) -> str:
        parts = [f"words {self.total(row, 'word'):+.3f}", f"pairs of words {self.total(row, 'pair'):+.3f}"]
        before = [f"{term.name} {term.contribution:+.3f}" for term in self.terms[row] if term.kind == "label"]
        if before:
            parts.append(f"earlier labels {self.total(row, 'label'):+.3f} ({', '.join(before)})")
        bias, logit = self.total(row, "bias"), self.answers[row].logit
        against = f": {self.rivals[row]}" if self.rivals else ""
        return f"exact: {', '.join(parts)} and bias {bias:+.3f} sum to the logit, {logit:+.3f}{against}"

    def measures(self, row: int) -> dict[str, Any]:
        return {"sum": self.total(row)}

    def entries(self, row: int) -> Iterator[dict[str, Any]]:
        for term in self.terms[row]:
            yield {
                "kind": term.kind,
                "term": term.name,
                "count": term.count,
                "value": term.value,
                "weight": term.weight,
                "contribution": term.contribution,
            }

    def highest(self, row: int) -> list[tuple[str, ...]]:
        *others, bias = sorted(self.terms[row], key=lambda term: (term.kind == "bias", -abs(term.contribution)))
        shown, rest = others[:MOST_SHOWN], others[MOST_SHOWN:]
        table = [("Word or pair", "Times", "TF-IDF", "Weight", "Adds")]
        for term in shown:
            is_label = term.kind == "label"
            name = f"{term.name} (earlier label)" if is_label else term.name
            count, value = ("", "") if is_label else (str(term.count), f"{term.value:.3f}")
            table.append((name, count, value, f"{term.weight:+.3f}", self.show(term.contribution)))
        if rest:
            table.append((f"{len(rest)} others", "", "", "", self.show(sum(term.contribution for term in rest))))
        table.append(("bias", "", "", "", self.show(bias.contribution)))
        table.append(("sum: the logit", "", "", "", self.show(self.total(row))))
        return table


def explain_linear(
    model: TfidfLinearForSequenceClassification, words: WordsRead, answers: list[Answer], label_ids: Sequence[int]
) -> LinearExplanation:
    """Return what words and pairs of words add to the logits of labels.

    Args:
        model (`TfidfLinearForSequenceClassification`): The classifier.
        words (`WordsRead`): What it reads.
        answers (`list[Answer]`): What it says about the labels to explain.
        label_ids (`Sequence[int]`): Ids of these labels.
    """
    ngrams_1N, values_1N = model.tfidf_linear.weigh_ngrams(words.input_ids[None].to(model.device))
    description = (
        "what each word adds to the label's logit, with half of what its pairs with its neighbours add: orange adds, "
        "blue subtracts"
    )
    if model.config.method == "lp":
        weight_NK, bias_K, rivals = _compare_label_sets(model, ngrams_1N, values_1N, label_ids)
        description += "; the logit is that of the best label set with the label against the best one without it"
    else:
        weight_NK, bias_K = _weights_of(model.head, ngrams_1N[0], label_ids)
        rivals = []
    scale_K, offset_K = _calibration(model, label_ids)
    if model.config.calibration is not None:
        description += "; weights and bias contain the calibration"
    weight_NK, bias_K = weight_NK * scale_K, bias_K * scale_K + offset_K
    ngrams_N, values_N = ngrams_1N[0].cpu(), values_1N[0].cpu().double()
    margins_L = model.head(ngrams_1N, values_1N)[0].cpu()
    terms = [
        [
            *_terms_of_ngrams(words, ngrams_N, values_N, weight_NK[:, row]),
            *_terms_of_earlier_labels(model, margins_L, label, float(scale_K[row])),
            Term("bias", "bias", 1, 1.0, float(bias_K[row])),
        ]
        for row, label in enumerate(label_ids)
    ]
    return LinearExplanation(
        words=words,
        answers=answers,
        weights_KW=_lay_on_words(words, (values_N[:, None] * weight_NK).T.numpy()),
        description=description,
        terms=terms,
        rivals=rivals,
    )


def _weights_of(head: LinearHead, ngrams_N: torch.Tensor, classes: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the weights of n-grams for some classes, and the biases."""
    columns_K = torch.tensor(classes, device=ngrams_N.device)
    return head.weight[ngrams_N[:, None], columns_K].cpu().double(), head.bias[columns_K].cpu().double()


def _calibration(
    model: TfidfLinearForSequenceClassification, label_ids: Sequence[int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the scale and the offset that make a label's margin its logit."""
    margins_2L = torch.tensor([[0.0], [1.0]]).expand(2, model.config.num_labels)
    offset_K, sum_K = model.calibrate(margins_2L)[:, list(label_ids)].double()
    return sum_K - offset_K, offset_K


def _terms_of_ngrams(
    words: WordsRead, ngrams_N: torch.Tensor, values_N: torch.Tensor, weight_N: torch.Tensor
) -> Iterator[Term]:
    """Yield the term of each word and pair that has a weight. The n-grams are the words, then the pairs."""
    num_words = int(words.is_read.sum())
    places: dict[int, list[int]] = {}
    for place in values_N.nonzero()[:, 0].tolist():
        places.setdefault(int(ngrams_N[place]), []).append(place)
    for same in places.values():
        first, kind = (same[0], "word") if same[0] < num_words else (same[0] - num_words, "pair")
        name = words.word(first) if kind == "word" else f"{words.word(first)} {words.word(first + 1)}"
        yield Term(kind, name, len(same), float(values_N[same].sum()), float(weight_N[same[0]]))


def _terms_of_earlier_labels(
    model: TfidfLinearForSequenceClassification, margins_L: torch.Tensor, label: int, scale: float
) -> Iterator[Term]:
    """Yield the term of each label that a chain decided before this one and predicts."""
    if model.head.chain is None:
        return
    for earlier in model.head.order[: model.head.order.index(label)]:
        if margins_L[earlier] > 0:
            yield Term("label", model.config.id2label[earlier], 1, 1.0, scale * float(model.head.chain[earlier, label]))


def _lay_on_words(words: WordsRead, added_KN: np.ndarray) -> np.ndarray:
    """Return what each word adds, with half of what each of its pairs adds, of shape `(labels, words)`."""
    num_words = int(words.is_read.sum())
    added_KW = np.zeros((len(added_KN), len(words.spans)))
    added_KW[:, :num_words] = added_KN[:, :num_words]
    half_of_pairs = added_KN[:, num_words:] / 2
    added_KW[:, : num_words - 1] += half_of_pairs
    added_KW[:, 1:num_words] += half_of_pairs
    return added_KW


def _compare_label_sets(
    model: TfidfLinearForSequenceClassification,
    ngrams_1N: torch.Tensor,
    values_1N: torch.Tensor,
    label_ids: Sequence[int],
) -> tuple[torch.Tensor, torch.Tensor, list[str]]:
    """Return the difference between the weights, and the biases, of the best label set with a label and the best one
    without it, and both sets in words."""
    head = model.head
    margins_1S = nn.functional.embedding_bag(ngrams_1N, head.weight, per_sample_weights=values_1N, mode="sum")
    margins_S, rivals = (margins_1S[0] + head.bias).cpu(), []
    best, other, extra = [], [], []
    for label in label_ids:
        has_label_S = head.label_sets[:, label].cpu()
        # A label that no label set has, or that all have, is 1 below the lowest margin, or above it.
        lowest = int(margins_S.argmin())
        with_label, without = (
            int(margins_S.masked_fill(~part_S, -torch.inf).argmax()) if part_S.any() else lowest
            for part_S in (has_label_S, ~has_label_S)
        )
        best.append(with_label)
        other.append(without)
        extra.append(float(has_label_S.all()) - float(not has_label_S.any()))
        if has_label_S.all():
            rivals.append("1 above the lowest margin, as every label set of the training has the label")
        elif not has_label_S.any():
            rivals.append("1 below the lowest margin, as no label set of the training has the label")
        else:
            rivals.append(f"the label set {_name(model, with_label)} against {_name(model, without)}")
    (best_NK, best_K), (other_NK, other_K) = (_weights_of(head, ngrams_1N[0], classes) for classes in (best, other))
    return best_NK - other_NK, best_K - other_K + torch.tensor(extra), rivals


def _name(model: TfidfLinearForSequenceClassification, label_set: int) -> str:
    labels = model.head.label_sets[label_set].nonzero()[:, 0].tolist()
    return "{" + (", ".join(model.config.id2label[label] for label in labels) or "no label") + "}"
