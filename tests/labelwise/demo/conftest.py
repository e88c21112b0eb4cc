# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Models behind the page."""

import pytest
import torch

from labelwise import LabelTokenizer, LMMTCForSequenceClassification
from labelwise.demo import Tagger

NAMES = ["joy", "anger", "<b>fear</b>"]


@pytest.fixture(scope="session")
def label_tokens(bert, tmp_path_factory) -> Tagger:
    """An LM-MTC with a threshold per label, that completes known labels."""
    torch.manual_seed(0)
    model = LMMTCForSequenceClassification.from_encoder(bert, NAMES).eval()
    with torch.no_grad():  # tokens of a label start alike
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.1)
    model.config.thresholds = [0.3, 0.5, 0.7]
    folder = tmp_path_factory.mktemp("pages") / "feelings"
    model.save_pretrained(folder)
    LabelTokenizer.from_encoder(bert, NAMES).save_pretrained(folder)
    return Tagger.from_pretrained(str(folder))


@pytest.fixture(scope="session")
def words(model) -> Tagger:
    """An LW-LSTM with one threshold, which reads no known labels."""
    return Tagger.from_pretrained(str(model))
