# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Base class of the corpus builders: files, cache key, published counts, features."""

import hashlib
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import datasets

from ..errors import UserInputError
from .documents import Document, make_features, to_examples


class CorpusBuilder(datasets.GeneratorBasedBuilder):
    """Base class of the corpus builders; a subclass turns its files into documents in `read`.

    Args:
        data_dir (`str`, *optional*):
            Folder with the files of the corpus, as its authors distribute them.
        config_name (`str`, *optional*):
            Configuration of the corpus; required only if there is no default.
        seed (`int`, *optional*, defaults to 0):
            Seed of all random cuts.
        cache_dir (`str`, *optional*):
            Folder of the built corpus, defaults to the cache of `datasets`.

    Raises:
        UserInputError: The configuration does not exist, or files are missing.
    """

    VERSION = datasets.Version("1.0.0")
    DESCRIPTION = ""
    CITATION = ""
    HOME = ""
    LICENSE = ""
    LANGUAGE = "en"
    # Name that the user types, if it cannot be the name of a module.
    NAME = ""
    # Files below `data_dir`; `{config}` is replaced by the name of the configuration.
    FILES: tuple[str, ...] = ()
    # Files that may be missing; `missing` then reports the consequence.
    OPTIONAL: tuple[str, ...] = ()
    # Configuration name -> counted unit -> published number.
    COUNTS: ClassVar[dict[str, dict[str, int]]] = {}

    def __init__(
        self, data_dir: str | None = None, config_name: str | None = None, seed: int = 0, cache_dir: str | None = None
    ) -> None:
        self.seed = seed
        self.corpus = self.NAME or self.__module__.rsplit(".", 1)[-1]
        config_name = self._check_config(config_name)
        self.sources = self.find_sources(data_dir, config_name)
        super().__init__(
            cache_dir=cache_dir,
            config_name=config_name,
            data_dir=None if data_dir is None else str(Path(data_dir).expanduser().resolve()),
            hash=self._stamp(),
        )

    def _check_config(self, config_name: str | None) -> str | None:
        known = ", ".join(config.name for config in self.BUILDER_CONFIGS)
        if config_name is None and self.DEFAULT_CONFIG_NAME is None and known:
            raise UserInputError(f"{self.corpus} has no default configuration; choose one of: {known}")
        if config_name is not None and config_name not in [config.name for config in self.BUILDER_CONFIGS]:
            advice = f"known: {known}" if known else "it has none, leave it out"
            raise UserInputError(f"unknown configuration '{config_name}' of {self.corpus}; {advice}")
        return config_name or self.DEFAULT_CONFIG_NAME

    def find_sources(self, data_dir: str | None, config_name: str | None) -> list[Path]:
        """Find the files of the corpus.

        Args:
            data_dir (`str`, *optional*): Folder given by the user.
            config_name (`str`, *optional*): Name of the configuration to build.

        Returns:
            `list[Path]`: The files, in the order of `FILES`.

        Raises:
            UserInputError: No folder was given, it does not exist, or a file is missing in it.
        """
        expected = [name.format(config=config_name) for name in self.FILES]
        return self.find_files(self.find_folder(data_dir, ", ".join(expected)), expected)

    def find_files(self, folder: Path, expected: Sequence[str]) -> list[Path]:
        """Find files in a folder.

        Args:
            folder (`Path`): Folder to search.
            expected (`Sequence[str]`): Names of the files.

        Returns:
            `list[Path]`: The files that exist, in the order of `expected`.

        Raises:
            UserInputError: A file that is not `OPTIONAL` is missing.
        """
        found = [folder / name for name in expected if (folder / name).is_file()]
        for name in expected:
            if folder / name not in found and name not in self.OPTIONAL:
                raise UserInputError(
                    f"{folder / name} is missing; {self.corpus} needs {', '.join(expected)} from {self.HOME}"
                )
        return found

    def find_folder(self, data_dir: str | None, expected: str) -> Path:
        """Return the folder given by the user.

        Args:
            data_dir (`str`, *optional*): Folder given by the user.
            expected (`str`): Files expected in it, for the message.

        Returns:
            `Path`: The absolute folder.

        Raises:
            UserInputError: No folder was given, or it does not exist.
        """
        if data_dir is None:
            raise UserInputError(f"{self.corpus} needs data_dir: a folder with {expected}; get them from {self.HOME}")
        folder = Path(data_dir).expanduser().resolve()
        if not folder.is_dir():
            raise UserInputError(
                f"data_dir {data_dir} is not a folder; {self.corpus} needs one with {expected} ({self.HOME})"
            )
        return folder

    def _stamp(self) -> str:
        # The code is hashed too: a corpus built by an older version must not be loaded from the cache.
        digest = hashlib.sha256(repr(self.seed).encode())
        for path in sorted(Path(__file__).parent.glob("*.py")):
            digest.update(path.read_bytes())
        for path in self.sources:
            status = path.stat()
            digest.update(f"{path}|{status.st_size}|{status.st_mtime_ns}".encode(errors="surrogateescape"))
        return digest.hexdigest()[:32]

    def check_counts(self, **found: int) -> None:
        """Compare the numbers read with the published ones.

        Args:
            found (`int`): Numbers read, by the unit's name in `COUNTS`.

        Raises:
            UserInputError: A number differs from the published one.
        """
        expected = self.COUNTS.get(self.config.name, {})
        wrong = [f"{expected[key]:,} {key}, found {n:,}" for key, n in found.items() if expected.get(key, n) != n]
        if wrong:
            raise UserInputError(
                f"{self.sources[0].parent}: {self.corpus} must contain {'; '.join(wrong)}; "
                f"the files are incomplete or another version, get them from {self.HOME}"
            )

    def missing(self) -> str:
        """Return in one line what the files lack compared with the papers; empty if the corpus is complete."""
        return ""

    def read_label_sets(self) -> list[list[str]]:
        """Return the label names of each training document without text; they count in the statistics of the corpus."""
        return []

    @abstractmethod
    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Read, check and split the corpus.

        Returns:
            `tuple[list[str], dict[str, list[Document]]]`: Label names in the order of their ids, and the documents by
            split: `train` (unless it is missing), `validation`, `test`.

        Raises:
            UserInputError: A file is malformed, or its numbers differ from the published ones.
        """

    def _info(self) -> datasets.DatasetInfo:
        return datasets.DatasetInfo(
            description=self.DESCRIPTION, citation=self.CITATION, homepage=self.HOME, license=self.LICENSE
        )

    # Files are not read in `_generate_examples`, because `datasets` wraps its errors in its own.
    def _split_generators(self, dl_manager: datasets.DownloadManager) -> list[datasets.SplitGenerator]:
        names, splits = self.read()
        self.info.features = make_features(names)
        # Tuples, because `datasets` treats lists here as shards.
        return [
            datasets.SplitGenerator(name, gen_kwargs={"documents": tuple(documents), "names": tuple(names)})
            for name, documents in splits.items()
        ]

    def _generate_examples(self, documents: tuple[Document, ...], names: tuple[str, ...]) -> Iterator[tuple[int, dict]]:
        yield from enumerate(to_examples(documents, names))
