# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""GoEmotions: comments with the emotions that they express."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from ..errors import UserInputError
from .builder import CorpusBuilder
from .documents import Document
from .lines import read_lines, read_names


class GoEmotions(CorpusBuilder):
    """GoEmotions (Demszky et al., *GoEmotions: A Dataset of Fine-Grained Emotions*, ACL 2020), called
    *Emotion* in LM-MTC.

    27 emotions and "neutral", in the authors' split of the comments on which at least two raters agreed.
    """

    DESCRIPTION = "GoEmotions: Reddit comments with 27 emotions and neutral."
    CITATION = "Demszky et al. GoEmotions: A Dataset of Fine-Grained Emotions. ACL 2020."
    HOME = "https://github.com/google-research/google-research/tree/master/goemotions/data"
    # Used if no files are given.
    HUB_ID = "google-research-datasets/go_emotions"
    LICENSE = "CC BY 4.0"
    FILES = ("train.tsv", "dev.tsv", "test.tsv", "labels.txt")
    COUNTS: ClassVar = {
        "default": {"train.tsv lines": 43410, "dev.tsv lines": 5426, "test.tsv lines": 5427, "labels.txt lines": 28}
    }

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Read the three files of the authors' split; see the base class."""
        *tables, names_file = self.sources
        names = read_names(names_file)
        splits = {
            split: list(read_table(path, names))
            for split, path in zip(("train", "validation", "test"), tables, strict=True)
        }
        counts = [*(len(documents) for documents in splits.values()), len(names)]
        self.check_counts(**{f"{path.name} lines": n for path, n in zip(self.sources, counts, strict=True)})
        return names, splits


def read_table(path: Path, names: list[str]) -> Iterator[Document]:
    """Yield the comments of one file.

    Args:
        path (`Path`): File whose lines are text, comma-separated label ids and id, separated by tabs.
        names (`list[str]`): Label names in the order of their ids.

    Yields:
        `Document`: One comment.

    Raises:
        UserInputError: A line does not have three fields, or a label does not exist.
    """
    names_by_id = {str(i): name for i, name in enumerate(names)}
    for number, line in read_lines(path):
        fields = line.rstrip("\r\n").split("\t")
        if len(fields) != 3:
            raise UserInputError(f"{path} line {number}: expected 3 tab-separated fields, found {len(fields)}")
        text, ids, comment_id = fields
        unknown = [label_id for label_id in ids.split(",") if label_id not in names_by_id]
        if unknown:
            raise UserInputError(
                f"{path} line {number}: '{unknown[0]}' is not a label id; valid ids are 0 to {len(names) - 1}"
            )
        yield Document(comment_id, text, [names_by_id[label_id] for label_id in ids.split(",")])
