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
"""CNN-RNN (*Ensemble application of convolutional and recurrent neural networks for multi-label text categorization*,
Chen et al., IJCNN 2017): the CNN of Kim (2014) reads the document, an LSTM emits its labels one by one.

The docstrings are complete, so `auto_docstring` is not used (TRF057). The paper's text was not available. Its abstract
and descriptions by others leave open how the features start the LSTM (here a linear layer and tanh give the hidden
state, and the cell is zero), the widths, the order of the labels (here most frequent first), the softmax (here masked)
and the training (here both networks together from the start).

Shapes: B documents, F width of the features, E embedding width, H = decoder_hidden_size, W beams, L labels, V = L + 1.
"""

import torch
from torch import nn
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_cnn_rnn import CNNRNNConfig
from .label_sequences import LabelDecoder, LabelSequencePreTrainedModel, masked_log_softmax
from .modeling_cnn import CNNModel


class CNNRNNPreTrainedModel(LabelSequencePreTrainedModel):  # trf-ignore: TRF057
    config_class = CNNRNNConfig
    base_model_prefix = "cnn_rnn"


class CNNRNNModel(CNNRNNPreTrainedModel, CNNModel):  # trf-ignore: TRF057
    """The features of the CNN, of shape `(batch, 1, len(kernel_sizes) * num_filters)`; arguments and output are
    `CNNModel`'s."""


class CNNRNNDecoder(LabelDecoder):
    """An LSTM over the labels that starts from the features; it reads nothing else of the document."""

    def __init__(self, config: CNNRNNConfig) -> None:
        super().__init__(config, config.embedding_size, config.decoder_hidden_size)
        self.bridge = nn.Linear(config.hidden_size, config.decoder_hidden_size)

    def start(self, features_B1F: torch.Tensor) -> tuple[tuple, tuple]:
        """Return memory, which is empty, and the state before the first label."""
        hidden_B1H = self.bridge(features_B1F).tanh()
        return (), (hidden_B1H, torch.zeros_like(hidden_B1H))

    def step(
        self, memory: tuple, state: tuple, last_BW: torch.Tensor, masked_BWL: torch.Tensor
    ) -> tuple[torch.Tensor, tuple]:
        hidden_BWH, cell_BWH = self.run_cell(self.label_embeddings(last_BW), *state)
        logits_BWV = self.output(self.dropout(hidden_BWH))
        return masked_log_softmax(logits_BWV, masked_BWL), (hidden_BWH, cell_BWH)


class CNNRNNForSequenceClassification(CNNRNNPreTrainedModel):  # trf-ignore: TRF057
    """CNN-RNN. The loss is the model's own: `loss_function` is not read."""

    def __init__(self, config: CNNRNNConfig) -> None:
        super().__init__(config)
        self.cnn_rnn = CNNRNNModel(config)
        self.head = CNNRNNDecoder(config)
        self.post_init()

    @can_return_tuple
    def forward(  # trf-ignore: TRF057
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
                1 where the label is true, 0 where it is false, -100 where it is unknown: such a label is no part of
                the sequence or of the softmax.
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*):
                Output of `CNNRNNModel` for the documents; `input_ids` are not read then.

        Returns:
            `SequenceClassifierOutput`:
            - `loss`: minus the log-probability of the labels in their order, teacher-forced.
            - `logits` of shape `(batch, num_labels)`: of the scores that `label_logits` makes of the beam search;
              `None` in training on labels, where nothing is searched.
        """
        document = self.represent(encoder_outputs, input_ids=input_ids, attention_mask=attention_mask)
        loss, logits_BL = self.head(*self.head.start(document.last_hidden_state), labels)
        return SequenceClassifierOutput(loss=loss, logits=self.calibrate(logits_BL))


__all__ = ["CNNRNNForSequenceClassification", "CNNRNNModel", "CNNRNNPreTrainedModel"]
