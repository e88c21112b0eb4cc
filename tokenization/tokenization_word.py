# Copyright 2026 The labelwise authors. All rights reserved.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
"""A word-level tokenizer for the LSTM encoders: words by regular expression or by jieba, marked sentence ends."""

from collections.abc import Iterable
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

import numpy as np
from tokenizers import Tokenizer, models, trainers
from transformers import BatchEncoding, PreTrainedTokenizerFast
from transformers.tokenization_utils_base import TruncationStrategy
from transformers.utils import PaddingStrategy
from transformers.utils.logging import tqdm

from ..configuration.published_code import TokenizerSavedWithCode
from .fast_words import FastWords
from .word_pipeline import PAD, SEP, UNK, segment, word_pipeline

# Stands for a text without words: a noncharacter of Unicode, which no vocabulary contains.
_NO_WORDS = "\uffff"


class WordTokenizer(TokenizerSavedWithCode, PreTrainedTokenizerFast):
    """A tokenizer of whole words over a Rust backend, whose vocabulary [`WordTokenizer.train_from_iterator`] learns.

    Ids: `[PAD]` 0, `[UNK]` 1, `[SEP]` 2; the words follow by falling frequency. With `mark_sentences`, `[SEP]` follows
    each sentence: so a flat sequence of ids carries the sentences that HLW-LSTM reads (LW-PT §2.1). A text that spells
    out a special token is read as ordinary words.

    A text without words (empty, or of white space, control and invisible characters) is read as one unknown word, so
    that a model never reads an empty document. This `[UNK]` stands for none of the text's characters: its offsets are
    (0, 0). `tokenizer.json` does not contain this rule; a program that reads that file by other means has to apply it.

    Args:
        segmenter (`str`, *optional*, defaults to `"regex"`):
            `"regex"`, or `"jieba"` to cut Chinese text into words with jieba.
        mark_sentences (`bool`, *optional*, defaults to `False`):
            Whether to write `[SEP]` after each sentence. Fixed when the tokenizer is trained.
        max_sentences (`int`, *optional*):
            Sentences of a document (m in LW-PT) that truncation keeps.
        max_words_per_sentence (`int`, *optional*):
            Words of a sentence (t in LW-PT) that truncation keeps, without its end mark.
        kwargs:
            Passed to [`PreTrainedTokenizerFast`].
    """

    model_input_names = ["input_ids", "attention_mask"]  # noqa: RUF012 -- the library's own form
    padding_side = "right"

    def __init__(
        self,
        *args: Any,
        segmenter: str = "regex",
        mark_sentences: bool = False,
        max_sentences: int | None = None,
        max_words_per_sentence: int | None = None,
        **kwargs: Any,
    ) -> None:
        if segmenter not in ("regex", "jieba"):
            raise ValueError(f"`segmenter` must be 'regex' or 'jieba', not {segmenter!r}")
        if (max_sentences is None) != (max_words_per_sentence is None):
            raise ValueError("set both `max_sentences` and `max_words_per_sentence`, or neither")
        if max_sentences is not None and not mark_sentences:
            raise ValueError("`max_sentences` needs `mark_sentences=True`: sentences are cut at their marks")
        if max_sentences is not None and min(max_sentences, max_words_per_sentence) < 1:
            raise ValueError("`max_sentences` and `max_words_per_sentence` must be >= 1")
        self.segmenter = segmenter
        self.mark_sentences = mark_sentences
        self.max_sentences = max_sentences
        self.max_words_per_sentence = max_words_per_sentence
        defaults = {"pad_token": PAD, "unk_token": UNK, "sep_token": SEP, "split_special_tokens": True}
        super().__init__(
            *args,
            segmenter=segmenter,
            mark_sentences=mark_sentences,
            max_sentences=max_sentences,
            max_words_per_sentence=max_words_per_sentence,
            **(defaults | kwargs),
        )

    @classmethod
    def convert_to_native_format(cls, trust_remote_code: bool = False, **kwargs: Any) -> dict:
        # Pass tokenizer.json on as it is: the library would rebuild a subclass with an `__init__` from its vocabulary
        # alone, and lose the normalizer and the pre-tokenizer.
        return kwargs

    @classmethod
    def train_from_iterator(
        cls,
        texts: Iterable[str],
        *,
        vocab_size: int = 50000,
        min_frequency: int = 2,
        lowercase: bool = True,
        segmenter: str = "regex",
        mark_sentences: bool = False,
        max_words: int = 500,
        max_sentences: int | None = None,
        max_words_per_sentence: int | None = None,
    ) -> "WordTokenizer":
        """Learn the vocabulary from texts, and return the tokenizer.

        Args:
            texts (`Iterable[str]`):
                The texts, read once. Give those of the training split only: others would leak into the vocabulary.
            vocab_size (`int`, *optional*, defaults to 50000):
                Most words to keep, including the three special tokens. Equally frequent words are kept in the order of
                their characters, so that the same texts always give the same ids.
            min_frequency (`int`, *optional*, defaults to 2):
                Fewest occurrences of a word; rarer ones are `[UNK]`.
            lowercase (`bool`, *optional*, defaults to `True`):
                Whether to lower-case words.
            segmenter, mark_sentences, max_sentences, max_words_per_sentence:
                See [`WordTokenizer`].
            max_words (`int`, *optional*, defaults to 500):
                Tokens that truncation keeps (`model_max_length`). With `max_sentences`, it is
                `max_sentences * (max_words_per_sentence + 1)` instead.

        Returns:
            `WordTokenizer`: The tokenizer, ready for `save_pretrained`.
        """
        backend = Tokenizer(models.WordLevel({UNK: 0}, unk_token=UNK))
        # Sentence marks are added after training: the trainer would count them as words and give [SEP] a second id.
        backend.normalizer, backend.pre_tokenizer = word_pipeline(lowercase, segmenter, mark_sentences=False)
        trainer = trainers.WordLevelTrainer(
            vocab_size=vocab_size, min_frequency=min_frequency, special_tokens=[PAD, UNK, SEP], show_progress=False
        )
        backend.train_from_iterator(segment(tqdm(texts, desc="Counting words"), segmenter), trainer)
        backend.normalizer, backend.pre_tokenizer = word_pipeline(lowercase, segmenter, mark_sentences)
        if max_sentences is not None and max_words_per_sentence is not None:
            max_words = max_sentences * (max_words_per_sentence + 1)
        return cls(
            tokenizer_object=backend,
            segmenter=segmenter,
            mark_sentences=mark_sentences,
            max_sentences=max_sentences,
            max_words_per_sentence=max_words_per_sentence,
            model_max_length=max_words,
        )

    def _get_padding_truncation_strategies(
        self, *args: Any, max_length: int | None = None, pad_to_multiple_of: int | None = None, **kwargs: Any
    ) -> tuple[PaddingStrategy, TruncationStrategy, int | None, dict]:
        # The library refuses a limit that is no multiple. Our own limit, such as 500 words, often is none: rows are cut
        # to it, then padded to a multiple.
        multiple = None if max_length is None else pad_to_multiple_of
        return super()._get_padding_truncation_strategies(
            *args, max_length=max_length, pad_to_multiple_of=multiple, **kwargs
        )

    def _encode_plus(
        self,
        text: str | list[str],
        text_pair: None = None,
        padding_strategy: PaddingStrategy = PaddingStrategy.DO_NOT_PAD,
        truncation_strategy: TruncationStrategy = TruncationStrategy.DO_NOT_TRUNCATE,
        max_length: int | None = None,
        stride: int = 0,
        is_split_into_words: bool = False,
        pad_to_multiple_of: int | None = None,
        padding_side: str | None = None,
        return_tensors: str | None = None,
        split_special_tokens: bool | None = None,
        **kwargs: Any,
    ) -> BatchEncoding:
        single = isinstance(text, str)
        texts = list(text) if isinstance(text, Iterable) and not single else [text]
        if text_pair is not None or is_split_into_words or not all(isinstance(one, str) for one in texts):
            raise ValueError("WordTokenizer reads a text or a list of texts: no pairs of texts, no lists of words")
        if split_special_tokens is None:
            split_special_tokens = self.split_special_tokens
        padding = {"pad_to_multiple_of": pad_to_multiple_of, "padding_side": padding_side}
        truncates = truncation_strategy != TruncationStrategy.DO_NOT_TRUNCATE
        by_sentence = self.max_sentences is not None and truncates
        kwargs.pop("return_attention_mask", None)  # always returned
        extras = [name for name, value in kwargs.items() if name.startswith("return_") and value]
        if extras and by_sentence:
            raise ValueError(f"{', '.join(extras)} cannot be returned when truncation cuts sentence by sentence")
        first_words = truncation_strategy == TruncationStrategy.LONGEST_FIRST and self.truncation_side == "right"
        unusual = truncates and not (first_words and max_length > stride == 0)
        # Segment all texts first: jieba's dictionary and the vocabulary would evict each other from the CPU cache.
        texts = list(segment(texts, self.segmenter))
        if not by_sentence and (single or extras or unusual):
            has_words = [any(map(str.isalnum, one)) or any(self._read([one], split_special_tokens)) for one in texts]
            batch = super()._encode_plus(
                [one if has_any else _NO_WORDS for one, has_any in zip(texts, has_words, strict=True)],
                padding_strategy=padding_strategy,
                truncation_strategy=truncation_strategy,
                max_length=max_length,
                stride=stride,
                split_special_tokens=split_special_tokens,
                **padding,
                **kwargs,
            )
            if "offset_mapping" in batch:
                text_of_row = batch.get("overflow_to_sample_mapping", range(len(texts)))
                batch["offset_mapping"] = [
                    offsets if has_words[number] else [(0, 0)] * len(offsets)
                    for number, offsets in zip(text_of_row, batch["offset_mapping"], strict=True)
                ]
        else:
            # The library's method without offsets and token strings, which take as long as the ids.
            rows = self._read(texts, split_special_tokens)
            if not all(rows):
                (no_words,) = self._read([_NO_WORDS], split_special_tokens)
                rows = [row or list(no_words) for row in rows]
            if by_sentence:
                # Cut sentences before the flat limit, or a long one would push out those that follow it.
                rows = self._cut_sentences(rows)
            if truncates:
                rows = [row[:max_length] for row in rows]
            batch = BatchEncoding({"input_ids": rows, "attention_mask": [[1] * len(row) for row in rows]})
            if padding_strategy != PaddingStrategy.DO_NOT_PAD:
                batch = self.pad(batch, padding=padding_strategy, max_length=max_length, **padding)
        if single and return_tensors is None and "overflow_to_sample_mapping" not in batch:
            rows = {name: values[0] if isinstance(values[0], list) else values for name, values in batch.items()}
            return BatchEncoding(rows, batch.encodings)
        return batch.convert_to_tensors(return_tensors)

    def _read(self, texts: list[str], split_special_tokens: bool) -> list[list[int]]:
        """Return the ids of each text, which comes from `segment`."""
        backend = self._tokenizer
        self.set_truncation_and_padding(
            PaddingStrategy.DO_NOT_PAD, TruncationStrategy.DO_NOT_TRUNCATE, None, 0, None, None
        )
        backend.encode_special_tokens = split_special_tokens
        fast = FastWords(backend, self.segmenter, self._vocabulary, self.unk_token_id)
        rows = [fast.ids(text) if fast.supports(text) else None for text in texts]
        others = [text for text, row in zip(texts, rows, strict=True) if row is None]
        encodings = iter(backend.encode_batch_fast(others))
        return [next(encodings).ids if row is None else row for row in rows]

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        return self._tokenizer.get_vocab(with_added_tokens=False)

    def __getstate__(self) -> dict:
        # The pickled state, from which `datasets` computes its fingerprints, must not change with the first call.
        return {name: value for name, value in self.__dict__.items() if name != "_vocabulary"}

    def _cut_sentences(self, rows: list[list[int]]) -> list[list[int]]:
        """Cut each sentence to `max_words_per_sentence` plus its end mark, and each row to `max_sentences`."""
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        ids = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=lengths.sum())
        row_ends = lengths.cumsum()
        # Every row ends with an end mark, so that no sentence runs on into the next row.
        is_end = ids == self.sep_token_id
        sentence = is_end.cumsum() - is_end
        sentence_starts = np.append(0, np.flatnonzero(is_end) + 1)[sentence]
        keep = (np.arange(len(ids)) - sentence_starts < self.max_words_per_sentence) | is_end
        keep &= sentence - sentence[np.repeat(row_ends - lengths, lengths)] < self.max_sentences
        kept_ids, kept_ends = ids[keep].tolist(), np.append(0, keep.cumsum())[row_ends].tolist()
        return [kept_ids[start:end] for start, end in pairwise([0, *kept_ends])]
