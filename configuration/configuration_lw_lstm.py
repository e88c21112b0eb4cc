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
"""LW-LSTM configuration: LSTM, HAN, LW-LSTM and HLW-LSTM are the four corners of one model."""

from typing import Literal

from huggingface_hub.dataclasses import strict

from .configuration_multi_label import WordConfig


@strict
class LWLSTMConfig(WordConfig):  # trf-ignore: TRF057 (the docstring below is the whole one)
    r"""
    Configuration of the LW-PT family (*Label-Wise Document Pre-Training for Multi-Label Text Classification*, Liu,
    Yuan and Wang, 2020). Two switches give four encoders, which is what Table 3 of the paper compares:

    | `hierarchical` | `label_wise` | encoder | equations |
    |---|---|---|---|
    | `False` | `False` | LSTM | 4-6 with one context vector |
    | `True` | `False` | HAN | 7-12 with one context vector |
    | `False` | `True` | LW-LSTM | 4-6 |
    | `True` | `True` | HLW-LSTM | 7-12 |

    Args:
        vocab_size (`int`, *optional*, defaults to 50000):
            Number of rows of the word embedding.
        embedding_size (`int`, *optional*, defaults to 256):
            Width of a word vector, d of the paper (AAPD 256, RMSC 100).
        hidden_size (`int`, *optional*, defaults to 256):
            Width of the recurrent state **per direction**; a document representation of one encoder is twice as wide.
        num_hidden_layers (`int`, *optional*, defaults to 2):
            Layers of every recurrent module. The paper takes 2 for LW-LSTM and 1 for HLW-LSTM.
        rnn_type (`str`, *optional*, defaults to `"lstm"`):
            `"lstm"` (the paper) or `"gru"` (the authors' code on RMSC).
        hierarchical (`bool`, *optional*, defaults to `False`):
            Words to sentences to document (Eqs. 7-12) instead of words to document (Eqs. 4-6).
        label_wise (`bool`, *optional*, defaults to `True`):
            One context vector, hence one document representation, per label; else one for all labels.
        num_encoders (`int`, *optional*, defaults to 1):
            1 for the plain rows of Table 2; 2 for T-Encoder and C-Encoder (Eqs. 13-15).
        classifier (`str`, *optional*, defaults to `"linear"`):
            `"linear"` (Eq. 16), `"mlp"` (the authors' code: a layer in between, 10 times as wide as `hidden_size`) or
            `"label_wise"` (each label reads its own representation only).
        label_graph (`bool`, *optional*, defaults to `False`):
            Multiply the logits by a learned label by label matrix that starts as the identity.
        dropout (`float`, *optional*, defaults to 0.2):
            On the input of every recurrent module and between its layers.
        max_words (`int`, *optional*, defaults to 500):
            Words read of a document when not `hierarchical`.
        max_sentences (`int`, *optional*, defaults to 40):
            Sentences read of a document when `hierarchical`, m of the paper.
        max_words_per_sentence (`int`, *optional*, defaults to 20):
            Words read of a sentence when `hierarchical`, t of the paper.
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
    >>> from labelwise import LWLSTMConfig, LWLSTMModel

    >>> config = LWLSTMConfig(hierarchical=True, num_hidden_layers=1, id2label={0: "rock", 1: "jazz"})
    >>> model = LWLSTMModel(config)
    ```"""

    model_type = "lw_lstm"

    hidden_size: int = 256
    num_hidden_layers: int = 2
    rnn_type: Literal["lstm", "gru"] = "lstm"
    hierarchical: bool = False
    label_wise: bool = True
    num_encoders: Literal[1, 2] = 1
    classifier: Literal["linear", "mlp", "label_wise"] = "linear"
    label_graph: bool = False
    max_sentences: int = 40
    max_words_per_sentence: int = 20

    @property
    def num_queries(self) -> int:
        """Context vectors U_k, hence representations of a document: one per label, or one for all."""
        return self.num_labels if self.label_wise else 1


__all__ = ["LWLSTMConfig"]
