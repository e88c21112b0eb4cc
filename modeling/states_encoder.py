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
"""A pretrained encoder whose states alone are read."""

import torch
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel

from ..configuration.configuration_encoder import set_attention_dropout
from .finite_weights import check_finite
from .loading_report import silent_loading_report


def make_states_encoder(config: PreTrainedConfig) -> PreTrainedModel:
    """Make an encoder of any type that `AutoModel` knows, without the pooler that some types have."""
    return _without_pooler(AutoModel.from_config(config, trust_remote_code=False))


def load_states_encoder(name_or_path: str, attention_dropout: float | None = None) -> PreTrainedModel:
    """Load a pretrained encoder without its pooler.

    Args:
        name_or_path (`str`): Folder or Hub id of the encoder.
        attention_dropout (`float`, *optional*): Share dropped of the attention weights; the encoder's own by default.

    Returns:
        `PreTrainedModel`: In float32.

    Raises:
        ValueError: Weights are missing or not finite, or it has no attention dropout to be set.
    """
    config = AutoConfig.from_pretrained(name_or_path, trust_remote_code=False)
    if attention_dropout is not None:
        set_attention_dropout(config, attention_dropout)
    with silent_loading_report():
        encoder, report = AutoModel.from_pretrained(
            name_or_path, config=config, dtype=torch.float32, output_loading_info=True, trust_remote_code=False
        )
    missing = sorted(key for key in report["missing_keys"] if not key.startswith("pooler."))
    if missing:
        raise ValueError(f"its weights do not fit its config ({missing[0]} is missing)")
    check_finite(encoder)
    encoder.config._name_or_path = ""  # a local folder is of no use to other users of the model
    return _without_pooler(encoder)


def _without_pooler(encoder: PreTrainedModel) -> PreTrainedModel:
    # Weights that no loss reaches would stay random, and stop distributed training.
    if "pooler" in dict(encoder.named_children()):
        encoder.pooler = None
    return encoder


__all__ = ["load_states_encoder", "make_states_encoder"]
