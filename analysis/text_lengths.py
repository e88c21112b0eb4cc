# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Lengths of texts, and how much of them a model reads.

Shapes: D documents.
"""

from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerBase

from ..datasets_scripts.stats import CJK
from ..tokenization.tokenization_word import WordTokenizer
from ..tokenization.word_pipeline import PAD, SEP, UNK, word_pipeline
from ..wording import counted

_BATCH = 1024


@dataclass
class TextLengths:
    """Words of each document, and how many of them a model reads.

    Attributes:
        unit (`str`): What is counted: `"words"`, `"jieba words"` or `"tokens"`.
        limit (`str`): What a model reads, in words.
        words_D, read_D (`np.ndarray` of shape `(documents,)`): Words of a document, and those that a model reads.
    """

    unit: str
    limit: str
    words_D: np.ndarray
    read_D: np.ndarray

    @property
    def is_cut_D(self) -> np.ndarray:
        return self.read_D < self.words_D


def word_counter(texts: list[str], max_length: int) -> WordTokenizer:
    """Return a tokenizer without a vocabulary, which counts words as word models do.

    Args:
        texts (`list[str]`): The texts. If most of them is written without spaces, jieba cuts them.
        max_length (`int`): Words that a model reads.
    """
    by_jieba = 2 * sum(len(CJK.findall(text)) for text in texts) > sum(len("".join(text.split())) for text in texts)
    segmenter = "jieba" if by_jieba else "regex"
    backend = Tokenizer(models.WordLevel({PAD: 0, UNK: 1, SEP: 2}, unk_token=UNK))
    backend.normalizer, backend.pre_tokenizer = word_pipeline(True, segmenter, mark_sentences=False)
    return WordTokenizer(tokenizer_object=backend, segmenter=segmenter, model_max_length=max_length)


def measure_lengths(texts: list[str], tokenizer: PreTrainedTokenizerBase) -> TextLengths:
    """Count the words of texts, and those that a tokenizer keeps when it truncates.

    Special tokens, label tokens and sentence marks do not count. A blank text has no words.

    Args:
        texts (`list[str]`): The text of each document.
        tokenizer (`PreTrainedTokenizerBase`): From `word_counter`, or the tokenizer of a model.
    """
    special = {*tokenizer.all_special_ids, *(i for i, token in tokenizer.added_tokens_decoder.items() if token.special)}
    special.discard(tokenizer.unk_token_id)
    is_special = np.zeros(max(len(tokenizer), *special) + 1, dtype=bool)
    is_special[list(special)] = True

    def count(truncation: bool) -> np.ndarray:
        counts = []
        for start in range(0, len(texts), _BATCH):
            encoded = tokenizer(texts[start : start + _BATCH], truncation=truncation, verbose=False)["input_ids"]
            counts.extend(len(ids) - int(is_special[ids].sum()) for ids in encoded)
        return np.array(counts, dtype=np.int64)

    words_D, read_D = count(False), count(True)
    is_blank_D = np.array([not text.strip() for text in texts], dtype=bool)
    words_D[is_blank_D] = read_D[is_blank_D] = 0
    if not isinstance(tokenizer, WordTokenizer):
        return TextLengths("tokens", f"{tokenizer.model_max_length:,} tokens, special ones included", words_D, read_D)
    unit = "jieba words" if tokenizer.segmenter == "jieba" else "words"
    limit = f"{tokenizer.model_max_length:,} {unit}"
    if tokenizer.max_sentences is not None:
        limit = f"{counted(tokenizer.max_sentences, 'sentence')} of {tokenizer.max_words_per_sentence} {unit}"
    return TextLengths(unit, limit, words_D, read_D)
