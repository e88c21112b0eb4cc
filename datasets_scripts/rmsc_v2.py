# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""RMSC-V2: what listeners write of albums, in Chinese, with the albums' styles of music."""

import json
import os
import re
from pathlib import Path
from typing import Any, ClassVar

from sklearn.model_selection import train_test_split

from .builder import CorpusBuilder
from .documents import Document
from .errors import UserInputError
from .lines import read_lines
from .records import check_text

# Our name of a split -> the file that the authors of LW-PT made of it.
SPLIT_FILES = {
    split: f"rmsc.data.{part}.json" for split, part in (("train", "train"), ("validation", "valid"), ("test", "test"))
}
# The seed of LW-PT's code.
AUTHORS_SEED = 1
# All but Chinese characters, Latin letters and digits.
SYMBOLS = re.compile(
    "[^0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+"
)


class RMSCV2(CorpusBuilder):
    """Albums of music.douban.com (Zhao et al., *Review-Driven Multi-Label Music Style Classification by Exploiting
    Style Correlations*, NAACL 2019), in the split of LW-PT.

    The folder holds the collection as it is distributed, a JSON file an album, or the three files of LW-PT's split,
    `rmsc.data.{train,valid,test}.json`. Without these the albums, ordered by the names of their files, are split as
    LW-PT's code does, 30 % off and 30 % of that for validation: seed 0 gives its own split, any other seed another.

    A comment is a line of the text, which is a sentence to `WordTokenizer`. Everything but Chinese characters, Latin
    letters and digits becomes a space: LM-MTC §5.1 removes "non-Chinese and non-English special symbols", and without
    punctuation marks a comment stays one sentence. Words are left to the tokenizer (`--segmenter jieba`, its default
    for Chinese corpora). LW-PT's mean of 497 words counts punctuation marks, and at most 40 comments of an album.
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
        """Find the files of the split, or else all files as albums; see the base class."""
        names = list(SPLIT_FILES.values())
        folder = self.find_folder(data_dir, f"a JSON file an album (or {', '.join(names)})")
        if any((folder / name).is_file() for name in names):
            return self.find_files(folder, names)
        # Their names are the albums' and need no suffix.
        albums = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
        if not albums:
            raise UserInputError(f"{folder} holds no albums; {self.corpus} needs a JSON file an album from {self.HOME}")
        return albums

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Read the albums, and split them where the files don't; see the base class."""
        if self.sources[0].name == SPLIT_FILES["train"]:
            splits = {split: read_split(path) for split, path in zip(SPLIT_FILES, self.sources, strict=True)}
        else:
            # An archive may give names that are not UTF-8, and Arrow takes no others.
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
    """What a JSON file holds.

    Args:
        path (`Path`): File to read.

    Returns:
        `Any`: Its value.

    Raises:
        UserInputError: The file isn't UTF-8 or JSON; tells the line.
    """
    text = "".join(line for _, line in read_lines(path))
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"{path} line {error.lineno}" if isinstance(error, json.JSONDecodeError) else path
        raise UserInputError(f"{where}: broken JSON ({error}); download the file again") from error


def read_album(album: Any, where: str, album_id: str) -> Document:
    """Make a document of an album.

    Args:
        album (`Any`): An object with `tags`, a list of styles, and `all_short_comments`, a list of objects with
            `comment`.
        where (`str`): Where it stands, for messages.
        album_id (`str`): Id of the document.

    Returns:
        `Document`: The album; its text has a line for each comment that is more than symbols.

    Raises:
        UserInputError: It is no such object.
    """
    if not is_album(album):
        raise UserInputError(
            f'{where}: expected an object with "tags" and "all_short_comments"; download the file again'
        )
    comments = (SYMBOLS.sub(" ", comment["comment"]).strip() for comment in album["all_short_comments"])
    return Document(album_id, "\n".join(filter(None, comments)), [check_text(tag, where) for tag in album["tags"]])


def is_album(album: Any) -> bool:
    """Whether an object has a list of styles, and a list of comments that are texts."""
    if not isinstance(album, dict):
        return False
    tags, comments = album.get("tags"), album.get("all_short_comments")
    return (
        isinstance(tags, list)
        and all(isinstance(tag, str) for tag in tags)
        and isinstance(comments, list)
        and all(isinstance(comment, dict) and isinstance(comment.get("comment"), str) for comment in comments)
    )
