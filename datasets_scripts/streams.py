# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Bytes of files and of standard input, decompressed if they are compressed."""

import bz2
import gzip
import io
import lzma
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import UserInputError

_COMPRESSIONS = {
    b"\x1f\x8b": ("gzip", gzip.open),
    b"BZh": ("bzip2", bz2.open),
    b"\xfd7zXZ\x00": ("xz", lzma.open),
}
_ARCHIVES = {b"PK\x03\x04": "a zip archive", b"\x28\xb5\x2f\xfd": "a Zstandard file", b"7z\xbc\xaf": "a 7z archive"}
_UNREADABLE = (OSError, EOFError, zlib.error, lzma.LZMAError)


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a file, and decompress it if it is compressed by gzip, bzip2 or xz, whatever its suffix is.

    Args:
        path (`Path`): File to read.

    Yields:
        `BinaryIO`: The bytes.

    Raises:
        UserInputError: The file cannot be read, or is an archive.
    """
    with _reading(str(path)), open(path, "rb") as file, unpacked(file, str(path)) as unpacked_file:
        yield unpacked_file


@contextmanager
def unpacked(stream: BinaryIO, name: str) -> Iterator[BinaryIO]:
    """Decompress a stream if it is compressed by gzip, bzip2 or xz.

    Args:
        stream (`BinaryIO`): A stream that can be looked ahead in, such as `io.BufferedReader`.
        name (`str`): Its name, for messages.

    Yields:
        `BinaryIO`: The bytes; the stream itself, if it is not compressed.

    Raises:
        UserInputError: The stream cannot be read, or is an archive.
    """
    with _reading(name):
        start = stream.peek(8)
        archive = next((kind for mark, kind in _ARCHIVES.items() if start.startswith(mark)), None)
        if archive:
            raise UserInputError(f"{name}: is {archive}; unpack it first")
        unpack = next((unpack for mark, (_, unpack) in _COMPRESSIONS.items() if start.startswith(mark)), None)
        if unpack is None:
            yield stream
        else:
            with io.BufferedReader(unpack(stream)) as unpacked_stream:
                yield unpacked_stream


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserInputError(f"{name}: cannot be read ({reason}); check the path and its permissions") from error


def standard_input() -> BinaryIO:
    """Return the bytes of standard input, which is read once.

    Raises:
        UserInputError: It is closed.
    """
    if sys.stdin is None:
        raise UserInputError("standard input is closed; name a file")
    # Python could not end while a thread that reads ahead waits in the buffer of `sys.stdin`.
    return sys.stdin.detach()


def compression_of(start: bytes) -> str | None:
    """Return the name of the compression that the first bytes tell; `None` if there is none."""
    return next((name for mark, (name, _) in _COMPRESSIONS.items() if start.startswith(mark)), None)


def first_bytes(path: Path, size: int = 1 << 16) -> bytes:
    """Return the first bytes of a file as they are, compressed or not."""
    with _reading(str(path)), path.open("rb") as file:
        return file.read(size)


def read_start(path: Path, size: int = 1 << 16) -> bytes:
    """Return the first bytes of a file, decompressed."""
    with open_bytes(path) as file:
        return file.read(size)


class _Replayed(io.RawIOBase):
    """Bytes that have been read already, then the rest of their stream."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start, self._stream = start, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._start[: len(buffer)] or self._stream.read1(len(buffer))
        self._start = self._start[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


def read_ahead(stream: BinaryIO, size: int = 1 << 16) -> tuple[bytes, BinaryIO]:
    """Return the first bytes of a stream that cannot be read twice, and a stream of all its bytes."""
    start = b""
    while len(start) < size and (piece := stream.read1(size)):
        start += piece
    return start, io.BufferedReader(_Replayed(start, stream))
