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
"""What the configurations of all classifiers share."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Literal

from huggingface_hub.dataclasses import strict
from transformers import PreTrainedConfig


@strict
class MultiLabelConfig(PreTrainedConfig):  # trf-ignore: TRF057
    r"""
    Args:
        thresholds (`float` or `list[float]`, *optional*, defaults to 0.5):
            Probability above which a label holds; one number, or one per label in the order of `id2label`.
    """

    thresholds: float | int | list[float | int] = 0.5
    # Anything else makes `pipeline("text-classification")` apply softmax and the loss a single-label one.
    problem_type: Literal["multi_label_classification"] | None = "multi_label_classification"

    def __post_init__(self, **kwargs):
        self.problem_type = "multi_label_classification"
        super().__post_init__(**kwargs)
        if self.label2id is None:
            self.label2id = {name: index for index, name in self.id2label.items()}

    @property
    def label_names(self) -> list[str]:
        """Names of the labels in the order of the scores."""
        return [self.id2label[index] for index in range(self.num_labels)]


@strict
class WordConfig(MultiLabelConfig):  # trf-ignore: TRF057
    r"""
    Of models that read the words of a `WordTokenizer`.

    Args:
        vocab_size (`int`, *optional*, defaults to 50000):
            Number of rows of the word embedding.
        embedding_size (`int`, *optional*, defaults to 256):
            Width of a word vector.
        max_words (`int`, *optional*, defaults to 500):
            Words read of a document.
        dropout (`float`, *optional*, defaults to 0.2):
            Share of what is dropped; the model says where.
        pad_token_id (`int`, *optional*, defaults to 0):
            Row of the embedding that stays zero.
        sep_token_id (`int`, *optional*, defaults to 2):
            The tokenizer's sentence end mark; it is never read as a word.
        initializer_range (`float`, *optional*, defaults to 0.1):
            Standard deviation of a new word embedding.
    """

    vocab_size: int = 50000
    embedding_size: int = 256
    max_words: int = 500
    dropout: float | int = 0.2
    pad_token_id: int | None = 0
    sep_token_id: int | None = 2
    initializer_range: float = 0.1

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        of_the_library = {field.name for field in fields(PreTrainedConfig)}
        for field in fields(self):  # a plain `int` of these models is a width or how many of something there are
            if field.type is int and field.name not in of_the_library and getattr(self, field.name) < 1:
                raise ValueError(f"{field.name} {getattr(self, field.name)}: it should be 1 or above")


def check_label_order(name: str, order: Sequence[int] | None, num_labels: int) -> None:
    """Refuses an order, the value of the field `name`, that does not name each label once."""
    if order is not None and sorted(order) != list(range(num_labels)):
        raise ValueError(f"{name} names each label from 0 to {num_labels - 1} once, not {order}")


__all__ = ["MultiLabelConfig", "WordConfig"]
