# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels of the documents nearest to a document, by the representation of each label (LW-PT, Table 5).

The paper does not say which split the neighbours are from, nor whether the document is one of them. Here, as in the
authors' script, they are the other documents of one split.
"""

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
    """Return the cosine similarities between a document and others, by the representation of each label.

    Only the similarities of each batch are kept: the representations of a corpus would fill the memory.

    Args:
        model (`PreTrainedModel`): A base model in evaluation mode. Its `last_hidden_state` is of shape
            `(batch, labels, width)`, or `(batch, 1, width)` if all labels share one representation.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        text (`str`): The document.
        texts (`Sequence[str]`): The other documents.
        label_ids (`Sequence[int]`): Ids of the labels.
        batch_size (`int`, *optional*, defaults to 64): Documents per batch.

    Returns:
        `np.ndarray` of shape `(texts, labels)`: From -1 to 1; only one column if all labels share one representation.
        `bool`: Whether each label has its own representation.
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
    """Return the numbers of the documents with the highest similarities, in falling order; of equal ones the first."""
    return np.argsort(-similarity, kind="stable")[:number].tolist()


def label_shares(labels_NL: np.ndarray, names: Sequence[str]) -> dict[str, float]:
    """Return the share of documents with each label, in falling order.

    Args:
        labels_NL (`np.ndarray` of shape `(documents, num_labels)`): 1 where a label applies, 0 where not, -100 where
            that is unknown.
        names (`Sequence[str]` of length `num_labels`): Names of the labels.

    Returns:
        `dict[str, float]`: Fractions of the documents of which a label is known, for the labels that occur; equal ones
        in the order of their names.
    """
    count_L, known_L = (labels_NL == 1).sum(axis=0).tolist(), (labels_NL >= 0).sum(axis=0).tolist()
    shares = {name: count / known for name, count, known in zip(names, count_L, known_L, strict=True) if count}
    return dict(sorted(shares.items(), key=lambda share: (-share[1], share[0])))
