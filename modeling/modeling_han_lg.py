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
"""HAN+LG: a hierarchical attention network whose logits go through a graph over the labels (Zhao et al. 2019).

The encoder and the head are LW-LSTM's, so HAN and HAN+LG differ in the graph alone. The docstrings are complete, so
`auto_docstring` is not used (TRF057); `forward` takes the flags as LW-LSTM's does (TRF045).

Shapes: B documents, L labels.
"""

import torch
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_han_lg import HANLGConfig
from .heads import MultiLabelHead
from .modeling_lw_lstm import LWLSTMModel, LWLSTMPreTrainedModel
from .precision import at_least_float32


class HANLGPreTrainedModel(LWLSTMPreTrainedModel):  # trf-ignore: TRF057
    config_class = HANLGConfig
    base_model_prefix = "han_lg"


class HANLGModel(HANLGPreTrainedModel, LWLSTMModel):  # trf-ignore: TRF057
    """The document representation of HAN, of shape `(batch, 1, 2 * hidden_size)`; arguments and output are
    `LWLSTMModel`'s."""


class HANLGForSequenceClassification(HANLGPreTrainedModel):  # trf-ignore: TRF057
    """HAN (Yang et al. 2016) with a label graph and, as an option, soft training (Zhao et al. 2019, arXiv 1808.07604).

    The graph is an L x L matrix G of how often labels occur together, which is learned further; the logits z of HAN
    become z G. Soft training learns continuous labels, in which a label that is related to those of a document counts
    a little too (`soften`).

    `labelwise train --model han-lg` starts G from the co-occurrence of labels in the training split, which it writes
    into `head.label_graph` (`labelwise.trainer.label_statistics`); a model that is built without documents starts
    from the identity. That is where the code of LW-PT starts, whose row HAN+LG "introduces a label graph matrix into
    HAN": `--model han --label_graph`.

    Deviations. How Zhao et al. normalise co-occurrence and what their continuous labels are could not be checked
    against their text: both are this package's reading. The encoder has LW-LSTM's LSTM cells, where HAN has GRUs, and
    its layer normalisation and plain context vectors.
    """

    def __init__(self, config: HANLGConfig) -> None:
        super().__init__(config)
        self.han_lg = HANLGModel(config)
        self.head = MultiLabelHead(config, 2 * config.hidden_size)
        self.post_init()

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self,
        input_ids: torch.LongTensor | None = None,
        attention_mask: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
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
                While training they are softened by `config.soft_label_weight`; in evaluation the loss reads `labels`.
            output_attentions (`bool`, *optional*):
                As for `LWLSTMModel`.
            output_hidden_states (`bool`, *optional*):
                As for `LWLSTMModel`.
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*):
                Output of `HANLGModel` for the documents; `input_ids` are not read then.

        Returns:
            `SequenceClassifierOutput`: `logits` of shape `(batch, num_labels)`, after the graph, before the sigmoid.
        """
        document = self.represent(
            encoder_outputs,
            input_ids=input_ids,
            attention_mask=attention_mask,
            output_attentions=output_attentions,
            output_hidden_states=output_hidden_states,
        )
        logits_BL = self.calibrate(self.head(document.last_hidden_state))  # z G
        loss = None
        if labels is not None:
            # CODEPATH: soft training is an option of the paper; checkpoints without it learn the labels as they are.
            if self.training and self.config.soft_label_weight:
                labels = soften(labels, self.head.label_graph.detach(), self.config.soft_label_weight)
            loss = self.loss_function(at_least_float32(logits_BL), labels)
        return SequenceClassifierOutput(
            loss=loss, logits=logits_BL, hidden_states=document.hidden_states, attentions=document.attentions
        )


def soften(labels_BL: torch.Tensor, label_graph_LL: torch.Tensor, weight: float) -> torch.Tensor:
    """Return continuous labels `(1 - weight) y + weight y'`, y' being the mean row of the graph over the labels of y.

    With the graph that training starts from, y'_j is the mean probability of label j given each label of the document.
    For a learned graph, y' is clipped to [0, 1]. A document of no label is unchanged. Cross-entropy is linear in its
    targets, so this is `(1 - weight)` of the loss on y plus `weight` of that on y'.

    Args:
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): y: 1 where the label is true, 0 where it is false,
            -100 where it is unknown.
        label_graph_LL (`torch.Tensor` of shape `(num_labels, num_labels)`): G; row i says what comes with label i.
        weight (`float`): From 0 to 1.

    Returns:
        `torch.Tensor` of shape `(batch, num_labels)`: From 0 to 1; -100 where it was.
    """
    label_graph_LL = at_least_float32(label_graph_LL)
    true_BL = labels_BL.to(label_graph_LL.dtype).clamp(min=0)
    related_BL = true_BL @ label_graph_LL / true_BL.sum(dim=-1, keepdim=True).clamp(min=1)
    soft_BL = (1 - weight) * true_BL + weight * related_BL.to(true_BL.dtype).clamp(0, 1)
    return soft_BL.masked_fill(labels_BL == -100, -100)


__all__ = ["HANLGForSequenceClassification", "HANLGModel", "HANLGPreTrainedModel"]
