# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What is said of documents that are longer than a model reads."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from transformers import PreTrainedTokenizerBase

from ..families import Family
from ..tokenization.long_texts import read_beginnings
from ..tokenization.tokenization_word import WordTokenizer
from ..wording import counted_of

# Documents that are looked at, spread over all: each is tokenized twice.
_SAMPLE = 1000
_LIMITS = ("max_words", "max_sentences", "max_length", "max_windows", "max_tokens")


def describe_cut(texts: Sequence[str], tokenizer: PreTrainedTokenizerBase, family: Family) -> str | None:
    """Return one line on training documents of which a model does not read all.

    Args:
        texts (`Sequence[str]`): The training documents; of very many, a sample is looked at.
        tokenizer (`PreTrainedTokenizerBase`): The tokenizer, which truncates to its limit.
        family (`Family`): Its family, an option of which sets the limit.

    Returns:
        `str`: The line; `None` if no document is cut.
    """
    looked_at = _sample(texts, tokenizer)
    if not looked_at:
        return None
    # What follows the end of a document is read unless its limit is reached.
    whole, longer = (
        tokenizer([f"{text}{end}" for text in looked_at], truncation=True)["input_ids"] for end in ("", "\na")
    )
    num_cut = sum(ids == more for ids, more in zip(whole, longer, strict=True))
    if num_cut == 0:
        return None
    options = {part.name for part in fields(family)}
    if "max_sentences" in options and tokenizer.max_sentences is not None:
        options.discard("max_words")
    set_by = next((f"--{name}" for name in _LIMITS if name in options), "the tokenizer")  # of a family of one's own
    part = counted_of(num_cut, len(looked_at), "training document", "reaches", "reach")
    return f"{part} the limit of what the model reads, set by {set_by}; text beyond it is not read"


def describe_cut_sentences(texts: Sequence[str], tokenizer: PreTrainedTokenizerBase) -> str | None:
    """Return one line on sentences that are longer than a hierarchical model reads.

    Args:
        texts (`Sequence[str]`), tokenizer (`PreTrainedTokenizerBase`): As in `describe_cut`.

    Returns:
        `str`: The line; `None` if no sentence is cut, or the model does not read by sentence.
    """
    if not isinstance(tokenizer, WordTokenizer) or tokenizer.max_sentences is None:
        return None
    looked_at, limit = _sample(texts, tokenizer), tokenizer.max_words_per_sentence
    num_cut, words, unread = 0, 0, 0
    for ids in tokenizer(looked_at)["input_ids"] if looked_at else []:
        ends = np.flatnonzero(np.array(ids) == tokenizer.sep_token_id)
        lengths_S = np.diff(ends, prepend=-1) - 1
        beyond = int((lengths_S - limit).clip(min=0).sum())
        num_cut, words, unread = num_cut + (beyond > 0), words + int(lengths_S.sum()), unread + beyond
    if num_cut == 0:
        return None
    part = counted_of(num_cut, len(looked_at), "training document", "has", "have")
    return (
        f"{part} sentences of more than {limit} words, the limit set by --max_words_per_sentence; words beyond it, "
        f"{unread / words:.1%} of all, are not read"
    )


def _sample(texts: Sequence[str], tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """Return the beginnings of a sample of documents, without blank ones, which are read as one unknown word."""
    step = -(-len(texts) // _SAMPLE)
    return [
        text for text in read_beginnings([texts[row] for row in range(0, len(texts), step)], tokenizer) if text.strip()
    ]
