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
"""A classifier over static token embeddings, as Model2Vec (Tulkens and van Dongen, 2024) distils them from an encoder.

A document is the mean of the embeddings of its tokens, and a classifier with one hidden layer reads it, as Model2Vec's
does. Embeddings are trained with the classifier. How they start: `static_embeddings.py`.

Deviations: sigmoids and binary cross entropy in place of softmax; frequencies of tokens are counted in the training
documents, where Model2Vec estimates them by the rank of a token in the vocabulary (Zipf's law).

Shapes: B documents, T tokens, E = embedding_size, L labels.
"""

import torch
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_static import StaticConfig
from .heads import HiddenLayerHead
from .precision import at_least_float32
from .word_model import WordPreTrainedModel, make_embedding


class StaticPreTrainedModel(WordPreTrainedModel):  # trf-ignore: TRF057
    config_class = StaticConfig
    base_model_prefix = "static"


class StaticModel(StaticPreTrainedModel):  # trf-ignore: TRF057
    """The mean of the token embeddings of a document."""

    _keys_to_ignore_on_load_unexpected = (r"^head\.",)  # loaded from a classifier, it leaves the head behind

    def __init__(self, config: StaticConfig) -> None:
        super().__init__(config)
        self.embeddings = make_embedding(config.vocab_size, config.embedding_size, config.pad_token_id)
        self.post_init()

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self, input_ids: torch.LongTensor, attention_mask: torch.Tensor | None = None
    ) -> BaseModelOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`):
                Tokens, without special ones.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding; everything but `config.pad_token_id` when not given.
            return_dict (`bool`, *optional*):
                A `BaseModelOutput` (default) or a tuple.

        Returns:
            `BaseModelOutput`: `last_hidden_state` of shape `(batch, 1, embedding_size)`; zero for a document of no
            tokens.
        """
        ids_BT, is_token_BT = self.find_tokens(input_ids, attention_mask)
        weights_BT = is_token_BT / is_token_BT.sum(dim=1, keepdim=True).clamp(min=1)
        tokens_BTE = self.embeddings(ids_BT)
        document_B1E = weights_BT[:, None].to(tokens_BTE.dtype) @ tokens_BTE
        return BaseModelOutput(last_hidden_state=document_B1E)


class StaticForSequenceClassification(StaticPreTrainedModel):  # trf-ignore: TRF057
    """The multi-label classifier over the mean of token embeddings."""

    def __init__(self, config: StaticConfig) -> None:
        super().__init__(config)
        self.static = StaticModel(config)
        self.head = HiddenLayerHead(config)
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
                Tokens, without special ones.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding.
            labels (`torch.Tensor` of shape `(batch, num_labels)`, *optional*):
                1 where the label is true, 0 where it is false, -100 where it is unknown; integers or floats.
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*):
                Output of `StaticModel` for the documents; `input_ids` are not read then.

        Returns:
            `SequenceClassifierOutput`: `logits` of shape `(batch, num_labels)`.
        """
        document = self.represent(encoder_outputs, input_ids=input_ids, attention_mask=attention_mask)
        logits_BL = self.calibrate(self.head(document.last_hidden_state[:, 0]))
        loss = None if labels is None else self.loss_function(at_least_float32(logits_BL), labels)
        return SequenceClassifierOutput(loss=loss, logits=logits_BL)


__all__ = ["StaticForSequenceClassification", "StaticModel", "StaticPreTrainedModel"]
