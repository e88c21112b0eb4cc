# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from typing import ClassVar

import pytest

from labelwise.datasets_scripts import CORPORA
from labelwise.datasets_scripts.builder import CorpusBuilder
from labelwise.datasets_scripts.documents import Document
from labelwise.errors import UserInputError


class Tiny(CorpusBuilder):
    """Corpus of one file with one document per line."""

    HOME = "https://example.org"
    FILES = ("tiny.txt",)
    COUNTS: ClassVar = {"default": {"lines": 3}}

    def read(self):
        lines = self.sources[0].read_text().splitlines()
        self.check_counts(lines=len(lines), words=0)
        documents = [Document(str(i), line, ["a"]) for i, line in enumerate(lines)]
        return ["a"], {"train": documents, "validation": documents[:1], "test": documents[1:]}


def test_builds(tmp_path, cache):
    (tmp_path / "tiny.txt").write_text("1\n2\n3\n")
    builder = Tiny(data_dir=str(tmp_path), cache_dir=cache)
    builder.download_and_prepare()
    assert {split: len(part) for split, part in builder.as_dataset().items()} == {
        "train": 3,
        "validation": 1,
        "test": 2,
    }
    assert builder.info.homepage == "https://example.org"


def test_cache_key(tmp_path, cache):
    (tmp_path / "tiny.txt").write_text("1\n2\n3\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "tiny.txt").write_text("1\n2\n3\n")

    def key(folder, **arguments):
        return Tiny(data_dir=str(folder), cache_dir=cache, **arguments).cache_dir

    first = key(tmp_path)
    assert first == key(tmp_path) == key(tmp_path / "other" / "..")
    others = {key(tmp_path, seed=1), key(tmp_path / "other")}
    (tmp_path / "tiny.txt").write_text("1\n2\n3\n4\n")
    assert len({first, key(tmp_path)} | others) == 4


def test_count_that_differs(tmp_path, cache):
    (tmp_path / "tiny.txt").write_text("1\n")
    with pytest.raises(
        UserInputError, match="must contain 3 lines, found 1; the files are incomplete or another version"
    ):
        Tiny(data_dir=str(tmp_path), cache_dir=cache).download_and_prepare()


@pytest.mark.parametrize("name", sorted(CORPORA))
def test_every_corpus_says_what_it_is(name):
    corpus = CORPORA[name]
    assert (corpus.NAME or corpus.__module__.rsplit(".", 1)[-1]) == name
    assert corpus.__doc__ and corpus.DESCRIPTION and corpus.HOME and corpus.LICENSE
