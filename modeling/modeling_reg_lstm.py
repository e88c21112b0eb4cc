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
"""LSTM-reg of *Rethinking Complex Neural Network Architectures for Document Classification* (Adhikari, Ram, Tang and
Lin, NAACL 2019): one BiLSTM, the maximum over time, a linear layer; and the regularisation of AWD-LSTM (*Regularizing
and Optimizing LSTM Language Models*, Merity, Keskar and Socher, ICLR 2018). The temporal averaging of weights is a
callback of the trainer, `AverageWeights`.

Shapes: B documents, L labels, R documents of one chunk, T words, H = 2 * hidden_size, V words of the vocabulary, X
any number of words.

Deviations from the authors' code:

- Weight drop is on the hidden-to-hidden weights of both directions; there, on those of the forward one.
- The maximum is over the states, not over their positive parts.
- The loss is a sum over the labels, as everywhere here, not a mean; AR and TAR are means over words, without padding.
"""

from copy import copy

import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_reg_lstm import RegLSTMConfig
from .label_blocks import LinearInBlocks
from .padding import length_mask, max_over_time
from .precision import at_least_float32
from .recurrent import run_bidirectional
from .word_model import WordPreTrainedModel, make_embedding


def drop_weights(rnn: nn.RNNBase, share: float) -> nn.RNNBase:
    """Apply weight drop (AWD-LSTM, section 2): dropout on the hidden-to-hidden weights, the same for all steps and
    documents.

    Args:
        rnn (`torch.nn.LSTM` or `torch.nn.GRU`): Its weights are not changed.
        share (`float`): Share of weights set to zero; the others are multiplied by 1 / (1 - share).

    Returns:
        `torch.nn.RNNBase`: A shallow copy with the dropped weights. Gradients reach the weights of `rnn`.
    """
    dropped = copy(rnn)
    dropped._parameters = {
        name: nn.functional.dropout(weight, share) if name.startswith("weight_hh") else weight
        for name, weight in rnn.named_parameters()
    }
    return dropped


class ActivationPenalty:
    """AR and TAR (AWD-LSTM, section 4.6): the mean square of the states, and that of their changes from word to word.

    Attributes:
        squares, changes (`torch.Tensor`): Sums over words of the mean squares over units.
        num_words, num_changes (`torch.LongTensor`): Words, and pairs of neighbouring words.
    """

    def __init__(self) -> None:
        self.squares = self.changes = torch.zeros(())
        self.num_words = self.num_changes = torch.zeros((), dtype=torch.long)

    def add(self, hidden_RTH: torch.Tensor, lengths_R: torch.Tensor) -> None:
        """Count in the states of one chunk.

        Args:
            hidden_RTH (`torch.Tensor` of shape `(documents, words, width)`): States; zero behind each length.
            lengths_R (`torch.LongTensor` of shape `(documents,)`): Words of each document.
        """
        hidden_RTH = at_least_float32(hidden_RTH)
        self.squares = self.squares + hidden_RTH.pow(2).sum() / hidden_RTH.shape[-1]
        follows_RT = length_mask(lengths_R, hidden_RTH.shape[1])[:, 1:]
        changes_RT = (hidden_RTH[:, 1:] - hidden_RTH[:, :-1]).pow(2).mean(dim=-1)
        self.changes = self.changes + (changes_RT * follows_RT).sum()
        self.num_words = self.num_words + lengths_R.sum()
        self.num_changes = self.num_changes + follows_RT.sum()

    def value(self, alpha: float, beta: float) -> torch.Tensor:
        """Return `alpha` times AR plus `beta` times TAR."""
        return alpha * self.squares / self.num_words.clamp(min=1) + beta * self.changes / self.num_changes.clamp(min=1)


class RegLSTMPreTrainedModel(WordPreTrainedModel):  # trf-ignore: TRF057
    config_class = RegLSTMConfig
    base_model_prefix = "reg_lstm"


class RegLSTMModel(RegLSTMPreTrainedModel):  # trf-ignore: TRF057
    """The document: the maximum over time of the states of one BiLSTM."""

    _keys_to_ignore_on_load_unexpected = (r"^head\.",)  # loaded from a classifier, it leaves the head behind

    def __init__(self, config: RegLSTMConfig) -> None:
        super().__init__(config)
        self.embeddings = make_embedding(config.vocab_size, config.embedding_size, config.pad_token_id)
        self.rnn = nn.LSTM(config.embedding_size, config.hidden_size, bidirectional=True, batch_first=True)
        self.dropout = nn.Dropout(config.dropout)
        self.post_init()

    def drop_words(self) -> torch.Tensor | None:
        """Draw embedding dropout, which zeroes the vectors of a share of the vocabulary at each of their occurrences.

        Returns:
            `torch.Tensor` of shape `(vocab_size, 1)`: A factor for the vector of each word; `None` in evaluation.
        """
        if not self.training:
            return None
        ones_V1 = self.embeddings.weight.new_ones(self.embeddings.num_embeddings, 1)
        return nn.functional.dropout(ones_V1, self.config.embedding_dropout)

    def read(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None,
        penalty: ActivationPenalty | None = None,
    ) -> torch.Tensor:
        """Return the documents, `(batch, 2 * hidden_size)`, after dropout.

        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`), attention_mask (`torch.Tensor`, *optional*): As
                for `forward`.
            penalty (`ActivationPenalty`, *optional*): The states are added to it.
        """
        ids_BT, lengths_B = self.read_words(input_ids, attention_mask)
        factors_V1 = self.drop_words()
        rnn = drop_weights(self.rnn, self.config.weight_dropout) if self.training else self.rnn

        def embed(ids_X: torch.Tensor) -> torch.Tensor:
            return self.embeddings(ids_X) if factors_V1 is None else self.embeddings(ids_X) * factors_V1[ids_X]

        def summarize(hidden_RTH: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
            if penalty is not None:
                penalty.add(hidden_RTH, lengths_R)
            return max_over_time(hidden_RTH, lengths_R)  # max pooling over time

        return self.dropout(run_bidirectional(rnn, ids_BT, lengths_B, prepare=embed, summarize=summarize))

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self, input_ids: torch.LongTensor, attention_mask: torch.Tensor | None = None
    ) -> BaseModelOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`):
                Words and sentence end marks.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding; everything but `config.pad_token_id` when not given.
            return_dict (`bool`, *optional*):
                A `BaseModelOutput` (default) or a tuple.

        Returns:
            `BaseModelOutput`: `last_hidden_state` of shape `(batch, 1, 2 * hidden_size)`, after dropout when training;
            zero for a document of no words.
        """
        return BaseModelOutput(last_hidden_state=self.read(input_ids, attention_mask)[:, None])


class RegLSTMForSequenceClassification(RegLSTMPreTrainedModel):  # trf-ignore: TRF057
    """The multi-label classifier over the document."""

    def __init__(self, config: RegLSTMConfig) -> None:
        super().__init__(config)
        self.reg_lstm = RegLSTMModel(config)
        self.head = LinearInBlocks(2 * config.hidden_size, config.num_labels, outputs=config.label_slices)
        self.post_init()

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self,
        input_ids: torch.LongTensor | None = None,
        attention_mask: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
        encoder_outputs: tuple[torch.Tensor, ...] | None = None,
    ) -> SequenceClassifierOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`, *optional*):
                Words and sentence end marks.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding.
            labels (`torch.Tensor` of shape `(batch, num_labels)`, *optional*):
                1 where the label is true, 0 where it is false, -100 where it is unknown; integers or floats.
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*):
                Output of `RegLSTMModel` for the documents; `input_ids` are not read then.

        Returns:
            `SequenceClassifierOutput`: `logits` of shape `(batch, num_labels)`; the loss includes AR and TAR when
            training.
        """
        alpha, beta = self.config.activation_regularization, self.config.temporal_activation_regularization
        # A frozen encoder is in evaluation mode, and has no states to regularize.
        is_regularized = self.reg_lstm.training and encoder_outputs is None and labels is not None
        penalty = ActivationPenalty() if is_regularized and (alpha or beta) else None
        if penalty is None:
            document = self.represent(encoder_outputs, input_ids=input_ids, attention_mask=attention_mask)
            document_BH = document.last_hidden_state[:, 0]
        else:
            document_BH = self.reg_lstm.read(input_ids, attention_mask, penalty)
        logits_BL = self.calibrate(self.head(document_BH))
        loss = None if labels is None else self.loss_function(at_least_float32(logits_BL), labels)
        if penalty is not None:
            loss = loss + penalty.value(alpha, beta)
        return SequenceClassifierOutput(loss=loss, logits=logits_BL)


__all__ = ["RegLSTMForSequenceClassification", "RegLSTMModel", "RegLSTMPreTrainedModel"]
