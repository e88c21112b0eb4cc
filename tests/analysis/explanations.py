# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Made-up explanations, to test page, picture and tables without a model."""

import numpy as np

from labelwise.analysis.explanation import Answer, Explanation
from labelwise.analysis.words_read import WordsRead


class MadeUp(Explanation):
    """Any numbers."""

    method, title, caveat = "made up", "What was made up", "It is made up."

    @classmethod
    def of(cls, words: WordsRead, labels: list[str], weights_KW: np.ndarray, sentence_weights_KM=None) -> "MadeUp":
        return cls(
            words=words,
            answers=[Answer(label, 0.0, 0.5, True) for label in labels],
            weights_KW=weights_KW,
            description="numbers",
            sentence_weights_KM=sentence_weights_KM,
        )

    def trust(self, row):
        return f"trust {self.answers[row].label}: {self.largest(row):.4g}"

    def measures(self, row):
        return {"largest": self.largest(row)}

    def entries(self, row):
        for word, is_read in enumerate(self.words.is_read):
            yield {"word": self.words.word(word), "number": self.weights_KW[row, word] if is_read else None}

    def highest(self, row):
        numbers = [(self.words.word(word), self.show(self.weights_KW[row, word])) for word in self.most_important(row)]
        return [("Word", "Number"), *numbers]


def lay_out(words: list[str], sentence_of_word: np.ndarray) -> WordsRead:
    """A text of these words with spaces between."""
    spans = []
    for word in words:
        start = spans[-1][1] + 1 if spans else 0
        spans.append((start, start + len(word)))
    return WordsRead(" ".join(words), spans, sentence_of_word, None, None, None)
