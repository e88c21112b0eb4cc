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
"""Joint masked language modelling (LM-MTC, Eqs. 3 and 5): the head, its loss, and the output of the classifiers.

Shapes: B documents, T tokens, P predicted tokens of all documents, H width of states, E width of embeddings, V words.
"""

from dataclasses import dataclass

import torch
from torch import nn
from transformers.utils import ModelOutput

from .label_loss import mean_per_document
from .precision import at_least_float32


@dataclass
class JointClassifierOutput(ModelOutput):  # trf-ignore: TRF057
    """
    Args:
        loss (`torch.FloatTensor` of shape `(1,)`, *optional*): L, Eq. 5.
        logits (`torch.FloatTensor` of shape `(batch, num_labels)`): O_l, before the sigmoid.
        hidden_states, attentions (`tuple`, *optional*): As the model documents them.
        label_loss, mlm_loss (`torch.FloatTensor` of shape `(1,)`, *optional*): L_mtc and L_mlm, the latter before its
            weight, where the loss is made of both.
    """

    loss: torch.FloatTensor | None = None
    logits: torch.FloatTensor | None = None
    hidden_states: tuple[torch.FloatTensor, ...] | None = None
    attentions: tuple[torch.FloatTensor, ...] | None = None
    label_loss: torch.FloatTensor | None = None
    mlm_loss: torch.FloatTensor | None = None


class MaskedWordHead(nn.Module):
    """O_m of Eq. 3 over any encoder's states: BERT's layer, whose output meets the encoder's own embeddings.

    Args:
        hidden_size (`int`): H.
        embedding_size (`int`): E.
    """

    def __init__(self, hidden_size: int, embedding_size: int) -> None:
        super().__init__()
        self.dense = nn.Linear(hidden_size, embedding_size)
        self.norm = nn.LayerNorm(embedding_size)

    def forward(self, states_PH: torch.Tensor, embeddings_VE: torch.Tensor) -> torch.Tensor:
        """Return logits of shape `(predicted, vocab_size)`.

        Args:
            states_PH (`torch.Tensor` of shape `(predicted, hidden_size)`): States at the predicted tokens.
            embeddings_VE (`torch.Tensor` of shape `(vocab_size, embedding_size)`): The encoder's embeddings.
        """
        return nn.functional.linear(self.norm(nn.functional.gelu(self.dense(states_PH))), embeddings_VE)


def masked_lm_loss(logits_PV: torch.Tensor, targets_BT: torch.Tensor) -> torch.Tensor:
    """Return L_mlm: the mean over a document's predicted tokens, then over all documents, 0 for those without.

    Args:
        logits_PV (`torch.Tensor` of shape `(predicted, vocab_size)`): Logits at the predicted tokens, in their order.
        targets_BT (`torch.LongTensor` of shape `(batch, tokens)`): The true ids there, -100 elsewhere.
    """
    predicted_BT = targets_BT != -100
    # Positions, not a mask: on a GPU, each use of a mask as an index waits for the number of its elements.
    positions_P = predicted_BT.flatten().nonzero()[:, 0]
    targets_P = targets_BT.flatten().index_select(0, positions_P)
    losses_P = nn.functional.cross_entropy(at_least_float32(logits_PV), targets_P, reduction="none")
    loss_X = losses_P.new_zeros(predicted_BT.numel()).index_copy(0, positions_P, losses_P)
    return mean_per_document(loss_X.view_as(predicted_BT), predicted_BT)


__all__ = ["JointClassifierOutput", "MaskedWordHead", "masked_lm_loss"]
