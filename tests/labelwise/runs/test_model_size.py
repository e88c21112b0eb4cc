# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Models that are too large for the machine, before they are made."""

import psutil
import pytest
import torch
from torch import nn

from labelwise.errors import UserInputError
from labelwise.runs.model_size import check_size


@pytest.mark.parametrize("width", [10**7, 2**40, 2**62, 2**70])
def test_too_large(width):
    with pytest.raises(UserInputError, match=r"the weights of this model need .*; lower the sizes of the model"):
        check_size(lambda: nn.Linear(width, width))


def test_a_model_that_fits_is_not_made():
    devices = []

    def make():
        model = nn.Linear(2, 2)
        devices.append(model.weight.device.type)
        return model

    check_size(make)
    assert devices == ["meta"]
    assert torch.empty(1).device.type == "cpu"


def test_the_limit_is_the_memory(monkeypatch):
    memory = psutil.virtual_memory()._replace(total=4 * 99)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    check_size(lambda: nn.Linear(9, 9))
    with pytest.raises(UserInputError):
        check_size(lambda: nn.Linear(10, 10))
