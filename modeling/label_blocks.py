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
"""Products of matrices in the blocks of `config.label_slices`: the scores of labels do not move a bit when others join.

A product with more rows or columns is rounded otherwise, as the kernels of a processor cut it otherwise. So each block
of labels has products of its own, of the shapes that it has always had.

Shapes: B documents, X inputs, L labels.
"""

from collections.abc import Sequence

import torch
from torch import nn


class LinearInBlocks(nn.Linear):
    """A linear layer whose outputs, inputs or both are computed block by block. Of one block, it is `nn.Linear`.

    Args:
        in_features (`int`), out_features (`int`): As in `nn.Linear`.
        outputs (`Sequence[slice]`, *optional*): The blocks of the outputs; one of all by default.
        inputs (`Sequence[slice]`, *optional*): The blocks of the inputs; one of all by default. The products with each
            are added up, so that weights of 0 of a later block change nothing.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        outputs: Sequence[slice] = (slice(None),),
        inputs: Sequence[slice] = (slice(None),),
    ) -> None:
        super().__init__(in_features, out_features)
        self.outputs, self.inputs = outputs, inputs

    def forward(self, input_BX: torch.Tensor) -> torch.Tensor:
        """Return outputs of shape `(batch, out_features)` for inputs of shape `(batch, in_features)`."""
        # CODEPATH: the labels that joined a trained model have products of their own.
        if len(self.outputs) == len(self.inputs) == 1:
            return super().forward(input_BX)
        first, *later = [input_BX[:, block].contiguous() for block in self.inputs]
        blocks = []
        for block in self.outputs:
            weights = [self.weight[block, columns].contiguous() for columns in self.inputs]
            output_BL = nn.functional.linear(first, weights[0], self.bias[block])
            for part_BX, weight_LX in zip(later, weights[1:], strict=True):
                output_BL = output_BL + nn.functional.linear(part_BX, weight_LX)
            blocks.append(output_BL)
        return cat_blocks(blocks)


def cat_blocks(blocks: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return the values of all labels from those of each block, `(batch, labels of the block, ...)`."""
    return blocks[0] if len(blocks) == 1 else torch.cat(blocks, dim=1)


def times(blocks: Sequence[slice], size: int) -> list[slice]:
    """Return the places of blocks of labels in a row that has `size` numbers for each label."""
    return [slice(block.start * size, block.stop * size) for block in blocks]


__all__ = ["LinearInBlocks", "cat_blocks", "times"]
