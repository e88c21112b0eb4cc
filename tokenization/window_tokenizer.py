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
"""The tokenizer of documents that a pretrained encoder reads in windows."""

from transformers import PreTrainedTokenizerBase

from ..configuration.configuration_lw_encoder import LabelWiseEncoderConfig
from .encoder_tokenizer import load_encoder_tokenizer, tokens_read


def load_window_tokenizer(
    name_or_path: str,
    window_size: int | None = None,
    window_overlap: int | None = None,
    max_windows: int = LabelWiseEncoderConfig.max_windows,
) -> tuple[PreTrainedTokenizerBase, dict[str, int | list[int]]]:
    """Load the tokenizer of an encoder for documents as long as all windows together.

    Windows are cut by the model: the tokenizer is the encoder's own, with another `model_max_length`, and special
    tokens that are written in a text are read as words.

    Args:
        name_or_path (`str`): Folder or Hub id of the encoder.
        window_size (`int`, *optional*): As in `LabelWiseEncoderConfig`; as many tokens as the encoder reads by default.
        window_overlap, max_windows (`int`, *optional*): As in `LabelWiseEncoderConfig`.

    Returns:
        `PreTrainedTokenizerBase`: The tokenizer.
        `dict`: The fields of `LabelWiseEncoderConfig` that follow from it: `window_size`, `window_overlap`,
        `max_windows` and `num_special_tokens`.

    Raises:
        ValueError: The encoder reads less than a window, or there is no room for text in it.
    """
    # Without `token_type_ids`, which are 0 in a single text.
    names = ["input_ids", "attention_mask"]
    tokenizer = load_encoder_tokenizer(name_or_path, split_special_tokens=True, model_input_names=names)
    reads = tokens_read(name_or_path, tokenizer)
    if window_size is not None and window_size > reads:
        raise ValueError(f"window_size {window_size}: it reads {reads} tokens")
    is_special = tokenizer("a", return_special_tokens_mask=True)["special_tokens_mask"]
    before = is_special.index(0)
    behind = is_special[::-1].index(0)
    config = LabelWiseEncoderConfig(
        window_size=window_size or reads,
        window_overlap=window_overlap,
        max_windows=max_windows,
        num_special_tokens=[before, behind],
    )
    tokenizer.model_max_length = config.max_tokens
    fields = ("window_size", "window_overlap", "max_windows", "num_special_tokens")
    return tokenizer, {name: getattr(config, name) for name in fields}


__all__ = ["load_window_tokenizer"]
