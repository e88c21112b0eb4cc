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
"""HAN+LG configuration: LW-LSTM's hierarchical attention network with a graph over the labels."""

from typing import ClassVar, Literal

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_lw_lstm import LWLSTMConfig


@strict
class HANLGConfig(LWLSTMConfig):  # trf-ignore: TRF057
    r"""
    Configuration of HAN+LG (*Review-Driven Multi-Label Music Style Classification by Exploiting Style Correlations*,
    Zhao, Xu, Zeng, Ren and Sun, NAACL 2019, arXiv 1808.07604), a row of Table 2 of LW-PT. It is that of HAN, the
    hierarchical `LWLSTMConfig` with one context vector, and one field more; fields that are not listed are those of
    `LWLSTMConfig`. `max_words` is not read: documents are cut into sentences.

    Args:
        soft_label_weight (`float`, *optional*, defaults to 0.0):
            Share, from 0 to 1, of the label graph's continuous labels in the training target (soft training); 0 for
            none.

    Example:

    ```python
    >>> from labelwise import HANLGConfig, HANLGForSequenceClassification

    >>> config = HANLGConfig(soft_label_weight=0.1, id2label={0: "rock", 1: "jazz"})
    >>> model = HANLGForSequenceClassification(config)
    ```"""

    model_type = "han_lg"
    derived_fields: ClassVar[tuple[str, ...]] = (
        *LWLSTMConfig.derived_fields,
        "hierarchical",
        "label_wise",
        "classifier",
        "label_graph",
        "max_words",
    )

    hierarchical: Literal[True] = True
    label_wise: Literal[False] = False
    num_encoders: Literal[1] = 1
    classifier: Literal["linear"] = "linear"
    label_graph: Literal[True] = True
    soft_label_weight: float | int = interval(min=0, max=1)(default=0.0)

    def describe(self) -> str:
        return (
            "HAN+LG: a hierarchical attention network whose logits are multiplied by a graph over the labels that "
            "starts from their co-occurrence, of *Review-Driven Multi-Label Music Style Classification by Exploiting "
            "Style Correlations* (Zhao, Xu, Zeng, Ren and Sun, 2019)."
        )


__all__ = ["HANLGConfig"]
