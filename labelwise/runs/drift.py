# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""By how much an export differs from the model that it was made from."""

from typing import Any

import torch
from datasets import Dataset
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..hub.exported_classifier import ExportedClassifier
from ..modeling.thresholding import predict_labels
from ..trainer.preprocessing import label_matrix
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
        `dict`: `batch_size`, `machine`, and the result of `compare_logits`.
    """
    texts = [(text, {}) for text in documents["text"]]
    found = (
        torch.cat([logits_BL for _, logits_BL in iterate_logits(some, tokenizer, texts, batch_size)])
        for some in (model, exported)
    )
    compared = compare_logits(*found, documents, model.config.thresholds)
    return {"batch_size": batch_size, "machine": describe_machine(), **compared}


def compare_logits(
    of_model_BL: torch.Tensor, of_export_BL: torch.Tensor, documents: Dataset, thresholds: float | list[float]
) -> dict[str, Any]:
    """Compare the logits of a model and of its export.

    Args:
        of_model_BL, of_export_BL (`torch.FloatTensor` of shape `(documents, num_labels)`): The logits.
        documents (`Dataset`): The documents.
        thresholds (`float` or `list[float]`): Thresholds of the model.

    Returns:
        `dict`: `documents`, their number; `largest_difference` and `mean_difference` of probabilities; `micro_f1` and
        `macro_f1`, each of the `model` and of the `export`; and `changed_label_sets`, the number of documents with
        other labels.
    """
    differences = (of_model_BL.sigmoid() - of_export_BL.sigmoid()).abs()
    changed = predict_labels(of_model_BL, thresholds) != predict_labels(of_export_BL, thresholds)
    labels = label_matrix(documents)
    before, after = (
        measure(logits_BL.numpy(), labels, thresholds, documents) for logits_BL in (of_model_BL, of_export_BL)
    )
    return {
        "documents": len(documents),
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
