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
"""The tokenizer of a pretrained encoder, and how much that reads. No code of an encoder's folder is run."""

from typing import Any

from transformers import AutoConfig, AutoTokenizer, PreTrainedConfig, PreTrainedTokenizerBase


def load_encoder_tokenizer(name_or_path: str, **settings: Any) -> PreTrainedTokenizerBase:
    """Load the tokenizer of an encoder.

    Args:
        name_or_path (`str`): Folder or Hub id of the encoder.
        settings: Settings of the tokenizer in place of its own.
    """
    # Without `trust_remote_code`, the library would ask on standard input.
    return AutoTokenizer.from_pretrained(name_or_path, trust_remote_code=False, **settings)


def tokens_read(name_or_path: str, tokenizer: PreTrainedTokenizerBase) -> int:
    """Return the number of tokens that an encoder reads, special tokens included.

    Args:
        name_or_path (`str`): Folder or Hub id of the encoder.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
    """
    # Many tokenizers leave the limit to the model.
    return min(
        tokenizer.model_max_length, positions_of(AutoConfig.from_pretrained(name_or_path, trust_remote_code=False))
    )


def positions_of(config: PreTrainedConfig) -> int:
    """Return the number of positions that an encoder of a configuration has for tokens.

    Raises:
        ValueError: It has no limit.
    """
    try:
        positions = config.max_position_embeddings
    except AttributeError:  # of T5 and Funnel
        positions = -1  # as XLNet says it
    if positions < 0:
        raise ValueError(
            f"a {config.model_type} encoder does not say how many tokens it reads: use one whose configuration has "
            "max_position_embeddings"
        )
    return positions // 8 * 8  # RoBERTa and models like it count two too many


__all__ = ["load_encoder_tokenizer", "positions_of", "tokens_read"]
