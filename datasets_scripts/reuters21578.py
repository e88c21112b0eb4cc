# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reuters-21578: newswire stories with their topics."""

import re
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

import datasets

from ..errors import UserInputError
from .builder import CorpusBuilder
from .documents import Document
from .splits import cut_random, cut_stratified

ARCHIVE = "reuters21578.tar.gz"


class Story(NamedTuple):
    """A story of the collection, before stories and topics are selected."""

    document: Document
    lewis_split: str
    has_topics: bool


class Reuters21578(CorpusBuilder):
    """Reuters-21578, Distribution 1.0 (David D. Lewis, 1997), with the 90 topics of the ModApte split.

    `modapte` is the split by Apté, Damerau and Weiss (*Automated Learning of Decision Rules for Text Categorization*,
    ACM TOIS 1994) as the collection's README, section VIII.B, encodes it, restricted to the 90 topics that have at
    least one training and one test story, and to the stories with one of them (Yang and Liu, *A Re-examination of Text
    Categorization Methods*, SIGIR 1999). `random-80-20` splits the same stories at random, as in Table 1 of LM-MTC.
    In both, the validation split is a stratified tenth of the training split.
    """

    DESCRIPTION = "Reuters-21578, Distribution 1.0: newswire stories of 1987 with the 90 ModApte topics."
    CITATION = "David D. Lewis. Reuters-21578 text categorization test collection, Distribution 1.0. 1997."
    HOME = "https://kdd.ics.uci.edu/databases/reuters21578/reuters21578.html"
    LICENSE = "research only, see the README in the archive"
    BUILDER_CONFIGS: ClassVar = [
        datasets.BuilderConfig(name="modapte", version=CorpusBuilder.VERSION, description="ModApte split, 90 topics"),
        datasets.BuilderConfig(name="random-80-20", version=CorpusBuilder.VERSION, description="random 80/20 split"),
    ]
    DEFAULT_CONFIG_NAME = "modapte"
    COUNTS: ClassVar = {
        config: {"stories": 21578, "training stories": 7770, "test stories": 3019, "topics": 90}
        for config in ("modapte", "random-80-20")
    }

    def find_sources(self, data_dir: str | None, config_name: str | None) -> list[Path]:
        """Find the unpacked .sgm files, otherwise the archive; see the base class."""
        expected = f"{ARCHIVE} or its unpacked .sgm files"
        folder = self.find_folder(data_dir, expected)
        sources = sorted(folder.glob("*.sgm")) or [path for path in [folder / ARCHIVE] if path.is_file()]
        if not sources:
            raise UserInputError(f"{folder} contains no {expected}; get them from {self.HOME}")
        return sources

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Read the stories, keep the topics of both ModApte splits, and split; see the base class."""
        stories = [story for name, text in read_sgml(self.sources) for story in parse(name, text)]
        sides = {
            side: [story.document for story in stories if story.has_topics and story.lewis_split == side.upper()]
            for side in ("train", "test")
        }
        topics = sorted(set.intersection(*({t for doc in docs for t in doc.labels} for docs in sides.values())))
        train, test = (restrict(sides[side], topics) for side in ("train", "test"))
        self.check_counts(
            **{
                "stories": len(stories),
                "training stories": len(train),
                "test stories": len(test),
                "topics": len(topics),
            }
        )
        if self.config.name == "random-80-20":
            both = train + test
            train, test = cut_random(both, round(0.2 * len(both)), self.seed)
        train, validation = cut_stratified(train, 0.1, self.seed)
        return topics, {"train": train, "validation": validation, "test": test}


def restrict(documents: list[Document], topics: list[str]) -> list[Document]:
    """Drop other topics, and documents without any of the given topics."""
    kept = [doc._replace(labels=[topic for topic in doc.labels if topic in topics]) for doc in documents]
    return [doc for doc in kept if doc.labels]


def read_sgml(sources: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield the name and text of every .sgm file of the archive or folder."""
    # Latin-1, because reut2-017.sgm contains a byte that is not UTF-8.
    if sources[0].suffix == ".sgm":
        for path in sources:
            try:
                yield str(path), path.read_bytes().decode("latin-1")
            except OSError as error:
                raise UserInputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
        return
    try:
        with tarfile.open(sources[0]) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".sgm"):
                    yield f"{sources[0]}:{member.name}", archive.extractfile(member).read().decode("latin-1")
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise UserInputError(f"{sources[0]}: not a complete .tar.gz archive ({error}); download it again") from error


def parse(name: str, text: str) -> Iterator[Story]:
    """Yield the stories of one .sgm file.

    Args:
        name (`str`): Name of the file, for messages.
        text (`str`): Text of the file.

    Yields:
        `Story`: One story, labelled with all its topics in the order of the file.

    Raises:
        UserInputError: A story is cut off, or lacks an attribute or its text.
    """
    for match in re.finditer(r"<REUTERS (.*?)>(.*?)(</REUTERS>|(?=<REUTERS )|\Z)", text, flags=re.DOTALL):
        attributes, story, end = match.groups()
        values = dict(re.findall(r'(\w+)="(.*?)"', attributes))
        body = re.search(r"<TEXT(.*?)>(.*)</TEXT>", story, flags=re.DOTALL)
        if not end or not body or not {"TOPICS", "LEWISSPLIT", "NEWID"} <= values.keys():
            line = text.count("\n", 0, match.start()) + 1
            raise UserInputError(
                f"{name} line {line}: this story is cut off or malformed; download the collection again"
            )
        topics = re.search(r"<TOPICS>(.*?)</TOPICS>", story, flags=re.DOTALL)
        labels = re.findall(r"<D>(.*?)</D>", topics[1]) if topics else []
        document = Document(values["NEWID"], story_text(*body.groups()), labels)
        yield Story(document, values["LEWISSPLIT"], values["TOPICS"] == "YES")


def story_text(attributes: str, content: str) -> str:
    """Return title and body, one paragraph per line; the whole text of an unprocessed story (`TYPE="UNPROC"`)."""
    if "UNPROC" in attributes:
        parts = [content]
    else:
        parts = re.findall(r"<(?:TITLE|BODY)>(.*?)</(?:TITLE|BODY)>", content, flags=re.DOTALL)
    # Control characters are encoded as entities. A paragraph begins with an indented line.
    clean = (re.sub(r"&#\d+;", " ", part).replace("&lt;", "<").replace("&amp;", "&") for part in parts)
    paragraphs = (" ".join(paragraph.split()) for part in clean for paragraph in re.split(r"\n(?=\s)", part))
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)
