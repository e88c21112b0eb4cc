# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Families of models, one file each. Importing this package registers all of them."""

from . import (  # noqa: F401 -- each registers
    cnn,
    cnn_rnn,
    han_lg,
    lm_mtc,
    lw_encoder,
    lw_lstm,
    magnet,
    reg_lstm,
    sgm,
    static,
    tfidf_linear,
)
from .family import FAMILIES, Family, GradientFamily, family_of_model, register_family, system_names

__all__ = ["FAMILIES", "Family", "GradientFamily", "family_of_model", "register_family", "system_names"]
