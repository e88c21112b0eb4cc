# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tokens of the Hub, which are in no file that the package writes, whatever was given as a value of an option."""

import re

from huggingface_hub import get_token

HIDDEN = "hf_***"
_TOKEN = re.compile(r"\bhf_[A-Za-z0-9]{16,}")


def hide_tokens(text: str) -> str:
    """Return a text, such as a recorded command, without the token of the user and without what looks like one."""
    token = get_token()
    if token and token.startswith("hf_"):
        text = text.replace(token, HIDDEN)
    return _TOKEN.sub(HIDDEN, text)
