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
"""CNN configuration: convolutions of several widths over the words, and the maximum of each filter over time."""

from huggingface_hub.dataclasses import strict

from .configuration_multi_label import WordConfig


@strict
class CNNConfig(WordConfig):  # trf-ignore: TRF057 (the docstring below is the whole one)
    r"""
    Configuration of the CNN of *Convolutional Neural Networks for Sentence Classification* (Kim, EMNLP 2014), with a
    sigmoid per label in place of the softmax. The defaults are the paper's where it names a value.

    Args:
        vocab_size (`int`, *optional*, defaults to 50000):
            Number of rows of the word embedding.
        embedding_size (`int`, *optional*, defaults to 300):
            Width of a word vector, k of the paper.
        kernel_sizes (`list[int]`, *optional*, defaults to `[3, 4, 5]`):
            Words that a filter of each kind sees, h of the paper.
        num_filters (`int`, *optional*, defaults to 100):
            Filters of each width; a document representation has `num_filters` times the number of widths.
        dropout (`float`, *optional*, defaults to 0.5):
            On the document representation, the penultimate layer (Eq. 4).
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
    >>> from labelwise import CNNConfig, CNNModel

    >>> config = CNNConfig(kernel_sizes=[2, 3], id2label={0: "rock", 1: "jazz"})
    >>> model = CNNModel(config)
    ```"""

    model_type = "cnn"

    embedding_size: int = 300
    kernel_sizes: list[int] | tuple[int, ...] = (3, 4, 5)
    num_filters: int = 100
    dropout: float | int = 0.5

    def __post_init__(self, **kwargs):
        self.kernel_sizes = list(self.kernel_sizes)  # as it comes back from a file
        if not self.kernel_sizes or min(self.kernel_sizes) < 1:
            raise ValueError(f"kernel_sizes {self.kernel_sizes}: widths of filters in words, each 1 or above")
        super().__post_init__(**kwargs)

    @property
    def hidden_size(self) -> int:
        """Width of a document representation."""
        return len(self.kernel_sizes) * self.num_filters


__all__ = ["CNNConfig"]
