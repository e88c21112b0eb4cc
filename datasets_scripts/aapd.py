# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""AAPD: abstracts of computer science papers with their subjects on arXiv."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from ..errors import UserInputError
from ..wording import counted
from .builder import CorpusBuilder
from .documents import Document
from .lines import read_lines, read_names

TSV_FILES = ("aapd_train.tsv", "aapd_validation.tsv", "aapd_test.tsv", "labels.txt")
# Split -> its name in the files.
PARTS = {"train": "train", "validation": "val", "test": "test"}


class AAPD(CorpusBuilder):
    """Arxiv Academic Paper Dataset (Yang et al., *SGM: Sequence Generation Model for Multi-label Classification*,
    COLING 2018), in the authors' own split.

    Two forms are supported. In the authors' form, each line of `text_*` is a document, and the same line of `label_*`
    lists its subjects, separated by spaces. In the other form, each line of `aapd_*.tsv` is a row of 0 and 1, a tab and
    the text; the lines of `labels.txt` are the label names in the order of the row, or "0", "1" and so on without it.

    The training text may be missing. The corpus then has no training split, only the label sets of `label_train`.
    """

    DESCRIPTION = "AAPD: abstracts of papers in computer science with their 54 subjects on arXiv."
    CITATION = "Yang et al. SGM: Sequence Generation Model for Multi-label Classification. COLING 2018."
    HOME = "https://github.com/lancopku/SGM"
    LICENSE = "none stated"
    FILES = tuple(f"{kind}_{part}" for part in PARTS.values() for kind in ("text", "label"))
    OPTIONAL = ("text_train", "aapd_train.tsv", "labels.txt")
    COUNTS: ClassVar = {
        "default": {
            "train documents": 53840,
            "validation documents": 1000,
            "test documents": 1000,
            "label_train lines": 53840,
            "labels": 54,
        }
    }

    def find_sources(self, data_dir: str | None, config_name: str | None) -> list[Path]:
        """Find the files of the authors, otherwise those of the other form; see the base class."""
        folder = self.find_folder(data_dir, f"{', '.join(self.FILES)} (or {', '.join(TSV_FILES)})")
        authors = any((folder / name).is_file() for name in self.FILES)
        tsv = any((folder / name).is_file() for name in TSV_FILES)
        return self.find_files(folder, TSV_FILES if tsv and not authors else self.FILES)

    def missing(self) -> str:
        """Report a missing training text; see the base class."""
        if "text_train" in self._found or "aapd_train.tsv" in self._found:
            return ""
        missing = "aapd_train.tsv: aapd has no training documents"
        if "label_train" in self._found:
            missing = "text_train: aapd has no training documents, only their label sets (label_train)"
        return f"{self.sources[0].parent} contains no {missing}"

    def read_label_sets(self) -> list[list[str]]:
        """Read the label sets of `label_train` if its text is missing; see the base class."""
        if "label_train" not in self._found or "text_train" in self._found:
            return []
        return [line.split() for _, line in read_lines(self._found["label_train"])]

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Read the files of one form; see the base class."""
        names, splits = self._read_pairs() if "label_train" in self._found else self._read_tables()
        self.check_counts(
            **{f"{split} documents": len(documents) for split, documents in splits.items()}, labels=len(names)
        )
        return names, splits

    @property
    def _found(self) -> dict[str, Path]:
        return {path.name: path for path in self.sources}

    def _read_pairs(self) -> tuple[list[str], dict[str, list[Document]]]:
        train_sets = [line.split() for _, line in read_lines(self._found["label_train"])]
        self.check_counts(**{"label_train lines": len(train_sets)})
        names = sorted({name for label_set in train_sets for name in label_set})
        parts = {split: part for split, part in PARTS.items() if f"text_{part}" in self._found}
        return names, {
            split: read_pair(self._found[f"text_{part}"], self._found[f"label_{part}"], names)
            for split, part in parts.items()
        }

    def _read_tables(self) -> tuple[list[str], dict[str, list[Document]]]:
        tables = {split: self._found[f"aapd_{split}.tsv"] for split in PARTS if f"aapd_{split}.tsv" in self._found}
        if "labels.txt" in self._found:
            names = read_names(self._found["labels.txt"])
        else:
            _, first = next(read_lines(tables["test"]), (1, ""))
            names = [str(i) for i in range(len(first.split("\t")[0]))]
        return names, {split: list(read_table(path, names)) for split, path in tables.items()}


def read_pair(text_file: Path, label_file: Path, names: Sequence[str]) -> list[Document]:
    """Read a file of texts and the file of their labels.

    Args:
        text_file (`Path`): File with one text per line.
        label_file (`Path`): File with the labels of the same line, separated by spaces.
        names (`Sequence[str]`): Names of all labels.

    Returns:
        `list[Document]`: The documents; a label that a line repeats (15 lines of `label_train` do) counts once.

    Raises:
        UserInputError: The files differ in length, a text is empty, or a label is not in `names`.
    """
    texts = [line.strip() for _, line in read_lines(text_file)]
    label_sets = [line.split() for _, line in read_lines(label_file)]
    if len(texts) != len(label_sets):
        raise UserInputError(
            f"{label_file}: {counted(len(label_sets), 'line')}, but {counted(len(texts), 'line')} in {text_file.name}; "
            "download both again"
        )
    documents = []
    for number, (text, labels) in enumerate(zip(texts, label_sets, strict=True), start=1):
        if not text:
            raise UserInputError(f"{text_file} line {number}: the text is missing; download the file again")
        unknown = [name for name in labels if name not in names]
        if unknown:
            raise UserInputError(
                f"{label_file} line {number}: no training document has the label '{unknown[0]}'; correct it"
            )
        documents.append(Document(f"{text_file.name}-{number}", text, labels))
    return documents


def read_table(path: Path, names: Sequence[str]) -> Iterator[Document]:
    """Yield the documents of one table.

    Args:
        path (`Path`): A file of lines with a row of 0 and 1, a tab, and the text.
        names (`Sequence[str]`): Label names in the order of the row.

    Yields:
        `Document`: One document.

    Raises:
        UserInputError: A line is malformed, or its row has another length than `names`.
    """
    for number, line in read_lines(path):
        row, tab, text = line.strip("\r\n").partition("\t")
        if not tab or not text.strip() or "\t" in text or not row or row.strip("01"):
            raise UserInputError(f"{path} line {number}: expected a row of 0 and 1, a tab and the text")
        if len(row) != len(names):
            raise UserInputError(
                f"{path} line {number}: {counted(len(row), 'label')}, expected {len(names)}; download the file again"
            )
        labels = [name for name, value in zip(names, row, strict=True) if value == "1"]
        yield Document(f"{path.stem}-{number}", text.strip(), labels)
