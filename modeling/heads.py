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
"""Heads that compute one logit per label from label-wise document representations (Eq. 16 of LW-PT and variants).

Shapes: B documents, Q representations of a document (one per label, or one for all), W width, L labels.
"""

import torch
from torch import nn
from transformers import PreTrainedConfig

from .label_blocks import LinearInBlocks, times


class LabelWiseLinear(nn.Module):
    """A linear layer that computes each label's logit from the label's own representation alone: the authors' `LW`
    decoder of LW-PT, and O_l of LM-MTC.

    Args:
        num_weights (`int`): One weight vector and bias per label, or 1 that all labels share.
        representation_size (`int`): W.
        dropout (`float`, *optional*, defaults to 0.0): Dropout rate of the representations.
    """

    def __init__(self, num_weights: int, representation_size: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.weight = nn.Parameter(torch.empty(num_weights, representation_size))
        self.bias = nn.Parameter(torch.empty(num_weights))

    def forward(self, representation_BQW: torch.Tensor, labels: slice | torch.LongTensor = slice(None)) -> torch.Tensor:
        """Return logits of shape `(batch, num_labels)`.

        Args:
            representation_BQW (`torch.Tensor` of shape `(batch, num_labels, width)`): `(batch, 1, width)` where all
                labels have the same representation.
            labels (`slice` or `torch.LongTensor`, *optional*): The labels that have a representation here; all by
                default.
        """
        # LM-MTC Eq. 3: O_l
        return (self.dropout(representation_BQW) * self.weight[labels]).sum(dim=-1) + self.bias[labels]


class MultiLabelHead(nn.Module):
    """The classifier that the configuration names: logits of all labels from M (Eq. 15).

    `"linear"` is Eq. 16; `"mlp"`, `"label_wise"` and the label graph are options of the authors' code.

    Args:
        config (`LWLSTMConfig`): `classifier`, `hidden_size` (for `"mlp"`), `label_graph`, `num_labels`, `num_queries`
            and `label_slices` are read.
        representation_size (`int`): W, the width of one representation (2 or 4 times `hidden_size`).
    """

    def __init__(self, config: PreTrainedConfig, representation_size: int) -> None:
        super().__init__()
        flat_size = config.num_queries * representation_size
        labels = config.label_slices
        columns = times(labels, representation_size) if config.label_wise else [slice(None)]
        if config.classifier == "label_wise":
            self.classifier = LabelWiseLinear(config.num_labels, representation_size)
        elif config.classifier == "mlp":
            hidden_size = 10 * config.hidden_size  # as in the authors' code
            self.classifier = nn.Sequential(
                nn.Flatten(),
                LinearInBlocks(flat_size, hidden_size, inputs=columns),
                nn.ReLU(),
                LinearInBlocks(hidden_size, config.num_labels, outputs=labels),
            )
        else:
            self.classifier = nn.Sequential(
                nn.Flatten(), LinearInBlocks(flat_size, config.num_labels, outputs=labels, inputs=columns)
            )
        self.label_graph = nn.Parameter(torch.eye(config.num_labels)) if config.label_graph else None

    @property
    def last_layer(self) -> nn.Module:
        """The layer that computes a number per label, before the label graph."""
        return self.classifier if isinstance(self.classifier, LabelWiseLinear) else self.classifier[-1]

    def forward(self, representation_BQW: torch.Tensor, class_subset: torch.LongTensor | None = None) -> torch.Tensor:
        """Return logits of shape `(batch, num_labels)` from representations of shape `(batch, num_queries, width)`.

        A `"label_wise"` classifier takes the ids of the labels that have a representation here, `(num_queries,)`.
        """
        labels = () if class_subset is None else (class_subset,)
        logits_BL = self.classifier(representation_BQW, *labels)  # LW-PT Eq. 16: W^T M
        return logits_BL if self.label_graph is None else logits_BL @ self.label_graph  # HAN+LG: z G


class HiddenLayerHead(nn.Sequential):
    """A classifier with one hidden layer of rectified linear units, as Model2Vec's.

    Args:
        config (`StaticConfig`): `hidden_size`, `head_size`, `dropout` and `label_slices` are read.
    """

    def __init__(self, config: PreTrainedConfig) -> None:
        super().__init__(
            nn.Linear(config.hidden_size, config.head_size),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            LinearInBlocks(config.head_size, config.num_labels, outputs=config.label_slices),
        )

    @property
    def last_layer(self) -> nn.Module:
        """The layer that computes a number per label."""
        return self[-1]


def layer_of_labels(head: nn.Module) -> nn.Module:
    """Return the layer of a head that computes a number per label."""
    return head.last_layer if isinstance(head, (MultiLabelHead, HiddenLayerHead)) else head


@torch.no_grad()
def set_label_biases(head: nn.Module, logits_L: torch.Tensor) -> bool:
    """Set the biases of a head to the given logits.

    Before a label graph G they are set to the least-squares solution b of b G = logits: G is singular where labels only
    occur together.

    Args:
        head (`torch.nn.Module`): The `head` of a classifier.
        logits_L (`torch.Tensor` of shape `(num_labels,)`): The logits.

    Returns:
        `bool`: `False` if the head has no bias for each label; it stays as it is.
    """
    layer = layer_of_labels(head)
    if not isinstance(layer, (nn.Linear, LabelWiseLinear)) or layer.bias.shape != logits_L.shape:
        return False
    if isinstance(head, MultiLabelHead) and head.label_graph is not None:
        graph_LL, logits_L1 = head.label_graph.cpu(), logits_L.cpu()[:, None]
        # The default driver pivots by memory that torch leaves uninitialized.
        logits_L = torch.linalg.lstsq(graph_LL.T, logits_L1, rcond=1e-3, driver="gelsd").solution[:, 0]
    layer.bias.copy_(logits_L)
    return True
