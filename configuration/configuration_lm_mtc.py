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
"""LM-MTC configuration: labels as tokens before the text of any pretrained encoder."""

from typing import Any, ClassVar, Literal

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_encoder import EncoderConfig

_TEMPLATES = {
    "diff": "every label is three tokens of its own before the text (Eq. 2)",
    "same": "every label is the same three tokens before the text (Eq. 8)",
    "shared_answers": "every label is the encoder's mask between two tokens of its own before the text, and all labels "
    "share the tokens that take its place",
    "compact": "every label is one token before the text",
    "none": "the labels are predicted from the first token, without label tokens: the paper's baseline",
}


@strict
class LMMTCConfig(EncoderConfig):  # trf-ignore: TRF057
    r"""
    Configuration of LM-MTC (*Label Mask for Multi-Label Text Classification*, Song et al., 2021). The template times
    the weight of the masked language model gives the rows of the paper's Tables 2 and 4 from one model:

    | `template` | `mlm_weight` | row |
    |---|---|---|
    | `"none"` | 0 / 0.05 | Bert / Bert+MLM |
    | `"diff"` | 0 / 0.05 | LM / LM+MLM |
    | `"same"` | 0.05 | Same, Table 4 |

    The encoder is of any type that `AutoModelForMaskedLM` knows. Its vocabulary is V', words and label tokens. Fields
    that are not listed are those of `EncoderConfig`.

    Args:
        template (`str`, *optional*, defaults to `"diff"`):
            Tokens of a label before the text, as in `LabelTokenizer`.
        label_positions (`list[int]`, *optional*):
            Position of each label's token, counted from the first token that is not padding; none for `"none"`. A model
            of another template needs them; `LMMTCForSequenceClassification.from_encoder` sets them.
        mask_token_ids, yes_token_ids, no_token_ids (`list[int]`, *optional*):
            Tokens that these positions can have: one id per label each.
        label_head (`str`, *optional*, defaults to `"per_label"`):
            `"per_label"` (W_l of Eq. 3, one column per label) or `"shared"` (one vector for all, as in the nearest
            public code; not with template `"none"`, whose labels share their state).
        mlm_weight (`float`, *optional*, defaults to 0.05):
            Lambda of Eq. 5, the weight of the masked language model; 0 for none.
        pooler (`bool`, *optional*):
            With template `"none"`, whether the label head reads the first token's state through the encoder's pooler,
            as BERT's own classifier does. By default, a new model does if the encoder's checkpoint has a pooler.
        label_by_label (`bool`, *optional*, defaults to `False`):
            Whether, outside training, the labels are decided one at a time, the most confident first, each seen by the
            following ones: as many passes as masked labels (an option of the public code). Otherwise all in one pass
            (Eq. 6). Needs a template.

    Example:

    ```python
    >>> from transformers import BertConfig

    >>> from labelwise import LMMTCConfig

    >>> config = LMMTCConfig(encoder=BertConfig(), template="none", num_labels=28)
    ```"""

    model_type = "lm_mtc"
    keys_to_ignore_at_inference: ClassVar[list[str]] = [
        *EncoderConfig.keys_to_ignore_at_inference,
        "label_loss",
        "mlm_loss",
    ]
    derived_fields: ClassVar[tuple[str, ...]] = (
        *EncoderConfig.derived_fields,
        "label_positions",
        "mask_token_ids",
        "yes_token_ids",
        "no_token_ids",
        "label_by_label",
        "tie_word_embeddings",
    )

    template: Literal["diff", "same", "shared_answers", "compact", "none"] = "diff"
    label_positions: list[int] | None = None
    mask_token_ids: list[int] | None = None
    yes_token_ids: list[int] | None = None
    no_token_ids: list[int] | None = None
    label_head: Literal["per_label", "shared"] = "per_label"
    mlm_weight: float | int = interval(min=0)(default=0.05)
    pooler: bool = False
    label_by_label: bool = False
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs: Any) -> None:
        if self.template == "none" and self.label_head == "shared":
            raise ValueError("label_head 'shared' cannot distinguish labels without label tokens: use 'per_label'")
        if self.template != "none" and self.pooler:
            raise ValueError(
                "pooler needs template 'none', which alone predicts the labels from the first token; leave it out"
            )
        if self.template == "none" and self.label_by_label:
            raise ValueError("`label_by_label` shows decided labels to the others: it needs a template")
        super().__post_init__(**kwargs)
        self.tie_word_embeddings = self.encoder.tie_word_embeddings

    @property
    def has_label_tokens(self) -> bool:
        return bool(self.label_positions)

    def describe(self) -> str:
        pooler = ", which the encoder's pooler reads" if self.pooler else ""
        mlm = f"; joint masked language modelling (Eq. 5, weight {self.mlm_weight})" if self.mlm_weight else ""
        return (
            f"LM-MTC over a {self.encoder.model_type} encoder: {_TEMPLATES[self.template]}{pooler}{mlm}. From *Label "
            "Mask for Multi-Label Text Classification* (Song et al., 2021)."
        )


__all__ = ["LMMTCConfig"]
