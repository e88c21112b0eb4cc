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
"""What the configurations of the models that emit labels one by one share."""

from huggingface_hub.dataclasses import strict

from .configuration_multi_label import WordConfig, check_label_order


@strict
class LabelSequenceConfig(WordConfig):  # trf-ignore: TRF057
    r"""
    Args:
        label_order (`list[int]`, *optional*):
            All labels, the first to be emitted first; in the order of their ids when not given.
        max_labels (`int`, *optional*):
            Most labels of a predicted document; all when not given.
        num_beams (`int`, *optional*, defaults to 5):
            Sequences that the search keeps.
    """

    label_order: list[int] | None = None
    max_labels: int | None = None
    num_beams: int = 5

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        check_label_order("label_order", self.label_order, self.num_labels)
        if self.max_labels is not None and self.max_labels < 1:
            raise ValueError(f"max_labels {self.max_labels}: it should be 1 or above")


__all__ = ["LabelSequenceConfig"]
