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
"""SGM (Yang et al., 2018), with and without global embedding, and set-RNN (Qin et al., 2019) on the same network.

Equation numbers are those of *SGM: Sequence Generation Model for Multi-Label Classification*. Set-RNN is the loss and
the search of *Adapting RNN Sequence Prediction Model to Multi-label Set Prediction*. The docstrings are complete, so
`auto_docstring` is not used (TRF057).

Deviations. Of SGM: the decoder starts from the encoder's final states in both directions, with an empty cell and an
empty context vector (the paper does not say; the authors' code passes the cells too); one decoder layer
(theirs has two on RCV1-V2); the gate of Eq. 13 is squashed to (0, 1), as in their code; the softmax is masked in
training too, as Eq. 9 says and their code does not; the loss is a mean over documents, theirs over all labels of a
batch. Of set-RNN: encoder, attention and masked softmax are SGM's; the candidate sets are those of the sequences that
a plain beam search finds.

Shapes: B documents, T words, E embedding width, H = 2 * hidden_size, W beams, K kept beams, L labels,
V = L + 1. C counts candidate sets.
"""

import math

import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_sgm import SGMConfig
from .label_sequences import LabelDecoder, LabelSequencePreTrainedModel, beam_search, masked_log_softmax
from .padding import length_mask, masked_softmax
from .recurrent import final_states, make_bidirectional, run_bidirectional
from .word_model import make_embedding


class SGMPreTrainedModel(LabelSequencePreTrainedModel):  # trf-ignore: TRF057
    config_class = SGMConfig
    base_model_prefix = "sgm"


class SGMModel(SGMPreTrainedModel):  # trf-ignore: TRF057
    """The encoder (section 2.2): a bidirectional LSTM over the words."""

    _keys_to_ignore_on_load_unexpected = (r"^head\.",)  # loaded from a classifier, it leaves the head behind

    def __init__(self, config: SGMConfig) -> None:
        super().__init__(config)
        self.embeddings = make_embedding(config.vocab_size, config.embedding_size, config.pad_token_id)
        self.rnn = make_bidirectional(config, config.embedding_size)
        self.post_init()

    def read(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the states h_i of the words (Eqs. 2-3).

        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`), attention_mask (`torch.Tensor`, *optional*): As
                for `forward`.

        Returns:
            `torch.Tensor` of shape `(batch, words, 2 * hidden_size)`: Zero behind each length.
            `torch.LongTensor` of shape `(batch,)`: Words of each document, from 0.
        """
        ids_BT, lengths_B = self.read_words(input_ids, attention_mask)
        return run_bidirectional(self.rnn, ids_BT, lengths_B, prepare=self.embeddings), lengths_B  # Eqs. 2-3

    @can_return_tuple
    def forward(  # trf-ignore: TRF057
        self, input_ids: torch.LongTensor, attention_mask: torch.Tensor | None = None
    ) -> BaseModelOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`):
                Words and sentence end marks.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding; everything but `config.pad_token_id` when not given.

        Returns:
            `BaseModelOutput`: `last_hidden_state` of shape `(batch, 1, 2 * hidden_size)`, the final states of both
            directions: at the last word forward, at the first word backward.
        """
        return BaseModelOutput(last_hidden_state=final_states(*self.read(input_ids, attention_mask))[:, None])


class SGMDecoder(LabelDecoder):
    """Attention over the words (section 2.2), LSTM over the labels (section 2.3), global embedding (section 2.4).

    Its memory is the states h_i, U_a h_i and the mask of the words; its state is s_t, the cell, c_t and y_t.
    """

    def __init__(self, config: SGMConfig) -> None:
        width = 2 * config.hidden_size
        super().__init__(config, config.embedding_size + width, width)
        self.query = nn.Linear(width, width, bias=False)  # W_a
        self.key = nn.Linear(width, width, bias=False)  # U_a
        self.score = nn.Linear(width, 1, bias=False)  # v_a
        self.from_state = nn.Linear(width, width, bias=False)  # W_d
        self.from_context = nn.Linear(width, width, bias=False)  # V_d
        # CODEPATH: SGM+GE has a global embedding, SGM and set-RNN have none.
        if config.global_embedding:
            self.gate_of_label = nn.Linear(config.embedding_size, config.embedding_size, bias=False)  # W_1
            self.gate_of_mean = nn.Linear(config.embedding_size, config.embedding_size, bias=False)  # W_2

    def start(self, states_BTH: torch.Tensor, lengths_B: torch.Tensor) -> tuple[tuple, tuple]:
        """Return memory and state before the first label, from the states of the encoder."""
        hidden_B1H = final_states(states_BTH, lengths_B)[:, None]
        is_word_BT = length_mask(lengths_B, states_BTH.shape[1])
        # The first step reads the mark's vector whole: y_0 is the mark.
        probs_B1V = hidden_B1H.new_zeros(len(hidden_B1H), 1, self.config.num_labels + 1)
        probs_B1V[..., -1] = 1.0
        empty_B1H = torch.zeros_like(hidden_B1H)
        return (states_BTH, self.key(states_BTH), is_word_BT), (hidden_B1H, empty_B1H, empty_B1H, probs_B1V)

    def step(
        self, memory: tuple, state: tuple, last_BW: torch.Tensor, masked_BWL: torch.Tensor
    ) -> tuple[torch.Tensor, tuple]:
        states_BTH, keys_BTH, is_word_BT = memory
        hidden_BWH, cell_BWH, context_BWH, probs_BWV = state
        label_BWE = self.label_embeddings(last_BW)  # e
        # CODEPATH: SGM+GE mixes the embedding of the last label with the mean over all; SGM and set-RNN do not.
        if self.config.global_embedding:
            mean_BWE = probs_BWV @ self.label_embeddings.weight  # Eq. 11
            gate_BWE = (self.gate_of_label(label_BWE) + self.gate_of_mean(mean_BWE)).sigmoid()  # Eq. 13
            label_BWE = (1 - gate_BWE) * label_BWE + gate_BWE * mean_BWE  # Eq. 12
        input_BWE = torch.cat([label_BWE, context_BWH], dim=-1)
        hidden_BWH, cell_BWH = self.run_cell(input_BWE, hidden_BWH, cell_BWH)  # Eq. 7

        mixed_BWTH = self.query(hidden_BWH)[:, :, None] + keys_BTH[:, None]
        scores_BWT = self.score(mixed_BWTH.tanh_()).squeeze(-1)  # Eq. 4: in place, as this is the widest tensor of all
        weights_BWT = masked_softmax(scores_BWT, is_word_BT[:, None])  # Eq. 5
        context_BWH = weights_BWT @ states_BTH  # Eq. 6

        mixed_BWH = (self.from_state(hidden_BWH) + self.from_context(context_BWH)).tanh()
        logits_BWV = self.output(self.dropout(mixed_BWH))  # Eq. 8
        log_probs_BWV = masked_log_softmax(logits_BWV, masked_BWL)  # Eqs. 9-10
        return log_probs_BWV, (hidden_BWH, cell_BWH, context_BWH, log_probs_BWV.exp().to(probs_BWV.dtype))


class SetDecoder(SGMDecoder):
    """The same, trained and searched by the probability of the set of labels: the sum over all its orders, in training
    and in prediction approximated by the `config.num_beams` most probable ones."""

    def loss(self, memory: tuple, state: tuple, labels_BL: torch.Tensor) -> torch.Tensor:
        """Return minus the log-probability of the set, a mean over documents."""
        return -self.log_probs_of_sets(memory, state, labels_BL == 1, labels_BL == -100).mean()

    def search(self, memory: tuple, state: tuple) -> tuple[torch.Tensor, torch.Tensor]:
        """Search sequences; return their sets with the probability of the set."""
        log_probs_BK, sets_BKL = super().search(memory, state)
        log_probs_BK = log_probs_BK.masked_fill(_is_repeated(sets_BKL), -math.inf)
        # Sets of one label or none have one order, whose probability is known.
        has_orders_BK = (sets_BKL.sum(dim=-1) > 1) & log_probs_BK.isfinite()
        documents_C = has_orders_BK.nonzero()[:, 0]
        if len(documents_C):
            memory, state = (tuple(part[documents_C] for part in parts) for parts in (memory, state))
            sets_CL = sets_BKL[has_orders_BK]
            log_probs_BK[has_orders_BK] = self.log_probs_of_sets(memory, state, sets_CL, torch.zeros_like(sets_CL))
        return log_probs_BK, sets_BKL

    def log_probs_of_sets(
        self, memory: tuple, state: tuple, sets_CL: torch.Tensor, masked_CL: torch.Tensor
    ) -> torch.Tensor:
        """Return the log-probability of a set for each document.

        Args:
            memory (`tuple[torch.Tensor]`), state (`tuple[torch.Tensor]`): Of the document of each set.
            sets_CL (`torch.BoolTensor` of shape `(sets, num_labels)`): The sets.
            masked_CL (`torch.BoolTensor` of shape `(sets, num_labels)`): Labels that the softmax leaves out.

        Returns:
            `torch.Tensor` of shape `(sets,)`: Exact where a set has no more orders than there are beams.
        """
        longest = int(sets_CL.sum(dim=-1).max())
        orders = beam_search(self, memory, state, masked_CL, self.config.num_beams, longest, wanted_BL=sets_CL)
        return orders.log_probs_BK.logsumexp(dim=-1)


def _is_repeated(sets_BKL: torch.Tensor) -> torch.Tensor:
    """Return a mask of the sets that an earlier beam of the same document has, `(batch, beams)`."""
    same_BKK = (sets_BKL[:, :, None] == sets_BKL[:, None]).all(dim=-1)
    return same_BKK.tril(diagonal=-1).any(dim=-1)


class SGMForSequenceClassification(SGMPreTrainedModel):  # trf-ignore: TRF057
    """SGM, SGM+GE or set-RNN. The loss is the model's own: `loss_function` is not read."""

    takes_encoder_outputs = False  # the decoder reads the states of all words

    def __init__(self, config: SGMConfig) -> None:
        super().__init__(config)
        self.sgm = SGMModel(config)
        # CODEPATH: set-RNN is another loss and another search for the same network.
        self.head = SetDecoder(config) if config.objective == "set" else SGMDecoder(config)
        self.post_init()

    @can_return_tuple
    def forward(  # trf-ignore: TRF057
        self,
        input_ids: torch.LongTensor,
        attention_mask: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
    ) -> SequenceClassifierOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`):
                Words and sentence end marks.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding.
            labels (`torch.Tensor` of shape `(batch, num_labels)`, *optional*):
                1 where the label is true, 0 where it is false, -100 where it is unknown: such a label is no part of
                the sequence or of the softmax.

        Returns:
            `SequenceClassifierOutput`:
            - `loss`: minus the log-probability of the labels in their order, or of their set; teacher-forced.
            - `logits` of shape `(batch, num_labels)`: of the scores that `label_logits` makes of the beam search;
              `None` in training on labels, where nothing is searched.
        """
        memory, state = self.head.start(*self.sgm.read(input_ids, attention_mask))
        loss, logits_BL = self.head(memory, state, labels)
        return SequenceClassifierOutput(loss=loss, logits=self.calibrate(logits_BL))


__all__ = ["SGMForSequenceClassification", "SGMModel", "SGMPreTrainedModel"]
