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
"""Cut flat token ids into sentences of words, so that the stock collator, Trainer and pipeline stay unchanged.

Shapes: B documents, T tokens, M sentences, S words of a sentence.
"""

from dataclasses import dataclass

import torch


@dataclass
class SentenceGrid:
    """Positions of the words of each sentence in the flat token ids.

    Attributes:
        positions_BMS (`torch.LongTensor`): Index into the tokens of the document; 0 where there is no word.
        mask_BMS (`torch.BoolTensor`): `True` where there is a word.
    """

    positions_BMS: torch.Tensor
    mask_BMS: torch.Tensor

    def to_flat(self, weights_BQMS: torch.Tensor, num_tokens: int) -> torch.Tensor:
        """Map values per word, `(batch, contexts, sentences, words)`, back to the tokens; 0 at other tokens."""
        index_BQX = self.positions_BMS.flatten(1)[:, None].expand(-1, weights_BQMS.shape[1], -1)
        flat_BQT = weights_BQMS.new_zeros(*weights_BQMS.shape[:2], num_tokens)
        if num_tokens == 0:  # the grid still has one cell, without a word
            return flat_BQT
        return flat_BQT.scatter_add(2, index_BQX, (weights_BQMS * self.mask_BMS[:, None]).flatten(2))

    def from_flat(self, flat_BQT: torch.Tensor) -> torch.Tensor:
        """Map values per token, `(batch, contexts, tokens)`, to the words, the inverse of `to_flat`; 0 at no word."""
        if flat_BQT.shape[2] == 0:
            flat_BQT = flat_BQT.new_zeros(*flat_BQT.shape[:2], 1)
        index_BQX = self.positions_BMS.flatten(1)[:, None].expand(-1, flat_BQT.shape[1], -1)
        return flat_BQT.gather(2, index_BQX).unflatten(2, self.mask_BMS.shape[1:]) * self.mask_BMS[:, None]


def cut_sentences(
    is_token_BT: torch.Tensor, is_end_BT: torch.Tensor, max_sentences: int, max_words: int
) -> SentenceGrid:
    """Cut the words of each document into sentences.

    A sentence is a run of words between end marks; empty ones do not count. Words after the first `max_words` of
    their sentence and sentences after the first `max_sentences` are left out. Padding may be anywhere; more of it
    changes nothing.

    Args:
        is_token_BT (`torch.BoolTensor` of shape `(batch, tokens)`): `True` at tokens, `False` at padding.
        is_end_BT (`torch.BoolTensor` of shape `(batch, tokens)`): `True` at sentence end marks.
        max_sentences (`int`): m of the paper.
        max_words (`int`): t of the paper.

    Returns:
        `SentenceGrid`: As wide as the longest sentence and as long as the longest document of this batch, at least 1
        by 1; on a GPU, one sentence per document is as wide as the batch.
    """
    num_documents, num_tokens = is_token_BT.shape
    if num_tokens == 0:
        empty = torch.zeros(num_documents, 1, 1, dtype=torch.long, device=is_token_BT.device)
        return SentenceGrid(empty, empty.bool())
    is_word = is_token_BT & ~is_end_BT
    # The end marks before a word number its segment; a sentence is a segment with words.
    segment_BT = (is_token_BT & is_end_BT).long().cumsum(1)
    words_of_segment = segment_BT.new_zeros(num_documents, num_tokens + 1).scatter_add(1, segment_BT, is_word.long())
    words_before = words_of_segment.cumsum(1) - words_of_segment
    sentence = ((words_of_segment > 0).long().cumsum(1) - 1).gather(1, segment_BT)
    column = is_word.long().cumsum(1) - 1 - words_before.gather(1, segment_BT)
    keep = is_word & (sentence < max_sentences) & (column < max_words)

    if not is_token_BT.is_cpu and max_sentences == 1:  # the width of the batch, as reading another one would take time
        rows, columns = 1, num_tokens
    elif torch.compiler.is_exporting():  # a graph's shapes cannot depend on the values of its tensors
        rows, columns = (1, num_tokens) if max_sentences == 1 else (max_sentences, max_words)
    else:
        rows = int(torch.where(keep, sentence, 0).max()) + 1
        columns = int(torch.where(keep, column, 0).max()) + 1
    return place_in_grid(sentence, column, keep, rows, columns)


def place_in_grid(
    row_BT: torch.Tensor, column_BT: torch.Tensor, keep_BT: torch.Tensor, rows: int, columns: int
) -> SentenceGrid:
    """Return the grid in which each token is at a given place.

    Args:
        row_BT, column_BT (`torch.LongTensor` of shape `(batch, tokens)`): The place; any where it is not kept.
        keep_BT (`torch.BoolTensor` of shape `(batch, tokens)`): Whether the grid has the token.
        rows, columns (`int`): Size of the grid.
    """
    num_documents, num_tokens = keep_BT.shape
    # Tokens that are left out go to one extra cell, which is dropped.
    cell_BT = torch.where(keep_BT, row_BT * columns + column_BT, rows * columns)
    token_BT = torch.arange(num_tokens, device=cell_BT.device).expand_as(cell_BT)
    positions = cell_BT.new_zeros(num_documents, rows * columns + 1).scatter(1, cell_BT, token_BT)
    mask = keep_BT.new_zeros(num_documents, rows * columns + 1).scatter(1, cell_BT, keep_BT)
    shape = (num_documents, rows, columns)
    return SentenceGrid(positions[:, :-1].reshape(shape), mask[:, :-1].reshape(shape))


def as_one_sentence(is_word_BT: torch.Tensor, max_words: int) -> SentenceGrid:
    """Return the words of each document as one sentence.

    Args:
        is_word_BT (`torch.BoolTensor` of shape `(batch, tokens)`): `True` at words, `False` at padding and at sentence
            end marks.
        max_words (`int`): Later words are left out.

    Returns:
        `SentenceGrid`: One row, as wide as the longest document of this batch, at least 1.
    """
    return cut_sentences(is_word_BT, torch.zeros_like(is_word_BT), 1, max_words)
