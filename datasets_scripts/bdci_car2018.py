# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""BDCI 2018 car reviews: Chinese comments on cars with the subjects they mention."""

from typing import ClassVar

from ..errors import UserInputError
from .builder import CorpusBuilder
from .documents import Document
from .lines import read_csv
from .splits import cut_stratified

COLUMNS = ["content_id", "content", "subject", "sentiment_value", "sentiment_word"]


class BDCICar2018(CorpusBuilder):
    """Car reviews of the CCF Big Data & Computing Intelligence Contest 2018 (datafountain.cn, competition 310).

    The file has one row per subject of a review; the rows of one `content_id` become one document. The split is
    80/10/10, stratified.
    """

    DESCRIPTION = "BDCI 2018: Chinese car reviews with the subjects they mention."
    CITATION = "CCF Big Data & Computing Intelligence Contest 2018, subjects and sentiments of car reviews."
    LANGUAGE = "zh"
    HOME = "https://www.datafountain.cn/competitions/310"
    LICENSE = "contest data"
    FILES = ("train_2.csv",)
    COUNTS: ClassVar = {"default": {"rows": 12572, "reviews": 10654, "labels": 10}}

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Merge the rows of each review and split the reviews; see the base class."""
        (path,) = self.sources
        reviews: dict[str, Document] = {}
        rows = 0
        for number, row in read_csv(path):
            if list(row) != COLUMNS:
                raise UserInputError(
                    f"{path} line 1: expected the columns {', '.join(COLUMNS)}, found {', '.join(row)}"
                )
            review = reviews.setdefault(row["content_id"], Document(row["content_id"], row["content"].strip(), []))
            if not row["subject"]:
                raise UserInputError(f"{path} line {number}: the subject is missing; download the file again")
            review.labels.append(row["subject"])
            rows += 1
        names = sorted({name for review in reviews.values() for name in review.labels})
        self.check_counts(rows=rows, reviews=len(reviews), labels=len(names))
        train, rest = cut_stratified(list(reviews.values()), 0.2, self.seed)
        validation, test = cut_stratified(rest, 0.5, self.seed)
        return names, {"train": train, "validation": validation, "test": test}
