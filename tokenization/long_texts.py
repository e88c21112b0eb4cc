# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Texts that are much longer than what a model reads of them."""

from collections.abc import Sequence

from transformers import PreTrainedTokenizerBase

# Characters of which it is tried first whether they are all that is read.
_LONG = 2**17


def read_beginnings(texts: Sequence[str], tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """Return texts without the parts of very long ones that truncation cuts off, so that they are never tokenized.

    Args:
        texts (`Sequence[str]`): The texts.
        tokenizer (`PreTrainedTokenizerBase`): The tokenizer, which truncates to its limit.

    Returns:
        `list[str]`: Texts with the same truncated tokens.
    """

    def ids(text: str) -> list[int]:
        return tokenizer(text, truncation=True)["input_ids"]

    def beginning(text: str) -> str:
        size = _LONG
        # As long as another sentence would be read; then twice as much, as the last word may go on.
        while size < len(text) and ids(f"{text[:size]}\na") != ids(text[:size]):
            size *= 2
        return text[: 2 * size]

    return [beginning(text) for text in texts]
