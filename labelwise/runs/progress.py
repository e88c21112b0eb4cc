# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Messages and progress bars of long commands, on standard error."""

import logging
import sys

from transformers.utils.logging import disable_progress_bar

logger = logging.getLogger("labelwise")


def show_progress(bars: bool = True) -> None:
    """Show the messages of this package, and of no other.

    Args:
        bars (`bool`): Whether to show progress bars, for the rest of the process. Without a terminal, none are shown.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
    if not bars or not sys.stderr.isatty():
        import datasets  # not at the top: few commands need it

        disable_progress_bar()
        datasets.disable_progress_bars()
