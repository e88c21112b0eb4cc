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
"""The configurations that all classifiers share."""

import logging
import math
from collections.abc import Sequence
from dataclasses import fields
from itertools import accumulate, pairwise
from typing import Any, ClassVar, Literal

from huggingface_hub.dataclasses import strict
from transformers import PreTrainedConfig
from transformers.utils.type_validators import interval

from .published_code import SavedWithCode

logger = logging.getLogger(__name__)


@strict
class MultiLabelConfig(SavedWithCode, PreTrainedConfig):  # trf-ignore: TRF057
    r"""
    Base of the configurations of all classifiers. Its fields, and those of its subclasses, are options of the command
    line and of `MultiLabelClassifier` with the defaults, ranges and descriptions given here, except `derived_fields`.

    Args:
        thresholds (`float` or `list[float]`, *optional*, defaults to 0.5):
            Probability above which a label is predicted; one number, or one per label in the order of `id2label`.
        calibration (`dict`, *optional*):
            What makes the sigmoid of a logit a calibrated probability: `scale` and `offset`, each one number or one per
            label. Outside training, the model's logits are scale * logit + offset, and `thresholds` apply to these.
        label_blocks (`list[int]`, *optional*):
            Numbers of labels whose scores are computed together, in the order of their ids: those of the first
            training, then those that each `labelwise add-labels` added. Products of matrices round differently with
            their number of rows, and so the scores of earlier labels stay equal to the bit. All together by default.
    """

    # Outputs of the models that are no scores; a `Trainer` keeps all others of all documents.
    keys_to_ignore_at_inference: ClassVar[list[str]] = ["hidden_states", "attentions"]
    # Fields that no option sets: data, tokenizer or encoder give them, or they only matter after training.
    derived_fields: ClassVar[tuple[str, ...]] = ("thresholds", "calibration", "label_blocks", "problem_type")
    # Fields that describe the labels of a saved model, and no others.
    label_fields: ClassVar[tuple[str, ...]] = ("thresholds", "calibration", "label_blocks")

    thresholds: float | int | list[float | int] = 0.5
    calibration: dict[str, Any] | None = None
    label_blocks: list[int] | None = None
    # Anything else makes `pipeline("text-classification")` apply softmax and the loss a single-label one.
    problem_type: Literal["multi_label_classification"] | None = "multi_label_classification"

    def __post_init__(self, **kwargs: Any) -> None:
        self.problem_type = "multi_label_classification"
        for name, value in vars(self).items():
            if isinstance(value, float) and not math.isfinite(value):  # which is above every minimum
                raise ValueError(f"{name} must be a finite number, not {value}")
        if self.calibration is not None and not {"scale", "offset"} <= self.calibration.keys():
            raise ValueError(f"calibration must have a scale and an offset, not only {', '.join(self.calibration)}")
        super().__post_init__(**kwargs)
        if self.label2id is None:
            self.label2id = {name: index for index, name in self.id2label.items()}
        blocks = self.label_blocks
        if blocks is not None and (sum(blocks) != self.num_labels or min(blocks) < 1):
            raise ValueError(f"label_blocks {blocks}: must be >= 1 each, and add up to the {self.num_labels} labels")
        numbers = [("", "thresholds", self.thresholds)]
        if self.calibration is not None:
            numbers += [("calibration: ", f"{name}s", self.calibration[name]) for name in ("scale", "offset")]
        for place, name, values in numbers:
            if isinstance(values, list) and len(values) != self.num_labels:
                raise ValueError(
                    f"{place}{len(values)} {name} for {self.num_labels} labels: give one, or one per label"
                )

    @classmethod
    def from_dict(cls, config_dict: dict[str, Any], **kwargs: Any) -> Any:
        """Make a configuration as the library does. If arguments give another number of labels than the saved one,
        `label_fields` have their defaults: thresholds and calibration of the saved labels do not fit others."""
        names, number = kwargs.get("id2label"), kwargs.get("num_labels")
        number = number if names is None else len(names)
        # Two labels without names are not saved.
        if number is not None and number != (saved := len(config_dict.get("id2label") or range(2))):
            defaults = {field.name: field.default for field in fields(cls) if field.name in cls.label_fields}
            left_out = [name for name, default in defaults.items() if config_dict.get(name, default) != default]
            if left_out:
                logger.warning(
                    f"{', '.join(left_out)}: left out, as the saved model has {saved} labels and this one {number}"
                )
            config_dict = {**config_dict, **defaults}
        return super().from_dict(config_dict, **kwargs)

    @property
    def label_slices(self) -> list[slice]:
        """The labels of each of `label_blocks`."""
        ends = list(accumulate(self.label_blocks or [self.num_labels], initial=0))
        return [slice(*bounds) for bounds in pairwise(ends)]

    @property
    def label_names(self) -> list[str]:
        """Names of the labels in the order of the scores."""
        return [self.id2label[index] for index in range(self.num_labels)]

    @property
    def has_label_tokens(self) -> bool:
        """Whether the model reads its labels as tokens before the text."""
        return False

    def describe(self) -> str:
        """Say in Markdown what the model is, with its paper and equations; model cards print it."""
        return f"A multi-label text classifier of the type `{self.model_type}`."


@strict
class WordConfig(MultiLabelConfig):  # trf-ignore: TRF057
    r"""
    Base of the configurations of models that read the words of a `WordTokenizer`.

    Args:
        vocab_size (`int`, *optional*, defaults to 50000):
            Number of words, that is of rows of the word embedding.
        max_words (`int`, *optional*, defaults to 500):
            Number of words read of a document.
        pad_token_id (`int`, *optional*, defaults to 0):
            Id of padding; its row of the embedding stays zero.
        sep_token_id (`int`, *optional*, defaults to 2):
            Id of the tokenizer's sentence end mark; it is never read as a word.
        initializer_range (`float`, *optional*, defaults to 0.1):
            Standard deviation of new embeddings.
    """

    derived_fields: ClassVar[tuple[str, ...]] = (
        *MultiLabelConfig.derived_fields,
        "vocab_size",
        "pad_token_id",
        "sep_token_id",
    )

    vocab_size: int = interval(min=1)(default=50000)
    max_words: int = interval(min=1)(default=500)
    pad_token_id: int | None = 0
    sep_token_id: int | None = 2
    initializer_range: float = interval(min=0)(default=0.1)


@strict
class EmbeddingConfig(WordConfig):  # trf-ignore: TRF057
    r"""
    Base of the configurations of models that embed words.

    Args:
        embedding_size (`int`, *optional*, defaults to 256):
            Width of a word vector.
        dropout (`float`, *optional*, defaults to 0.2):
            Share dropped in training; the model says where.
    """

    embedding_size: int = interval(min=1)(default=256)
    dropout: float | int = interval(min=0, max=1, exclude_max=True)(default=0.2)


def check_label_order(name: str, order: Sequence[int] | None, num_labels: int) -> None:
    """Check that the field `name`, an order of the labels, names each label once."""
    if order is not None and sorted(order) != list(range(num_labels)):
        raise ValueError(f"{name} must name each label from 0 to {num_labels - 1} once, not {order}")


__all__ = ["EmbeddingConfig", "MultiLabelConfig", "WordConfig"]
