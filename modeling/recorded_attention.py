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
"""States and attention weights for users, on the path of the gradients.

Shapes: B documents, T tokens, M sentences, S words of a sentence, Q context vectors, H = 2 * hidden_size; N = B * M
sentences of all documents, X = B * Q sequences of sentence vectors.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch

from .sentences import SentenceGrid


class Recorded(NamedTuple):
    """What is recorded of one level. Each function takes a tensor and returns it, of the same values and shape; the
    level continues with what is returned, so that gradients flow through what was recorded.

    Attributes:
        states (`Callable`): Of the recurrent states, `(sequences, steps, 2 * hidden_size)`.
        weights (`Callable`): Of the attention weights, `(sequences, contexts, steps)`.
    """

    states: Callable[[torch.Tensor], torch.Tensor]
    weights: Callable[[torch.Tensor], torch.Tensor]


class AttentionRecorder:
    """A record of the states and weights of a document's encoders, in the shapes that users read.

    Args:
        grid (`SentenceGrid`): Positions of the words in the flat ids.
        num_tokens (`int`): T, tokens of a row of the flat ids.

    Attributes:
        hidden_states (`list[torch.Tensor]`): Per encoder, the word states `(B, M, S, H)`.
        attentions (`list[torch.Tensor]`): Per encoder, the word weights `(B, Q, T)` and, of a hierarchical one, the
            sentence weights `(B, Q, M)`.
        words, sentences (`Recorded`): For each level of an encoder.
    """

    def __init__(self, grid: SentenceGrid, num_tokens: int) -> None:
        self.grid, self.num_tokens = grid, num_tokens
        self.hidden_states: list[torch.Tensor] = []
        self.attentions: list[torch.Tensor] = []
        self.words = Recorded(self._states, self._word_weights)
        self.sentences = Recorded(lambda states_XMH: states_XMH, self._sentence_weights)

    def join_blocks(self, number: int) -> None:
        """Make one tensor of the last weights, which are those of blocks of labels, in their order."""
        if number > 1:
            self.attentions[-number:] = [torch.cat(self.attentions[-number:], dim=1)]

    def _states(self, states_NSH: torch.Tensor) -> torch.Tensor:
        self.hidden_states.append(states_NSH.unflatten(0, self.grid.mask_BMS.shape[:2]))
        return self.hidden_states[-1].flatten(0, 1)

    def _word_weights(self, weights_NQS: torch.Tensor) -> torch.Tensor:
        weights_BQMS = weights_NQS.unflatten(0, self.grid.mask_BMS.shape[:2]).transpose(1, 2)
        self.attentions.append(self.grid.to_flat(weights_BQMS, self.num_tokens))
        return self.grid.from_flat(self.attentions[-1]).transpose(1, 2).flatten(0, 1)

    def _sentence_weights(self, weights_X1M: torch.Tensor) -> torch.Tensor:
        self.attentions.append(weights_X1M[:, 0].unflatten(0, (self.grid.mask_BMS.shape[0], -1)))
        return self.attentions[-1].flatten(0, 1)[:, None]


__all__ = ["AttentionRecorder", "Recorded"]
