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
"""MAGNET: the features of labels, by graph attention, are the classifiers of the text's feature (Pal et al. 2020).

The docstrings are complete, so `auto_docstring` is not used (TRF057); `forward` takes no flags (TRF045).

Shapes: B documents, T words, E embedding width, H = 2 * hidden_size, L labels, K heads, D and F widths of a graph
layer's input and output. X counts the cells (document, word) of all chunks, R the documents of one chunk.
"""

import torch
from torch import nn
from transformers import initialization as init
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_magnet import MAGNETConfig
from .precision import at_least_float32
from .recurrent import final_states, make_bidirectional, run_bidirectional
from .word_model import WordPreTrainedModel, make_embedding


class LabelGraphAttention(nn.Module):
    """A layer of multi-head graph attention (Velickovic et al. 2018) over labels whose edges have weights.

    A head's score of label j for label i is `LeakyReLU(a^T [W h_i; W h_j])`, of slope 0.2; its attention is the softmax
    of the scores over all labels times the weights of the edges, divided so that their sizes sum to 1. An edge of
    weight 0 has no effect, but its weight is learned. The heads are averaged, and tanh follows.

    Args:
        num_heads (`int`): K.
        input_size (`int`): D.
        output_size (`int`): F.
    """

    def __init__(self, num_heads: int, input_size: int, output_size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_heads, input_size, output_size))  # W
        self.query = nn.Parameter(torch.empty(num_heads, output_size, 1))  # the half of a for the label itself
        self.key = nn.Parameter(torch.empty(num_heads, output_size, 1))  # that for its neighbour

    def forward(self, labels_LD: torch.Tensor, adjacency_LL: torch.Tensor) -> torch.Tensor:
        """Return features of shape `(num_labels, output_size)` from those of shape `(num_labels, input_size)`."""
        hidden_KLF = labels_LD @ self.weight
        scores_KLL = hidden_KLF @ self.query + (hidden_KLF @ self.key).transpose(1, 2)
        edges_KLL = adjacency_LL * nn.functional.leaky_relu(scores_KLL, 0.2).softmax(dim=-1)
        attention_KLL = edges_KLL / edges_KLL.abs().sum(dim=-1, keepdim=True).clamp(min=1e-6)
        return (attention_KLL @ hidden_KLF).mean(dim=0).tanh()  # heads averaged, tanh


class MAGNETHead(nn.Module):
    """The labels: their vectors, the graph between them, and the logits of documents."""

    def __init__(self, config: MAGNETConfig) -> None:
        super().__init__()
        size = 2 * config.hidden_size
        self.label_embeddings = nn.Parameter(torch.empty(config.num_labels, config.embedding_size))
        self.adjacency = nn.Parameter(torch.empty(config.num_labels, config.num_labels))
        self.layers = nn.ModuleList(
            LabelGraphAttention(config.num_attention_heads, size if layer else config.embedding_size, size)
            for layer in range(config.num_graph_layers)
        )

    def forward(self, document_BH: torch.Tensor) -> torch.Tensor:
        """Return logits of shape `(batch, num_labels)` from the features of documents, `(batch, 2 * hidden_size)`."""
        labels_LF = self.label_embeddings
        for layer in self.layers:
            labels_LF = layer(labels_LF, self.adjacency)
        return document_BH @ labels_LF.T


class MAGNETPreTrainedModel(WordPreTrainedModel):  # trf-ignore: TRF057
    config_class = MAGNETConfig
    base_model_prefix = "magnet"

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, LabelGraphAttention):
            for parameter_KXF in module.parameters():
                # Xavier-uniform of each head; the library's would count the heads in.
                fan_in, fan_out = parameter_KXF.shape[1:]
                bound = (6 / (fan_in + fan_out)) ** 0.5
                init.uniform_(parameter_KXF, -bound, bound)
        elif isinstance(module, MAGNETHead):
            init.normal_(module.label_embeddings, std=self.config.initializer_range)
            size = self.config.num_labels
            even_LL = torch.full((size, size), 1 / size).fill_diagonal_(1)  # all pairs of labels are equally related
            init.copy_(module.adjacency, even_LL)


class MAGNETModel(MAGNETPreTrainedModel):  # trf-ignore: TRF057
    """The feature of a document: the last state of each direction of a BiLSTM."""

    _keys_to_ignore_on_load_unexpected = (r"^head\.",)  # loaded from a classifier, it leaves the head behind

    def __init__(self, config: MAGNETConfig) -> None:
        super().__init__(config)
        self.embeddings = make_embedding(config.vocab_size, config.embedding_size, config.pad_token_id)
        self.dropout = nn.Dropout(config.dropout)
        self.rnn = make_bidirectional(config, config.embedding_size)
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
            `BaseModelOutput`: `last_hidden_state` of shape `(batch, 1, 2 * hidden_size)`; zero for a document of no
            word.
        """
        ids_BT, lengths_B = self.read_words(input_ids, attention_mask)

        def embed(ids_X: torch.Tensor) -> torch.Tensor:
            return self.dropout(self.embeddings(ids_X))

        feature_BH = run_bidirectional(self.rnn, ids_BT, lengths_B, prepare=embed, summarize=final_states)
        return BaseModelOutput(last_hidden_state=self.dropout(feature_BH)[:, None])


class MAGNETForSequenceClassification(MAGNETPreTrainedModel):  # trf-ignore: TRF057
    """MAGNET (Pal et al. 2020, arXiv 2003.11644): the logits are the products of the text's BiLSTM feature with the
    features of the labels, which come from their vectors by graph attention over a learned adjacency.

    `labelwise train --model magnet` starts the adjacency from the co-occurrence of labels in the training split
    (`labelwise.trainer.label_statistics`), and the vector of a label from the words of its name; a model that is
    built without these starts from equally related labels and random vectors.

    Deviations. The paper's equations could not be checked; these points are this package's choice: where the
    adjacency enters the attention (`LabelGraphAttention`), the average of the heads and the tanh in both layers, the
    last state of each direction as the feature of the text, the places of dropout. Words have vectors of their own,
    where the paper takes BERT's; batches have 32 documents, not 250, so that 20 epochs make as many steps as 156 of
    the paper's.
    """

    def __init__(self, config: MAGNETConfig) -> None:
        super().__init__(config)
        self.magnet = MAGNETModel(config)
        self.head = MAGNETHead(config)
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
                1 at tokens, 0 at padding; everything but `config.pad_token_id` when not given.
            labels (`torch.Tensor` of shape `(batch, num_labels)`, *optional*):
                1 where the label is true, 0 where it is false, -100 where it is unknown; integers or floats.
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*):
                Output of `MAGNETModel` for the documents; `input_ids` are not read then.

        Returns:
            `SequenceClassifierOutput`: `logits` of shape `(batch, num_labels)`, before the sigmoid.
        """
        document = self.represent(encoder_outputs, input_ids=input_ids, attention_mask=attention_mask)
        logits_BL = self.calibrate(self.head(document.last_hidden_state[:, 0]))
        loss = None
        if labels is not None:
            loss = self.loss_function(at_least_float32(logits_BL), labels)
        return SequenceClassifierOutput(loss=loss, logits=logits_BL)


__all__ = ["MAGNETForSequenceClassification", "MAGNETModel", "MAGNETPreTrainedModel"]
