# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reader of a folder that has a folder of text files for each label."""

from collections.abc import Iterator
from pathlib import Path

from ...errors import UserInputError
from ...wording import counted
from ..lines import read_pieces
from .formats import format_of
from .names import shorten
from .options import FileOptions, Tell

MIXED = "a folder of class folders has only folders; a folder of shards only files of one format"


def visible(folder: Path) -> list[Path]:
    """Return the contents of a folder in their order, without those whose names begin with a dot or an underscore.

    Raises:
        UserInputError: One is a FIFO or a device.
    """
    found = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))
    for path in found:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise UserInputError(f"{path}: is neither a file nor a folder; remove it")
    return found


def read_class_folders(folder: Path, options: FileOptions, tell: Tell) -> Iterator[tuple[str, dict]]:
    """Yield one document per text file; a file that is in several folders has several labels.

    Files of the same name and text are one document. Files of the same name and different texts are different
    documents.

    Args:
        folder (`Path`): Folder with one folder per label.
        options (`FileOptions`): The options; `encoding` and `input_format` count.
        tell (`Callable`): Function that is told what was detected or is left out.

    Yields:
        `tuple[str, dict]`: Path of the document, and a row with its `id` (the path below the folder), `text` (with the
        name of the first text column) and `labels`.

    Raises:
        UserInputError: A class folder contains folders, there is no text file, a file cannot be read, or has the suffix
            of a table although `input_format` does not say that each file is a text.
    """
    classes: dict[str, list[str]] = {}  # file name -> labels
    for path in visible(folder):
        if not path.is_dir():
            raise UserInputError(f"{path}: is a file; {MIXED}")
        files = visible(path)
        nested = [file for file in files if file.is_dir()]
        if nested:
            raise UserInputError(f"{nested[0]}: is a folder inside a class folder; move its files to {path}")
        tables = [file for file in files if format_of(file)]
        if tables and options.input_format is None:
            raise UserInputError(
                f"{tables[0]}: its suffix is that of a file of many texts, but in a folder of class folders each file "
                f"is one text; name {path} itself, or set input_format folder"
            )
        if not files:
            tell(f"{path}: contains no file, so no document has the label '{path.name}'")
        for file in files:
            classes.setdefault(file.name, []).append(path.name)
    if options.input_format is None:
        names = shorten([path.name for path in visible(folder)])
        tell(f"{folder}: each file is read as one text, whose label is its folder: {names} (input_format sets it)")
    different = 0
    for name, labels in classes.items():
        texts: dict[str, list[str]] = {}
        for label in labels:
            text = "".join(read_pieces(folder / label / name, options.encoding))
            texts.setdefault(text, []).append(label)
        different += len(texts) > 1
        for text, of_text in texts.items():
            path = f"{of_text[0]}/{name}"
            yield str(folder / path), {"id": path, options.text_column[0]: text, "labels": of_text}
    if different:
        tell(
            f"{folder}: {counted(different, 'file name is', 'file names are')} in several class folders with different "
            "texts, and read as different documents"
        )
