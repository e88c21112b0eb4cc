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
"""Reg-LSTM configuration: one BiLSTM, regularised."""

from huggingface_hub.dataclasses import strict

from .configuration_multi_label import WordConfig


@strict
class RegLSTMConfig(WordConfig):  # trf-ignore: TRF057 (the docstring below is the whole one)
    r"""
    Configuration of LSTM-reg (*Rethinking Complex Neural Network Architectures for Document Classification*, Adhikari,
    Ram, Tang and Lin, NAACL 2019). The defaults are the paper's; what it takes from AWD-LSTM (*Regularizing and
    Optimizing LSTM Language Models*, Merity, Keskar and Socher, ICLR 2018) is named so.

    Args:
        vocab_size (`int`, *optional*, defaults to 50000):
            Number of rows of the word embedding.
        embedding_size (`int`, *optional*, defaults to 300):
            Width of a word vector.
        hidden_size (`int`, *optional*, defaults to 512):
            Width of the recurrent state **per direction**; a document representation is twice as wide.
        dropout (`float`, *optional*, defaults to 0.5):
            On the document representation.
        weight_dropout (`float`, *optional*, defaults to 0.2):
            Share of the hidden-to-hidden weights that are zero in a training batch (AWD-LSTM, section 2).
        embedding_dropout (`float`, *optional*, defaults to 0.1):
            Share of the words, wherever they stand, that are zero in a training batch (AWD-LSTM, section 4.3).
        activation_regularization (`float`, *optional*, defaults to 0.0):
            Alpha, the weight of the mean square of the recurrent states in the training loss (AR; AWD-LSTM, section
            4.6, takes 2).
        temporal_activation_regularization (`float`, *optional*, defaults to 0.0):
            Beta, the weight of the mean square of what changes in the states from word to word (TAR; AWD-LSTM takes 1).
        max_words (`int`, *optional*, defaults to 500):
            Words read of a document.
        pad_token_id (`int`, *optional*, defaults to 0):
            Row of the embedding that stays zero.
        sep_token_id (`int`, *optional*, defaults to 2):
            The tokenizer's sentence end mark; it is never read as a word.
        initializer_range (`float`, *optional*, defaults to 0.1):
            Standard deviation of a new word embedding.
        thresholds (`float` or `list[float]`, *optional*, defaults to 0.5):
            Probability above which a label holds; one number, or one per label in the order of `id2label`.

    Example:

    ```python
    >>> from labelwise import RegLSTMConfig, RegLSTMModel

    >>> config = RegLSTMConfig(hidden_size=256, id2label={0: "rock", 1: "jazz"})
    >>> model = RegLSTMModel(config)
    ```"""

    model_type = "reg_lstm"

    embedding_size: int = 300
    hidden_size: int = 512
    dropout: float | int = 0.5
    weight_dropout: float | int = 0.2
    embedding_dropout: float | int = 0.1
    activation_regularization: float | int = 0.0
    temporal_activation_regularization: float | int = 0.0


__all__ = ["RegLSTMConfig"]
