# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Exception for input that the user can correct."""


class UserInputError(ValueError):
    """Error in the input: a corpus, file, folder or argument is missing, malformed or does not fit.

    The message is one line: what is wrong, where (file and line), and what to do. The command line prints it and exits
    with status 2.
    """
