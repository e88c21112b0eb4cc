# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Standard error of the commands: messages, and progress bars on a terminal. Standard output is for their results."""

import logging
import os
import sys
import warnings

from transformers.utils.logging import disable_progress_bar

logger = logging.getLogger("labelwise")

# Loggers of libraries whose handlers are their own. The other messages of `datasets` and of the Hub's client are about
# the network and the cache, which a user can do something about.
_CHATTY = ("datasets.arrow_dataset", "torch", "transformers")


def set_up_streams() -> None:
    """Show the messages and warnings of this package and the errors of libraries on standard error, in this process.

    Warnings of libraries are about their use by this package, which a user of the command line cannot change; Python's
    options `-W` and `PYTHONWARNINGS` show them. Without a terminal there are no progress bars.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.lastResort.setLevel(logging.ERROR)  # what prints the messages of all other libraries
    logging.getLogger().setLevel(logging.ERROR)  # some libraries log by the root logger, which prints by itself
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        warnings.filterwarnings("default", module="labelwise")
    if not sys.stderr.isatty():
        hide_bars()


def hide_bars() -> None:
    """Show no progress bars from now on."""
    disable_progress_bar()
    os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")  # `datasets` is slow to import, and reads it then
    if "datasets" in sys.modules:
        sys.modules["datasets"].disable_progress_bars()
