# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What a configuration and a tokenizer of a folder must be, for any model."""

import torch
from tokenizers.models import WordPiece
from transformers import PreTrainedConfig, PreTrainedTokenizerBase

_PARTS = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def check_outputs(config: PreTrainedConfig) -> None:
    """Check that a configuration lets its model return nothing but what it is asked for, in floats.

    Raises:
        ValueError: It does not.
    """
    for name, needed in (("return_dict", True), ("output_hidden_states", False), ("output_attentions", False)):
        if (value := getattr(config, name)) is not needed:
            raise ValueError(f"{name} is {value!r}, not {needed}")
    if config.dtype is not None and not (isinstance(config.dtype, torch.dtype) and config.dtype.is_floating_point):
        raise ValueError(f"dtype is {config.dtype!r}")


def check_tokenizer(tokenizer: PreTrainedTokenizerBase, vocab_size: int) -> None:
    """Check what any model needs of its tokenizer; each family checks more.

    Args:
        tokenizer (`PreTrainedTokenizerBase`): The tokenizer.
        vocab_size (`int`): Rows of the embedding.

    Raises:
        ValueError: A setting is no setting of a tokenizer, or a token has no row of the embedding to itself.
    """
    limit, names = tokenizer.model_max_length, tokenizer.model_input_names
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ValueError(f"model_max_length is {limit!r}, no number of tokens")
    known = isinstance(names, (list, tuple)) and all(name in _INPUTS for name in names)
    if not known or [*names[:1]] != ["input_ids"] or "attention_mask" not in names:
        raise ValueError(f"model_input_names are {names!r}: input_ids must come first, and attention_mask after it")
    if tokenizer.pad_token_id is None:
        raise ValueError("pad_token is missing")
    if tokenizer.mask_token is not None:  # without, one token often has all parts
        parts = {name: getattr(tokenizer, name) for name in _PARTS if getattr(tokenizer, name) is not None}
        if len({*parts.values()}) < len(parts):
            told = ", ".join(f"{name} {token}" for name, token in parts.items())
            raise ValueError(f"one token has two parts: {told}")
    ids = tokenizer.get_vocab().values()
    if len({*ids}) != len(ids):
        raise ValueError("its vocabulary has an id twice")
    if not ids or min(ids) < 0:
        raise ValueError("its vocabulary is empty, or has an id below 0")
    if max(ids) >= vocab_size:
        raise ValueError(f"its ids are from {min(ids)} to {max(ids)}, and the model reads 0 to {vocab_size - 1}")
    if len(ids) < vocab_size / 2:
        raise ValueError(f"it has {len(ids)} words, and the model {vocab_size}")
    if tokenizer.is_fast and isinstance(tokenizer.backend_tokenizer.model, WordPiece):
        backend = tokenizer.backend_tokenizer
        if backend.model.unk_token != tokenizer.unk_token:
            raise ValueError(f"unk_token is {tokenizer.unk_token!r}, and {backend.model.unk_token!r} in tokenizer.json")
        if backend.pre_tokenizer is None:
            raise ValueError("tokenizer.json lacks what cuts a text into words")
    _check_reads(tokenizer)


def _check_reads(tokenizer: PreTrainedTokenizerBase) -> None:
    """Check that a tokenizer reads a known word, and one that it cannot know."""
    try:
        rows = tokenizer(["a", "\U0002a6a5"], truncation=True)["input_ids"]
    except Exception as error:  # of the Rust backend, which has no type of its own
        raise ValueError(f"it cannot read a text ({error})") from error
    if not all(rows):
        raise ValueError("it reads nothing of a text")


__all__ = ["check_outputs", "check_tokenizer"]
