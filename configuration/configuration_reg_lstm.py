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
"""Reg-LSTM configuration: one BiLSTM, regularized."""

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_multi_label import EmbeddingConfig


@strict
class RegLSTMConfig(EmbeddingConfig):  # trf-ignore: TRF057
    r"""
    Configuration of LSTM-reg (*Rethinking Complex Neural Network Architectures for Document Classification*, Adhikari,
    Ram, Tang and Lin, NAACL 2019). The defaults are the paper's; parts that come from AWD-LSTM (*Regularizing and
    Optimizing LSTM Language Models*, Merity, Keskar and Socher, ICLR 2018) name it. Fields that are not listed are
    those of `WordConfig`.

    Args:
        embedding_size (`int`, *optional*, defaults to 300):
            Width of a word vector.
        hidden_size (`int`, *optional*, defaults to 512):
            Width of the recurrent state **per direction**; a document representation is twice as wide.
        dropout (`float`, *optional*, defaults to 0.5):
            Share dropped of the document representation.
        weight_dropout (`float`, *optional*, defaults to 0.2):
            Share of the hidden-to-hidden weights that are zero in a training batch (AWD-LSTM, section 2).
        embedding_dropout (`float`, *optional*, defaults to 0.1):
            Share of the vocabulary's words that are zero in a training batch (AWD-LSTM, section 4.3).
        activation_regularization (`float`, *optional*, defaults to 0.0):
            Alpha, the weight of the mean square of the recurrent states in the training loss (AR; AWD-LSTM, section
            4.6, uses 2).
        temporal_activation_regularization (`float`, *optional*, defaults to 0.0):
            Beta, the weight of the mean square of the change of the states from word to word (TAR; AWD-LSTM uses 1).

    Example:

    ```python
    >>> from labelwise import RegLSTMConfig, RegLSTMModel

    >>> config = RegLSTMConfig(hidden_size=256, id2label={0: "rock", 1: "jazz"})
    >>> model = RegLSTMModel(config)
    ```"""

    model_type = "reg_lstm"

    embedding_size: int = interval(min=1)(default=300)
    hidden_size: int = interval(min=1)(default=512)
    dropout: float | int = interval(min=0, max=1, exclude_max=True)(default=0.5)
    weight_dropout: float | int = interval(min=0, max=1, exclude_max=True)(default=0.2)
    embedding_dropout: float | int = interval(min=0, max=1, exclude_max=True)(default=0.1)
    activation_regularization: float | int = interval(min=0)(default=0.0)
    temporal_activation_regularization: float | int = interval(min=0)(default=0.0)

    def describe(self) -> str:
        return (
            "LSTM-reg: one BiLSTM, the maximum over time, weight drop and embedding dropout, of *Rethinking Complex "
            "Neural Network Architectures for Document Classification* (Adhikari, Ram, Tang and Lin, 2019)."
        )


__all__ = ["RegLSTMConfig"]
