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
"""HAN+LG configuration: LW-LSTM's hierarchical attention network with a graph over the labels."""

from typing import Literal

from huggingface_hub.dataclasses import strict

from .configuration_lw_lstm import LWLSTMConfig


@strict
class HANLGConfig(LWLSTMConfig):  # trf-ignore: TRF057 (the docstring below is the whole one)
    r"""
    Configuration of HAN+LG (*Review-Driven Multi-Label Music Style Classification by Exploiting Style Correlations*,
    Zhao, Xu, Zeng, Ren and Sun, NAACL 2019, arXiv 1808.07604), as the row of Table 2 of LW-PT. It is that of HAN, the
    hierarchical corner of `LWLSTMConfig` with one context vector, and a field more; what makes it HAN is fixed, and
    `max_words`, for documents that are not cut into sentences, is not read.

    Args:
        soft_label_weight (`float`, *optional*, defaults to 0.0):
            Soft training: share, from 0 to 1, of the continuous labels that the graph gives in what is learned. 0 for
            none.
        vocab_size (`int`, *optional*, defaults to 50000):
            Number of rows of the word embedding.
        embedding_size (`int`, *optional*, defaults to 256):
            Width of a word vector.
        hidden_size (`int`, *optional*, defaults to 256):
            Width of the recurrent state **per direction**; a document representation is twice as wide.
        num_hidden_layers (`int`, *optional*, defaults to 1):
            Layers of either recurrent module, of words and of sentences.
        rnn_type (`str`, *optional*, defaults to `"lstm"`):
            `"lstm"` or `"gru"`.
        dropout (`float`, *optional*, defaults to 0.2):
            On the input of every recurrent module and between its layers.
        max_sentences (`int`, *optional*, defaults to 40):
            Sentences read of a document.
        max_words_per_sentence (`int`, *optional*, defaults to 20):
            Words read of a sentence.
        pad_token_id (`int`, *optional*, defaults to 0):
            Row of the embedding that stays zero.
        sep_token_id (`int`, *optional*, defaults to 2):
            The tokenizer's sentence end mark; it is never read as a word.
        initializer_range (`float`, *optional*, defaults to 0.1):
            Standard deviation of a new word embedding; layer normalisation follows it.
        thresholds (`float` or `list[float]`, *optional*, defaults to 0.5):
            Probability above which a label holds; one number, or one per label in the order of `id2label`.

    Example:

    ```python
    >>> from labelwise import HANLGConfig, HANLGForSequenceClassification

    >>> config = HANLGConfig(soft_label_weight=0.1, id2label={0: "rock", 1: "jazz"})
    >>> model = HANLGForSequenceClassification(config)
    ```"""

    model_type = "han_lg"

    num_hidden_layers: int = 1
    hierarchical: Literal[True] = True
    label_wise: Literal[False] = False
    num_encoders: Literal[1] = 1
    classifier: Literal["linear"] = "linear"
    label_graph: Literal[True] = True
    soft_label_weight: float | int = 0.0

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if not 0 <= self.soft_label_weight <= 1:
            raise ValueError(f"soft_label_weight is a share from 0 to 1, not {self.soft_label_weight}")


__all__ = ["HANLGConfig"]
