# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What long commands tell on standard error."""

import logging

logger = logging.getLogger("labelwise")


def show_progress() -> None:
    """Shows this package's messages, and nobody else's."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
