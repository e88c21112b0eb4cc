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
"""CNN-RNN configuration: the features of a CNN start an LSTM that emits the labels one by one."""

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_cnn import CNNConfig
from .configuration_label_sequences import LabelSequenceConfig


@strict
class CNNRNNConfig(CNNConfig, LabelSequenceConfig):  # trf-ignore: TRF057
    r"""
    Configuration of CNN-RNN (*Ensemble application of convolutional and recurrent neural networks for multi-label text
    categorization*, Chen et al., IJCNN 2017). Fields that are not listed are those of `CNNConfig`, whose CNN and
    defaults it has, and of `LabelSequenceConfig`.

    Args:
        decoder_hidden_size (`int`, *optional*, defaults to 512):
            Width of the LSTM over the labels.

    Example:

    ```python
    >>> from labelwise import CNNRNNConfig, CNNRNNModel

    >>> config = CNNRNNConfig(id2label={0: "rock", 1: "jazz"}, label_order=[1, 0])
    >>> model = CNNRNNModel(config)
    ```"""

    model_type = "cnn_rnn"

    decoder_hidden_size: int = interval(min=1)(default=512)

    def describe(self) -> str:
        return (
            "CNN-RNN: the features of a CNN start an LSTM that emits the labels one by one, of *Ensemble Application "
            "of Convolutional and Recurrent Neural Networks for Multi-label Text Categorization* (Chen et al., 2017)."
        )


__all__ = ["CNNRNNConfig"]
