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
"""MAGNET configuration: BiLSTM features of the text, graph attention over the labels."""

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_multi_label import EmbeddingConfig


@strict
class MAGNETConfig(EmbeddingConfig):  # trf-ignore: TRF057
    r"""
    Configuration of MAGNET (*MAGNET: Multi-Label Text Classification using Attention-based Graph Neural Network*, Pal,
    Selvakumar and Sankarasubbu, ICAART 2020, arXiv 2003.11644). Fields that are not listed are those of `WordConfig`.

    Args:
        embedding_size (`int`, *optional*, defaults to 256):
            Width of a word vector, and of a label's (the paper 768, BERT's).
        hidden_size (`int`, *optional*, defaults to 250):
            Width of the recurrent state **per direction**; the features of document and labels are twice as wide.
        num_hidden_layers (`int`, *optional*, defaults to 1):
            Number of layers of the BiLSTM.
        num_graph_layers (`int`, *optional*, defaults to 2):
            Number of layers of graph attention over the labels.
        num_attention_heads (`int`, *optional*, defaults to 4):
            Number of heads of a layer of graph attention.
        dropout (`float`, *optional*, defaults to 0.5):
            Share dropped of the word vectors, between the layers of the BiLSTM and of its feature.

    Example:

    ```python
    >>> from labelwise import MAGNETConfig, MAGNETForSequenceClassification

    >>> config = MAGNETConfig(hidden_size=100, id2label={0: "rock", 1: "jazz"})
    >>> model = MAGNETForSequenceClassification(config)
    ```"""

    model_type = "magnet"

    hidden_size: int = interval(min=1)(default=250)
    num_hidden_layers: int = interval(min=1, max=1000)(default=1)
    num_graph_layers: int = interval(min=1, max=1000)(default=2)
    num_attention_heads: int = interval(min=1)(default=4)
    dropout: float | int = interval(min=0, max=1, exclude_max=True)(default=0.5)

    def describe(self) -> str:
        return (
            "MAGNET: the feature of a BiLSTM times the features of the labels, by graph attention from their "
            "co-occurrence, of *MAGNET: Multi-Label Text Classification using Attention-based Graph Neural Network* "
            "(Pal, Selvakumar and Sankarasubbu, 2020)."
        )


__all__ = ["MAGNETConfig"]
