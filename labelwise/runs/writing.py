# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Output files and folders: checked before the work begins, and never half-written."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..errors import UserInputError
from ..whole_files import is_replaceable, open_whole
from ..whole_folders import write_together


def check_folder(option: str, path: str) -> None:
    """Check that a folder can be created or written to.

    Args:
        option (`str`): The option that names it.
        path (`str`): The folder; it may not exist yet.

    Raises:
        UserInputError: The folder or a parent of it is a file, no folder can have this name, or there is no permission.
    """
    if not path:
        raise UserInputError(f"{option} '': is empty; name a folder")
    absolute = Path(path).absolute()
    try:
        existing = next(folder for folder in (absolute, *absolute.parents) if _exists(folder))
    except PermissionError as error:
        raise UserInputError(f"{option} {path}: {error.strerror}; check the path and its permissions") from error
    except (OSError, ValueError) as error:  # too long, or with a character that no name has
        why = error.strerror if isinstance(error, OSError) else error
        raise UserInputError(f"{option} {path!r}: no folder can have this name ({why})") from error
    if not existing.is_dir():
        raise UserInputError(f"{option} {path}: {existing} is a file; name a folder")
    if not os.access(existing, os.W_OK):
        raise UserInputError(f"{option} {path}: no permission to write in {existing}; name another folder")


def check_file(option: str, path: str | None) -> None:
    """Check that a file can be written.

    Args:
        option (`str`): The option that names it.
        path (`str`, *optional*): The file; `None` is standard output.

    Raises:
        UserInputError: The path is a folder, its folder does not exist, or there is no permission.
    """
    if path is None:
        return
    try:
        if Path(path).is_dir():
            raise UserInputError(f"{option} {path}: is a folder; name a file")
        if not is_replaceable(Path(path)):
            if not os.access(path, os.W_OK):
                raise UserInputError(f"{option} {path}: no permission to write to it; name another file")
            return
    except OSError as error:
        raise UserInputError(f"{option} {path} cannot be written: {error.strerror}") from error
    folder = Path(os.path.realpath(path)).parent
    if not folder.is_dir():
        raise UserInputError(f"{option} {path}: there is no folder {folder}; create it first")
    check_folder(option, str(folder))


def _exists(path: Path) -> bool:
    """Return whether a path exists.

    Raises:
        OSError or ValueError: There can be no such path; `Path.exists` says so of some only.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


@contextmanager
def make_files(option: str, path: Path, earlier: Iterable[str] = ()) -> Iterator[Path]:
    """Yield a temporary folder whose files appear in another one when all of them are complete, see `write_together`.

    Args:
        option (`str`): The option that names the other folder.
        path (`Path`): The other folder, which is locked.
        earlier (`Iterable[str]`, *optional*, defaults to none):
            Names of files that an earlier run may have left there, such as a picture that cannot be drawn this time.
            Those that are not written now are removed: they would not belong to the new ones.

    Yields:
        `Path`: The folder to write to.

    Raises:
        UserInputError: The files cannot be written.
    """
    try:
        with write_together(path) as unfinished:
            yield unfinished
            names = sorted(file.name for file in unfinished.iterdir())
            for name in names:  # check all before the first one is replaced
                check_file(option, str(path / name))
        for name in set(earlier).difference(names):
            (path / name).unlink(missing_ok=True)
    except OSError as error:
        raise UserInputError(f"{option} {path} cannot be written: {error.strerror or error}") from error


@contextmanager
def open_file(option: str, path: str | None, binary: bool = False) -> Iterator[IO]:
    """Yield standard output, or a file that appears only when it is complete, see `open_whole`.

    Args:
        option (`str`): The option that names it.
        path (`str`, *optional*): The file; `None` is standard output.
        binary (`bool`, *optional*, defaults to `False`): Whether bytes are written, and not text.

    Yields:
        `IO`: The stream to write to. It does not change line ends.

    Raises:
        UserInputError: The file cannot be written.
    """
    check_file(option, path)
    if path is None:
        yield sys.stdout
        return
    try:
        with open_whole(Path(path), binary) as file:
            yield file
    except OSError as error:
        raise UserInputError(f"{option} {path} cannot be written: {error.strerror or error}") from error
