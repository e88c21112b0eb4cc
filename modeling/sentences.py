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
"""Cuts flat token ids into sentences of words, so that the stock collator, Trainer and pipeline stay unchanged.

Shapes: B documents, T tokens, M sentences, S words of a sentence.
"""

from dataclasses import dataclass

import torch


@dataclass
class SentenceGrid:
    """Where each word of each sentence stands in the flat token ids.

    Attributes:
        positions_BMS (`torch.LongTensor`): Index into the tokens of the document; 0 where there is no word.
        mask_BMS (`torch.BoolTensor`): `True` where there is a word.
    """

    positions_BMS: torch.Tensor
    mask_BMS: torch.Tensor

    def to_flat(self, weights_BQMS: torch.Tensor, num_tokens: int) -> torch.Tensor:
        """Values per word of shape `(batch, contexts, sentences, words)` laid back over the tokens, 0 elsewhere."""
        index_BQX = self.positions_BMS.flatten(1)[:, None].expand(-1, weights_BQMS.shape[1], -1)
        flat_BQT = weights_BQMS.new_zeros(*weights_BQMS.shape[:2], num_tokens)
        if num_tokens == 0:  # the grid still holds one cell, of no word
            return flat_BQT
        return flat_BQT.scatter_add(2, index_BQX, (weights_BQMS * self.mask_BMS[:, None]).flatten(2))


def cut_sentences(
    is_token_BT: torch.Tensor, is_end_BT: torch.Tensor, max_sentences: int, max_words: int
) -> SentenceGrid:
    """Lays out the words of each document by sentence.

    A sentence is a run of words between end marks; empty ones do not count. Words behind `max_words` of their
    sentence and sentences behind `max_sentences` are left out. Padding may stand anywhere, and more of it changes
    nothing.

    Args:
        is_token_BT (`torch.BoolTensor` of shape `(batch, tokens)`): `True` at tokens, `False` at padding.
        is_end_BT (`torch.BoolTensor` of shape `(batch, tokens)`): `True` at sentence end marks.
        max_sentences (`int`): m of the paper.
        max_words (`int`): t of the paper.

    Returns:
        `SentenceGrid`: As wide as the longest sentence and as long as the longest document of this batch, at least 1
        by 1.
    """
    num_documents, num_tokens = is_token_BT.shape
    if num_tokens == 0:
        empty = torch.zeros(num_documents, 1, 1, dtype=torch.long, device=is_token_BT.device)
        return SentenceGrid(empty, empty.bool())
    is_word = is_token_BT & ~is_end_BT
    word_number = is_word.long().cumsum(1)  # 1 at the first word of a document
    ends_before = (is_token_BT & is_end_BT).long().cumsum(1)
    # A word starts a sentence when the number of end marks before it is not that of the word before it.
    ends_at_last_word = torch.where(is_word, ends_before, -1).cummax(1).values
    previous = torch.nn.functional.pad(ends_at_last_word[:, :-1], (1, 0), value=-1)
    is_start = is_word & (ends_before != previous)
    sentence = is_start.long().cumsum(1) - 1
    first_word = torch.where(is_start, word_number, 0).cummax(1).values
    column = word_number - first_word
    keep = is_word & (sentence < max_sentences) & (column < max_words)

    rows = int(torch.where(keep, sentence, 0).max()) + 1
    columns = int(torch.where(keep, column, 0).max()) + 1
    document, token = keep.nonzero(as_tuple=True)
    cell = (document, sentence[keep], column[keep])
    positions_BMS = torch.zeros(num_documents, rows, columns, dtype=torch.long, device=is_token_BT.device)
    mask_BMS = torch.zeros_like(positions_BMS, dtype=torch.bool)
    positions_BMS[cell] = token
    mask_BMS[cell] = True
    return SentenceGrid(positions_BMS, mask_BMS)
