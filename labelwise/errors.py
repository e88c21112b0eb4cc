# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Exception for input that the user can correct."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from huggingface_hub.errors import StrictDataclassError

# Of the system: permissions, space, open files, memory, the disk itself.
_OF_THE_SYSTEM = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_OF_THE_SYSTEM |= {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO}


class UserInputError(ValueError):
    """Error in the input: a corpus, file, folder or argument is missing, malformed or does not fit.

    The message is one line: what is wrong, where (file and line), and what to do. The command line prints it and exits
    with status 2.
    """


def explain_foreign_code(error: BaseException) -> str | None:
    """Return why a folder with code of its own is not loaded; `None` for another error.

    The library's message asks for `trust_remote_code=True`, which no command has.
    """
    if "trust_remote_code" not in str(error):
        return None
    return "its type needs code of its own, which is never run; name a model of a type that transformers has"


def is_of_the_machine(error: BaseException) -> bool:
    """Return whether the memory or the system failed, which says nothing of the files that were read."""
    if isinstance(error, OSError):
        return error.errno in _OF_THE_SYSTEM
    # Without a GPU, torch has no type of its own for it.
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error)


@contextmanager
def error_in(name: str) -> Iterator[None]:
    """Turn an error in a file, a part of it or a key into a `UserInputError` that names it."""
    try:
        yield
    except (OSError, TypeError, ValueError, StrictDataclassError) as error:
        cause = error
        while isinstance(error, StrictDataclassError) and cause.__cause__:  # the innermost one says which value
            cause = cause.__cause__
        raise UserInputError(f"{name}: {str(cause).rpartition('__init__() ')[2]}") from error
