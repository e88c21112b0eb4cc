# Copyright 2026 The labelwise authors. All rights reserved.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
"""Calibrated logits: the one place that applies `config.calibration`."""

from typing import Any

import torch

from .precision import at_least_float32


def calibrate_logits(
    logits: torch.Tensor, calibration: dict[str, Any], class_subset: torch.Tensor | None = None
) -> torch.Tensor:
    """Return scale * logit + offset, whose sigmoid is the calibrated probability.

    Args:
        logits (`torch.Tensor` of shape `(..., num_labels)`): Before the sigmoid, as the model was trained.
        calibration (`dict`): `config.calibration`: `scale` and `offset`, each one number or one per label.
        class_subset (`torch.LongTensor` of shape `(labels,)`, *optional*): Ids of the labels that the logits are of;
            all by default.

    Returns:
        `torch.Tensor` of the shape of `logits`, in at least 32 bits.

    Raises:
        ValueError: The number of scales or offsets is neither 1 nor `num_labels`.
    """
    logits = at_least_float32(logits)
    scale, offset = logits.new_tensor(calibration["scale"]), logits.new_tensor(calibration["offset"])
    if class_subset is not None:
        scale, offset = (values[class_subset] if values.dim() else values for values in (scale, offset))
    for name, values in (("scales", scale), ("offsets", offset)):
        if values.shape not in ((), logits.shape[-1:]):
            raise ValueError(
                f"calibration: {len(values)} {name} for {logits.shape[-1]} labels; give one, or one per label"
            )
    return scale * logits + offset
