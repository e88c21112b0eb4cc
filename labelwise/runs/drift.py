# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""By how much an export differs from the model that it was made from."""

from typing import Any

import numpy as np
import torch
from datasets import Dataset
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..datasets_scripts.documents import UNKNOWN_COLUMN
from ..hub.exported_classifier import ExportedClassifier
from ..modeling.thresholding import predict_labels
from ..trainer.preprocessing import multi_hot
from ..wording import counted_of
from .measuring import measure
from .prediction import iterate_logits
from .results import describe_machine


def measure_drift(
    model: PreTrainedModel,
    exported: ExportedClassifier,
    tokenizer: PreTrainedTokenizerBase,
    documents: Dataset,
    batch_size: int,
) -> dict[str, Any]:
    """Compare a model and its export on documents, each in batches of like length.

    Args:
        model (`PreTrainedModel`): The model in evaluation mode.
        exported (`ExportedClassifier`): Its export.
        tokenizer (`PreTrainedTokenizerBase`): Their tokenizer.
        documents (`Dataset`): The documents.
        batch_size (`int`): Number of documents of a batch.

    Returns:
        `dict`: `documents`, `batch_size` and `machine`; `largest_difference` and `mean_difference` of probabilities;
        `micro_f1` and `macro_f1`, each of the `model` and of the `export`; and `changed_label_sets`, the number of
        documents with other labels.
    """
    config, texts = model.config, [(text, {}) for text in documents["text"]]
    of_model, of_export = (
        torch.cat([logits_BL for _, logits_BL in iterate_logits(some, tokenizer, texts, batch_size)])
        for some in (model, exported)
    )
    differences = (of_model.sigmoid() - of_export.sigmoid()).abs()
    changed = predict_labels(of_model, config.thresholds) != predict_labels(of_export, config.thresholds)
    unknown = documents[UNKNOWN_COLUMN] if UNKNOWN_COLUMN in documents.column_names else None
    labels: np.ndarray = multi_hot(documents["labels"], config.num_labels, unknown)
    before, after = (measure(some.numpy(), labels, config.thresholds, documents) for some in (of_model, of_export))
    return {
        "documents": len(documents),
        "batch_size": batch_size,
        "machine": describe_machine(),
        "largest_difference": differences.max().item(),
        "mean_difference": differences.mean().item(),
        **{name: {"model": before[name], "export": after[name]} for name in ("micro_f1", "macro_f1")},
        "changed_label_sets": changed.any(dim=1).sum().item(),
    }


def describe_drift(drift: dict[str, Any]) -> str:
    """Return the result of `measure_drift` as one line."""
    scores = [
        f"{name} {drift[key]['model']:.4f} before, {drift[key]['export']:.4f} after"
        for key, name in (("micro_f1", "micro-F1"), ("macro_f1", "macro-F1"))
    ]
    changed = counted_of(drift["changed_label_sets"], drift["documents"], "document", "has", "have")
    return (
        f"drift: probabilities differ by {drift['largest_difference']:.2g} at most and "
        f"{drift['mean_difference']:.2g} on average; {'; '.join(scores)}; {changed} other labels"
    )
