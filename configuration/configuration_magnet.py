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

from .configuration_multi_label import WordConfig


@strict
class MAGNETConfig(WordConfig):  # trf-ignore: TRF057 (the docstring below is the whole one)
    r"""
    Configuration of MAGNET (*MAGNET: Multi-Label Text Classification using Attention-based Graph Neural Network*, Pal,
    Selvakumar and Sankarasubbu, ICAART 2020, arXiv 2003.11644).

    Args:
        vocab_size (`int`, *optional*, defaults to 50000):
            Number of rows of the word embedding.
        embedding_size (`int`, *optional*, defaults to 256):
            Width of a word vector, and of a label's (the paper 768, BERT's).
        hidden_size (`int`, *optional*, defaults to 250):
            Width of the recurrent state **per direction**; the document's and the labels' features are twice as wide.
        num_hidden_layers (`int`, *optional*, defaults to 1):
            Layers of the BiLSTM.
        num_graph_layers (`int`, *optional*, defaults to 2):
            Layers of graph attention over the labels.
        num_attention_heads (`int`, *optional*, defaults to 4):
            Heads of each of these.
        dropout (`float`, *optional*, defaults to 0.5):
            On the word vectors, between the layers of the BiLSTM and on its feature.
        max_words (`int`, *optional*, defaults to 500):
            Words read of a document.
        pad_token_id (`int`, *optional*, defaults to 0):
            Row of the embedding that stays zero.
        sep_token_id (`int`, *optional*, defaults to 2):
            The tokenizer's sentence end mark; it is never read as a word.
        initializer_range (`float`, *optional*, defaults to 0.1):
            Standard deviation of a new embedding of words and of labels.
        thresholds (`float` or `list[float]`, *optional*, defaults to 0.5):
            Probability above which a label holds; one number, or one per label in the order of `id2label`.

    Example:

    ```python
    >>> from labelwise import MAGNETConfig, MAGNETForSequenceClassification

    >>> config = MAGNETConfig(hidden_size=100, id2label={0: "rock", 1: "jazz"})
    >>> model = MAGNETForSequenceClassification(config)
    ```"""

    model_type = "magnet"

    hidden_size: int = 250
    num_hidden_layers: int = 1
    num_graph_layers: int = 2
    num_attention_heads: int = 4
    dropout: float | int = 0.5


__all__ = ["MAGNETConfig"]
