# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Explanations of errors of the Hub. Errors of the client are tested with its callers."""

import pytest
from huggingface_hub.errors import HTTPError, LocalTokenNotFoundError, OfflineModeIsEnabled

from labelwise.datasets_scripts.hub import load_hub
from labelwise.datasets_scripts.hub_errors import check_connection, explain_hub_error
from labelwise.errors import UserInputError
from labelwise.families import family_of_model
from labelwise.runs.loading import load_config_and_tokenizer


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


def test_without_a_connection_the_client_is_not_asked(monkeypatch):
    """It would repeat each of its requests for half a minute."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail("waits for a retry"))
    with pytest.raises(HTTPError):
        check_connection()
    told = "no connection to http://127.0.0.1:9"
    with pytest.raises(UserInputError, match=told):
        load_config_and_tokenizer("ns/never-loaded")
    with pytest.raises(UserInputError, match=f"--encoder never-loaded: {told}"):
        family_of_model("lm-mtc")(model="lm-mtc", encoder="never-loaded")
    with pytest.raises(UserInputError, match=told):
        load_hub("never-loaded/data")
