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
"""Word-level tokenizer for the LSTM encoders: words by regular expression or by jieba, sentence ends by a mark."""

import logging
import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import chain, pairwise

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import BatchEncoding, PreTrainedTokenizerFast
from transformers.tokenization_utils_base import TruncationStrategy
from transformers.utils import PaddingStrategy
from transformers.utils.logging import tqdm

from ..configuration.published_code import TokenizerSavedWithCode

PAD, UNK, SEP = "[PAD]", "[UNK]", "[SEP]"

# Two control characters carry structure through the Rust pipeline. Neither can be forged: the first is taken out of the
# text by the normalizer, the second by `segment`.
SENTENCE_MARK, WORD_BREAK = "\x1e", "\x1f"

# White space, control characters, and invisible ones such as byte order marks: they part words and are dropped.
_BLANK = r"\s\p{Cc}\p{Cf}"

# Stands for a text without words. Unicode keeps its noncharacters for uses inside a program, so no vocabulary holds it.
_NO_WORDS = "\uffff"


def _words(alpha: str, letter: str, digit: str, single: str) -> str:
    """The regular expression of words, given those of a letter, of what may stand in a word, of a digit, of the rest.

    Hyphens and apostrophes keep a word together (well-known, don't, l'homme), but the English 's is split off, as it
    follows any noun. A digit keeps a dot, comma or colon before the next (3.5, 1,000, 10:30).
    """
    return "|".join(
        (
            # U.S., e.g.; bounded, as is all repetition that may fail at its end: no text takes more than linear time.
            rf"{alpha}\.(?:{alpha}\.){{1,8}}(?!{letter})",
            # U+200C and U+200D join letters, but start no word.
            rf"(?![\u200c\u200d]){letter}+"
            rf"(?:(?:'(?![sS]\b)|[\-\u2010\u2011]|[.,:](?<={digit}.)(?={digit})){letter}+)*",
            rf"'(?<={letter}')[sS]\b",
            single,
        )
    )


# Chinese characters stand alone, as nothing says here where their words end. What is left is taken one grapheme at a
# time: punctuation, emoji with their modifiers. U+200C and U+200D join letters in Persian and in Indic scripts.
_REGEX_WORD = _words(
    alpha=r"\p{L}",
    letter=r"[[\p{L}\p{M}\p{N}\u200c\u200d]&&[^\p{Han}]]",
    digit=r"\p{Nd}",
    # A flag; \X gets there too, but counts back to the first of a row of them.
    single=rf"[\x{{1f1e6}}-\x{{1f1ff}}]{{2}}|(?![{_BLANK}])\X",
)
_JIEBA_WORD = rf"[^{_BLANK}]+"
_END_MARK = rf"(?<={SENTENCE_MARK})\[SEP\](?={SENTENCE_MARK})"

# Sentence ends. They replace the white space between two sentences (all that follows \K), so none is written for an
# empty sentence. A quote or bracket may close a sentence behind its stop.
_CLOSING = r"\"'”’)\]」』）"
_CLOSED = rf"(?:{WORD_BREAK}?[{_CLOSING}]){{0,3}}"
_GAP = rf"{WORD_BREAK}?\s[{_BLANK}]*+"
_ABBREVIATION = r"(?<!\b\p{L}\.|\b(?:Mr|Ms|Dr|St|vs|cf|Jr|Sr|No)\.|\b(?:Mrs|etc|Fig)\.|\bProf\.)"
_SENTENCE_END = "|".join(
    (
        # A line break, or the end of the text.
        rf"[^{_BLANK}]\K[[{_BLANK}]&&[^\r\n]]*+(?:[\r\n][{_BLANK}]*+|\z)",
        # Marks that end a sentence whatever follows; a stop that stands alone is one too (text that comes tokenized).
        rf"(?:[!?؟۔।॥]{_CLOSED}|\.(?<=\s\.|\s{WORD_BREAK}\.))\K{_GAP}(?=[^.!?,;:)\]])",
        # A stop ends a sentence unless it closes an abbreviation or a lower-case word follows.
        rf"[.…]{_ABBREVIATION}{_CLOSED}\K{_GAP}(?=[^\p{{Ll}}.!?,;:)\]])",
        # Chinese and Japanese marks need no white space behind them.
        rf"[。！？；｡]{_CLOSED}\K[{_BLANK}]*+(?=[^。！？；｡{_CLOSING}])",
    )
)


# Words of ASCII texts, and the characters of common Chinese ones: no normal form changes either, and lower case is the
# same to Python as to the backend.
_ASCII_WORD = re.compile(
    "[A-Za-z0-9]++(?!['.,:-])|"  # most words: none of the rest has to be tried
    + _words(alpha="[A-Za-z]", letter="[A-Za-z0-9]", digit="[0-9]", single="[!-~]"),
    re.ASCII,
)
_CHINESE = re.compile("[\t-\r\x1c-~\u2010-\u2027\u3000-\u3029\u4e00-\u9fff\uff01-\uff5e]*")


@cache
def _pipeline(
    lowercase: bool, segmenter: str, mark_sentences: bool
) -> tuple[normalizers.Normalizer, pre_tokenizers.PreTokenizer]:
    """The backend's normalizer and its pre-tokenizer."""
    # NFC and not NFKC, which would turn x² into x2 and ½ into 1⁄2.
    steps = [normalizers.NFC(), normalizers.Replace("’", "'")]
    words = _JIEBA_WORD if segmenter == "jieba" else _REGEX_WORD
    if mark_sentences:
        steps.append(normalizers.Replace(SENTENCE_MARK, " "))
        steps.append(normalizers.Replace(Regex(_SENTENCE_END), SENTENCE_MARK))
    if lowercase:
        steps.append(normalizers.Lowercase())
    if mark_sentences:
        steps.append(normalizers.Replace(SENTENCE_MARK, f"{SENTENCE_MARK}{SEP}{SENTENCE_MARK}"))
        words = f"{_END_MARK}|{words}"
    return normalizers.Sequence(steps), pre_tokenizers.Split(Regex(words), "removed", invert=True)


class WordTokenizer(TokenizerSavedWithCode, PreTrainedTokenizerFast):
    """A vocabulary of whole words over a Rust backend, learned by [`WordTokenizer.train_from_iterator`].

    Ids: `[PAD]` 0, `[UNK]` 1, `[SEP]` 2; the words follow by falling frequency. `[SEP]` stands after each sentence when
    `mark_sentences` is set, which is how a flat sequence of ids carries the sentences that HLW-LSTM reads (LW-PT §2.1).
    A text that spells out a special token is read as ordinary words.

    A text without words (empty, or of white space, control and invisible characters) is read as one unknown word: a
    model never sees a document of nothing, for which no training could prepare it. That `[UNK]` stands for none of the
    text's characters, so its offsets are (0, 0). The file of the tokenizer does not hold this rule; a program that
    reads `tokenizer.json` by other means has to see to it.

    Args:
        segmenter (`str`, *optional*, defaults to `"regex"`):
            `"regex"`, or `"jieba"` to have jieba cut Chinese text into words.
        mark_sentences (`bool`, *optional*, defaults to `False`):
            Whether `[SEP]` is written after each sentence. Fixed when the tokenizer is trained.
        max_sentences (`int`, *optional*):
            Sentences of a document (m in LW-PT) that truncation keeps.
        max_words_per_sentence (`int`, *optional*):
            Words of a sentence (t in LW-PT) that truncation keeps, its end mark not counted.
        kwargs:
            Passed to [`PreTrainedTokenizerFast`].
    """

    model_input_names = ["input_ids", "attention_mask"]  # noqa: RUF012 -- the library's own form
    padding_side = "right"

    def __init__(
        self,
        *args,
        segmenter: str = "regex",
        mark_sentences: bool = False,
        max_sentences: int | None = None,
        max_words_per_sentence: int | None = None,
        **kwargs,
    ):
        if segmenter not in ("regex", "jieba"):
            raise ValueError(f"`segmenter` is 'regex' or 'jieba', not {segmenter!r}.")
        if (max_sentences is None) != (max_words_per_sentence is None):
            raise ValueError("`max_sentences` and `max_words_per_sentence` are set together or not at all.")
        if max_sentences is not None and not mark_sentences:
            raise ValueError("`max_sentences` needs `mark_sentences=True`: without marks no sentence can be cut.")
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
    def convert_to_native_format(cls, trust_remote_code: bool = False, **kwargs) -> dict:
        # The library would rebuild a subclass with an `__init__` from its vocabulary alone, and lose the normalizer and
        # the pre-tokenizer: hand tokenizer.json on as it is.
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
        """Learns the vocabulary from texts: the training split only, or the test would leak into it.

        Args:
            texts (`Iterable[str]`):
                The texts, read once.
            vocab_size (`int`, *optional*, defaults to 50000):
                Words to keep at most, the three special tokens among them. Equally frequent words are kept in the
                order of their characters, so the same texts always give the same ids.
            min_frequency (`int`, *optional*, defaults to 2):
                A word seen less often is `[UNK]`.
            lowercase (`bool`, *optional*, defaults to `True`):
                Whether words are lower-cased.
            segmenter, mark_sentences, max_sentences, max_words_per_sentence:
                See [`WordTokenizer`].
            max_words (`int`, *optional*, defaults to 500):
                Tokens that truncation keeps (`model_max_length`). Where `max_sentences` is set, that is
                `max_sentences * (max_words_per_sentence + 1)` instead.

        Returns:
            `WordTokenizer`: The tokenizer, ready for `save_pretrained`.
        """
        backend = Tokenizer(models.WordLevel({UNK: 0}, unk_token=UNK))
        # Learned without sentence marks: the trainer would count them as words and give [SEP] a second id.
        backend.normalizer, backend.pre_tokenizer = _pipeline(lowercase, segmenter, mark_sentences=False)
        trainer = trainers.WordLevelTrainer(
            vocab_size=vocab_size, min_frequency=min_frequency, special_tokens=[PAD, UNK, SEP], show_progress=False
        )
        backend.train_from_iterator(segment(tqdm(texts, desc="Counting words"), segmenter), trainer)
        backend.normalizer, backend.pre_tokenizer = _pipeline(lowercase, segmenter, mark_sentences)
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
        **kwargs,
    ) -> BatchEncoding:
        single = isinstance(text, str)
        texts = list(text) if isinstance(text, Iterable) and not single else [text]
        if text_pair is not None or is_split_into_words or not all(isinstance(one, str) for one in texts):
            raise ValueError("WordTokenizer reads a text or a list of texts: no pairs of texts, no lists of words.")
        if split_special_tokens is None:
            split_special_tokens = self.split_special_tokens
        padding = {"pad_to_multiple_of": pad_to_multiple_of, "padding_side": padding_side}
        truncates = truncation_strategy != TruncationStrategy.DO_NOT_TRUNCATE
        by_sentence = self.max_sentences is not None and truncates
        kwargs.pop("return_attention_mask", None)  # always returned
        extras = [name for name, value in kwargs.items() if name.startswith("return_") and value]
        if extras and by_sentence:
            raise ValueError(f"{', '.join(extras)}: not to be had when truncation cuts sentence by sentence.")
        first_words = truncation_strategy == TruncationStrategy.LONGEST_FIRST and self.truncation_side == "right"
        unusual = truncates and not (first_words and max_length > stride == 0)
        # All are cut first: jieba's dictionary and the vocabulary would push each other out of the processor's cache.
        texts = list(segment(texts, self.segmenter))
        if not by_sentence and (single or extras or unusual):
            has_words = [any(map(str.isalnum, one)) or any(self._read([one], split_special_tokens)) for one in texts]
            batch = super()._encode_plus(
                [one if holds else _NO_WORDS for one, holds in zip(texts, has_words, strict=True)],
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
            # The library's method less offsets and token strings, which take as long as the ids and which no batch
            # needs.
            rows = self._read(texts, split_special_tokens)
            if not all(rows):
                (no_words,) = self._read([_NO_WORDS], split_special_tokens)
                rows = [row or list(no_words) for row in rows]
            if by_sentence:
                # Sentences are cut first, or a long one would push out those behind it; the flat limit follows.
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
        """Ids of each text, as `segment` makes it. The backend takes longer to hand over a word than Python to find it,
        so it is given the texts whose characters need it: combining and invisible ones, emoji, most scripts."""
        backend = self._tokenizer
        self.set_truncation_and_padding(
            PaddingStrategy.DO_NOT_PAD, TruncationStrategy.DO_NOT_TRUNCATE, None, 0, None, None
        )
        backend.encode_special_tokens = split_special_tokens
        lowercase = self._lowercase() if split_special_tokens else None
        if lowercase is None:
            return [encoding.ids for encoding in backend.encode_batch_fast(texts)]
        is_plain, words = {
            "regex": (str.isascii, _ASCII_WORD.findall),
            "jieba": (_CHINESE.fullmatch, str.split),
        }[self.segmenter]
        vocabulary, unknown = self._vocabulary, self.unk_token_id
        rows, others = [], {}
        for text in texts:
            plain = text.replace("’", "'")
            if is_plain(plain):
                plain = plain.lower() if lowercase else plain
                rows.append([vocabulary.get(word, unknown) for word in words(plain)])
            else:
                others[len(rows)] = text
                rows.append([])
        for row, encoding in zip(others, backend.encode_batch_fast(list(others.values())), strict=True):
            rows[row] = encoding.ids
        return rows

    def _lowercase(self) -> bool | None:
        """Whether the backend lower-cases; None where it marks sentences or was not made by this version."""
        backend = self._tokenizer
        if backend.num_special_tokens_to_add(False) or not all(
            token.special for token in backend.get_added_tokens_decoder().values()
        ):
            return None
        found = [step.__getstate__() for step in (backend.normalizer, backend.pre_tokenizer)]
        for lowercase in (True, False):
            if found == [step.__getstate__() for step in _pipeline(lowercase, self.segmenter, mark_sentences=False)]:
                return lowercase
        return None

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        return self._tokenizer.get_vocab(with_added_tokens=False)

    def __getstate__(self) -> dict:
        # What is pickled, and what `datasets` makes its fingerprints of, must not change with the first call.
        return {name: value for name, value in self.__dict__.items() if name != "_vocabulary"}

    def _cut_sentences(self, rows: list[list[int]]) -> list[list[int]]:
        """Cuts each sentence to `max_words_per_sentence` and its end mark, and each row to `max_sentences`."""
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        ids = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=lengths.sum())
        row_ends = lengths.cumsum()
        # Every row closes with an end mark, so a sentence never runs on into the next row.
        is_end = ids == self.sep_token_id
        sentence = is_end.cumsum() - is_end
        sentence_starts = np.append(0, np.flatnonzero(is_end) + 1)[sentence]
        keep = (np.arange(len(ids)) - sentence_starts < self.max_words_per_sentence) | is_end
        keep &= sentence - sentence[np.repeat(row_ends - lengths, lengths)] < self.max_sentences
        kept_ids, kept_ends = ids[keep].tolist(), np.append(0, keep.cumsum())[row_ends].tolist()
        return [kept_ids[start:end] for start, end in pairwise([0, *kept_ends])]


def segment(texts: Iterable[str], segmenter: str) -> Iterator[str]:
    """Makes texts that the Rust backend can read; jieba's cuts are written into them as word breaks."""
    cut = None
    if segmenter == "jieba":
        try:  # where it does not cut, it need not be installed: transformers asks for every import outside a `try`
            import jieba
        except ImportError as error:
            raise ImportError("this tokenizer cuts Chinese text into words by jieba: pip install jieba") from error
        jieba.setLogLevel(logging.WARNING)  # it reports the loading of its dictionary as an error message
        cut = jieba.cut
    for text in texts:
        if not text.isascii():
            # Half of a surrogate pair, as a text cut in the middle of an emoji has, is not a Unicode character.
            text = text.encode("utf-8", "ignore").decode("utf-8")
        yield WORD_BREAK.join(cut(text.replace(WORD_BREAK, " "))) if cut else text
