# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Losses in the precision of the model, at least 32 bits."""

from copy import deepcopy

import pytest
import torch
from torch.autograd import gradcheck
from torch.func import functional_call

from labelwise import (
    LabelWiseEncoderForSequenceClassification,
    LMMTCForSequenceClassification,
    LWLSTMForPreTraining,
)
from labelwise.modeling.precision import at_least_float32

from .test_common import CLASSIFIERS, configs, inputs_of, make  # noqa: F401 -- a fixture

# The encoders of LM-MTC share the code of its losses.
WITH_LOSS = [case for case in CLASSIFIERS if case[0] is not LMMTCForSequenceClassification or case[1] == "diff"]
WITH_LOSS.remove((LabelWiseEncoderForSequenceClassification, "one window"))  # ModernBERT has parts in 32 bits
WITH_LOSS += [(LWLSTMForPreTraining, case) for case in ("lstm", "hlw-lstm")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (torch.float16, torch.float32),
        (torch.bfloat16, torch.float32),
        (torch.float32, torch.float32),
        (torch.float64, torch.float64),
        (torch.int64, torch.float32),
    ],
)
def test_precision_is_raised_and_never_lowered(given, expected):
    assert at_least_float32(torch.ones(2, dtype=given)).dtype == expected


@pytest.mark.parametrize(("model_class", "case"), WITH_LOSS)
def test_every_loss_has_the_gradient_of_its_model(model_class, case, configs):  # noqa: F811
    """In float64, where a loss in 32 bits would be too coarse for the difference quotients."""
    model = make(model_class, deepcopy(configs[case])).double().train()
    names = [name for name, _ in model.named_parameters()]
    names = names[:: len(names) // 10 + 1]  # of an encoder, every few
    inputs = inputs_of(model_class)
    if model_class is LMMTCForSequenceClassification:
        # An encoder's embedding gives the padding's row no gradient, even where it is read.
        inputs["input_ids"] = inputs["input_ids"].clamp(min=1)

    def loss(*values):
        torch.manual_seed(0)  # the same dropout
        return functional_call(model, dict(zip(names, values, strict=True)), kwargs=inputs).loss

    values = [model.get_parameter(name).detach().clone().requires_grad_() for name in names]
    assert gradcheck(loss, values, fast_mode=True)


@pytest.mark.parametrize(("model_class", "case"), WITH_LOSS)
@pytest.mark.parametrize(
    ("dtype", "expected"), [(torch.float64, torch.float64), (torch.bfloat16, torch.float32)], ids=str
)
def test_precision_of_every_loss(model_class, case, configs, dtype, expected):  # noqa: F811
    """Of a prediction, which searches label sequences too."""
    model = make(model_class, deepcopy(configs[case])).to(dtype)
    with torch.no_grad():
        output = model(**inputs_of(model_class))
    assert output.loss.dtype == expected and output.logits.isfinite().all()
