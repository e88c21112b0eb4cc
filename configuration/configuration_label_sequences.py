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
"""The configuration that all models share that emit labels one by one."""

from typing import Any, ClassVar

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_multi_label import EmbeddingConfig, check_label_order


@strict
class LabelSequenceConfig(EmbeddingConfig):  # trf-ignore: TRF057
    r"""
    Base of the configurations of models that emit labels one by one. A label gets a score above 0.5 exactly when the
    best sequence, or set, contains it, so that 0.5 gives the papers' predictions.

    Args:
        label_order (`list[int]`, *optional*):
            All labels in the order of emission, in training the most frequent first; the order of their ids by default.
        max_labels (`int`, *optional*):
            Maximum number of labels of a predicted document; training sets that of its documents; all by default.
        num_beams (`int`, *optional*, defaults to 5):
            Number of sequences that the search keeps.
    """

    derived_fields: ClassVar[tuple[str, ...]] = (*EmbeddingConfig.derived_fields, "label_order", "max_labels")
    label_fields: ClassVar[tuple[str, ...]] = (*EmbeddingConfig.label_fields, "label_order", "max_labels")

    label_order: list[int] | None = None
    max_labels: int | None = None
    num_beams: int = interval(min=1, max=1000)(default=5)

    def __post_init__(self, **kwargs: Any) -> None:
        super().__post_init__(**kwargs)
        if self.max_labels is not None and not 1 <= self.max_labels <= self.num_labels:
            raise ValueError(f"max_labels {self.max_labels}: must be >= 1 and <= {self.num_labels}, the labels")
        check_label_order("label_order", self.label_order, self.num_labels)


__all__ = ["LabelSequenceConfig"]
