# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Runs of a table in the process of the test, which saves the imports of a new one."""

import contextlib
import io
import logging
from typing import BinaryIO

import labelwise_cli as cli


def train_here(command: list[str], stdin: BinaryIO, log: BinaryIO) -> int:
    """Do what `execute` of `labelwise.runs.processes` does."""
    told, logger = io.StringIO(), logging.getLogger("labelwise")
    handlers = logger.handlers  # training sets its own, as it may do in a process of its own
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
        code = cli.main(command[command.index("labelwise_cli") + 1 :])
    logger.handlers = handlers
    log.write(told.getvalue().encode())
    log.flush()
    return code
