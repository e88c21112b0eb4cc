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
"""Word ids of plain texts, found by Python: handing a word over from the Rust backend takes longer than finding it."""

import re
from collections.abc import Mapping

from tokenizers import Tokenizer

from .word_pipeline import word_pattern, word_pipeline

# Words of ASCII texts, and the characters of common Chinese texts. Unicode normalization changes neither, and Python
# lower-cases them as the backend does.
_ASCII_WORD = re.compile(
    "[A-Za-z0-9]++(?!['.,:-])|"  # most words, before any longer pattern is tried
    + word_pattern(alpha="[A-Za-z]", letter="[A-Za-z0-9]", digit="[0-9]", single="[!-~]"),
    re.ASCII,
)
_CHINESE = re.compile("[\t-\r\x1c-~\u2010-\u2027\u3000-\u3029\u4e00-\u9fff\uff01-\uff5e]*")


class FastWords:
    """A reader of plain texts that returns the ids of a [`WordTokenizer`]'s Rust backend without calling it.

    Plain texts are ASCII for `"regex"`, and common Chinese (ASCII among it) for `"jieba"`. Combining and invisible
    characters, emoji and most scripts need the backend, and so do a backend that marks sentences and one whose pipeline
    or added tokens were changed.

    Args:
        backend (`Tokenizer`): The Rust tokenizer.
        segmenter (`str`): `"regex"` or `"jieba"`.
        vocabulary (`Mapping[str, int]`): Ids of the words, special tokens not added.
        unk_token_id (`int`): Id of an unknown word.
    """

    def __init__(self, backend: Tokenizer, segmenter: str, vocabulary: Mapping[str, int], unk_token_id: int) -> None:
        self.segmenter = segmenter
        self.vocabulary = vocabulary
        self.unk_token_id = unk_token_id
        self.lowercase = _lowercases(backend, segmenter) if backend.encode_special_tokens else None

    def supports(self, text: str) -> bool:
        """Return whether `ids` reads the text, as `segment` returns it, exactly as the backend does."""
        if self.lowercase is None:
            return False
        return text.replace("’", "'").isascii() if self.segmenter == "regex" else bool(_CHINESE.fullmatch(text))

    def ids(self, text: str) -> list[int]:
        """Return the ids of a supported text's words."""
        text = text.replace("’", "'")
        text = text.lower() if self.lowercase else text
        words = _ASCII_WORD.findall(text) if self.segmenter == "regex" else text.split()
        vocabulary, unknown = self.vocabulary, self.unk_token_id
        return [vocabulary.get(word, unknown) for word in words]


def _lowercases(backend: Tokenizer, segmenter: str) -> bool | None:
    """Return whether the backend lower-cases; `None` where it marks sentences or was not made by this version."""
    if backend.num_special_tokens_to_add(False) or not all(
        token.special for token in backend.get_added_tokens_decoder().values()
    ):
        return None
    found = [step.__getstate__() for step in (backend.normalizer, backend.pre_tokenizer)]
    for lowercase in (True, False):
        if found == [step.__getstate__() for step in word_pipeline(lowercase, segmenter, mark_sentences=False)]:
            return lowercase
    return None
