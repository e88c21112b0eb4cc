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
"""Labels emitted one by one: the masked softmax, the batched beam search, and label scores from its sequences.

SGM, set-RNN and CNN-RNN share this. A sequence ends with an end mark, which its first step reads too; the id of the
mark is the number of labels.

Shapes: B documents, W live beams of each, K kept beams, L labels, V = L + 1 (the mark is the last), S steps.
"""

import math
from typing import NamedTuple

import torch
from torch import nn

from ..configuration.configuration_label_sequences import LabelSequenceConfig
from .label_loss import check_labels
from .padding import length_mask
from .precision import at_least_float32
from .word_model import WordPreTrainedModel, make_embedding

# Scores are kept this far from 0 and 1, whose logits are infinite.
_SMALLEST_SCORE = 1e-6


class Beams(NamedTuple):
    """Finished sequences of each document, the most probable first.

    Attributes:
        log_probs_BK (`torch.Tensor`): Minus infinity where a document has fewer sequences.
        labels_BKS (`torch.LongTensor`): Label ids in the order of emission, filled up with the number of labels.
    """

    log_probs_BK: torch.Tensor
    labels_BKS: torch.Tensor

    def sets(self, num_labels: int) -> torch.Tensor:
        """Return the labels of each sequence, `(batch, beams, num_labels)`."""
        labels_BKV = self.labels_BKS.new_zeros(*self.labels_BKS.shape[:2], num_labels + 1, dtype=torch.bool)
        return labels_BKV.scatter(2, self.labels_BKS, True)[..., :num_labels]


def masked_log_softmax(logits_BWV: torch.Tensor, masked_BWL: torch.Tensor) -> torch.Tensor:
    """Return log-probabilities of the next label or the end, minus infinity for masked labels (SGM, Eqs. 9 and 10)."""
    masked_BWV = nn.functional.pad(masked_BWL, (0, 1), value=False)
    return at_least_float32(logits_BWV).masked_fill(masked_BWV, -math.inf).log_softmax(dim=-1)  # SGM Eqs. 9-10


def label_logits(log_probs_BK: torch.Tensor, sets_BKL: torch.Tensor) -> torch.Tensor:
    """Return logits of label scores. A score is the mean of two numbers: the share of the found probability that is on
    sets with the label, and 1 if the label is in the most probable set, else 0.

    A score is above 0.5 exactly where the most probable set contains the label; above and below, scores rank the labels
    by their probability. Scores are clipped to [1e-6, 1 - 1e-6].

    Args:
        log_probs_BK (`torch.Tensor` of shape `(batch, beams)`): Of the sequences or sets that were found.
        sets_BKL (`torch.BoolTensor` of shape `(batch, beams, num_labels)`): Their labels.

    Returns:
        `torch.Tensor` of shape `(batch, num_labels)`: Before the sigmoid, in 32 bits.
    """
    share_BL = (log_probs_BK.softmax(dim=-1)[..., None] * sets_BKL).sum(dim=1)
    best_BL = sets_BKL[torch.arange(len(sets_BKL), device=sets_BKL.device), log_probs_BK.argmax(dim=-1)]
    return ((share_BL + best_BL) / 2).logit(eps=_SMALLEST_SCORE)


class LabelDecoder(nn.Module):
    """An LSTM that emits labels one by one, trained on sequences in `config.label_order`.

    It reads a document as `memory`, tensors of shape `(batch, ...)`, and carries `state` from step to step, tensors of
    shape `(batch, beams, ...)`, which start with one beam. A subclass makes both and defines
    `step`.

    Args:
        config (`LabelSequenceConfig`): Labels, their order, and the limits of the search.
        input_size (`int`): Width of the input of a step.
        hidden_size (`int`): Width of the state.
    """

    def __init__(self, config: LabelSequenceConfig, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.config = config
        self.label_embeddings = make_embedding(config.num_labels + 1, config.embedding_size)
        self.cell = nn.LSTMCell(input_size, hidden_size)
        self.dropout = nn.Dropout(config.dropout)
        self.output = nn.Linear(hidden_size, config.num_labels + 1)

    def step(
        self, memory: tuple, state: tuple, last_BW: torch.Tensor, masked_BWL: torch.Tensor
    ) -> tuple[torch.Tensor, tuple]:
        """Run one step of all beams.

        Args:
            memory (`tuple[torch.Tensor]`), state (`tuple[torch.Tensor]`): See above.
            last_BW (`torch.LongTensor` of shape `(batch, beams)`): The label emitted last.
            masked_BWL (`torch.BoolTensor` of shape `(batch, beams, num_labels)`): Labels that must not be emitted.

        Returns:
            `torch.Tensor` of shape `(batch, beams, num_labels + 1)`: Log-probabilities.
            `tuple[torch.Tensor]`: The next state.
        """
        raise NotImplementedError

    def run_cell(
        self, input_BWE: torch.Tensor, hidden_BWH: torch.Tensor, cell_BWH: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the LSTM's next hidden and cell states."""
        shape = hidden_BWH.shape
        states = self.cell(input_BWE.flatten(0, 1), (hidden_BWH.flatten(0, 1), cell_BWH.flatten(0, 1)))
        return tuple(states_RH.view(shape) for states_RH in states)

    def loss(self, memory: tuple, state: tuple, labels_BL: torch.Tensor) -> torch.Tensor:
        """Return minus the log-probability of the labels in their order: a sum over steps, a mean over documents."""
        ids_BS, lengths_B = self.in_order(labels_BL)
        order = lengths_B.argsort(descending=True, stable=True)  # so that unfinished documents come first
        ids_BS, masked_BL = ids_BS[order], (labels_BL == -100)[order]
        memory, state = (tuple(part[order] for part in parts) for parts in (memory, state))
        last_B = torch.full_like(lengths_B, self.config.num_labels)
        unfinished = (lengths_B >= torch.arange(ids_BS.shape[1], device=order.device)[:, None]).sum(dim=1).tolist()
        total = 0.0
        for number, next_B in zip(unfinished, ids_BS.T, strict=True):
            memory, state = (tuple(part[:number] for part in parts) for parts in (memory, state))
            last_B, masked_BL, next_B = last_B[:number], masked_BL[:number], next_B[:number, None]
            log_probs_B1V, state = self.step(memory, state, last_B[:, None], masked_BL[:, None])
            total = total - log_probs_B1V[:, 0].gather(1, next_B).sum()
            last_B = next_B[:, 0]
            masked_BL = nn.functional.pad(masked_BL, (0, 1)).scatter(1, next_B, True)[:, :-1]
        return total / len(labels_BL)

    def in_order(self, labels_BL: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the true labels in `config.label_order`.

        Args:
            labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1 where the label is true.

        Returns:
            `torch.LongTensor` of shape `(batch, steps)`: Label ids, then the end mark, at least one.
            `torch.LongTensor` of shape `(batch,)`: Labels of each document.
        """
        num_labels = self.config.num_labels
        order_L = torch.tensor(self.config.label_order or range(num_labels), device=labels_BL.device)
        true_BL = (labels_BL == 1)[:, order_L]
        lengths_B = true_BL.sum(dim=1)
        ids_BL = order_L[true_BL.int().argsort(dim=1, descending=True, stable=True)]
        ids_BL = ids_BL.masked_fill(~length_mask(lengths_B, num_labels), num_labels)
        ids_BV = nn.functional.pad(ids_BL, (0, 1), value=num_labels)
        return ids_BV[:, : int(lengths_B.max()) + 1], lengths_B

    def search(self, memory: tuple, state: tuple) -> tuple[torch.Tensor, torch.Tensor]:
        """Search the most probable sequences of each document.

        Returns:
            `torch.Tensor` of shape `(batch, beams)`: Log-probabilities.
            `torch.BoolTensor` of shape `(batch, beams, num_labels)`: The labels of each.
        """
        config = self.config
        masked_BL = torch.zeros(len(state[0]), config.num_labels, dtype=torch.bool, device=state[0].device)
        beams = beam_search(self, memory, state, masked_BL, config.num_beams, config.max_labels or config.num_labels)
        return beams.log_probs_BK, beams.sets(config.num_labels)

    def forward(
        self, memory: tuple, state: tuple, labels_BL: torch.Tensor | None = None
    ) -> tuple[torch.Tensor | None, torch.Tensor | None]:
        """Return the loss, if there are labels, and the logits, except in training on labels, which needs no search."""
        loss = logits_BL = None
        if labels_BL is not None:
            check_labels(labels_BL, len(state[0]), self.config.num_labels)
            # A label that is not a number is no sequence either; compared with 1 and -100, it would read as false.
            loss = self.loss(memory, state, labels_BL).masked_fill(labels_BL.isnan().any(), torch.nan)
        if labels_BL is None or not self.training:
            with torch.no_grad():
                logits_BL = label_logits(*self.search(memory, state))
        return loss, logits_BL


class LabelSequencePreTrainedModel(WordPreTrainedModel):  # trf-ignore: TRF057
    """Base of the models with a `LabelDecoder`, in which a beam search finds the scores."""


def beam_search(
    decoder: LabelDecoder,
    memory: tuple,
    state: tuple,
    masked_BL: torch.Tensor,
    num_beams: int,
    max_labels: int,
    wanted_BL: torch.Tensor | None = None,
) -> Beams:
    """Search the most probable finished sequences of all documents at once.

    Finished sequences do not take the place of live ones: `num_beams` of these are kept too. A sequence never
    becomes more probable, so a document is finished when its best live sequence is less probable than its kept ones.

    Args:
        decoder (`LabelDecoder`), memory (`tuple[torch.Tensor]`), state (`tuple[torch.Tensor]`): Run step by step.
        masked_BL (`torch.BoolTensor` of shape `(batch, num_labels)`): Labels that the softmax leaves out.
        num_beams (`int`): K.
        max_labels (`int`): Labels of a sequence at most.
        wanted_BL (`torch.BoolTensor` of shape `(batch, num_labels)`, *optional*): Search the orders of this set only:
            sequences of all its labels and no other. Their probabilities are those among all sequences.

    Returns:
        `Beams`: In the order of the documents.
    """
    num_documents, end = masked_BL.shape
    documents = torch.arange(num_documents, device=masked_BL.device)
    kept_BK = at_least_float32(state[0]).new_full((num_documents, num_beams), -math.inf)
    kept_BKS = torch.full((num_documents, num_beams, max_labels), end, device=masked_BL.device)
    live_BW = kept_BK.new_zeros(num_documents, 1)
    live_BWS = torch.full_like(kept_BKS[:, :1], end)
    last_BW, masked_BWL = live_BWS.new_full((num_documents, 1), end), masked_BL[:, None]
    for step in range(max_labels + 1):
        next_BWV, state = decoder.step(memory, state, last_BW, masked_BWL)
        next_BWV = live_BW[..., None] + next_BWV
        ended_BW = next_BWV[..., end]
        if wanted_BL is not None:
            ended_BW = ended_BW.masked_fill((wanted_BL[:, None] & ~masked_BWL).any(dim=-1), -math.inf)
        best_BK, chosen = torch.cat([kept_BK[documents], ended_BW], dim=1).topk(num_beams)
        best_BKS = _pick(torch.cat([kept_BKS[documents], live_BWS], dim=1), chosen)
        kept_BK, kept_BKS = kept_BK.index_copy(0, documents, best_BK), kept_BKS.index_copy(0, documents, best_BKS)
        if step == max_labels:
            break

        next_BWL = next_BWV[..., :end]
        choices = end
        if wanted_BL is not None:
            next_BWL = next_BWL.masked_fill(~wanted_BL[:, None], -math.inf)
            choices = max(1, int(wanted_BL.sum(dim=-1).max()))
        live_BW, chosen = next_BWL.flatten(1).topk(min(num_beams, choices * next_BWL.shape[1]))
        parents_BW, last_BW = chosen // end, chosen % end
        going = live_BW[:, 0] > best_BK[:, -1]
        if not going.any():
            break
        state = tuple(_pick(part, parents_BW)[going] for part in state)
        live_BWS, masked_BWL = _pick(live_BWS, parents_BW)[going], _pick(masked_BWL, parents_BW)[going]
        live_BW, last_BW = live_BW[going], last_BW[going]
        live_BWS[..., step] = last_BW
        masked_BWL = masked_BWL.scatter(2, last_BW[..., None], True)
        documents, memory = documents[going], tuple(part[going] for part in memory)
        wanted_BL = None if wanted_BL is None else wanted_BL[going]
    return Beams(kept_BK, kept_BKS)


def _pick(values_BWX: torch.Tensor, chosen_BK: torch.Tensor) -> torch.Tensor:
    """Return the values of the chosen beams of each document."""
    return values_BWX[torch.arange(len(values_BWX), device=values_BWX.device)[:, None], chosen_BK]


__all__ = ["LabelSequencePreTrainedModel"]
