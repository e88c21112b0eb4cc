# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CAIL 2019 element recognition: sentences of Chinese court judgments with the legal facts they state."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import datasets

from ..errors import UserInputError
from ..wording import counted
from .builder import CorpusBuilder
from .documents import Document
from .lines import read_lines, read_names
from .splits import cut_tenths


class CAIL2019Elements(CorpusBuilder):
    """Element recognition track of the Challenge of AI in Law 2019 (China Judgments Online), one domain at a time.

    Each example is a sentence; many have no label. Judgments, not sentences, are split at random 80/10/10, because
    sentences of one judgment resemble each other.
    """

    DESCRIPTION = "CAIL 2019 element recognition: sentences of court judgments with 20 labels per domain."
    CITATION = "Challenge of AI in Law (CAIL) 2019, element recognition track."
    LANGUAGE = "zh"
    HOME = "https://github.com/china-ai-law-challenge/CAIL2019"
    LICENSE = "from public court judgments; no licence stated"
    BUILDER_CONFIGS: ClassVar = [
        datasets.BuilderConfig(name=name, version=CorpusBuilder.VERSION, description=f"{name} judgments")
        for name in ("divorce", "labor", "loan")
    ]
    FILES = ("{config}/data_small_selected.json", "{config}/tags.txt", "{config}/selectedtags.txt")
    COUNTS: ClassVar = {
        "divorce": {"sentences": 11685, "judgments": 400, "labels": 20},
        "labor": {"sentences": 5682, "judgments": 151, "labels": 20},
        "loan": {"sentences": 5124, "judgments": 150, "labels": 20},
    }

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Read the judgments and split them; see the base class."""
        judgments_file, tags_file, names_file = self.sources
        tags, names = read_names(tags_file), read_names(names_file)
        if len(tags) != len(names):
            raise UserInputError(
                f"{names_file}: {counted(len(names), 'name')}, but {counted(len(tags), 'tag')} in {tags_file.name}"
            )
        judgments = list(read_judgments(judgments_file, dict(zip(tags, names, strict=True))))
        sentences = sum(len(judgment) for judgment in judgments)
        self.check_counts(sentences=sentences, judgments=len(judgments), labels=len(names))
        return names, {
            split: [sentence for judgment in part for sentence in judgment]
            for split, part in cut_tenths(judgments, self.seed).items()
        }


def read_judgments(path: Path, names: dict[str, str]) -> Iterator[list[Document]]:
    """Yield each judgment as a list of sentences.

    Args:
        path (`Path`): File with one judgment per line, a JSON list of `{"sentence": ..., "labels": [...]}`.
        names (`dict[str, str]`): Label names by tag.

    Yields:
        `list[Document]`: The sentences of one judgment.

    Raises:
        UserInputError: A line is not such a list, or contains a tag without a name.
    """
    for number, line in read_lines(path):
        try:
            judgment = json.loads(line)
        except (ValueError, RecursionError):
            judgment = None
        if not isinstance(judgment, list) or not all(map(is_sentence, judgment)):
            raise UserInputError(
                f'{path} line {number}: expected a JSON list of {{"sentence", "labels"}}; download it again'
            )
        unknown = {tag for item in judgment for tag in item["labels"]} - names.keys()
        if unknown:
            raise UserInputError(f"{path} line {number}: tag '{min(unknown)}' is not in tags.txt; download both again")
        yield [
            Document(f"{number}-{i}", item["sentence"], [names[tag] for tag in item["labels"]])
            for i, item in enumerate(judgment, start=1)
        ]


def is_sentence(item: Any) -> bool:
    """Return whether an item of a judgment has a text and a list of tags."""
    if not isinstance(item, dict) or not isinstance(item.get("sentence"), str):
        return False
    tags = item.get("labels")
    return isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)
