# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""GAIC 2021: medical reports whose words are numbers, with the abnormal regions of the body."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from ..errors import UserInputError
from .builder import CorpusBuilder
from .documents import Document
from .lines import read_lines
from .splits import cut_tenths

REGIONS = [str(i) for i in range(17)]
TYPES = [str(i) for i in range(12)]


class GAIC(CorpusBuilder):
    """Reports on CT images of the Global AI Innovation Contest 2021, track 1 (Tianchi), in which every
    word and label is a number.

    The corpus consists of the training files of both rounds; round 2 may be missing. Round 2 adds types of disease to
    the regions; as in LM-MTC §5.1, these 12 labels are dropped. The split is 80/10/10 at random.
    """

    DESCRIPTION = "GAIC 2021 track 1: desensitised reports on CT images with 17 regions of the body."
    CITATION = "Global AI Innovation Contest 2021, track 1: anomalies in reports on medical images."
    # No language, because the words are numbers.
    LANGUAGE = "zxx"
    HOME = "https://tianchi.aliyun.com/competition/entrance/531852"
    LICENSE = "contest data"
    FILES = ("track1_round1_train_20210222.csv", "train.csv")
    OPTIONAL = ("train.csv",)
    COUNTS: ClassVar = {"default": {"round 1 documents": 10000, "round 2 documents": 20000}}

    def missing(self) -> str:
        """Report a missing round 2; see the base class."""
        if len(self.sources) == len(self.FILES):
            return ""
        folder = self.sources[0].parent
        return f"{folder} contains no {self.FILES[1]} (round 2), only 10,000 of the 30,000 published documents"

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Read both rounds and split their documents; see the base class."""
        rounds = {number: list(read_round(path, number)) for number, path in enumerate(self.sources, start=1)}
        self.check_counts(**{f"round {number} documents": len(documents) for number, documents in rounds.items()})
        return REGIONS, cut_tenths([document for part in rounds.values() for document in part], self.seed)


def read_round(path: Path, round_number: int) -> Iterator[Document]:
    """Yield the reports of one file.

    Args:
        path (`Path`): File whose lines are id, words and labels, separated by `|,|`.
        round_number (`int`): 1 (labels are regions) or 2 (a comma and types of disease follow the regions).

    Yields:
        `Document`: One report with its regions.

    Raises:
        UserInputError: A line is malformed, or a label does not exist.
    """
    form = "id|,|words|,|regions" + (",types" if round_number == 2 else "")
    for number, line in read_lines(path):
        fields = [field.strip() for field in line.split("|,|")]
        labels = fields[-1].split(",")
        if len(fields) != 3 or not fields[1] or len(labels) != round_number:
            raise UserInputError(f"{path} line {number}: expected {form}; download the file again")
        for found, known in zip(labels, (REGIONS, TYPES), strict=False):
            unknown = [label for label in found.split() if label not in known]
            if unknown:
                raise UserInputError(
                    f"{path} line {number}: '{unknown[0]}' is not a label id; valid ids are 0 to {len(known) - 1}"
                )
        yield Document(f"{round_number}-{fields[0]}", fields[1], labels[0].split())
