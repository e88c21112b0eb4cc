# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Toxic Comment Classification Challenge: comments of Wikipedia talk pages with their kinds of toxicity."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from ..errors import UserInputError
from .builder import CorpusBuilder
from .documents import Document
from .lines import read_csv
from .splits import cut_random, cut_stratified

LABELS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]


class Toxic(CorpusBuilder):
    """The training file of the Toxic Comment Classification Challenge (Jigsaw, Kaggle 2018).

    Only comments with a label are kept. They are split 70/30 at random, as in LM-MTC §5.1; the validation split is a
    stratified tenth of the training split. Instead of the complete `train.csv`, the folder may contain one file
    `train_*.csv` with a part of its rows.
    """

    DESCRIPTION = (
        "Toxic Comment Classification Challenge: comments of Wikipedia's talk pages with six kinds of toxicity."
    )
    CITATION = "Jigsaw. Toxic Comment Classification Challenge. Kaggle, 2018."
    HOME = "https://www.kaggle.com/c/jigsaw-toxic-comment-classification-challenge/data"
    LICENSE = "CC0; the texts are Wikipedia's, CC BY-SA 3.0"
    FILES = ("train.csv",)
    COUNTS: ClassVar = {"default": {"rows": 159571, "comments with a label": 16225}}

    def find_sources(self, data_dir: str | None, config_name: str | None) -> list[Path]:
        """Find the complete file, otherwise a part of it; see the base class."""
        folder = self.find_folder(data_dir, self.FILES[0])
        parts = sorted(folder.glob("train_*.csv"))
        if len(parts) == 1 and not (folder / self.FILES[0]).is_file():
            return parts
        return super().find_sources(data_dir, config_name)

    def missing(self) -> str:
        """Report a file that is only a part; see the base class."""
        if self.sources[0].name == self.FILES[0]:
            return ""
        return f"{self.sources[0]} is read as a part of {self.FILES[0]}, which has 16,225 comments with a label"

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Read the comments, keep those with a label, and split them; see the base class."""
        (path,) = self.sources
        comments = list(read_comments(path))
        documents = [comment for comment in comments if comment.labels]
        if not self.missing():
            self.check_counts(**{"rows": len(comments), "comments with a label": len(documents)})
        if len(documents) < 3:
            raise UserInputError(
                f"{path}: {len(documents)} comments with a label are too few to split; get more from {self.HOME}"
            )
        train, test = cut_random(documents, round(0.3 * len(documents)), self.seed)
        train, validation = cut_stratified(train, 0.1, self.seed)
        return LABELS, {"train": train, "validation": validation, "test": test}


def read_comments(path: Path) -> Iterator[Document]:
    """Yield all comments of a file.

    Args:
        path (`Path`): CSV file with the column `comment_text` and a column of 0 and 1 per label; `id` is optional.

    Yields:
        `Document`: One comment; without the column `id`, its id is the number of its first line.

    Raises:
        UserInputError: A column is missing, or a cell of a label is neither 0 nor 1.
    """
    for number, row in read_csv(path):
        missing = [column for column in ("comment_text", *LABELS) if column not in row]
        if missing:
            raise UserInputError(f"{path} line 1: no column '{missing[0]}'; there are: {', '.join(row)}")
        wrong = [label for label in LABELS if row[label] not in ("0", "1")]
        if wrong:
            raise UserInputError(f"{path} line {number}: '{row[wrong[0]]}' as {wrong[0]}, expected 0 or 1")
        yield Document(row.get("id", str(number)), row["comment_text"], [name for name in LABELS if row[name] == "1"])
