# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Probabilities of a trained model in place of unknown labels, so that further training holds them.

Shapes: N documents, L labels, K of them held.
"""

import datasets
import numpy as np
import torch
from torch.utils.data import DataLoader
from transformers import DataCollatorWithPadding, PreTrainedModel, PreTrainedTokenizerBase

from ..modeling.calibration import calibrate_logits
from ..modeling.thresholding import predict_labels
from .preprocessing import tokenized_labels


def keep_scores(
    documents: datasets.Dataset,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    labels: slice,
    batch_size: int = 64,
) -> datasets.Dataset:
    """Return documents whose unknown labels are the probabilities of a model, before it is trained further.

    The binary cross-entropy of these soft labels is a distillation: it is least where a model in training returns the
    same probabilities.

    Args:
        documents (`datasets.Dataset`): Tokenized training documents, with a column `labels` of shape `(documents,
            num_labels)`: 1, 0, or -100 where unknown.
        model (`PreTrainedModel`): In evaluation mode. Its calibration is not applied, as models in training apply none.
        tokenizer (`PreTrainedTokenizerBase`): Pads.
        labels (`slice`): The labels that are held.
        batch_size (`int`, *optional*, defaults to 64): Documents per batch.

    Returns:
        `datasets.Dataset`: `labels` are floats: 1, 0, a probability, or -100 where another label is unknown.

    References:
        - G. Hinton, O. Vinyals, J. Dean. Distilling the Knowledge in a Neural Network. 2015.
        - Z. Li, D. Hoiem. Learning without Forgetting. ECCV 2016.
    """
    logits_NL = _compute_logits(documents, model, tokenizer, batch_size)
    return _fill_unknown(documents, logits_NL.sigmoid(), labels)


def keep_decisions(
    documents: datasets.Dataset,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    labels: slice,
    batch_size: int = 64,
) -> datasets.Dataset:
    """Return documents whose unknown labels are those that a model predicts, before it is trained further.

    On such validation documents, the epoch is chosen in which a model predicts new labels best and still predicts the
    others. They are no documents to measure a model on.

    Args:
        documents, model, tokenizer, labels, batch_size: As in `keep_scores`; thresholds and calibration are applied.

    Returns:
        `datasets.Dataset`: `labels` are 1, 0, or -100 where another label is unknown.
    """
    logits_NL = _compute_logits(documents, model, tokenizer, batch_size)
    if model.config.calibration is not None:
        logits_NL = calibrate_logits(logits_NL, model.config.calibration)
    return _fill_unknown(documents, predict_labels(logits_NL, model.config.thresholds), labels)


def _fill_unknown(documents: datasets.Dataset, values_NL: torch.Tensor, labels: slice) -> datasets.Dataset:
    labels_NL = tokenized_labels(documents).astype(np.float32)
    held_NK = labels_NL[:, labels]
    np.copyto(held_NK, values_NL[:, labels].numpy(), where=held_NK == -100)
    return documents.remove_columns("labels").add_column("labels", list(labels_NL))


@torch.no_grad()
def _compute_logits(
    documents: datasets.Dataset, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, batch_size: int
) -> torch.Tensor:
    """Return the logits as in training, without calibration."""
    collate = DataCollatorWithPadding(tokenizer)
    calibration, model.config.calibration = model.config.calibration, None
    try:
        loader = DataLoader(documents.remove_columns("labels"), batch_size=batch_size, collate_fn=collate)
        return torch.cat([model(**batch.to(model.device)).logits.float().cpu() for batch in loader])
    finally:
        model.config.calibration = calibration
