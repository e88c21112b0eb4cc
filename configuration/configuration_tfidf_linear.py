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
"""Configuration of the linear classifiers over TF-IDF: binary relevance, classifier chains, label powerset."""

from typing import Any, ClassVar, Literal

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_multi_label import WordConfig, check_label_order

_METHODS = {
    "br": "Binary relevance: one support vector machine per label, of *Learning Multi-Label Scene Classification* "
    "(Boutell, Luo, Shen and Brown, 2004)",
    "cc": "A classifier chain: one support vector machine per label, which reads the decisions on the labels before "
    "it, of *Classifier Chains for Multi-Label Classification* (Read, Pfahringer, Holmes and Frank, 2011)",
    "lp": "Label powerset: one support vector machine per label set of the training documents, of *Multi-Label "
    "Classification: An Overview* (Tsoumakas and Katakis, 2007)",
}


@strict
class TfidfLinearConfig(WordConfig):  # trf-ignore: TRF057
    r"""
    Configuration of linear support vector machines over the TF-IDF of words and pairs of words.

    | `method` | name | paper |
    |---|---|---|
    | `"br"` | binary relevance | *Learning Multi-Label Scene Classification*, Boutell et al., 2004 |
    | `"cc"` | classifier chain | *Classifier Chains for Multi-Label Classification*, Read et al., 2011 |
    | `"lp"` | label powerset | *Multi-Label Classification: An Overview*, Tsoumakas and Katakis, 2007 |

    Fields that are not listed are those of `WordConfig`. `thresholds` apply to the sigmoid of the margin, calibrated if
    `calibration` is set.

    Args:
        method (`str`, *optional*, defaults to `"br"`):
            How label sets become two-class problems; see the table.
        num_ngrams (`int`, *optional*, defaults to 1):
            Number of words and pairs of words that have a weight. Fitting sets it.
        num_label_sets (`int`, *optional*, defaults to 1):
            Number of label sets of the training documents, for `"lp"`. Fitting sets it.
        chain_order (`list[int]`, *optional*):
            The labels in the order in which `"cc"` decides them; that of `id2label` by default.
        max_words (`int`, *optional*, defaults to 100000):
            Number of words read of a document.

    Example:

    ```python
    >>> from labelwise import TfidfLinearConfig

    >>> config = TfidfLinearConfig(method="cc", num_ngrams=20000, id2label={0: "rock", 1: "jazz"}, chain_order=[1, 0])
    ```"""

    model_type = "tfidf_linear"
    derived_fields: ClassVar[tuple[str, ...]] = (
        *WordConfig.derived_fields,
        "num_ngrams",
        "num_label_sets",
        "chain_order",
        "initializer_range",
    )
    label_fields: ClassVar[tuple[str, ...]] = (*WordConfig.label_fields, "chain_order")

    method: Literal["br", "cc", "lp"] = "br"
    num_ngrams: int = interval(min=1)(default=1)
    num_label_sets: int = interval(min=1)(default=1)
    chain_order: list[int] | None = None
    max_words: int = interval(min=1)(default=100_000)

    def __post_init__(self, **kwargs: Any) -> None:
        super().__post_init__(**kwargs)
        check_label_order("chain_order", self.chain_order, self.num_labels)

    def describe(self) -> str:
        return (
            f"{_METHODS[self.method]}, over the TF-IDF of words and pairs of words. The scores are no calibrated "
            "probabilities."
        )


__all__ = ["TfidfLinearConfig"]
