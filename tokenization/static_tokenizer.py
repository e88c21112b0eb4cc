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
"""The tokenizer of a pretrained encoder without the special tokens that it adds to a text."""

from tokenizers import Tokenizer, processors
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from .encoder_tokenizer import load_encoder_tokenizer


def load_static_tokenizer(
    name_or_path: str, max_tokens: int
) -> tuple[PreTrainedTokenizerBase, tuple[list[int], list[int]]]:
    """Load the tokenizer of an encoder for a model of static embeddings.

    Args:
        name_or_path (`str`): Folder or Hub id of the encoder.
        max_tokens (`int`): Tokens that truncation keeps.

    Returns:
        `PreTrainedTokenizerFast`: A tokenizer that adds no special tokens, and reads those in a text as words.
        `tuple[list[int], list[int]]`: The special tokens that the encoder has before and behind a text.

    Raises:
        ValueError: It has no Rust backend, or no token for padding.
    """
    encoder = load_encoder_tokenizer(name_or_path)
    if not encoder.is_fast:
        raise ValueError(f"{name_or_path} has no fast tokenizer (tokenizer.json)")
    if encoder.pad_token is None:
        raise ValueError(f"the tokenizer of {name_or_path} has no pad_token")
    read = encoder("a", return_special_tokens_mask=True)
    is_special, ids = read["special_tokens_mask"], read["input_ids"]
    behind = is_special[::-1].index(0)
    around = ids[: is_special.index(0)], ids[len(ids) - behind :]
    backend = Tokenizer.from_str(encoder.backend_tokenizer.to_str())
    backend.no_truncation()  # tokenizer.json may contain the limits of its last use
    backend.no_padding()
    backend.post_processor = processors.Sequence([])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token=encoder.pad_token,
        unk_token=encoder.unk_token,
        model_max_length=max_tokens,
        model_input_names=["input_ids", "attention_mask"],
        split_special_tokens=True,
    )
    return tokenizer, around


__all__ = ["load_static_tokenizer"]
