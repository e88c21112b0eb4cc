# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Settings of all rows."""

from dataclasses import dataclass

import torch

from ..references import LMMLCCode, LWPTCode
from ..sizes import Sizes


class LeftOut(Exception):
    """Error: a row cannot be measured on this machine; the message gives the reason."""


@dataclass
class Setting:
    """Settings of all rows.

    Attributes:
        sizes (`Sizes`): Sizes of the work.
        device (`torch.device`): Device that does the work.
        repeats (`int`): Number of measured batches.
        data_dir (`str`): Folder with the folders of the corpora.
        encoder (`str`, *optional*): Folder or Hub id of the encoder of LM-MTC.
        lw_pt (`LWPTCode`, *optional*): Reference code of LW-LSTM.
        lm_mlc (`LMMLCCode`, *optional*): Reference code of LM-MTC.
    """

    sizes: Sizes
    device: torch.device
    repeats: int
    data_dir: str
    encoder: str | None = None
    lw_pt: LWPTCode | None = None
    lm_mlc: LMMLCCode | None = None

    def batches(self, number: int) -> list[int]:
        """Return the documents of each batch: a small one that is not measured, then `repeats` batches of `number`."""
        return [min(self.sizes.warm_up, number)] + [number] * self.repeats
