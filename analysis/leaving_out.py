# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What the logits of labels lose when words are left out of a text, and how far attention agrees with it.

Words are deleted, as in the leave-one-out scores of *Attention is not Explanation* (Jain and Wallace, 2019), which also
compares them with attention by rank correlation. As there, attention is compared with how far the prediction moves: it
has no sign, and a label attends to words that speak against it as well. There the correlation is Kendall's and the
distance is that of two distributions; here it is Spearman's and the distance is that of one label's logits.

Shapes: K labels to explain, W words of the text, P parts of the text that are left out, T tokens.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.stats import spearmanr
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import tqdm

from ..wording import counted
from .words_read import WordsRead

MOST_PARTS = 200  # more words are left out in groups: each part is a text to read
FEWEST_PARTS = 3  # that can be ranked: of two, one comes first by chance half of the time
BATCH_SIZE = 32
_TOP = 5


@dataclass
class Drops:
    """What the logits of labels lose without each part of a text.

    Attributes:
        part_of_word (`np.ndarray` of shape `(words,)`): Number of each word's part; -1 for words cut off.
        drop_KP (`np.ndarray` of shape `(labels, parts)`): Logit of the whole text minus that without the part.
    """

    part_of_word: np.ndarray
    drop_KP: np.ndarray

    @property
    def num_parts(self) -> int:
        return self.drop_KP.shape[1]

    @property
    def part_size(self) -> int:
        """Number of words of the first part."""
        return int((self.part_of_word == 0).sum())

    def of_words(self) -> np.ndarray:
        """Return the drop of each word's part, of shape `(labels, words)`; 0 for words cut off."""
        return np.where(self.part_of_word >= 0, self.drop_KP[:, self.part_of_word], 0.0)

    def describe_words(self) -> str:
        """Return how many words, or groups of words, were left out."""
        if self.part_size == 1:
            return counted(self.num_parts, "word")
        return f"{self.num_parts} groups of {self.part_size} neighbouring words, because the text is long"


def group_words(words: WordsRead, most: int = MOST_PARTS) -> np.ndarray:
    """Return the number of the part that each word is left out with.

    Args:
        words (`WordsRead`): The words.
        most (`int`, *optional*, defaults to 200): Number of parts. A text of more words is cut into groups of
            neighbours, so that every word is left out once.

    Returns:
        `np.ndarray` of shape `(words,)`: Numbers of parts, in order; -1 for words cut off.
    """
    is_read = words.is_read
    size = math.ceil(is_read.sum() / most)
    return np.where(is_read, (is_read.cumsum() - 1) // size, -1)


@torch.inference_mode()
def leave_out(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    words: WordsRead,
    part_of_word: np.ndarray,
    label_ids: Sequence[int],
) -> Drops:
    """Return what the logits of labels lose when a part of the words is deleted, for each part.

    What the model cut off stays cut off: no later word takes the place of a deleted one.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        words (`WordsRead`): What it reads.
        part_of_word (`np.ndarray` of shape `(words,)`): Number of each word's part; -1 for words of no part.
        label_ids (`Sequence[int]`): The labels.
    """
    part_of_token = np.where(words.word_of_token >= 0, part_of_word[words.word_of_token], -1)
    rows = [words.input_ids.tolist()]
    for part in range(part_of_word.max() + 1):
        is_kept_T = part_of_token != part
        has_words = (words.word_of_token[is_kept_T] >= 0).any()
        rows.append(words.input_ids[is_kept_T].tolist() if has_words else tokenizer("")["input_ids"])
    batches = []
    for start in tqdm(range(0, len(rows), BATCH_SIZE), desc="Leaving words out"):
        batch = tokenizer.pad({"input_ids": rows[start : start + BATCH_SIZE]}, return_tensors="pt").to(model.device)
        batches.append(model(**batch).logits[:, list(label_ids)].cpu().double())
    whole_1K, without_PK = torch.cat(batches).split([1, len(rows) - 1])
    return Drops(part_of_word, (whole_1K - without_PK).T.numpy())


@dataclass
class Agreement:
    """Agreement of attention with leaving words or sentences out.

    Attributes:
        rank_correlation (`float`, *optional*): Spearman's correlation between the attention to a part of the text and
            how far the label's logit moves without it, up or down, from -1 to 1; `None` if there are fewer than three
            parts, or all of them have the same attention or the same move.
        num_parts (`int`): Number of words, groups of words, or sentences.
        top (`int`): k: 5, or half of the parts if that is less.
        num_common (`int`): Parts that are among the k with the most attention and the k that move the logit furthest.
    """

    rank_correlation: float | None
    num_parts: int
    top: int
    num_common: int

    def __str__(self) -> str:
        return "n/a" if self.rank_correlation is None else f"{round(self.rank_correlation, 2) + 0:.2f}"  # no -0.00


def measure_agreement(attention_W: np.ndarray, drops: Drops, row: int) -> Agreement:
    """Return how far the attention of a label agrees with leaving words or sentences out.

    Args:
        attention_W (`np.ndarray` of shape `(words,)`): The label's attention to each word. That of a part is their sum.
        drops (`Drops`): What the logits of labels lose.
        row (`int`): The label's row there.
    """
    is_read = drops.part_of_word >= 0
    attention_P = np.bincount(drops.part_of_word[is_read], attention_W[is_read], drops.num_parts)
    moved_P = np.abs(drops.drop_KP[row])
    top = min(_TOP, drops.num_parts // 2)
    highest, moved_most = (np.argsort(-values_P, kind="stable")[:top] for values_P in (attention_P, moved_P))
    can_rank = drops.num_parts >= FEWEST_PARTS and np.ptp(attention_P) > 0 and np.ptp(moved_P) > 0
    return Agreement(
        float(spearmanr(attention_P, moved_P).statistic) if can_rank else None,
        drops.num_parts,
        top,
        len(np.intersect1d(highest, moved_most)),
    )
