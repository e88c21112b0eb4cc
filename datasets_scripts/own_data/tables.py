# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Readers of tables with types: Parquet and Excel."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from ...errors import UserInputError
from ..class_ids import class_names, name_ids
from ..documents import OPTIONAL_COLUMNS
from .names import shorten
from .options import FileOptions, Tell
from .text_columns import check_text_columns


def read_parquet(path: Path, columns: Collection[str] | None = None) -> Iterator[tuple[str, dict]]:
    """Yield the rows of a Parquet file, with names for class ids if `datasets` wrote the names into the file.

    Args:
        path (`Path`): File to read.
        columns (`Collection[str]`, *optional*): Columns to read; all are read by default, and where one of these is
            missing, so that the error that follows can name what there is.

    Yields:
        `tuple[str, dict]`: Place of the row, and its values by column.

    Raises:
        UserInputError: The file cannot be read, or a class id has no name.
    """
    try:
        file = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True)
        schema = file.schema_arrow
        _check_names(schema.names, str(path))
        lacks_one = not {*(columns or ())} <= {*schema.names, *OPTIONAL_COLUMNS}
        read = [name for name in schema.names if columns is None or lacks_one or name in columns]
        maps = [name for name in read if pyarrow.types.is_map(schema.field(name).type)]
        names = {name: found for name in columns or () if (found := _class_names(schema, name))}
        number = 0
        for batch in file.iter_batches(batch_size=4096, columns=read):
            for row in batch.to_pylist():
                number += 1
                where = f"{path} row {number}"
                row |= {name: name_ids(row[name], where, found) for name, found in names.items()}
                yield where, row | {name: None if row[name] is None else dict(row[name]) for name in maps}
    # Python has no time or span as far away as Arrow.
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError, OverflowError) as error:
        raise UserInputError(f"{path}: not a readable Parquet file ({' '.join(str(error).split())})") from error


def names_in_parquet(path: Path, column: str) -> list[str] | None:
    """Return the names of the class ids in a column of a Parquet file; None without names.

    Raises:
        UserInputError: A name is not a string.
    """
    try:
        names = _class_names(pyarrow.parquet.read_schema(path), column)
    except (pyarrow.ArrowException, OSError):
        return None  # reading the rows reports it
    if wrong := [name for name in names or () if not isinstance(name, str | None)]:
        raise UserInputError(f"{path}: the column '{column}' names a label id {wrong[0]!r}, which is no string")
    return names


def _class_names(schema: pyarrow.Schema, column: str) -> list[str] | None:
    from datasets import Features  # not for other formats

    try:
        return class_names(Features.from_arrow_schema(schema).get(column))
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None  # a type that `datasets` does not know, or metadata that are not its own


def _check_names(names: Sequence[str], where: str) -> None:
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise UserInputError(f"{where}: the column '{twice[0]}' occurs twice; rename one")


def read_xlsx(path: Path, options: FileOptions, columns: Collection[str], tell: Tell) -> Iterator[tuple[str, dict]]:
    """Yield the rows of a sheet of an Excel file, whose first row has the names of the columns.

    Args:
        path (`Path`): File to read.
        options (`FileOptions`): The options; `sheet` and `text_column` count.
        columns (`Collection[str]`): Columns of the texts, which tell the sheet if there are several.
        tell (`Callable`): Function that is told which sheet is read.

    Yields:
        `tuple[str, dict]`: Place of the row, and its values by column.

    Raises:
        UserInputError: openpyxl is not installed, the file cannot be read, the sheet does not exist, or several sheets
            or none have the columns.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise UserInputError(f'{path}: .xlsx needs openpyxl: pip install "labelwise[excel]"') from error
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))  # openpyxl refuses paths with another suffix
            book = stack.enter_context(closing(openpyxl.load_workbook(file, read_only=True, data_only=True)))
        except Exception as error:
            raise _not_readable(path, error) from error
        sheet = _find_sheet(book, path, options.sheet, columns, tell)
        header: list[str] = []
        for number, cells in enumerate(_read_cells(sheet, path), start=1):
            if not any(cell is not None for cell in cells):
                continue
            if not header:
                header = _header(cells)
                _check_names(header, f"{path} row {number}")
                check_text_columns(header, options.text_column, f"{path} row {number}", "row")
            else:
                yield f"{path} row {number}", dict(zip(header, (*cells, *[None] * len(header)), strict=False))


def _not_readable(path: Path, error: Exception) -> UserInputError:
    """Return an error for one of zipfile, of an XML parser or of openpyxl."""
    return UserInputError(f"{path}: not a readable .xlsx file ({error}); save it anew in Excel")


def _read_cells(sheet: Any, path: Path) -> Iterator[tuple]:
    """Yield the cells of the rows, which openpyxl reads only now."""
    try:
        yield from sheet.iter_rows(values_only=True)
    except Exception as error:
        raise _not_readable(path, error) from error


def _find_sheet(book: Any, path: Path, named: str | None, columns: Collection[str], tell: Tell) -> Any:
    """Return the sheet that is named, or else the only one that has the columns (or the only one)."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise UserInputError(f"{path}: contains no sheet of cells")
    if named is not None:
        if named not in sheets:
            raise UserInputError(f"{path}: no sheet '{named}'; there are: {shorten(list(sheets))}")
        return sheets[named]
    headers = {title: _header(next(_read_cells(sheet, path), ())) for title, sheet in sheets.items()}
    fitting = [title for title, header in headers.items() if set(columns) <= set(header)]
    if len(fitting) > 1:
        raise UserInputError(f"{path}: the sheets {' and '.join(fitting)} both have the columns; choose one by sheet")
    if len(sheets) > 1 and fitting:
        tell(f"{path}: the sheet '{fitting[0]}' is read (sheet sets it)")
    return sheets[(fitting or list(sheets))[0]]


def _header(cells: Collection[Any]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in cells]
