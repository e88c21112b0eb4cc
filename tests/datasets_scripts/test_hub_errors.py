# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Explanations of errors of the Hub. Errors of the client are tested with its callers."""

import pytest
from huggingface_hub.errors import LocalTokenNotFoundError, OfflineModeIsEnabled

from labelwise.datasets_scripts.hub_errors import explain_hub_error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LocalTokenNotFoundError(), "no token; log in with `hf auth login`, or set HF_TOKEN"),
        (OfflineModeIsEnabled("offline"), "HF_HUB_OFFLINE is set"),
        (ConnectionResetError("reset by peer"), "(reset by peer); check the network and try again"),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_found(error, told, wrapped):
    if wrapped:
        try:
            raise OSError("something else") from error
        except OSError as outer:
            error = outer
    assert told in explain_hub_error(error, "ns/name")


def test_other_errors_speak_for_themselves():
    assert explain_hub_error(ValueError("a wrong value"), "ns/name") is None
