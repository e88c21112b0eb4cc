# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Calibrated logits."""

import pytest
import torch

from labelwise import LWLSTMConfig
from labelwise.modeling.calibration import calibrate_logits

LOGITS = torch.tensor([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])


def test_scale_and_offset():
    calibration = {"scale": [2.0, 0.5, 1.0], "offset": 1.0}
    assert calibrate_logits(LOGITS, calibration).tolist() == [[3.0, 0.0, 1.5], [1.0, 2.5, 0.0]]
    assert calibrate_logits(LOGITS[0], {"scale": 2, "offset": [0, 1, 2]}).tolist() == [2.0, -3.0, 3.0]


@pytest.mark.parametrize("subset", [[2, 0], [1, 2, 0]])
def test_of_some_labels(subset):
    """Fewer of them, and all in another order."""
    for calibration in ({"scale": [2.0, 0.5, 1.0], "offset": [1.0, 2.0, 3.0]}, {"scale": 2.0, "offset": 1.0}):
        found = calibrate_logits(LOGITS[:, subset], calibration, torch.tensor(subset))
        assert found.equal(calibrate_logits(LOGITS, calibration)[:, subset])


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [(torch.bfloat16, torch.float32), (torch.float32, torch.float32), (torch.float64, torch.float64)],
)
def test_at_least_32_bits(dtype, expected):
    assert calibrate_logits(LOGITS.to(dtype), {"scale": 1.5, "offset": [0.1] * 3}).dtype == expected


@pytest.mark.parametrize("calibration", [{"scale": [1.0, 2.0], "offset": 0.0}, {"scale": 1.0, "offset": [0.0] * 4}])
def test_as_many_as_labels(calibration):
    with pytest.raises(ValueError, match=r"calibration: [24] (scales|offsets) for 3 labels"):
        calibrate_logits(LOGITS, calibration)


def test_a_round_trip(tmp_path):
    calibration = {"method": "sigmoid", "scale": [1.25, 0.1], "offset": [-0.3, 2.0], "shared_labels": [1]}
    LWLSTMConfig(num_labels=2, calibration=calibration).save_pretrained(tmp_path)
    assert LWLSTMConfig.from_pretrained(tmp_path).calibration == calibration
    with pytest.raises(ValueError, match="calibration must have a scale and an offset"):
        LWLSTMConfig(calibration={"scale": 2.0})
