# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""RMSC-V2: Chinese comments on albums, with the styles of music of the albums."""

import json
import os
import re
from pathlib import Path
from typing import Any, ClassVar

from sklearn.model_selection import train_test_split

from ..errors import UserInputError
from .builder import CorpusBuilder
from .documents import Document, check_text
from .lines import read_lines

# Split -> file of the split of LW-PT.
SPLIT_FILES = {
    split: f"rmsc.data.{part}.json" for split, part in (("train", "train"), ("validation", "valid"), ("test", "test"))
}
# Seed in the code of LW-PT.
AUTHORS_SEED = 1
# All characters except Chinese characters, Latin letters and digits.
SYMBOLS = re.compile(
    "[^0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+"
)


class RMSCV2(CorpusBuilder):
    """Albums of music.douban.com (Zhao et al., *Review-Driven Multi-Label Music Style Classification by Exploiting
    Style Correlations*, NAACL 2019), in the split of LW-PT.

    The folder contains the collection as it is distributed, one JSON file per album, or the three files of LW-PT's
    split, `rmsc.data.{train,valid,test}.json`. Without these three files, the albums, ordered by file name, are split
    as in LW-PT's code: 30 % are cut off, and 30 % of those are the validation split. Seed 0 gives the split of LW-PT.

    Each comment is a line of the text, which is a sentence for `WordTokenizer`. All characters except Chinese
    characters, Latin letters and digits become spaces: LM-MTC §5.1 removes "non-Chinese and non-English special
    symbols", and without punctuation marks a comment is one sentence. The tokenizer segments the words
    (`--segmenter jieba`, its default for Chinese corpora). LW-PT's mean of 497 words counts punctuation marks, and at
    most 40 comments per album.
    """

    NAME = "rmsc-v2"
    DESCRIPTION = "RMSC-V2: Chinese comments on albums with 22 styles of music."
    CITATION = (
        "Zhao et al. Review-Driven Multi-Label Music Style Classification by Exploiting Style Correlations. NAACL 2019."
    )
    LANGUAGE = "zh"
    HOME = "https://github.com/lancopku/RMSC"
    LICENSE = "none stated"
    COUNTS: ClassVar = {
        "default": {
            "albums": 7172,
            "train albums": 5020,
            "validation albums": 646,
            "test albums": 1506,
            "labels": 22,
        }
    }

    def find_sources(self, data_dir: str | None, config_name: str | None) -> list[Path]:
        """Find the files of the split, otherwise all files as albums; see the base class."""
        names = list(SPLIT_FILES.values())
        folder = self.find_folder(data_dir, f"one JSON file per album (or {', '.join(names)})")
        if any((folder / name).is_file() for name in names):
            return self.find_files(folder, names)
        # Files are named after the albums, with or without a suffix.
        albums = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
        if not albums:
            raise UserInputError(
                f"{folder} contains no albums; {self.corpus} needs one JSON file per album from {self.HOME}"
            )
        return albums

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Read the albums, and split them unless the files do; see the base class."""
        if self.sources[0].name == SPLIT_FILES["train"]:
            splits = {split: read_split(path) for split, path in zip(SPLIT_FILES, self.sources, strict=True)}
        else:
            # File names from an archive may not be UTF-8, which Arrow requires.
            albums = [
                read_album(load_json(path), str(path), os.fsencode(path.name).decode(errors="replace"))
                for path in self.sources
            ]
            self.check_counts(albums=len(albums))
            if len(albums) < 5:
                raise UserInputError(
                    f"{self.sources[0].parent}: {len(albums)} albums are too few to split; get all from {self.HOME}"
                )
            seed = (self.seed + AUTHORS_SEED) % 2**32
            train, rest = train_test_split(albums, test_size=0.3, random_state=seed)
            test, validation = train_test_split(rest, test_size=0.3, random_state=seed)
            splits = {"train": train, "validation": validation, "test": test}
        names = sorted({name for albums in splits.values() for album in albums for name in album.labels})
        self.check_counts(**{f"{split} albums": len(albums) for split, albums in splits.items()}, labels=len(names))
        return names, splits


def read_split(path: Path) -> list[Document]:
    """Read a file of LW-PT's split: a JSON list of albums."""
    albums = load_json(path)
    if not isinstance(albums, list):
        raise UserInputError(f"{path}: expected a JSON list of albums; download the file again")
    return [
        read_album(album, f"{path} album {number}", f"{path.name.split('.')[-2]}-{number}")
        for number, album in enumerate(albums, start=1)
    ]


def load_json(path: Path) -> Any:
    """Load a JSON file.

    Args:
        path (`Path`): File to read.

    Returns:
        `Any`: Value of the file.

    Raises:
        UserInputError: The file is not UTF-8 or JSON.
    """
    text = "".join(line for _, line in read_lines(path))
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"{path} line {error.lineno}" if isinstance(error, json.JSONDecodeError) else path
        raise UserInputError(f"{where}: broken JSON ({error}); download the file again") from error


def read_album(album: Any, where: str, album_id: str) -> Document:
    """Convert an album into a document.

    Args:
        album (`Any`): Object with `tags`, a list of styles, and `all_short_comments`, a list of objects with
            `comment`.
        where (`str`): Place of the album, for messages.
        album_id (`str`): Id of the document.

    Returns:
        `Document`: The album; its text has one line per comment that contains more than symbols.

    Raises:
        UserInputError: It is not such an object.
    """
    if not is_album(album):
        raise UserInputError(
            f'{where}: expected an object with "tags" and "all_short_comments"; download the file again'
        )
    comments = (SYMBOLS.sub(" ", comment["comment"]).strip() for comment in album["all_short_comments"])
    return Document(album_id, "\n".join(filter(None, comments)), [check_text(tag, where) for tag in album["tags"]])


def is_album(album: Any) -> bool:
    """Return whether an object has a list of styles and a list of comments with texts."""
    if not isinstance(album, dict):
        return False
    tags, comments = album.get("tags"), album.get("all_short_comments")
    return (
        isinstance(tags, list)
        and all(isinstance(tag, str) for tag in tags)
        and isinstance(comments, list)
        and all(isinstance(comment, dict) and isinstance(comment.get("comment"), str) for comment in comments)
    )
