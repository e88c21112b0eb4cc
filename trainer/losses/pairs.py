# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Pairs of a document and a label: what goes into a loss, and how it adds up. Shapes: B documents, L labels."""

import torch


def known_pairs(logits_BL: torch.Tensor, labels_BL: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Logits and labels in 32 bits at least, both 0 where the label is -100, and which labels are known.

    With the logits taken out before anything is computed of them, not even an infinite one has a gradient there.
    """
    dtype = torch.promote_types(logits_BL.dtype, torch.float32)
    known_BL = labels_BL != -100
    return logits_BL.to(dtype).masked_fill(~known_BL, 0), labels_BL.to(dtype).masked_fill(~known_BL, 0), known_BL


def sum_over_labels(loss_BL: torch.Tensor, known_BL: torch.Tensor) -> torch.Tensor:
    """A sum over the labels that are known, a mean over documents: scaled as the models' own loss is."""
    return (loss_BL * known_BL).sum(dim=-1).mean()
