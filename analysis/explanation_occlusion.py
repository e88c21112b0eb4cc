# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Explanation by leaving words out, for models without attention from labels to words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from .explanation import Answer, Explanation
from .leaving_out import Drops, group_words, leave_out
from .words_read import WordsRead


@dataclass(kw_only=True)
class OcclusionExplanation(Explanation):
    """What the logits of labels lose without each word, or without its group in a long text.

    Attributes:
        drops (`Drops`): The same numbers.
    """

    drops: Drops

    method = "leaving out"
    title = "What labels lose without each word"
    caveat = (
        "Each number is measured by reading the text again. Where several words say the same, leaving out one of them "
        "may change nothing, so the numbers need not add up to the logit."
    )

    def trust(self, row: int) -> str:
        return (
            f"measured: the logit is {self.answers[row].logit:+.3f} with all words, and each number is what it loses "
            f"without one ({self.drops.describe_words()})"
        )

    def measures(self, row: int) -> dict[str, Any]:
        return {"left_out": self.drops.num_parts}

    def entries(self, row: int) -> Iterator[dict[str, Any]]:
        for word, (start, end) in enumerate(self.words.spans):
            part = int(self.drops.part_of_word[word])
            yield {
                "word": self.words.word(word),
                "start": start,
                "end": end,
                "drop": self.weights_KW[row, word] if part >= 0 else None,
                "left_out_with": part if part >= 0 else None,
            }

    def highest(self, row: int) -> list[tuple[str, ...]]:
        numbers = [(self.words.word(word), self.show(self.weights_KW[row, word])) for word in self.most_important(row)]
        return [("Word", "Logit lost without it"), *numbers]


def explain_occlusion(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    words: WordsRead,
    answers: list[Answer],
    label_ids: Sequence[int],
) -> OcclusionExplanation:
    """Return what the logits of labels lose without each word; arguments are those of `explain_attention`."""
    drops = leave_out(model, tokenizer, words, group_words(words), label_ids)
    return OcclusionExplanation(
        words=words,
        answers=answers,
        weights_KW=drops.of_words(),
        drops=drops,
        description="what the label's logit loses when the word is left out: orange words speak for the label, blue "
        "ones against it; this model has no attention from labels to words",
    )
