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

from typing import ClassVar, Literal

from huggingface_hub.dataclasses import strict
from transformers import AutoConfig, PreTrainedConfig
from transformers.configuration_utils import SubConfigSpec

from .configuration_multi_label import MultiLabelConfig


@strict
class LMMTCConfig(MultiLabelConfig):  # trf-ignore: TRF057 (the docstring below is the whole one)
    r"""
    Configuration of LM-MTC (*Label Mask for Multi-Label Text Classification*, Song et al., 2021). The template times
    the weight of the masked language model gives the rows of the paper's Tables 2 and 4 from one model:

    | `template` | `mlm_weight` | row |
    |---|---|---|
    | `"none"` | 0 / 0.05 | Bert / Bert+MLM |
    | `"diff"` | 0 / 0.05 | LM / LM+MLM |
    | `"same"` | 0.05 | Same, Table 4 |

    Args:
        encoder (`PreTrainedConfig` or `dict`, *optional*):
            Configuration of the encoder, of any type that `AutoModelForMaskedLM` knows; a `BertConfig` when not given.
        template (`str`, *optional*, defaults to `"diff"`):
            As in `LabelTokenizer`.
        label_positions (`list[int]`, *optional*):
            Where each label's token stands, counted from the first token that is not padding; none for `"none"`. No
            model of another template is built without them; `LMMTCForSequenceClassification.from_encoder` sets them.
        mask_token_ids, yes_token_ids, no_token_ids (`list[int]`, *optional*):
            What may stand there: one id per label each.
        label_head (`str`, *optional*, defaults to `"per_label"`):
            `"per_label"` (W_l of Eq. 3, one column per label) or `"shared"` (one vector for all, as in the nearest
            public code; not with template `"none"`, whose labels share their state).
        mlm_weight (`float`, *optional*, defaults to 0.05):
            Lambda of Eq. 5.
        dropout (`float`, *optional*, defaults to 0.1):
            On the states that the label head reads.
        label_by_label (`bool`, *optional*, defaults to `False`):
            Whether, outside training, the labels are decided one at a time, the most confident first, each seen by
            those after it: as many passes as masked labels (an option of the public code). All in one pass (Eq. 6)
            otherwise. Needs a template.
        thresholds (`float` or `list[float]`, *optional*, defaults to 0.5):
            Probability above which a label holds; one number, or one per label in the order of `id2label`.

    Example:

    ```python
    >>> from transformers import BertConfig

    >>> from labelwise import LMMTCConfig

    >>> config = LMMTCConfig(encoder=BertConfig(), template="none", num_labels=28)
    ```"""

    model_type = "lm_mtc"
    keys_to_ignore_at_inference: ClassVar[list[str]] = ["label_loss", "mlm_loss"]
    sub_configs_defaults: ClassVar[dict] = {"encoder": SubConfigSpec(config_class=AutoConfig, model_type="bert")}

    encoder: dict | PreTrainedConfig | None = None
    template: Literal["diff", "same", "compact", "none"] = "diff"
    label_positions: list[int] | None = None
    mask_token_ids: list[int] | None = None
    yes_token_ids: list[int] | None = None
    no_token_ids: list[int] | None = None
    label_head: Literal["per_label", "shared"] = "per_label"
    mlm_weight: float | int = 0.05
    dropout: float | int = 0.1
    label_by_label: bool = False
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        if self.template == "none" and self.label_head == "shared":
            raise ValueError("label_head 'shared' cannot tell labels apart without label tokens: use 'per_label'")
        if self.template == "none" and self.label_by_label:
            raise ValueError("`label_by_label` shows decided labels to the others: it needs a template")
        super().__post_init__(**kwargs)
        self.tie_word_embeddings = self.encoder.tie_word_embeddings

    @property
    def vocab_size(self) -> int:
        """V', the encoder's words and the label tokens."""
        return self.encoder.vocab_size

    @property
    def hidden_size(self) -> int:
        """Width of the encoder's states."""
        return self.encoder.hidden_size


__all__ = ["LMMTCConfig"]
