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
"""Overlapping windows of documents that are longer than an encoder reads.

A document is flat: the special tokens before the text, the text, the special tokens behind it. Every window has the
same special tokens around a part of the text, as the encoder was pretrained. A token in the overlap of two windows is
read off the one in which more of its context is, so that each token of the document has one state.

Shapes: B documents, T tokens of a document, M windows of a document, S tokens of a window, N windows of a batch, C
windows of one pass, H width of the encoder's states.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.utils.checkpoint import checkpoint
from transformers import PreTrainedModel

from ..configuration.configuration_lw_encoder import LabelWiseEncoderConfig
from .padding import length_mask, pad_right
from .sentences import SentenceGrid, place_in_grid

# Windows that one pass of the encoder reads, if the batch has fewer documents.
WINDOWS_AT_ONCE = 8


@dataclass
class Windows:
    """The windows of a batch of documents, and the place of each token in them.

    Attributes:
        positions_BMS (`torch.LongTensor` of shape `(batch, windows, window tokens)`): Index of each token of a window
            in the tokens of its document; any where there is none.
        widths_BM (`torch.LongTensor` of shape `(batch, windows)`): Tokens of each window; 0 where there is no window.
        window_BT (`torch.LongTensor` of shape `(batch, tokens)`): The window that a token is read off; -1 at padding
            and where a document is longer than its windows.
        place_BT (`torch.LongTensor` of shape `(batch, tokens)`): The place of the token in that window.
        first_place (`int`): Place of the first token that is read off a window which another one precedes.
    """

    positions_BMS: torch.Tensor
    widths_BM: torch.Tensor
    window_BT: torch.Tensor
    place_BT: torch.Tensor
    first_place: int

    def parts(self) -> SentenceGrid:
        """Return the tokens that each window has a state of, as the parts of documents."""
        column_BT = self.place_BT - self.first_place * (self.window_BT > 0)
        return place_in_grid(self.window_BT, column_BT, self.window_BT >= 0, *self.positions_BMS.shape[1:])


def one_part(is_read_BT: torch.Tensor) -> SentenceGrid:
    """Return all tokens that are read as one part, `(batch, 1, tokens)`, in their places."""
    places_T = torch.arange(is_read_BT.shape[1], device=is_read_BT.device)
    return SentenceGrid(places_T.expand(is_read_BT.shape[0], 1, -1), is_read_BT[:, None])


def cut_windows(
    lengths_B: torch.Tensor, num_tokens: int, size: int, overlap: int, specials: tuple[int, int], max_windows: int
) -> Windows:
    """Cut documents into windows.

    Args:
        lengths_B (`torch.LongTensor` of shape `(batch,)`): Tokens of each document, its special tokens included;
            padding is behind them.
        num_tokens (`int`): T, the width that the documents are padded to.
        size (`int`): Tokens of a window, its special tokens included.
        overlap (`int`): Tokens of the text that a window shares with the next one.
        specials (`tuple[int, int]`): Number of special tokens before and behind the text.
        max_windows (`int`): Number of windows of a document; what is behind them is not read.

    Returns:
        `Windows`: As many, and as wide, as a document of `num_tokens` tokens has.
    """
    before, behind = specials
    capacity = size - before - behind  # tokens of the text in a window
    stride = capacity - overlap
    text_B1 = (lengths_B - before - behind).clamp(min=0)[:, None]
    counts_B1 = (1 + (text_B1 - capacity + stride - 1).clamp(min=0) // stride).clamp(max=max_windows)
    counts_B1 = counts_B1 * (lengths_B > 0)[:, None]
    # Of the shapes alone, as those of a graph cannot depend on the values of its tensors.
    num_windows = torch.sym_min(1 + torch.sym_max(num_tokens - size + stride - 1, 0) // stride, max_windows)
    window_1M = torch.arange(num_windows, device=lengths_B.device)[None]
    texts_BM = (text_B1 - window_1M * stride).clamp(0, capacity)
    widths_BM = (texts_BM + lengths_B[:, None].clamp(max=before + behind)) * (window_1M < counts_B1)

    place_S = torch.arange(torch.sym_min(num_tokens, size), device=lengths_B.device)
    starts_1M1, texts_BM1 = (window_1M * stride)[..., None], texts_BM[..., None]
    positions_BMS = torch.where(
        place_S < before,
        place_S,
        torch.where(
            place_S < before + texts_BM1,
            place_S + starts_1M1,
            place_S - before - texts_BM1 + (lengths_B[:, None] - behind).clamp(min=before)[..., None],
        ),
    ).clamp(0, max(num_tokens - 1, 0))

    token_1T = torch.arange(num_tokens, device=lengths_B.device)[None]
    is_behind_BT = token_1T >= before + text_B1
    last_B1 = (counts_B1 - 1).clamp(min=0)
    window_BT = ((token_1T - before - overlap // 2).div(stride, rounding_mode="floor")).clamp(min=0)
    window_BT = torch.where(is_behind_BT, last_B1, window_BT.minimum(last_B1))
    last_text_B1 = texts_BM.gather(1, last_B1)
    place_BT = torch.where(
        is_behind_BT, token_1T - text_B1 + last_text_B1, token_1T - window_BT * stride * (token_1T >= before)
    )
    is_read_BT = (token_1T < lengths_B[:, None]) & (is_behind_BT | (place_BT < before + capacity))
    window_BT = torch.where(is_read_BT, window_BT, -1)
    return Windows(positions_BMS, widths_BM, window_BT, place_BT * is_read_BT, before + overlap // 2)


def read_windows(
    encoder: PreTrainedModel, input_ids_BT: torch.Tensor, windows: Windows, hidden_size: int
) -> torch.Tensor:
    """Run an encoder over windows and return the state of each token.

    Windows of like length run together, up to two per document at once, or `WINDOWS_AT_ONCE`: memory grows with
    their number and not with the length of the documents. Where there are more, training runs each pass anew in its
    backward pass instead of keeping what is in between.

    Args:
        encoder (`PreTrainedModel`): Reads `input_ids` and `attention_mask`.
        input_ids_BT (`torch.LongTensor` of shape `(batch, tokens)`): Documents, padded on the right.
        windows (`Windows`): Their windows.
        hidden_size (`int`): H.

    Returns:
        `torch.Tensor` of shape `(batch, tokens, hidden_size)`: Zero where no window has the token.
    """
    # CODEPATH: the export of a graph, whose shapes cannot depend on the lengths of documents.
    if torch.compiler.is_exporting():
        return _read_all_windows(encoder, input_ids_BT, windows)
    num_windows = windows.widths_BM.shape[1]
    document_N, number_N = windows.widths_BM.nonzero(as_tuple=True)
    if not len(document_N):
        return torch.zeros(*input_ids_BT.shape, hidden_size, dtype=encoder.dtype, device=input_ids_BT.device)
    widths_N = windows.widths_BM[document_N, number_N]
    order_N = widths_N.argsort(descending=True, stable=True)
    at_once = max(2 * len(input_ids_BT), WINDOWS_AT_ONCE)
    passes = order_N.split(at_once)
    recompute = len(passes) > 1 and torch.is_grad_enabled()

    def read(ids_CS: torch.Tensor, mask_CS: torch.Tensor) -> torch.Tensor:
        return encoder(input_ids=ids_CS, attention_mask=mask_CS).last_hidden_state

    states, offsets_N, offset = [], torch.zeros_like(widths_N), 0
    for chosen_C in passes:
        widest = int(widths_N[chosen_C[0]])
        positions_CS = windows.positions_BMS[document_N[chosen_C], number_N[chosen_C], :widest]
        ids_CS = input_ids_BT[document_N[chosen_C][:, None], positions_CS]
        mask_CS = (torch.arange(widest, device=ids_CS.device) < widths_N[chosen_C, None]).long()
        states_CSH = checkpoint(read, ids_CS, mask_CS, use_reentrant=False) if recompute else read(ids_CS, mask_CS)
        states.append(states_CSH.flatten(0, 1))
        offsets_N[chosen_C] = offset + torch.arange(len(chosen_C), device=offsets_N.device) * widest
        offset += len(states[-1])

    offsets_BM = torch.zeros_like(windows.widths_BM).index_put((document_N, number_N), offsets_N)
    is_read_BT = windows.window_BT >= 0
    index_BT = offsets_BM.gather(1, windows.window_BT.clamp(0, num_windows - 1)) + windows.place_BT
    states_BTH = torch.nn.functional.embedding(index_BT * is_read_BT, torch.cat(states))
    return states_BTH * is_read_BT[..., None]


def _read_all_windows(encoder: PreTrainedModel, input_ids_BT: torch.Tensor, windows: Windows) -> torch.Tensor:
    """As `read_windows`, in one pass over as many windows of each document as the widest has."""
    num_documents, num_windows, widest = windows.positions_BMS.shape
    ids_BMT = input_ids_BT[:, None].expand(-1, num_windows, -1)
    ids_NS = ids_BMT.gather(2, windows.positions_BMS).flatten(0, 1)
    # Of a window that is not there, one token is read: attention to none is not a number.
    mask_NS = length_mask(windows.widths_BM.flatten().clamp(min=1), widest).long()
    states_NSH = encoder(input_ids=ids_NS, attention_mask=mask_NS).last_hidden_state
    document_B1 = torch.arange(num_documents, device=ids_NS.device)[:, None]
    index_BT = (document_B1 * num_windows + windows.window_BT.clamp(min=0)) * widest + windows.place_BT
    states_BTH = torch.nn.functional.embedding(index_BT, states_NSH.flatten(0, 1))
    return states_BTH * (windows.window_BT >= 0)[..., None]


def cut_documents(
    attention_mask_BT: torch.Tensor, config: LabelWiseEncoderConfig
) -> tuple[Windows | None, SentenceGrid]:
    """Return the windows of documents, and how labels attend to them.

    Args:
        attention_mask_BT (`torch.Tensor` of shape `(batch, tokens)`): 1 at tokens, 0 at padding, on the right.
        config (`LabelWiseEncoderConfig`): Says how they are cut.

    Returns:
        `Windows`: `None` if each document fits into one.
        `SentenceGrid`: One part, or those of each window when `hierarchical`.
    """
    num_tokens = attention_mask_BT.shape[1]
    # CODEPATH: documents that fit into one window are read as they are; a graph reads documents of any width.
    if not torch.compiler.is_exporting() and num_tokens <= config.window_size:
        return None, one_part(attention_mask_BT.bool())
    windows = cut_windows(
        attention_mask_BT.sum(dim=1),
        num_tokens,
        config.window_size,
        config.window_overlap,
        tuple(config.num_special_tokens),
        config.max_windows,
    )
    # CODEPATH: --hierarchical attends to each window first, as HLW-LSTM to sentences; else to all tokens.
    return windows, windows.parts() if config.hierarchical else one_part(windows.window_BT >= 0)


def read_documents(
    encoders: Sequence[PreTrainedModel],
    input_ids_BT: torch.Tensor,
    attention_mask_BT: torch.Tensor | None,
    config: LabelWiseEncoderConfig,
) -> tuple[list[torch.Tensor], SentenceGrid]:
    """Run encoders over documents of any length.

    Args:
        encoders (`Sequence[PreTrainedModel]`): Each reads all documents.
        input_ids_BT (`torch.LongTensor` of shape `(batch, tokens)`): Documents.
        attention_mask_BT (`torch.Tensor` of shape `(batch, tokens)`, *optional*): 1 at tokens, 0 at padding.
        config (`LabelWiseEncoderConfig`): Says how they are cut.

    Returns:
        `list[torch.Tensor]`: By each encoder, a state for each token, `(batch, tokens, hidden_size)`, padding on the
        right; any at padding.
        `SentenceGrid`: As of `cut_documents`.
    """
    input_ids_BT, attention_mask_BT = pad_right(attention_mask_BT, input_ids_BT)
    if attention_mask_BT is None:
        attention_mask_BT = torch.ones_like(input_ids_BT)
    windows, grid = cut_documents(attention_mask_BT, config)
    if windows is None:
        inputs = {"input_ids": input_ids_BT, "attention_mask": attention_mask_BT}
        return [encoder(**inputs).last_hidden_state for encoder in encoders], grid
    return [read_windows(encoder, input_ids_BT, windows, config.hidden_size) for encoder in encoders], grid


__all__ = ["WINDOWS_AT_ONCE", "Windows", "cut_documents", "cut_windows", "one_part", "read_documents", "read_windows"]
