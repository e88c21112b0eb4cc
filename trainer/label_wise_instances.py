# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Instances of label-wise pre-training (LW-PT, section 2.1): a target, one of its labels, and the candidates."""

import datasets
import numpy as np
import torch
from torch.utils.data import Dataset
from transformers import DataCollatorWithPadding, PreTrainedTokenizerBase
from transformers.utils import logging

from ..errors import UserInputError
from ..wording import counted
from .sparse_labels import columns_of_rows, label_array

logger = logging.get_logger(__name__)


class LabelWiseInstances(Dataset):
    """A dataset of instances (T, k, {C_i}), drawn from a tokenized corpus.

    The targets are the documents, in a new random order each round; k is drawn uniformly from the labels of T; one
    candidate is another document with k, the other `num_candidates - 1` are different documents without it. Instance
    `index` depends on `seed` and `index` only, so that it is the same for any number of workers or processes, and for a
    resumed run. Section 2.1 makes an instance for each label of T; here, as in the authors' code, a document is a
    target as often as any other, whatever the number of its labels. That code draws the targets with replacement.

    Labels of fewer than two documents have no positive candidate, and labels of nearly all documents too few negative
    ones: they are left out, and named in a warning.

    Args:
        documents (`datasets.Dataset`): With `input_ids` and `labels` (ones, zeros, -100 where unknown).
        num_instances (`int`): Number of instances.
        num_candidates (`int`): n of the paper, including the positive candidate; must be >= 2.
        seed (`int`): Seed of all draws.
        names (`list[str]`, *optional*): Names of the labels, for the warning.
        split (`str`, *optional*, defaults to `"training"`): Name of the documents in messages.

    Raises:
        UserInputError: No label has both a positive and enough negative candidates.
    """

    def __init__(
        self,
        documents: datasets.Dataset,
        num_instances: int,
        num_candidates: int,
        seed: int,
        names: list[str] | None = None,
        split: str = "training",
    ) -> None:
        if num_candidates < 2:
            raise UserInputError(
                f"pre-training needs at least 2 candidates (one positive, one negative), not {num_candidates}"
            )
        self.documents = documents.select_columns(["input_ids"])
        self.num_instances = num_instances
        self.num_candidates = num_candidates
        self.seed = seed

        labels_NL = label_array(documents)
        with_NL, not_without_NL = labels_NL == 1, labels_NL != 0
        counts_L = with_NL.sum(axis=0)
        usable_L = (counts_L >= 2) & (len(documents) - not_without_NL.sum(axis=0) >= num_candidates - 1)
        if not usable_L.any():
            raise UserInputError(
                f"pre-training needs a label that at least 2 documents have and at least {num_candidates - 1} do not: "
                f"none of {counted(len(counts_L), 'label')} of {counted(len(documents), f'{split} document')} is like "
                f"that; give more {split} documents{', or lower num_candidates' if num_candidates > 2 else ''}"
            )
        left_out = np.flatnonzero(~usable_L)
        if len(left_out):
            left_out_names = ", ".join(names[k] if names else str(k) for k in left_out)
            logger.warning(
                f"Pre-training leaves out {len(left_out):,} of {counted(len(counts_L), 'label')}, which fewer than 2 "
                f"{split} documents have or fewer than {num_candidates - 1} do not have: {left_out_names}"
            )
        usable_labels = columns_of_rows(with_NL.multiply(usable_L))
        self.targets = np.flatnonzero([len(labels) for labels in usable_labels])
        self.classes_of = {target: usable_labels[target] for target in self.targets}
        documents_with, documents_not_without = columns_of_rows(with_NL.T), columns_of_rows(not_without_NL.T)
        self.documents_with = {k: documents_with[k] for k in np.flatnonzero(usable_L)}
        # Documents with k, and those for which k is unknown.
        self.documents_not_without = {k: documents_not_without[k] for k in np.flatnonzero(usable_L)}
        self._round, self._order = None, None

    def __len__(self) -> int:
        return self.num_instances

    def draw(self, index: int) -> tuple[int, int, list[int], int]:
        """Return the numbers of instance `index`: its target, label k, candidates, and the positive one among these."""
        round_, place = divmod(index, len(self.targets))
        if round_ != self._round:
            self._round, self._order = round_, np.random.default_rng([self.seed, 0, round_]).permutation(self.targets)
        rng = np.random.default_rng([self.seed, 1, index])
        target = self._order[place]
        k = rng.choice(self.classes_of[target])
        having = self.documents_with[k]
        # One of the other documents with k, skipping the target's place.
        pick = rng.integers(len(having) - 1)
        positive = having[pick + (pick >= np.searchsorted(having, target))]
        # The r-th document without k has the number r plus the number of other documents before it.
        others = self.documents_not_without[k]
        ranks = rng.choice(len(self.documents) - len(others), self.num_candidates - 1, replace=False)
        negatives = ranks + np.searchsorted(others - np.arange(len(others)), ranks, side="right")
        position = int(rng.integers(self.num_candidates))
        candidates = np.insert(negatives, position, positive)
        return int(target), int(k), candidates.tolist(), position

    def __getitem__(self, index: int) -> dict:
        if not 0 <= index < self.num_instances:
            raise IndexError(index)
        target, k, candidates, position = self.draw(index)
        return {
            "input_ids": self.documents[target]["input_ids"],
            "candidate_input_ids": [self.documents[candidate]["input_ids"] for candidate in candidates],
            "class_ids": k,
            "labels": position,
        }


class PreTrainingCollator:
    """A collator that pads targets and candidates, each to their longest.

    Args:
        tokenizer (`PreTrainedTokenizerBase`): Tokenizer of the model.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.pad = DataCollatorWithPadding(tokenizer)

    def __call__(self, instances: list[dict]) -> dict[str, torch.Tensor]:
        """Return a batch for `LWLSTMForPreTraining.forward`, with candidates of shape `(batch, candidates, tokens)`."""
        targets = self.pad([{"input_ids": instance["input_ids"]} for instance in instances])
        candidates = self.pad([{"input_ids": ids} for instance in instances for ids in instance["candidate_input_ids"]])
        return {
            **targets,
            **{f"candidate_{name}": value.unflatten(0, (len(instances), -1)) for name, value in candidates.items()},
            "class_ids": torch.tensor([instance["class_ids"] for instance in instances]),
            "labels": torch.tensor([instance["labels"] for instance in instances]),
        }
