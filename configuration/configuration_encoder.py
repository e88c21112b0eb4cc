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
"""The configuration that classifiers over a pretrained encoder share."""

from typing import Any, ClassVar

from huggingface_hub.dataclasses import strict
from transformers import AutoConfig, PreTrainedConfig
from transformers.configuration_utils import SubConfigSpec
from transformers.utils.type_validators import interval

from .configuration_multi_label import MultiLabelConfig


@strict
class EncoderConfig(MultiLabelConfig):  # trf-ignore: TRF057
    r"""
    Base of the configurations of classifiers over a pretrained encoder.

    Args:
        encoder (`PreTrainedConfig` or `dict`, *optional*):
            Configuration of the encoder; a `BertConfig` by default.
        dropout (`float`, *optional*, defaults to 0.1):
            Share dropped of the states that the label head reads.
    """

    derived_fields: ClassVar[tuple[str, ...]] = (*MultiLabelConfig.derived_fields, "encoder")
    sub_configs_defaults: ClassVar[dict] = {"encoder": SubConfigSpec(config_class=AutoConfig, model_type="bert")}

    encoder: dict | PreTrainedConfig | None = None
    dropout: float | int = interval(min=0, max=1, exclude_max=True)(default=0.1)

    def __post_init__(self, **kwargs: Any) -> None:
        super().__post_init__(**kwargs)
        if self.encoder.chunk_size_feed_forward:
            raise ValueError(
                "the encoder's chunk_size_feed_forward must be 0: texts are not padded to a multiple of it"
            )

    @property
    def vocab_size(self) -> int:
        """Number of rows of the encoder's embedding."""
        return self.encoder.vocab_size

    @property
    def hidden_size(self) -> int:
        """Width of the encoder's states."""
        return self.encoder.hidden_size

    @property
    def attention_dropout(self) -> float | None:
        """Share that the encoder drops of its attention weights in training; `None` if it cannot drop any."""
        return max(attention_dropouts(self.encoder).values(), default=None)


def attention_dropouts(config: PreTrainedConfig) -> dict[str, float]:
    """Return the shares that an encoder drops of its attention weights in training, by the field of each.

    Most have `attention_probs_dropout_prob`, as BERT, or `attention_dropout`, as ModernBERT; Reformer has two fields,
    and FNet has none.
    """
    endings = ("attention_probs_dropout_prob", "attention_dropout")
    return {name: share for name, share in config.to_dict().items() if name.endswith(endings)}


def set_attention_dropout(config: PreTrainedConfig, share: float) -> None:
    """Set the share that an encoder drops of its attention weights, before a model is made of its configuration.

    Args:
        config (`PreTrainedConfig`): Configuration of the encoder, changed in place.
        share (`float`): Share dropped, >= 0 and < 1.

    Raises:
        ValueError: The encoder has no attention dropout.
    """
    names = attention_dropouts(config)
    if not names:
        raise ValueError(f"a {config.model_type} encoder has no attention dropout: leave out attention_dropout")
    for name in names:
        setattr(config, name, share)


__all__ = ["EncoderConfig", "attention_dropouts", "set_attention_dropout"]
