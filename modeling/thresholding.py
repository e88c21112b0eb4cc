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
"""Label sets from logits: the one place that applies thresholds."""

import numpy as np
import torch


def predict_labels(logits: torch.Tensor | np.ndarray, thresholds: float | list[float]) -> torch.Tensor:
    """Return the predicted labels: those whose probability is above their threshold.

    Metrics, `predict`, `evaluate` and the pipeline all call this, so a threshold means the same everywhere.

    Args:
        logits (`torch.Tensor` or `np.ndarray` of shape `(..., num_labels)`): Before the sigmoid.
        thresholds (`float` or `list[float]`): `config.thresholds`, one number or one per label, each in [0, 1].

    Returns:
        `torch.BoolTensor` of the shape of `logits`.

    Raises:
        ValueError: The number of thresholds is neither 1 nor `num_labels`, or a threshold is outside [0, 1].
    """
    logits = torch.as_tensor(logits)
    thresholds = torch.as_tensor(thresholds, dtype=torch.float32, device=logits.device)
    if thresholds.dim() and len(thresholds) != logits.shape[-1]:
        raise ValueError(f"{len(thresholds)} thresholds for {logits.shape[-1]} labels: give one, or one per label")
    if not ((thresholds >= 0) & (thresholds <= 1)).all():
        raise ValueError(f"thresholds must be >= 0 and <= 1, not {thresholds.tolist()}")
    return logits.float().sigmoid() > thresholds  # LM-MTC Eq. 6
