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

from typing import Literal

from huggingface_hub.dataclasses import strict

from .configuration_multi_label import WordConfig, check_label_order


@strict
class TfidfLinearConfig(WordConfig):  # trf-ignore: TRF057 (the docstring below is the whole one)
    r"""
    Configuration of linear support vector machines over the TF-IDF of words and pairs of words. There is no embedding
    and no dropout: of `WordConfig`, `embedding_size` and `dropout` say nothing here.

    | `method` | name | paper |
    |---|---|---|
    | `"br"` | binary relevance | *Learning Multi-Label Scene Classification*, Boutell et al., 2004 |
    | `"cc"` | classifier chain | *Classifier Chains for Multi-Label Classification*, Read et al., 2011 |
    | `"lp"` | label powerset | *Multi-Label Classification: An Overview*, Tsoumakas and Katakis, 2007 |

    Args:
        method (`str`, *optional*, defaults to `"br"`):
            How label sets are made of two-class problems; see the table.
        num_ngrams (`int`, *optional*, defaults to 1):
            Words and pairs of words that have a weight. Fitting sets it.
        num_label_sets (`int`, *optional*, defaults to 1):
            Label sets of the training documents, for `"lp"`. Fitting sets it.
        chain_order (`list[int]`, *optional*):
            The labels in the order in which `"cc"` decides them; that of `id2label` when not given.
        vocab_size (`int`, *optional*, defaults to 50000):
            Words of the tokenizer.
        max_words (`int`, *optional*, defaults to 500):
            Words read of a document.
        pad_token_id (`int`, *optional*, defaults to 0):
            Never read as a word.
        sep_token_id (`int`, *optional*, defaults to 2):
            The tokenizer's sentence end mark; it is never read as a word.
        initializer_range (`float`, *optional*, defaults to 0.1):
            Standard deviation of new weights, before they are fitted.
        thresholds (`float` or `list[float]`, *optional*, defaults to 0.5):
            Sigmoid of the margin above which a label holds; one number, or one per label in the order of `id2label`.

    Example:

    ```python
    >>> from labelwise import TfidfLinearConfig

    >>> config = TfidfLinearConfig(method="cc", num_ngrams=20000, id2label={0: "rock", 1: "jazz"}, chain_order=[1, 0])
    ```"""

    model_type = "tfidf_linear"

    method: Literal["br", "cc", "lp"] = "br"
    num_ngrams: int = 1
    num_label_sets: int = 1
    chain_order: list[int] | None = None

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        check_label_order("chain_order", self.chain_order, self.num_labels)


__all__ = ["TfidfLinearConfig"]
