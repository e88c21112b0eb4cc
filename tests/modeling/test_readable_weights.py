# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Saved weights are as readable as the files beside them."""

import os

import pytest
from safetensors.torch import save_file
from torch import ones

from labelwise import LMMTCForSequenceClassification, LWLSTMForSequenceClassification
from labelwise.modeling.readable_weights import make_weights_readable

from ..file_modes import modes_of, usual_mode


@pytest.mark.parametrize("umask", [0o022, 0o002, 0o077])
def test_weights_have_the_mode_that_the_umask_gives(make_config, tmp_path, umask):
    before = os.umask(umask)
    try:
        LWLSTMForSequenceClassification(make_config()).save_pretrained(tmp_path)
    finally:
        os.umask(before)
    assert modes_of(tmp_path) == {0o666 & ~umask}


def test_an_encoder_of_the_library_in_a_model(bert, tmp_path):
    model = LMMTCForSequenceClassification.from_encoder(bert, ["joy", "anger"])
    model.save_pretrained(tmp_path, max_shard_size="10KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 1
    assert modes_of(tmp_path) == {usual_mode(tmp_path)}


def test_other_weights_stay_as_they_are(make_config, tmp_path):
    """Those below the folder, and those of a folder without a configuration."""
    (tmp_path / "below").mkdir()
    save_file({"weight": ones(1)}, tmp_path / "below" / "model.safetensors")
    (tmp_path / "below" / "model.safetensors").chmod(0o600)
    LWLSTMForSequenceClassification(make_config()).save_pretrained(tmp_path)
    make_weights_readable(tmp_path / "below")
    assert modes_of(tmp_path / "below") == {0o600}


def test_only_the_process_that_writes_them_changes_them(make_config, tmp_path):
    model = LWLSTMForSequenceClassification(make_config())
    model.save_pretrained(tmp_path)
    (tmp_path / "model.safetensors").chmod(0o600)
    (tmp_path / "config.json").chmod(0o644)
    weights = (tmp_path / "model.safetensors").stat()
    model.save_pretrained(tmp_path, is_main_process=False)
    assert (tmp_path / "model.safetensors").stat() == weights
