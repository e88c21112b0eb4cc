# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Explanations: what the words of a text have to do with labels. `explain` makes them; page, picture and tables show
them.

Shapes: K labels to explain, W words of the text, M sentences or windows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .words_read import WordsRead

MOST_SHOWN = 10
ORANGE, BLUE = "255 140 0", "70 130 255"  # backgrounds of words above 0 and below, as red, green and blue


@dataclass
class Answer:
    """What a model says about a label: its logit, its probability, and whether it predicts it."""

    label: str
    logit: float
    probability: float
    predicted: bool

    def __str__(self) -> str:
        return f"{'predicted' if self.predicted else 'not predicted'}, probability {self.probability:.3f}"


@dataclass(kw_only=True)
class Explanation:
    """What the words of one text have to do with labels; subclasses say in which sense.

    Attributes:
        words (`WordsRead`): The text and what the model reads of it.
        answers (`list[Answer]`): The explained labels.
        weights_KW (`np.ndarray` of shape `(labels, words)`): The number of each word; 0 for words cut off.
        description (`str`): What the numbers are.
        method (`str`): Name of the method.
        title (`str`): Heading of page and picture.
        caveat (`str`): What the numbers do not say.
        sentence_weights_KM (`np.ndarray` of shape `(labels, sentences)`, *optional*): The number of each sentence, for
            models that read sentences or windows.
    """

    words: WordsRead
    answers: list[Answer]
    weights_KW: np.ndarray
    description: str
    sentence_weights_KM: np.ndarray | None = None

    method: ClassVar[str]
    title: ClassVar[str]
    caveat: ClassVar[str]

    @staticmethod
    def show(number: float) -> str:
        """Return a word's number as page and picture show it: what is added to the logit, or subtracted."""
        return f"{number:+.3f}"

    def shares(self, row: int) -> np.ndarray:
        """Return the number of each word as a share of the label's largest, from -1 to 1, of shape `(words,)`."""
        return self.weights_KW[row] / (self.largest(row) or 1.0)

    def largest(self, row: int) -> float:
        """Return the size of a label's largest number, whatever its sign."""
        return float(np.abs(self.weights_KW[row]).max())

    def trust(self, row: int) -> str:
        """Return in one sentence how far the numbers of a label can be trusted."""
        raise NotImplementedError

    def measures(self, row: int) -> dict[str, Any]:
        """Return what `trust` says of a label, as columns of the table; `None` where there is no such number."""
        return {}

    def entries(self, row: int) -> Iterator[dict[str, Any]]:
        """Yield the numbers of a label, as columns of the table; `None` where there is no such number."""
        raise NotImplementedError

    def highest(self, row: int) -> list[tuple[str, ...]]:
        """Return a table of the largest numbers of a label, its first row the header."""
        raise NotImplementedError

    def most_important(self, row: int) -> list[int]:
        """Return the words with the largest numbers of a label, whatever their sign."""
        sizes_W = np.abs(self.weights_KW[row])
        return [word for word in np.argsort(-sizes_W, kind="stable")[:MOST_SHOWN].tolist() if sizes_W[word] > 0]
