# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Rows of documents from files of any known format, a folder, a pattern or standard input."""

import glob
import logging
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

from ...errors import UserInputError
from ..lines import (
    DELIMITERS,
    check_line_ends,
    compression_of,
    decode_lines,
    decode_start,
    find_encoding,
    read_ahead,
    read_lines,
    read_start,
    standard_input,
)
from .class_folders import MIXED, read_class_folders, visible
from .delimited import header_cells, read_delimited
from .json_documents import read_json, read_json_lines
from .options import FileOptions, Tell
from .tables import read_parquet, read_xlsx

logger = logging.getLogger(__name__)

STANDARD_INPUT = "-"
_PARQUET = b"PAR1"
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
_COMPRESSED = {".gz", ".bz2", ".xz"}
_OBJECT = re.compile(r'\{\s*("(?:[^"\\]|\\.)*"\s*:|\}|$)')
_NAMES = {"csv": "CSV", "jsonl": "JSON lines", "json": "JSON", "text": "one text per line"}


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
    kinds = {inside.is_dir() for inside in visible(path)}
    if len(kinds) > 1 or (kinds == {False} and options.input_format == "folder"):
        raise UserInputError(f"{path}: contains files{' and folders' if len(kinds) > 1 else ''}; {MIXED}")
    if kinds == {True} and options.input_format not in (None, "folder"):
        raise UserInputError(f"{path}: has class folders, not {options.input_format}; leave out input_format")
    return kinds == {True}


def find_files(source: str | Path) -> list[Path]:
    """Return the file, or the files of a folder or pattern in the order of their names.

    Raises:
        UserInputError: There is none.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        files = visible(path)
        formats = {format_of(file) for file in files}
        if len(formats) != 1 or None in formats:
            raise UserInputError(f"{path}: is a folder whose files are not all of one known format; {MIXED}")
        return files
    if path.exists():
        return [path]
    found = sorted(Path(name) for name in glob.glob(str(path)))
    if not found:
        reason = "no file fits this pattern" if glob.has_magic(str(path)) else "no such file"
        raise UserInputError(f"{path}: {reason}; check the path")
    return found


def format_of(path: Path) -> str | None:
    """Return the format that the suffix of a file tells; that of a compressed file stands before."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _COMPRESSED:
        suffixes.pop()
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def sniff(start: str, columns: Collection[str]) -> str:
    """Return the format that the first characters tell: JSON, CSV, or text.

    They are CSV if some of the columns are in the first line, or if all lines have the same number of tabs.
    """
    start = start.lstrip("\ufeff \t\r\n")
    line, end, rest = start.partition("\n")
    if start.startswith("[") and start[1:].lstrip().startswith("{"):
        return "json"
    if _OBJECT.match(start):
        return "json" if end and line.rstrip().endswith(("{", "[", ",", ":")) else "jsonl"
    tabs = {row.count("\t") for row in (line, *rest.split("\n")[:-1])}
    if rest and len(tabs) == 1 and tabs != {0}:
        return "csv"
    found = (set(columns) & {*header_cells(line, delimiter)} for delimiter in DELIMITERS)
    cells = max(len(header_cells(line, delimiter)) for delimiter in DELIMITERS)
    return "csv" if any(found) and cells > 1 else "text"


def _read_file(
    path: Path, options: FileOptions, columns: Collection[str] | None, tell: Tell
) -> Iterator[tuple[str, dict]]:
    wanted = options.text_column if columns is None else columns
    file_format = options.input_format or format_of(path)
    if path.suffix.lower() == ".xls":
        raise UserInputError(f"{path}: the old Excel format is not read; save the file as .xlsx or .csv")
    if file_format not in ("parquet", "xlsx"):
        start = read_start(path)
        _report_bytes(path, start, options, tell)
        if file_format is None:
            file_format = sniff(decode_start(start, options.encoding), wanted)
            if file_format != "text" or path.suffix.lower() != ".txt":
                tell(f"{path}: is read as {_NAMES[file_format]} (input_format sets it)")
        if file_format in ("text", "jsonl"):
            check_line_ends(decode_start(start, options.encoding), str(path))
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
    compressed = compression_of(path)
    if bool(compressed) != (path.suffix.lower() in _COMPRESSED):
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
        if format_of(pipe) is None and read_start(copy).startswith(_PARQUET):
            copy = copy.rename(f"{copy}.parquet")
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
    file_format = options.input_format
    if file_format is None:
        file_format = "parquet" if start.startswith(_PARQUET) else sniff(decode_start(start, options.encoding), wanted)
        told = _NAMES.get(file_format, file_format)
        tell(f"{name}: is read as {told} (input_format sets it)")
    if file_format in ("text", "jsonl"):
        check_line_ends(decode_start(start, options.encoding), name)
        lines = decode_lines(stream, name, options.encoding)
        yield from _to_rows(lines, name, options) if file_format == "text" else read_json_lines(lines, name)
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file)
        try:
            for where, row in _read_format(path, file_format, options, columns, wanted, tell):
                yield where.replace(str(path), name), row
        except UserInputError as error:
            raise UserInputError(str(error).replace(str(path), name)) from error
