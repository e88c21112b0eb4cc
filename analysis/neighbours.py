# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Which labels the documents nearest to one have, by the representation of each label (LW-PT, Table 5).

The paper names neither the part of the corpus that neighbours come from nor whether the document is its own: here it
is the split that is named, and the document itself is left out.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import tqdm


@torch.inference_mode()
def similarities(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    text: str,
    texts: Sequence[str],
    label_ids: Sequence[int],
    batch_size: int = 64,
) -> tuple[np.ndarray, bool]:
    """Cosine of the angle between one document and others, by the representation of each label.

    Representations of a whole corpus would fill the memory; of each batch the similarities alone are kept.

    Args:
        model (`PreTrainedModel`): A base model in evaluation mode: `last_hidden_state` is `(batch, labels, width)`, or
            `(batch, 1, width)` where one representation serves all labels.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        text (`str`): The document.
        texts (`Sequence[str]`): The others.
        label_ids (`Sequence[int]`): The labels.
        batch_size (`int`, *optional*, defaults to 64): Documents of a batch.

    Returns:
        `np.ndarray` of shape `(texts, labels)`: From -1 to 1. One column where one
        representation serves all labels.
        `bool`: Whether each label has its own.
    """

    def represent(rows: list[list[int]]) -> torch.Tensor:
        batch = tokenizer.pad({"input_ids": rows}, return_tensors="pt").to(model.device)
        return model(**batch).last_hidden_state.float()

    target_1QW = represent(tokenizer([text], truncation=True)["input_ids"])
    is_label_wise = target_1QW.shape[1] > 1
    columns = list(label_ids) if is_label_wise else [0]
    rows = tokenizer(list(texts), truncation=True)["input_ids"]
    order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
    found = np.zeros((len(rows), len(columns)), dtype=np.float32)
    with tqdm(total=len(rows), desc="Comparing", unit="document") as progress:
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            representation_BKW = represent([rows[i] for i in batch])[:, columns]
            # Table 5
            found[batch] = torch.cosine_similarity(representation_BKW, target_1QW[:, columns], dim=-1).cpu().numpy()
            progress.update(len(batch))
    return found, is_label_wise


def nearest(similarity: np.ndarray, number: int) -> list[int]:
    """The documents with the highest similarities, the highest first; of equal ones the earlier."""
    return np.argsort(-similarity, kind="stable")[:number].tolist()


def label_shares(label_sets: Sequence[Sequence[str]]) -> dict[str, float]:
    """Share of the documents that have each label, the most frequent first.

    Args:
        label_sets (`Sequence[Sequence[str]]`): The labels of each document.

    Returns:
        `dict[str, float]`: Fractions, of the labels that occur; equal ones by name.
    """
    counts = Counter(label for labels in label_sets for label in labels)
    return {label: counts[label] / len(label_sets) for label in sorted(counts, key=lambda name: (-counts[name], name))}
