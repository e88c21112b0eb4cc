# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The error of a wrong command line, which is found before anything is imported."""


class CommandLineError(ValueError):
    """An option or a path is wrong. The message is one line: what is wrong, and what to do."""
