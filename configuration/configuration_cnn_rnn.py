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

from .configuration_cnn import CNNConfig
from .configuration_label_sequences import LabelSequenceConfig


@strict
class CNNRNNConfig(CNNConfig, LabelSequenceConfig):  # trf-ignore: TRF057 (the docstring below is the whole one)
    r"""
    Configuration of CNN-RNN (*Ensemble application of convolutional and recurrent neural networks for multi-label text
    categorization*, Chen et al., IJCNN 2017). The CNN and its defaults are those of `CNNConfig`.

    Args:
        vocab_size (`int`, *optional*, defaults to 50000):
            Number of rows of the word embedding.
        embedding_size (`int`, *optional*, defaults to 300):
            Width of a word vector and of a label vector.
        kernel_sizes (`list[int]`, *optional*, defaults to `[3, 4, 5]`):
            Words that a filter of each kind sees.
        num_filters (`int`, *optional*, defaults to 100):
            Filters of each width; a document representation has `num_filters` times the number of widths.
        decoder_hidden_size (`int`, *optional*, defaults to 512):
            Width of the LSTM over the labels.
        label_order (`list[int]`, *optional*):
            All labels, the most frequent of the training documents first; in the order of their ids when not given.
        max_labels (`int`, *optional*):
            Most labels of a predicted document, those of a training document as a rule; all when not given.
        num_beams (`int`, *optional*, defaults to 5):
            Sequences that the search keeps.
        dropout (`float`, *optional*, defaults to 0.5):
            On the document representation and on what the decoder's output layer reads.
        max_words (`int`, *optional*, defaults to 500):
            Words read of a document.
        pad_token_id (`int`, *optional*, defaults to 0):
            Row of the embedding that stays zero.
        sep_token_id (`int`, *optional*, defaults to 2):
            The tokenizer's sentence end mark; it is never read as a word.
        initializer_range (`float`, *optional*, defaults to 0.1):
            Standard deviation of a new word or label embedding.
        thresholds (`float` or `list[float]`, *optional*, defaults to 0.5):
            Score above which a label holds; one number, or one per label in the order of `id2label`. At 0.5 these are
            the labels of the best sequence, the paper's prediction.

    Example:

    ```python
    >>> from labelwise import CNNRNNConfig, CNNRNNModel

    >>> config = CNNRNNConfig(id2label={0: "rock", 1: "jazz"}, label_order=[1, 0])
    >>> model = CNNRNNModel(config)
    ```"""

    model_type = "cnn_rnn"

    decoder_hidden_size: int = 512


__all__ = ["CNNRNNConfig"]
