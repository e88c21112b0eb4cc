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
"""Configuration of the static model: token embeddings distilled from an encoder, their mean, and a classifier."""

from typing import ClassVar

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_multi_label import MultiLabelConfig


@strict
class StaticConfig(MultiLabelConfig):  # trf-ignore: TRF057
    r"""
    Configuration of a classifier over static token embeddings, as Model2Vec (Tulkens and van Dongen, 2024) makes them.

    Args:
        vocab_size (`int`, *optional*, defaults to 30522):
            Number of tokens, that is of rows of the embedding.
        embedding_size (`int`, *optional*, defaults to 256):
            Width of a token embedding: the number of principal components of the encoder's states that are kept, at
            most their width.
        head_size (`int`, *optional*, defaults to 512):
            Width of the classifier's hidden layer.
        dropout (`float`, *optional*, defaults to 0.0):
            Share dropped of the hidden layer in training.
        max_tokens (`int`, *optional*, defaults to 512):
            Number of tokens read of a document.
        pad_token_id (`int`, *optional*, defaults to 0):
            Id of padding.
        initializer_range (`float`, *optional*, defaults to 0.1):
            Standard deviation of embeddings that are not distilled.

    Example:

    ```python
    >>> from labelwise import StaticConfig, StaticModel

    >>> config = StaticConfig(embedding_size=64, id2label={0: "rock", 1: "jazz"})
    >>> model = StaticModel(config)
    ```"""

    model_type = "static"
    derived_fields: ClassVar[tuple[str, ...]] = (*MultiLabelConfig.derived_fields, "vocab_size", "pad_token_id")

    vocab_size: int = interval(min=1)(default=30522)
    embedding_size: int = interval(min=1)(default=256)
    head_size: int = interval(min=1)(default=512)
    dropout: float | int = interval(min=0, max=1, exclude_max=True)(default=0.0)
    max_tokens: int = interval(min=1)(default=512)
    pad_token_id: int | None = 0
    initializer_range: float = interval(min=0)(default=0.1)

    @property
    def hidden_size(self) -> int:
        """Width of a document representation."""
        return self.embedding_size

    def describe(self) -> str:
        return (
            "Static token embeddings: the states of a pretrained encoder for each token alone, their principal "
            "components (Model2Vec, Tulkens and van Dongen, 2024), weighted by the smooth inverse frequency of the "
            "token (Arora et al., 2017) and trained further; their mean and a classifier with one hidden layer."
        )


__all__ = ["StaticConfig"]
