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
"""From a text to words: jieba's cuts, and regular expressions of words and sentence ends for the Rust backend."""

import logging
from collections.abc import Iterable, Iterator
from functools import cache

from tokenizers import Regex, normalizers, pre_tokenizers

PAD, UNK, SEP = "[PAD]", "[UNK]", "[SEP]"

# Two control characters carry structure through the Rust pipeline. No text can forge them: the normalizer removes the
# first from the text, `segment` the second.
SENTENCE_MARK, WORD_BREAK = "\x1e", "\x1f"

# White space, control characters, and invisible ones such as byte order marks: they separate words and are dropped.
_BLANK = r"\s\p{Cc}\p{Cf}"


def word_pattern(alpha: str, letter: str, digit: str, single: str) -> str:
    """Return the regular expression of words, built from smaller ones.

    Hyphens and apostrophes keep a word together (well-known, don't, l'homme), but the English 's is split off, because
    it follows any noun. A dot, comma or colon between two digits belongs to the word (3.5, 1,000, 10:30).

    Args:
        alpha (`str`): A letter of an abbreviation.
        letter (`str`): A character of a word.
        digit (`str`): A digit.
        single (`str`): Anything else that is a word of its own.
    """
    return "|".join(
        (
            # U.S., e.g. All repetition that may fail at its end is bounded, so that every text takes linear time.
            rf"{alpha}\.(?:{alpha}\.){{1,8}}(?!{letter})",
            # U+200C and U+200D join letters, but start no word.
            rf"(?![\u200c\u200d]){letter}+"
            rf"(?:(?:'(?![sS]\b)|[\-\u2010\u2011]|[.,:](?<={digit}.)(?={digit})){letter}+)*",
            rf"'(?<={letter}')[sS]\b",
            single,
        )
    )


# A Chinese character is a word of its own, because this pattern cannot tell where Chinese words end. Everything else
# (punctuation, emoji with their modifiers) is one grapheme a word. U+200C and U+200D join letters in Persian and in
# Indic scripts.
_REGEX_WORD = word_pattern(
    alpha=r"\p{L}",
    letter=r"[[\p{L}\p{M}\p{N}\u200c\u200d]&&[^\p{Han}]]",
    digit=r"\p{Nd}",
    # A flag. \X finds it too, but counts back to the first flag of a row.
    single=rf"[\x{{1f1e6}}-\x{{1f1ff}}]{{2}}|(?![{_BLANK}])\X",
)
_JIEBA_WORD = rf"[^{_BLANK}]+"
_END_MARK = rf"(?<={SENTENCE_MARK})\[SEP\](?={SENTENCE_MARK})"

# Sentence ends. A mark replaces the white space between two sentences (all that follows \K), so that an empty sentence
# gets no mark. Quotes and brackets may follow the stop of a sentence.
_CLOSING = r"\"'”’)\]」』）"
_CLOSED = rf"(?:{WORD_BREAK}?[{_CLOSING}]){{0,3}}"
_GAP = rf"{WORD_BREAK}?\s[{_BLANK}]*+"
_ABBREVIATION = r"(?<!\b\p{L}\.|\b(?:Mr|Ms|Dr|St|vs|cf|Jr|Sr|No)\.|\b(?:Mrs|etc|Fig)\.|\bProf\.)"
_SENTENCE_END = "|".join(
    (
        # A line break, or the end of the text.
        rf"[^{_BLANK}]\K[[{_BLANK}]&&[^\r\n]]*+(?:[\r\n][{_BLANK}]*+|\z)",
        # Marks that end a sentence whatever follows, and a full stop between spaces (of a tokenized text).
        rf"(?:[!?؟۔।॥]{_CLOSED}|\.(?<=\s\.|\s{WORD_BREAK}\.))\K{_GAP}(?=[^.!?,;:)\]])",
        # A stop ends a sentence unless it closes an abbreviation or a lower-case word follows.
        rf"[.…]{_ABBREVIATION}{_CLOSED}\K{_GAP}(?=[^\p{{Ll}}.!?,;:)\]])",
        # Chinese and Japanese marks need no white space behind them.
        rf"[。！？；｡]{_CLOSED}\K[{_BLANK}]*+(?=[^。！？；｡{_CLOSING}])",
    )
)


def segment(texts: Iterable[str], segmenter: str) -> Iterator[str]:
    """Yield the texts in the form that the Rust backend reads, with jieba's cuts written into them as word breaks.

    Args:
        texts (`Iterable[str]`): Any texts.
        segmenter (`str`): `"regex"` or `"jieba"`.

    Raises:
        ImportError: `segmenter` is `"jieba"`, which is not installed.
    """
    cut = None
    if segmenter == "jieba":
        try:  # transformers asks a published tokenizer's users to install every import outside a `try`
            import jieba
        except ImportError as error:
            raise ImportError("this tokenizer cuts Chinese text into words with jieba: pip install jieba") from error
        jieba.setLogLevel(logging.WARNING)  # it reports the loading of its dictionary as an error message
        cut = jieba.cut
    for text in texts:
        if not text.isascii():
            # Half of a surrogate pair is no Unicode character; a text cut in the middle of an emoji contains one.
            text = text.encode("utf-8", "ignore").decode("utf-8")
        yield WORD_BREAK.join(cut(text.replace(WORD_BREAK, " "))) if cut else text


@cache
def word_pipeline(
    lowercase: bool, segmenter: str, mark_sentences: bool
) -> tuple[normalizers.Normalizer, pre_tokenizers.PreTokenizer]:
    """Return the backend's normalizer and its pre-tokenizer."""
    # NFC, because NFKC would turn x² into x2 and ½ into 1⁄2.
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
