# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Drift of an export, on a graph that is known to be wrong."""

import numpy as np
import pytest
import torch

from labelwise import MultiLabelClassifier
from labelwise.datasets_scripts import from_lists
from labelwise.hub.exported_classifier import ExportedClassifier
from labelwise.runs.drift import describe_drift, measure_drift

TEXTS = ["money and loan", "a ball", "the team lost money", "bread", "a goal for money", "the coach", "soup", "loan"]
LABELS = [["bank"], ["sport"], ["bank", "sport"], [], ["bank", "sport"], ["sport"], [], ["bank"]]


@pytest.fixture(scope="module")
def classifier():
    return MultiLabelClassifier("br", min_frequency=1, min_df=1).fit(TEXTS * 3, LABELS * 3)


def measure_shifted(classifier, shift: float) -> tuple[dict, torch.Tensor]:
    """Return the drift of a graph that adds a number to the logits of label 0, and the logits."""
    model, tokenizer = classifier.model.eval(), classifier.tokenizer

    def run(arrays: dict[str, np.ndarray]) -> np.ndarray:
        with torch.no_grad():
            logits = model(**{name: torch.from_numpy(values) for name, values in arrays.items()}).logits
        logits[:, 0] += shift
        return logits.numpy()

    exported = ExportedClassifier(model.config, ["input_ids", "attention_mask"], run)
    documents = from_lists({"validation": (TEXTS, LABELS)}, model_labels=model.config.label_names)["validation"]
    batch = tokenizer(TEXTS, padding=True, return_tensors="pt")
    with torch.no_grad():
        return measure_drift(model, exported, tokenizer, documents, batch_size=3), model(**batch).logits


def test_no_drift(classifier):
    drift, _ = measure_shifted(classifier, 0.0)
    assert drift["largest_difference"] == drift["mean_difference"] == drift["changed_label_sets"] == 0
    assert drift["micro_f1"]["model"] == drift["micro_f1"]["export"] > 0.5
    assert drift["documents"] == len(TEXTS)


def test_a_label_that_is_always_predicted(classifier):
    drift, logits = measure_shifted(classifier, 50.0)
    before = logits.sigmoid()
    assert drift["largest_difference"] == pytest.approx((1 - before[:, 0]).max().item(), abs=1e-5)
    assert drift["mean_difference"] == pytest.approx((1 - before[:, 0]).mean().item() / before.shape[1], abs=1e-5)
    changed = int((before[:, 0] <= classifier.model.config.thresholds).sum())
    assert drift["changed_label_sets"] == changed > 0
    assert drift["macro_f1"]["export"] < drift["macro_f1"]["model"]
    assert f"{changed} of {len(TEXTS)} documents have other labels" in describe_drift(drift)
