# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Messages and progress bars of long commands, on standard error."""

import logging

from transformers.utils.logging import disable_progress_bar

logger = logging.getLogger("labelwise")


def show_progress(bars: bool = True) -> None:
    """Show the messages of this package, and of no other.

    Args:
        bars (`bool`): Whether to show progress bars, for the rest of the process. Trainer's own follow its arguments.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
    if not bars:
        import datasets  # not at the top: few commands need it

        disable_progress_bar()
        datasets.disable_progress_bars()
