# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The one exception for input that a user can mend."""


class UserInputError(ValueError):
    """A corpus, file or folder that was given is missing, malformed or does not fit.

    The message says what is wrong, where (file and line), and what to do. The command line prints it as one line and
    exits with 2.
    """
