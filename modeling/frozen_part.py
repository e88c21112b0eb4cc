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
"""The part of a classifier below what is trained, whose outputs for a document do not change in a training.

Shapes: B documents, R rows of a document, W width.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class FrozenPart:
    """A part of a classifier that is not trained, and whose outputs can be kept.

    Attributes:
        modules (`Sequence[nn.Module]`): What its outputs depend on, the document excepted.
        represent (`Callable`): Takes the arguments of the base model's `forward` by name, and returns the outputs,
            `(batch, rows, width)`.
        per_token (`bool`): Whether there is a row for each token, padding on the right; otherwise each document has as
            many rows.
    """

    modules: Sequence[nn.Module]
    represent: Callable[..., torch.Tensor]
    per_token: bool = False

    @property
    def argument(self) -> str:
        """The argument of the classifier's `forward` that takes the outputs in place of `input_ids`: `token_states`
        with `attention_mask`, or `encoder_outputs`, a tuple of them."""
        return "token_states" if self.per_token else "encoder_outputs"


def is_frozen(*modules: nn.Module) -> bool:
    """Return whether no parameter of modules is trained."""
    return not any(parameter.requires_grad for module in modules for parameter in module.parameters())


__all__ = ["FrozenPart", "is_frozen"]
