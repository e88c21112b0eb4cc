# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The tokenizer of a trained model against its configuration."""

from transformers import PreTrainedConfig, PreTrainedTokenizerBase

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def check_tokenizer(tokenizer: PreTrainedTokenizerBase, config: PreTrainedConfig) -> None:
    """Check what any model needs of its tokenizer; each family checks more.

    Args:
        tokenizer (`PreTrainedTokenizerBase`): The tokenizer.
        config (`PreTrainedConfig`): The configuration, which has a `vocab_size`.

    Raises:
        ValueError: A setting is no setting of a tokenizer, or a token has no row of the embedding to itself.
    """
    limit, names = tokenizer.model_max_length, tokenizer.model_input_names
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ValueError(f"model_max_length is {limit!r}, no number of tokens")
    known = isinstance(names, (list, tuple)) and set(names) <= {*_INPUTS}
    if not known or names[:1] != ["input_ids"] or "attention_mask" not in names:
        raise ValueError(f"model_input_names are {names!r}: input_ids must come first, and attention_mask after it")
    if tokenizer.pad_token_id is None:
        raise ValueError("pad_token is missing")
    ids = tokenizer.get_vocab().values()
    if len({*ids}) != len(ids):
        raise ValueError("its vocabulary has an id twice")
    if not ids or min(ids) < 0 or max(ids) >= config.vocab_size:
        span = f"from {min(ids)} to {max(ids)}" if ids else "none"
        raise ValueError(f"its ids are {span}, and the model reads 0 to {config.vocab_size - 1}")
    _check_reads(tokenizer)


def _check_reads(tokenizer: PreTrainedTokenizerBase) -> None:
    """Check that a tokenizer reads a known word, and one that it cannot know."""
    try:
        rows = tokenizer(["a", "\U000f0000"], truncation=True)["input_ids"]
    except Exception as error:  # of the Rust backend, which has no type of its own
        raise ValueError(f"it cannot read a text ({error})") from error
    if not all(rows):
        raise ValueError("it reads nothing of a text")


__all__ = ["check_tokenizer"]
