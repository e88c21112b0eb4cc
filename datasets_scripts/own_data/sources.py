# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Rows of documents from files of any known format, a folder, a pattern or standard input."""

import glob
import logging
import shutil
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

from ...errors import UserInputError
from ..lines import check_line_ends, decode_lines, decode_start, find_encoding, read_lines
from ..streams import compression_of, first_bytes, read_ahead, read_start, standard_input, unpacked
from .class_folders import MIXED, read_class_folders, visible
from .delimited import read_delimited
from .formats import BINARY, COMPRESSED, NAMES, binary_format, format_of, sniff
from .json_documents import read_json, read_json_lines
from .options import FileOptions, Tell
from .tables import read_parquet, read_xlsx

logger = logging.getLogger(__name__)

STANDARD_INPUT = "-"


class Record(NamedTuple):
    """A row: its place (for messages), and its values by column."""

    where: str
    row: dict[str, Any]


def read_source(
    source: str | Path, options: FileOptions, columns: Collection[str] | None = None, tell: Tell = logger.warning
) -> Iterator[Record]:
    """Yield the rows of a file, of a folder, of all files that fit a pattern, or of standard input.

    Args:
        source (`str` or `Path`): A file; a folder of files of one format, or of class folders; a pattern such as
            `part-*.parquet`; or `-` for standard input.
        options (`FileOptions`): Format and columns.
        columns (`Collection[str]`, *optional*): Columns that are wanted: they tell the delimiter, and only they are
            read from Parquet; by default, all are read.
        tell (`Callable`, *optional*): Function that is told in a line what was guessed or left out; logs by default.

    Yields:
        `Record`: One row. Lines of text have only the (first) text column.

    Raises:
        UserInputError: There is no such file, it is empty, unreadable or of an unknown format.
    """
    empty = True
    if source == STANDARD_INPUT:
        rows = _read_stream(standard_input(), "standard input", options, columns, tell)
    elif is_pipe(source):
        rows = _read_pipe(Path(source), options, columns, tell)
    elif is_class_folder(path := Path(source).expanduser(), options):
        rows = read_class_folders(path, options, tell)
    else:
        rows = (row for file in find_files(source) for row in _read_file(file, options, columns, tell))
    for record in rows:
        empty = False
        yield Record(*record)
    if empty:
        raise UserInputError(f"{'standard input' if source == STANDARD_INPUT else source}: contains no documents")


def is_class_folder(path: Path, options: FileOptions) -> bool:
    """Return whether a path is a folder of class folders.

    Raises:
        UserInputError: It should be one and is not, or contains both files and folders.
    """
    if options.input_format == "folder" and not path.is_dir():
        raise UserInputError(f"{path}: {'is a file, not a folder' if path.exists() else 'no such folder'}")
    if not path.is_dir():
        return False
    inside = visible(path)
    folders, files = ([name for name in inside if name.is_dir() is kind] for kind in (True, False))
    if files and (folders or options.input_format == "folder"):
        told = f"contains files{' and folders' if folders else ', and no folders'}"
        raise UserInputError(f"{path}: {told}, such as the file '{files[0].name}'; {MIXED}")
    if folders and options.input_format not in (None, "folder"):
        raise UserInputError(f"{path}: has class folders, not {options.input_format}; leave out input_format")
    return bool(folders)


def find_files(source: str | Path) -> list[Path]:
    """Return the file, or the files of a folder or pattern in the order of their names.

    Raises:
        UserInputError: There is none.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        files = visible(path)
        if not files:
            raise UserInputError(f"{path}: is a folder without files; those whose names begin with . or _ do not count")
        first = format_of(files[0])
        others = [file.name for file in files if format_of(file) != first]
        if others or first is None:
            told = f"'{files[0].name}'{f' and {others[0]!r}' if others else ''}"
            raise UserInputError(
                f"{path}: is a folder whose files are not all of one known format, such as {told}; {MIXED}"
            )
        return files
    if path.exists():
        return [path]
    found = sorted(Path(name) for name in glob.glob(str(path)))
    if not found:
        reason = "no file fits this pattern" if glob.has_magic(str(path)) else "no such file"
        raise UserInputError(f"{path}: {reason}; check the path")
    return found


def detect_format(path: Path, given: str | None) -> str | None:
    """Return the format that is given, or that the suffix or the first bytes of a file tell; None for text."""
    return given or format_of(path) or binary_format(first_bytes(path))


def _read_file(
    path: Path, options: FileOptions, columns: Collection[str] | None, tell: Tell
) -> Iterator[tuple[str, dict]]:
    wanted = options.text_column if columns is None else columns
    if path.suffix.lower() == ".xls":
        raise UserInputError(f"{path}: the old Excel format is not read; save the file as .xlsx or .csv")
    file_format = detect_format(path, options.input_format)
    if file_format not in BINARY:
        start = read_start(path)
        _report_bytes(path, start, options, tell)
        characters = decode_start(start, options.encoding)
        file_format = file_format or sniff(characters, wanted)
        if file_format in ("text", "jsonl"):
            check_line_ends(characters, str(path))
    is_known = options.input_format or format_of(path) or (file_format == "text" and path.suffix.lower() == ".txt")
    if not is_known:
        tell(f"{path}: is read as {NAMES[file_format]} (input_format sets it)")
    return _read_format(path, file_format, options, columns, wanted, tell)


def _report_bytes(path: Path, start: bytes, options: FileOptions, tell: Tell) -> None:
    """Report an encoding or a compression that the suffix does not tell, and refuse what is no data."""
    head = start[:200].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")):
        raise UserInputError(f"{path}: is a web page (HTML), not data; download the file itself")
    if head.startswith(b"version https://git-lfs"):
        raise UserInputError(f"{path}: is a pointer of Git LFS, not the file; fetch it with `git lfs pull`")
    encoding = find_encoding(start)
    if options.encoding is None and encoding.startswith("utf-16"):
        tell(f"{path}: is read as UTF-16 (encoding sets it)")
    compressed = compression_of(first_bytes(path, 8))
    if bool(compressed) != (path.suffix.lower() in COMPRESSED):
        told = f"is compressed by {compressed}" if compressed else "is not compressed"
        tell(f"{path}: {told}, whatever its name tells")


def _read_format(
    path: Path,
    file_format: str,
    options: FileOptions,
    columns: Collection[str] | None,
    wanted: Collection[str],
    tell: Tell,
) -> Iterator[tuple[str, dict]]:
    if file_format == "csv":
        return read_delimited(path, options, wanted, tell)
    if file_format in ("jsonl", "json"):
        return read_json(path, options, tell)
    if file_format == "parquet":
        return read_parquet(path, columns)
    if file_format == "xlsx":
        return read_xlsx(path, options, options.text_column, tell)
    return _to_rows(read_lines(path, options.encoding), str(path), options)


def _to_rows(lines: Iterator[tuple[int, str]], name: str, options: FileOptions) -> Iterator[tuple[str, dict]]:
    return ((f"{name} line {number}", {options.text_column[0]: line.rstrip("\r\n")}) for number, line in lines)


def is_pipe(source: str | Path) -> bool:
    """Return whether a path is a FIFO, such as `<(zcat file)` is, which can be read once."""
    return Path(source).expanduser().is_fifo()


@contextmanager
def readable_twice(source: str | Path) -> Iterator[str | Path]:
    """Yield a path that can be read several times: a copy of a pipe, the path itself of anything else."""
    if not is_pipe(source):
        yield source
        return
    pipe = Path(source).expanduser()
    with TemporaryDirectory() as folder:
        copy = Path(folder) / pipe.name
        with pipe.open("rb") as stream, copy.open("wb") as file:
            shutil.copyfileobj(stream, file)
        try:
            yield copy
        except UserInputError as error:
            raise UserInputError(str(error).replace(str(copy), str(source))) from error


def _read_pipe(
    path: Path, options: FileOptions, columns: Collection[str] | None, tell: Tell
) -> Iterator[tuple[str, dict]]:
    options = replace(options, input_format=options.input_format or format_of(path))
    with path.expanduser().open("rb") as stream:
        yield from _read_stream(stream, str(path), options, columns, tell)


def _read_stream(
    stream: BinaryIO, name: str, options: FileOptions, columns: Collection[str] | None, tell: Tell
) -> Iterator[tuple[str, dict]]:
    """Yield the rows of a stream: lines as they come, other formats when all of it has been read."""
    start, stream = read_ahead(stream)
    wanted = options.text_column if columns is None else columns
    file_format = options.input_format or binary_format(start)
    with ExitStack() as stack:
        if file_format not in BINARY:
            compressed, stream = stream, stack.enter_context(unpacked(stream, name))
            if stream is not compressed:
                start, stream = read_ahead(stream)
            characters = decode_start(start, options.encoding)
            file_format = file_format or sniff(characters, wanted)
            if file_format in ("text", "jsonl"):
                check_line_ends(characters, name)
        if options.input_format is None:
            tell(f"{name}: is read as {NAMES[file_format]} (input_format sets it)")
        if file_format in ("text", "jsonl"):
            lines = decode_lines(stream, name, options.encoding)
            yield from _to_rows(lines, name, options) if file_format == "text" else read_json_lines(lines, name)
            return
        path = Path(stack.enter_context(TemporaryDirectory())) / name
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file)
        try:
            for where, row in _read_format(path, file_format, options, columns, wanted, tell):
                yield where.replace(str(path), name), row
        except UserInputError as error:
            raise UserInputError(str(error).replace(str(path), name)) from error
