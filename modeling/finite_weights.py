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
"""Weights of models whose training has diverged."""

from torch import nn


def find_not_finite(model: nn.Module) -> str | None:
    """Return the name of a weight that is infinite or not a number; `None` if all are finite."""
    for name, weight in model.state_dict().items():
        if weight.is_floating_point() and not weight.isfinite().all():
            return name
    return None


def check_finite(model: nn.Module) -> None:
    """Check that all weights of a loaded model are finite.

    Raises:
        ValueError: One is not.
    """
    if (name := find_not_finite(model)) is not None:
        raise ValueError(f"{name} has weights that are not finite: its training has diverged; train it again")


__all__ = ["check_finite", "find_not_finite"]
