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
"""LW-LSTM configuration: LSTM, HAN, LW-LSTM and HLW-LSTM are the four settings of two switches."""

from typing import Any, ClassVar, Literal

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_multi_label import EmbeddingConfig

_ENCODERS = {
    (False, False): "LSTM: a BiLSTM whose states one attention sums up (Eqs. 4-6 with one context vector)",
    (True, False): "HAN: words to sentences to document with one attention on each level (Eqs. 7-12)",
    (False, True): "LW-LSTM: one representation per label by label-wise attention over a shared BiLSTM (Eqs. 4-6)",
    (True, True): "HLW-LSTM: words to sentences to document, with label-wise attention on both levels (Eqs. 7-12)",
}


@strict
class LWLSTMConfig(EmbeddingConfig):  # trf-ignore: TRF057
    r"""
    Configuration of the LW-PT family (*Label-Wise Document Pre-Training for Multi-Label Text Classification*, Liu,
    Yuan and Wang, 2020). Two switches give four encoders, which Table 3 of the paper compares:

    | `hierarchical` | `label_wise` | encoder | equations |
    |---|---|---|---|
    | `False` | `False` | LSTM | 4-6 with one context vector |
    | `True` | `False` | HAN | 7-12 with one context vector |
    | `False` | `True` | LW-LSTM | 4-6 |
    | `True` | `True` | HLW-LSTM | 7-12 |

    Fields that are not listed are those of `WordConfig`; `max_words` is read when not `hierarchical`.

    Args:
        embedding_size (`int`, *optional*, defaults to 256):
            Width of a word vector, d of the paper (AAPD 256, RMSC 100).
        hidden_size (`int`, *optional*, defaults to 128):
            Width of the recurrent state **per direction** (AAPD 256, RMSC 100); a document representation of one
            encoder is twice as wide.
        num_hidden_layers (`int`, *optional*, defaults to 1):
            Number of layers of every recurrent module (AAPD 2).
        rnn_type (`str`, *optional*, defaults to `"lstm"`):
            Recurrent cell: `"lstm"` (the paper) or `"gru"` (the authors' code on RMSC).
        hierarchical (`bool`, *optional*, defaults to `False`):
            Words to sentences to document (Eqs. 7-12) instead of words to document (Eqs. 4-6).
        label_wise (`bool`, *optional*, defaults to `True`):
            One context vector, hence one document representation, per label; else one for all labels.
        num_encoders (`int`, *optional*, defaults to 1):
            1 for the plain rows of Table 2; 2 for T-Encoder and C-Encoder (Eqs. 13-15).
        classifier (`str`, *optional*, defaults to `"linear"`):
            Classifier over the representations: `"linear"` (Eq. 16), `"mlp"` (the authors' code: a layer in between,
            10 times as wide as `hidden_size`) or `"label_wise"` (each label reads its own representation only).
        label_graph (`bool`, *optional*, defaults to `False`):
            Multiply the logits by a learned label by label matrix that starts as the identity.
        dropout (`float`, *optional*, defaults to 0.2):
            Share dropped of the input of every recurrent module and between its layers.
        max_sentences (`int`, *optional*, defaults to 40):
            Number of sentences read of a document when `hierarchical`, m of the paper.
        max_words_per_sentence (`int`, *optional*, defaults to 60):
            Number of words read of a sentence when `hierarchical`, t of the paper; 20 in the authors' code.

    Example:

    ```python
    >>> from labelwise import LWLSTMConfig, LWLSTMModel

    >>> config = LWLSTMConfig(hierarchical=True, id2label={0: "rock", 1: "jazz"})
    >>> model = LWLSTMModel(config)
    ```"""

    model_type = "lw_lstm"
    derived_fields: ClassVar[tuple[str, ...]] = (*EmbeddingConfig.derived_fields, "num_encoders")

    hidden_size: int = interval(min=1)(default=128)
    num_hidden_layers: int = interval(min=1, max=1000)(default=1)
    rnn_type: Literal["lstm", "gru"] = "lstm"
    hierarchical: bool = False
    label_wise: bool = True
    num_encoders: Literal[1, 2] = 1
    classifier: Literal["linear", "mlp", "label_wise"] = "linear"
    label_graph: bool = False
    max_sentences: int = interval(min=1)(default=40)
    max_words_per_sentence: int = interval(min=1)(default=60)

    def __post_init__(self, **kwargs: Any) -> None:
        super().__post_init__(**kwargs)
        if self.classifier == "label_wise" and not self.label_wise:
            raise ValueError("classifier 'label_wise' needs a representation per label: set label_wise=True")

    @property
    def num_queries(self) -> int:
        """Number of context vectors U_k, hence of representations of a document: one per label, or one for all."""
        return self.num_labels if self.label_wise else 1

    def describe(self) -> str:
        encoders = "One encoder"
        if self.num_encoders == 2:
            encoders = "T- and C-Encoder (Eqs. 13-15) for label-wise pre-training (Eq. 3)"
        return (
            f"{_ENCODERS[self.hierarchical, self.label_wise]}, and a {self.classifier} classifier over it, of "
            "*Label-Wise Document Pre-Training for Multi-Label Text Classification* (Liu, Yuan and Wang, 2020). "
            f"{encoders}."
        )


__all__ = ["LWLSTMConfig"]
