# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Inference in bfloat16."""

import pytest
import torch

from labelwise import LWLSTMForSequenceClassification, UserInputError
from labelwise.runs.precision import AutocastClassifier, check_dtype

from ...bfloat16 import needs_bfloat16

WITHOUT_GPU = pytest.mark.skipif(torch.accelerator.is_available(), reason="there is an accelerator")


@WITHOUT_GPU
def test_a_processor_without_it_is_refused(monkeypatch):
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: {"avx2": True, "avx512_bf16": False})
    check_dtype("float32", "model")
    with pytest.raises(UserInputError, match="this processor has no instructions for it"):
        check_dtype("bfloat16", "model")


@WITHOUT_GPU
def test_a_processor_with_it_is_told(monkeypatch, caplog):
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: {"avx512_bf16": True, "amx_bf16": True, "avx2": True})
    with caplog.at_level("INFO"):
        check_dtype("bfloat16", "model")
    assert "by the processor's avx512_bf16, amx_bf16" in caplog.text


def test_an_export_is_refused(tmp_path):
    (tmp_path / "export.json").write_text("{}")
    with pytest.raises(UserInputError, match="is an export, whose data types are fixed"):
        check_dtype("bfloat16", str(tmp_path))


@needs_bfloat16
def test_outputs_are_those_of_the_model_but_for_rounding(make_config, word_tokenizer):
    torch.manual_seed(0)
    model = LWLSTMForSequenceClassification(make_config()).eval()
    batch = word_tokenizer(["w1 w2. w3", "w9"], padding=True, return_tensors="pt")
    with torch.no_grad():
        expected, found = model(**batch).logits, AutocastClassifier(model)(**batch).logits.float()
    torch.testing.assert_close(found.sigmoid(), expected.sigmoid(), atol=2e-2, rtol=0)
    assert not found.equal(expected)
