# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The words of a text as the user wrote it, and the tokens that a model reads of them.

Shapes: W words of the text, M sentences or windows, S words of a sentence, T tokens.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..modeling.modeling_lw_encoder import LabelWiseEncoderModel
from ..modeling.modeling_lw_lstm import LWLSTMModel
from ..modeling.sentences import as_one_sentence
from ..modeling.windows import cut_documents
from ..tokenization.tokenization_word import WordTokenizer
from ..tokenization.word_pipeline import WORD_BREAK, segment


@dataclass
class WordsRead:
    """The words of a text, and the tokens of those that a model reads.

    Attributes:
        text (`str`): The text.
        spans (`list[tuple[int, int]]`): Start and end of each word in the text, in order.
        sentence_of_word (`np.ndarray` of shape `(words,)`): Number of each word's sentence, 0 for models that read no
            sentences; -1 for words cut off.
        input_ids (`torch.LongTensor` of shape `(tokens,)`): Everything that the model reads, on the CPU: words, special
            tokens, label tokens and sentence end marks, but no word that it would cut off.
        word_of_token (`np.ndarray` of shape `(tokens,)`): Number of each token's word; -1 for tokens of no word.
        sentence_of_token (`np.ndarray` of shape `(tokens,)`): Number of each token's sentence; -1 for sentence end
            marks.
        sentence_name (`str`): What sentences are called: those of the label-wise encoder are its windows, and a word
            that lies in two belongs to that of its first token.
    """

    text: str
    spans: list[tuple[int, int]]
    sentence_of_word: np.ndarray
    input_ids: torch.Tensor
    word_of_token: np.ndarray
    sentence_of_token: np.ndarray
    sentence_name: str = "sentence"

    @property
    def is_read(self) -> np.ndarray:
        """Whether the model reads each word, of shape `(words,)`."""
        return self.sentence_of_word >= 0

    def word(self, number: int) -> str:
        """Return a word as it is written in the text."""
        start, end = self.spans[number]
        return self.text[start:end]

    def sum_tokens(self, values_KT: np.ndarray) -> np.ndarray:
        """Return the sum of each word's tokens, of shape `(labels, words)`; 0 for words cut off."""
        values_KW = np.zeros((len(values_KT), len(self.spans)))
        is_word_T = self.word_of_token >= 0
        np.add.at(values_KW, (slice(None), self.word_of_token[is_word_T]), values_KT[:, is_word_T])
        return values_KW

    def sentences(self) -> Iterator[tuple[int, list[int]]]:
        """Yield the number and the words of each sentence; one sentence for models that read none.

        Words cut off follow the words before them.
        """
        numbers = np.maximum.accumulate(self.sentence_of_word).clip(min=0).tolist()
        for number, words in groupby(range(len(numbers)), key=numbers.__getitem__):
            yield number, list(words)


def read_words(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str) -> WordsRead:
    """Return the words of a text and what a model reads of them.

    Args:
        model (`PreTrainedModel`): A classifier.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        text (`str`): Valid Unicode.

    Raises:
        ValueError: The text contains no words.
    """
    read = _read_words if isinstance(tokenizer, WordTokenizer) else _read_pieces
    return read(model, tokenizer, text)


def _read_words(model: PreTrainedModel, tokenizer: WordTokenizer, text: str) -> WordsRead:
    # Truncation by sentence returns no offsets. The model truncates to the same limits.
    encoded = tokenizer(text, return_offsets_mapping=True, return_tensors="pt", verbose=False)
    if not encoded["offset_mapping"].any():  # a text without words is an [UNK] without offsets
        raise ValueError("the text contains no words")
    input_ids = encoded["input_ids"]
    is_word_1T = input_ids != tokenizer.sep_token_id
    if isinstance(model.base_model, LWLSTMModel):
        _, grid = model.base_model.read_sentences(input_ids.to(model.device))
    else:
        grid = as_one_sentence(is_word_1T, model.config.max_words)
    mask_MS, position_MS = grid.mask_BMS[0].cpu(), grid.positions_BMS[0].cpu()
    sentence_T = np.full(input_ids.shape[1], -1)
    sentence_T[position_MS[mask_MS]] = mask_MS.nonzero()[:, 0]

    is_word_T = is_word_1T[0].numpy()
    is_kept_T = (sentence_T >= 0) | ~is_word_T
    is_kept_T[(sentence_T >= 0).nonzero()[0].max() + 1 :] = False
    spans = _spans_in(text, encoded["offset_mapping"][0].tolist(), tokenizer)
    return WordsRead(
        text,
        [span for span, is_word in zip(spans, is_word_T, strict=True) if is_word],
        sentence_T[is_word_T],
        input_ids[0, is_kept_T],
        np.where(is_word_T, is_word_T.cumsum() - 1, -1)[is_kept_T],
        sentence_T[is_kept_T],
    )


def _read_pieces(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str) -> WordsRead:
    """Read words in the pieces of an encoder's tokenizer."""
    whole = tokenizer(text, return_offsets_mapping=True, verbose=False)
    encoded = tokenizer(text, truncation=True)
    offsets: dict[int, list[int]] = {}
    for word, (start, end) in zip(whole.word_ids(0), whole["offset_mapping"], strict=True):
        if word is not None and text[start:end].strip():  # encoders of bytes read white space as words
            offsets.setdefault(word, [start, end])[1] = end
    number_of = {word: number for number, word in enumerate(offsets)}
    word_of_token = np.array([number_of.get(word, -1) for word in encoded.word_ids(0)])
    if not (word_of_token >= 0).any():
        raise ValueError("the text contains no words")
    input_ids = torch.tensor(encoded["input_ids"])
    window_of_token = np.zeros(len(input_ids), dtype=int)
    reads_windows = isinstance(model.base_model, LabelWiseEncoderModel) and model.config.hierarchical
    if reads_windows:
        windows, _ = cut_documents(torch.ones_like(input_ids)[None], model.config)
        window_of_token = window_of_token if windows is None else windows.window_BT[0].numpy()
    window_of_word = np.full(len(offsets), -1)
    is_word_T = word_of_token >= 0
    # Backwards: of several tokens of a word, the first one is the last to be written.
    window_of_word[word_of_token[is_word_T][::-1]] = window_of_token[is_word_T][::-1]
    return WordsRead(
        text,
        _spans_in(text, offsets.values(), tokenizer),
        window_of_word,
        input_ids,
        word_of_token,
        window_of_token,
        "window" if reads_windows else "sentence",
    )


def _spans_in(text: str, offsets: Iterable[Sequence[int]], tokenizer: PreTrainedTokenizerBase) -> list[tuple[int, int]]:
    """Return the tokenizer's offsets as offsets in the text."""
    breaks = [0] * (len(text) + 1)
    # The backend reads a text with jieba's cuts, each of which is one character.
    if isinstance(tokenizer, WordTokenizer) and tokenizer.segmenter == "jieba":
        (segmented,) = segment([text], "jieba")
        breaks = list(accumulate((c == WORD_BREAK for c in segmented), initial=0))
    spans = []
    for start, end in offsets:
        start, end = start - breaks[start], end - breaks[end]
        while end < len(text) and unicodedata.combining(text[end]):  # the backend's offset is that of the base letter
            end += 1
        while start < end and text[start].isspace():  # some encoders include the space before a word
            start += 1
        spans.append((start, end))
    return spans
