# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What long commands tell on standard error."""

import logging

from transformers.utils.logging import disable_progress_bar

logger = logging.getLogger("labelwise")


def show_progress(bars: bool = True) -> None:
    """Shows this package's messages, and nobody else's.

    Args:
        bars (`bool`): Whether there are progress bars, for the rest of the process. Trainer's own follow its arguments.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
    if not bars:
        import datasets  # not at the top: most commands do without

        disable_progress_bar()
        datasets.disable_progress_bars()
