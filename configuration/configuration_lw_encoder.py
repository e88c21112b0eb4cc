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
"""Configuration of label-wise attention over the states of any pretrained encoder."""

from typing import Any, ClassVar, Literal

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_encoder import EncoderConfig


@strict
class LabelWiseEncoderConfig(EncoderConfig):  # trf-ignore: TRF057
    r"""
    Configuration of the label-wise encoder: LW-PT's label-wise attention (Eqs. 5-6, or 8-9 and 11-12) over the states
    of a pretrained encoder, as PLM-ICD (Huang, Tsai and Chen, 2022) has it for diagnosis codes.

    Documents that are longer than a window are read in overlapping windows.

    Args:
        hierarchical (`bool`, *optional*, defaults to `False`):
            Attend first to the tokens of each window, then to the windows (Eqs. 8-9, 11-12), as HLW-LSTM does with
            sentences; else to the tokens of all windows as one sequence (Eqs. 5-6).
        num_encoders (`int`, *optional*, defaults to 1):
            After label-wise pre-training: 1 encoder that targets and candidates share, with context vectors of their
            own, or 2 (Eqs. 13-15). Without, there is one.
        num_contexts (`int`, *optional*):
            Sets of context vectors, hence of representations of a document: 2 after label-wise pre-training (Eq. 15);
            as many as encoders by default.
        window_size (`int`, *optional*, defaults to 512):
            Number of tokens in a window, special tokens included. A new model takes what its encoder reads, unless this
            is given.
        window_overlap (`int`, *optional*):
            Number of tokens that a window shares with the next one; an eighth of the window by default.
        max_windows (`int`, *optional*, defaults to 8):
            Number of windows read of a document.
        num_special_tokens (`list[int]`, *optional*):
            Number of special tokens that the tokenizer adds before and behind the text; `[1, 1]` by default.
        label_descriptions (`dict[str, str]`, *optional*):
            A description of each label, from which its context vector starts.
        mlm_weight (`float`, *optional*, defaults to 0):
            Lambda of LM-MTC's Eq. 5, the weight of joint masked language modelling on the words; 0 for none.

    Example:

    ```python
    >>> from transformers import BertConfig

    >>> from labelwise import LabelWiseEncoderConfig

    >>> config = LabelWiseEncoderConfig(encoder=BertConfig(), num_labels=28)
    ```"""

    model_type = "lw_encoder"
    keys_to_ignore_at_inference: ClassVar[list[str]] = [
        *EncoderConfig.keys_to_ignore_at_inference,
        "label_loss",
        "mlm_loss",
    ]
    derived_fields: ClassVar[tuple[str, ...]] = (
        *EncoderConfig.derived_fields,
        "num_contexts",
        "num_special_tokens",
        "label_descriptions",
    )

    hierarchical: bool = False
    num_encoders: int = interval(min=1, max=2)(default=1)
    num_contexts: Literal[1, 2] | None = None
    window_size: int = interval(min=3)(default=512)
    window_overlap: int | None = None
    max_windows: int = interval(min=1)(default=8)
    num_special_tokens: list[int] | None = None
    label_descriptions: dict[str, str] | None = None
    mlm_weight: float | int = interval(min=0)(default=0)
    label_wise: ClassVar[bool] = True  # as the label-wise corners of `LWLSTMConfig`

    def __post_init__(self, **kwargs: Any) -> None:
        if self.num_special_tokens is None:
            self.num_special_tokens = [1, 1]
        if self.window_overlap is None:
            self.window_overlap = self.window_size // 8
        room = self.window_size - sum(self.num_special_tokens)
        if not 0 <= self.window_overlap < room:
            raise ValueError(
                f"window_overlap {self.window_overlap}: must be >= 0 and < {room}, the text tokens of a window"
            )
        if self.num_contexts is None:
            self.num_contexts = self.num_encoders
        if self.num_encoders > self.num_contexts:
            raise ValueError("num_encoders 2 needs a set of context vectors for each: set num_contexts=2")
        super().__post_init__(**kwargs)

    @property
    def max_tokens(self) -> int:
        """Number of tokens read of a document, special tokens included."""
        stride = self.window_size - sum(self.num_special_tokens) - self.window_overlap
        return self.window_size + (self.max_windows - 1) * stride

    def describe(self) -> str:
        levels = "Eqs. 8-9 and 11-12: windows, then the document" if self.hierarchical else "Eqs. 5-6"
        contexts = ", with contexts of target and candidates (Eqs. 13-15) for label-wise pre-training (Eq. 3)"
        mlm = ", trained jointly with masked language modelling (LM-MTC, Eq. 5)" if self.mlm_weight else ""
        return (
            f"Label-wise attention ({levels}) over the states of a {self.encoder.model_type} encoder, and a weight "
            f"vector per label{contexts if self.num_contexts == 2 else ''}{mlm}. From *Label-Wise Document "
            "Pre-Training for Multi-Label Text Classification* (Liu, Yuan and Wang, 2020)."
        )


__all__ = ["LabelWiseEncoderConfig"]
