# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What all rows are given."""

from dataclasses import dataclass

import torch

from ..references import LMMLCCode, LWPTCode
from ..sizes import Sizes


class LeftOut(Exception):
    """A row that cannot be measured here; the message says why."""


@dataclass
class Setting:
    """
    Attributes:
        sizes (`Sizes`): How large.
        device (`torch.device`): Where.
        repeats (`int`): Batches that are measured.
        data_dir (`str`): Folder of the corpora's folders.
        encoder (`str`, *optional*): Folder or Hub id of the encoder of LM-MTC.
        lw_pt (`LWPTCode`, *optional*): The reference code.
        lm_mlc (`LMMLCCode`, *optional*): The reference code.
    """

    sizes: Sizes
    device: torch.device
    repeats: int
    data_dir: str
    encoder: str | None = None
    lw_pt: LWPTCode | None = None
    lm_mlc: LMMLCCode | None = None

    def batches(self, number: int) -> list[int]:
        """Documents of each batch: a small one that is not measured, then `repeats` of `number`."""
        return [min(self.sizes.warm_up, number)] + [number] * self.repeats
