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
"""The CNN of *Convolutional Neural Networks for Sentence Classification* (Kim, EMNLP 2014) over documents.

Shapes: B documents, L labels, R documents of one chunk, T words, E = embedding_size, F = num_filters, X counts the
cells (document, word) of all chunks.

Deviations from the paper:

- Sigmoids and binary cross entropy in place of softmax: many labels.
- A window counts if it contains a word; there are zeros beyond the first and the last word, as in the paper's code, so
  that documents shorter than a filter have windows too. That code counts windows of zeros alone as well, which makes a
  document's features depend on the longest document of the corpus.
- Word vectors are one channel, trained on (CNN-non-static) or not (CNN-static); CNN-multichannel is not offered.
- The l2 norm of the last layer's weights has no limit (3 in the paper), and the optimiser is not Adadelta.
"""

import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_cnn import CNNConfig
from .label_blocks import LinearInBlocks
from .length_chunks import map_chunks
from .padding import length_mask, max_over_time
from .precision import at_least_float32
from .word_model import WordPreTrainedModel, make_embedding


class CNNPreTrainedModel(WordPreTrainedModel):  # trf-ignore: TRF057
    config_class = CNNConfig
    base_model_prefix = "cnn"


class CNNModel(CNNPreTrainedModel):  # trf-ignore: TRF057
    """The penultimate layer z: the maximum of each filter over time (Eqs. 1-3)."""

    _keys_to_ignore_on_load_unexpected = (r"^head\.",)  # loaded from a classifier, it leaves the head behind

    def __init__(self, config: CNNConfig) -> None:
        super().__init__(config)
        self.embeddings = make_embedding(config.vocab_size, config.embedding_size, config.pad_token_id)
        self.convolutions = nn.ModuleList(
            # Zeros on both sides, so that every window with a word exists.
            nn.Conv1d(config.embedding_size, config.num_filters, size, padding=size - 1)
            for size in config.kernel_sizes
        )
        self.dropout = nn.Dropout(config.dropout)
        self.post_init()

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
            `BaseModelOutput`: `last_hidden_state` of shape `(batch, 1, len(kernel_sizes) * num_filters)`: z, after
            dropout when training; zero for a document of no words.
        """
        ids_BT, lengths_B = self.read_words(input_ids, attention_mask)
        document_BF = map_chunks(self._convolve, ids_BT, lengths_B, self.config.embedding_size, prepare=self.embeddings)
        return BaseModelOutput(last_hidden_state=self.dropout(document_BF)[:, None])  # Eq. 4, dropout: z * r

    def _convolve(self, words_RTE: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
        """Return z of the documents of one chunk, `(documents, features)`."""
        behind_RT = ~length_mask(lengths_R, words_RTE.shape[1])
        words_RTE = words_RTE.masked_fill(behind_RT[..., None], 0.0)
        features = []
        for convolution in self.convolutions:
            windows_RFT = convolution(words_RTE.transpose(1, 2))  # Eqs. 1-2: before f
            num_windows_R = (lengths_R + convolution.kernel_size[0] - 1).masked_fill(lengths_R == 0, 0)
            # f rises, so it may follow the maximum: Eq. 2 and max-over-time pooling.
            features.append(max_over_time(windows_RFT.transpose(1, 2), num_windows_R).relu())  # Eq. 3
        return torch.cat(features, dim=-1)


class CNNForSequenceClassification(CNNPreTrainedModel):  # trf-ignore: TRF057
    """The multi-label classifier over z (Eq. 4, with a sigmoid per label)."""

    def __init__(self, config: CNNConfig) -> None:
        super().__init__(config)
        self.cnn = CNNModel(config)
        self.head = LinearInBlocks(config.hidden_size, config.num_labels, outputs=config.label_slices)
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
                Output of `CNNModel` for the documents; `input_ids` are not read then.

        Returns:
            `SequenceClassifierOutput`: `logits` of shape `(batch, num_labels)`.
        """
        document = self.represent(encoder_outputs, input_ids=input_ids, attention_mask=attention_mask)
        logits_BL = self.calibrate(self.head(document.last_hidden_state[:, 0]))  # Eq. 4: w . (z * r) + b
        loss = None if labels is None else self.loss_function(at_least_float32(logits_BL), labels)
        return SequenceClassifierOutput(loss=loss, logits=logits_BL)


__all__ = ["CNNForSequenceClassification", "CNNModel", "CNNPreTrainedModel"]
