# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The command line as a function."""

import io
import logging
import sys

import labelwise_cli as cli
import pytest

from .made_up import Command, Told


@pytest.fixture
def command(capsys, monkeypatch) -> Command:
    """`command("train", "--model", "br", …)`: runs `labelwise`; messages go to standard error, as in a process."""
    logger = logging.getLogger("labelwise")
    before = logger.handlers, logger.level, logger.propagate

    def run(*words: str, stdin: bytes | None = None) -> Told:
        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        logger.handlers, logger.propagate = [logging.StreamHandler(sys.stderr)], False
        capsys.readouterr()
        status = cli.main(list(words))
        return Told(status, *capsys.readouterr())

    yield run
    logger.handlers, logger.propagate = before[0], before[2]
    logger.setLevel(before[1])
