# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What is said of documents that are longer than a model reads."""

from collections.abc import Sequence
from dataclasses import fields

from transformers import PreTrainedTokenizerBase

from ..families import Family
from ..tokenization.long_texts import read_beginnings
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
    step = -(-len(texts) // _SAMPLE)
    looked_at = read_beginnings([texts[row] for row in range(0, len(texts), step)], tokenizer)
    looked_at = [text for text in looked_at if text.strip()]  # a blank text is read as one unknown word
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
