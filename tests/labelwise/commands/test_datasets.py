# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise datasets`: the list, the numbers, the copies."""

import datasets
import pytest

from labelwise import cli, load_corpus, load_files
from labelwise.datasets_scripts import CORPORA


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(tmp_path_factory.mktemp("cache")))


def test_list(capsys):
    assert cli.main(["datasets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(CORPORA)
    assert lines[-1].endswith("the package itself")


@pytest.mark.parametrize("options", [[], ["--stats"]])
def test_stats(capsys, options):
    corpus = load_corpus("support_tickets")
    capsys.readouterr()
    assert cli.main(["datasets", "support_tickets", *options]) == 0
    out = capsys.readouterr().out
    assert f"{len(corpus['train']):,}" in out.splitlines()[0]
    assert all(name in out for name in corpus["train"].features["labels"].feature.names)


def test_parquet_comes_back(capsys, tmp_path):
    corpus = load_corpus("support_tickets")
    folder = tmp_path / "parquet"
    assert cli.main(["datasets", "support_tickets", "--to_parquet", str(folder)]) == 0
    files = {split: str(folder / f"{split}.parquet") for split in ("train", "validation", "test")}
    assert capsys.readouterr().out.split() == list(files.values())
    back = datasets.load_dataset("parquet", data_files=files)
    own = load_files(*files.values())
    for split, rows in corpus.items():
        assert back[split].features == rows.features
        assert back[split].to_list() == rows.to_list()
        assert own[split].features["labels"] == rows.features["labels"]
        assert own[split].to_list() == rows.to_list()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("nosuch", "unknown dataset 'nosuch'; known: "),
        ("reuters21578", "reuters21578 needs data_dir: a folder with"),
        ("support_tickets --config_name nosuch", "unknown configuration 'nosuch'"),
        ("support_tickets --to_parquet FILE", "is a file; name a folder"),
        ("support_tickets --to_parquet FILE/below", "is a file; name a folder"),
        ("support_tickets --split_seed -1", "--split_seed -1: it should be from 0 to 2**32 - 1"),
        ("support_tickets --nosuch", "unknown option --nosuch"),
    ],
)
def test_refused(refused, tmp_path, options, told):
    (tmp_path / "file").write_text("mine")
    assert told in refused(f"datasets {options.replace('FILE', str(tmp_path / 'file'))}")
