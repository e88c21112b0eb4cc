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
        weight (`float`): Its weight for the label.
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
    model: TfidfLinearForSequenceClassification,
    words: WordsRead,
    answers: list[Answer],
    label_ids: Sequence[int],
    logits_L: torch.Tensor,
) -> LinearExplanation:
    """Return what words and pairs of words add to the logits of labels.

    Args:
        model (`TfidfLinearForSequenceClassification`): The classifier.
        words (`WordsRead`): What it reads.
        answers (`list[Answer]`): What it says about the labels to explain.
        label_ids (`Sequence[int]`): Ids of these labels.
        logits_L (`torch.FloatTensor` of shape `(num_labels,)`): Logits of all labels.
    """
    head = model.head
    ngrams_1N, values_1N = model.tfidf_linear.weigh_ngrams(words.input_ids[None].to(model.device))
    description = (
        "what each word adds to the label's logit, with half of what its pairs with its neighbours add: orange adds, "
        "blue subtracts"
    )
    if model.config.method == "lp":
        margins_1S = nn.functional.embedding_bag(ngrams_1N, head.weight, per_sample_weights=values_1N, mode="sum")
        margins_S = (margins_1S[0] + head.bias).cpu()
        rivals = [_find_rivals(margins_S, head.label_sets[:, label].cpu()) for label in label_ids]
        (best_NK, best_K), (other_NK, other_K) = (
            _weights_of(head, ngrams_1N[0], classes)
            for classes in ([rival.best for rival in rivals], [rival.other for rival in rivals])
        )
        weight_NK, bias_K = best_NK - other_NK, best_K - other_K + torch.tensor([rival.extra for rival in rivals])
        told = [rival.describe(model) for rival in rivals]
        description += (
            "; the logit is the margin of the best label set with the label minus that of the best without it"
        )
    else:
        (weight_NK, bias_K), told = _weights_of(head, ngrams_1N[0], label_ids), []
    ngrams_N, values_N = ngrams_1N[0].cpu(), values_1N[0].double().cpu()
    terms = [
        [
            *_terms_of_ngrams(words, ngrams_N, values_N, weight_NK[:, row]),
            *_terms_of_earlier_labels(model, logits_L, label),
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
        rivals=told,
    )


def _weights_of(head: LinearHead, ngrams_N: torch.Tensor, classes: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the weights of n-grams for some classes, and the biases."""
    columns_K = torch.tensor(classes, device=ngrams_N.device)
    return head.weight[ngrams_N[:, None], columns_K].double().cpu(), head.bias[columns_K].double().cpu()


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
    model: TfidfLinearForSequenceClassification, logits_L: torch.Tensor, label: int
) -> Iterator[Term]:
    """Yield the term of each label that a chain decided before this one and predicts."""
    if model.head.chain is None:
        return
    for earlier in model.head.order[: model.head.order.index(label)]:
        if logits_L[earlier] > 0:
            yield Term("label", model.config.id2label[earlier], 1, 1.0, float(model.head.chain[earlier, label]))


def _lay_on_words(words: WordsRead, added_KN: np.ndarray) -> np.ndarray:
    """Return what each word adds, with half of what each of its pairs adds, of shape `(labels, words)`."""
    num_words = int(words.is_read.sum())
    added_KW = np.zeros((len(added_KN), len(words.spans)))
    added_KW[:, :num_words] = added_KN[:, :num_words]
    half_of_pairs = added_KN[:, num_words:] / 2
    added_KW[:, : num_words - 1] += half_of_pairs
    added_KW[:, 1:num_words] += half_of_pairs
    return added_KW


@dataclass
class _Rivals:
    """The two label sets whose margins' difference, plus `extra`, is the logit of a label.

    A label that no label set has, or that all have, is one below the lowest margin or above it.
    """

    best: int
    other: int
    extra: float

    def describe(self, model: TfidfLinearForSequenceClassification) -> str:
        if self.extra > 0:
            return "1 above the lowest margin, as every label set of the training has the label"
        if self.extra < 0:
            return "1 below the lowest margin, as no label set of the training has the label"
        names = []
        for number in (self.best, self.other):
            labels = model.head.label_sets[number].nonzero()[:, 0].tolist()
            names.append("{" + (", ".join(model.config.id2label[label] for label in labels) or "no label") + "}")
        return f"the label set {names[0]} against {names[1]}"


def _find_rivals(margins_S: torch.Tensor, has_label_S: torch.Tensor) -> _Rivals:
    lowest = int(margins_S.argmin())
    best, other = (
        int(margins_S.masked_fill(~part_S, -torch.inf).argmax()) if part_S.any() else lowest
        for part_S in (has_label_S, ~has_label_S)
    )
    return _Rivals(best, other, float(has_label_S.all()) - float(not has_label_S.any()))
