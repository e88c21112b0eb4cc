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

from typing import Any

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_multi_label import EmbeddingConfig


@strict
class CNNConfig(EmbeddingConfig):  # trf-ignore: TRF057
    r"""
    Configuration of the CNN of *Convolutional Neural Networks for Sentence Classification* (Kim, EMNLP 2014), with a
    sigmoid per label in place of the softmax. The defaults are the paper's where it names a value. Fields that are not
    listed are those of `EmbeddingConfig` and `WordConfig`.

    Args:
        embedding_size (`int`, *optional*, defaults to 300):
            Width of a word vector, k of the paper.
        kernel_sizes (`list[int]`, *optional*, defaults to `[3, 4, 5]`):
            Number of words that a filter of each kind sees, h of the paper.
        num_filters (`int`, *optional*, defaults to 100):
            Number of filters of each width; a document representation is `num_filters` times the number of widths wide.
        dropout (`float`, *optional*, defaults to 0.5):
            Share dropped of the document representation, the penultimate layer (Eq. 4).

    Example:

    ```python
    >>> from labelwise import CNNConfig, CNNModel

    >>> config = CNNConfig(kernel_sizes=[2, 3], id2label={0: "rock", 1: "jazz"})
    >>> model = CNNModel(config)
    ```"""

    model_type = "cnn"

    embedding_size: int = interval(min=1)(default=300)
    kernel_sizes: list[int] | tuple[int, ...] = (3, 4, 5)
    num_filters: int = interval(min=1)(default=100)
    dropout: float | int = interval(min=0, max=1, exclude_max=True)(default=0.5)

    def __post_init__(self, **kwargs: Any) -> None:
        self.kernel_sizes = list(self.kernel_sizes)  # as it comes back from a file
        if not self.kernel_sizes or min(self.kernel_sizes) < 1:
            raise ValueError(f"kernel_sizes {self.kernel_sizes}: each must be >= 1")
        super().__post_init__(**kwargs)

    @property
    def hidden_size(self) -> int:
        """Width of a document representation."""
        return len(self.kernel_sizes) * self.num_filters

    def describe(self) -> str:
        return (
            "CNN: convolutions of several widths and the maximum of each filter over time (Eqs. 1-4) of *Convolutional "
            "Neural Networks for Sentence Classification* (Kim, 2014), with a sigmoid per label."
        )


__all__ = ["CNNConfig"]
