# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise datasets`: the list, the numbers, the copies."""

import json

import datasets
import pytest
from huggingface_hub import HfApi

from labelwise import cli, load_corpus, load_files
from labelwise.datasets_scripts import CORPORA
from labelwise.datasets_scripts.aapd import AAPD
from labelwise.datasets_scripts.reuters21578 import Reuters21578
from labelwise.datasets_scripts.stats import stats

from ...hub.hub_server import HTTPFault
from ...tiny_corpus import TINY


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(tmp_path_factory.mktemp("cache")))


def test_list(capsys):
    assert cli.main(["datasets"]) == 0
    corpora = {line["name"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert list(corpora) == sorted(CORPORA)
    assert corpora["support_tickets"] == {"name": "support_tickets", "configs": [], "home": "the package itself"}
    assert "random-80-20" in corpora["reuters21578"]["configs"]


@pytest.mark.parametrize("options", [[], ["--stats"]])
def test_stats(capsys, options):
    corpus = load_corpus("support_tickets")
    capsys.readouterr()
    assert cli.main(["datasets", "support_tickets", *options]) == 0
    out, table = capsys.readouterr()
    assert json.loads(out) == {"dataset": "support_tickets", "stats": stats(corpus)}
    assert f"{len(corpus['train']):,}" in table.splitlines()[0]
    assert all(name in table for name in corpus["train"].features["labels"].feature.names)


def test_stats_of_a_corpus_without_its_training_text(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(AAPD, "COUNTS", {})
    for part, labels in {"train": "a b\nb\nb\n", "val": "a\n", "test": "b\n"}.items():
        (tmp_path / f"label_{part}").write_text(labels)
        if part != "train":
            (tmp_path / f"text_{part}").write_text("one two\n")
    assert cli.main(["datasets", "aapd", "--data_dir", str(tmp_path), "--stats"]) == 0
    lines = capsys.readouterr().err.splitlines()
    told = "contains no text_train: aapd has no training documents, only their label sets (label_train)"
    assert lines[0] == f"{tmp_path} {told}"
    assert lines[1].split() == ["here", "LW-PT", "LM-MTC"]
    assert lines[2].split()[-3:] == ["0", "53,840", "53,840"]
    assert [line.split() for line in lines[-2:]] == [["b", "4"], ["a", "2"]]


def test_stats_of_a_configuration(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(Reuters21578, "COUNTS", {})
    head = '<REUTERS TOPICS="YES" LEWISSPLIT="{}" NEWID="{}">\n<TOPICS><D>{}</D></TOPICS><TEXT><BODY>{}</BODY></TEXT>'
    stories = [head.format("TRAIN" if i < 8 else "TEST", i, "ab"[i % 2], i) + "</REUTERS>\n" for i in range(10)]
    (tmp_path / "reut2-000.sgm").write_text("".join(stories))
    command = ["datasets", "reuters21578", "--data_dir", str(tmp_path)]
    assert cli.main([*command, "--config_name", "random-80-20"]) == 0
    assert "8,630" in capsys.readouterr().err
    assert cli.main(command) == 0
    assert "LM-MTC" not in capsys.readouterr().err


def test_parquet_comes_back(capsys, tmp_path):
    corpus = load_corpus("support_tickets")
    folder = tmp_path / "parquet"
    assert cli.main(["datasets", "support_tickets", "--to_parquet", str(folder)]) == 0
    files = {split: str(folder / f"{split}.parquet") for split in ("train", "validation", "test")}
    assert json.loads(capsys.readouterr().out) == {"dataset": "support_tickets", "files": list(files.values())}
    back = datasets.load_dataset("parquet", data_files=files)
    own = load_files(*files.values())
    for split, rows in corpus.items():
        assert back[split].features == rows.features
        assert back[split].to_list() == rows.to_list()
        assert own[split].features["labels"] == rows.features["labels"]
        assert own[split].to_list() == rows.to_list()


def test_parquet_that_cannot_be_written_leaves_nothing(refused, tmp_path, monkeypatch):
    write = datasets.Dataset.to_parquet

    def full(rows, path):
        if path.name == "test.parquet":
            raise OSError(27, "File too large")
        return write(rows, path)

    monkeypatch.setattr(datasets.Dataset, "to_parquet", full)
    folder = tmp_path / "parquet"
    told = refused(f"datasets support_tickets --to_parquet {folder}")
    assert f"--to_parquet {folder} cannot be written: File too large" in told
    assert not folder.exists()


def test_published_and_back(hub, capsys):
    corpus = load_corpus("support_tickets", split_seed=3)
    capsys.readouterr()
    command = "datasets support_tickets --split_seed 3 --push_to_hub ann/tickets"
    assert cli.main(command.split()) == 0
    repo = hub.repos["dataset", "ann/tickets"]
    _, data, _ = repo.commits
    commit = f"{hub.url}/datasets/ann/tickets/commit/{data}"
    assert json.loads(capsys.readouterr().out) == {"dataset": "support_tickets", "commit": commit}
    assert f"labelwise {command}" in repo.files["README.md"].decode()
    back = datasets.load_dataset("ann/tickets")
    for split, rows in corpus.items():
        assert back[split].features == rows.features
        assert back[split].to_list() == rows.to_list()
    own = load_corpus("ann/tickets")
    assert {split: rows.to_list() for split, rows in own.items()} == {k: rows.to_list() for k, rows in corpus.items()}


def test_train_and_evaluate_on_a_published_corpus(hub, capsys, files, tmp_path):
    load_files(*(str(files / f"{split}.jsonl") for split in ("train", "validation", "test"))).push_to_hub("ann/tiny")
    assert cli.main(f"train --dataset ann/tiny {TINY} --output_dir {tmp_path}".split()) == 0
    measured = json.loads((tmp_path / "results.json").read_text())["metrics"]["test"]
    capsys.readouterr()
    for data in ("--dataset ann/tiny", f"--test_file {files / 'test.jsonl'}"):
        assert cli.main(f"evaluate --model_name_or_path {tmp_path} {data}".split()) == 0
        assert json.loads(capsys.readouterr().out).items() >= measured.items()


def test_published_from_the_hub(hub, capsys):
    assert cli.main(["datasets", "support_tickets", "--push_to_hub", "ann/tickets"]) == 0
    assert cli.main(["datasets", "ann/tickets", "--push_to_hub", "ann/copy"]) == 0
    assert datasets.load_dataset("ann/copy")["test"].to_list() == load_corpus("support_tickets")["test"].to_list()
    assert "A copy of the dataset `ann/tickets`" in hub.repos["dataset", "ann/copy"].files["README.md"].decode()


def test_a_card_of_somebodys_own_stays(hub, capsys):
    HfApi().create_repo("ann/tickets", repo_type="dataset")
    card = b"---\nlicense: mit\n---\nMine, all mine."
    HfApi().upload_file(path_or_fileobj=card, path_in_repo="README.md", repo_id="ann/tickets", repo_type="dataset")
    assert cli.main(["datasets", "support_tickets", "--push_to_hub", "ann/tickets"]) == 0
    published = hub.repos["dataset", "ann/tickets"].files["README.md"].decode()
    assert "license: mit" in published and "configs:" in published
    assert published.endswith("---\nMine, all mine.")


def test_not_published(hub, refused, monkeypatch):
    command = "datasets support_tickets --push_to_hub"
    assert "'tickets' is not a name of the Hub" in refused(f"{command} tickets")
    assert "the token may not do this with bob/tickets" in refused(f"{command} bob/tickets")
    assert hub.repos == {}
    with hub.unplugged():
        assert "ann/tickets cannot be published: no connection to http" in refused(f"{command} ann/tickets")
        assert "ann/tickets cannot be loaded from the Hub: no connection to http" in refused("datasets ann/tickets")
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    assert "the Hub does not know the token" in refused(f"{command} ann/tickets")
    assert "the Hub does not know the token" in refused("datasets ann/tickets")
    monkeypatch.delenv("HF_TOKEN")
    assert "no token; log in" in refused(f"{command} ann/tickets")
    assert "there is no ann/tickets, or it is private" in refused("datasets ann/tickets")
    assert hub.repos == {}


@pytest.mark.parametrize("place", ["PUT /storage/", "POST /api/datasets/ann/tickets/commit/"])
def test_broken_upload_leaves_what_was_there(hub, refused, capsys, place):
    assert cli.main(["datasets", "support_tickets", "--push_to_hub", "ann/tickets"]) == 0
    before = hub.repos["dataset", "ann/tickets"].files
    capsys.readouterr()

    def fail(request, answer):
        if f"{request.method} {request.path}".startswith(place):
            raise HTTPFault(500, "Internal Error")

    hub.faults = [fail]
    told = refused("datasets support_tickets --split_seed 1 --push_to_hub ann/tickets")
    assert told == "ann/tickets cannot be published: the Hub answered 500 (Internal Error); try again later"
    assert hub.repos["dataset", "ann/tickets"].files == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("nosuch", "unknown dataset 'nosuch'; known: "),
        ("reuters21578", "reuters21578 needs data_dir: a folder with"),
        ("support_tickets --config_name nosuch", "unknown configuration 'nosuch'"),
        ("support_tickets --to_parquet FILE", "is a file; name a folder"),
        ("support_tickets --to_parquet FILE/below", "is a file; name a folder"),
        ("support_tickets --split_seed -1", "--split_seed -1: must be >= 0 and < 2**32"),
        ("support_tickets --nosuch", "unknown option --nosuch"),
    ],
)
def test_refused(refused, tmp_path, options, told):
    (tmp_path / "file").write_text("mine")
    assert told in refused(f"datasets {options.replace('FILE', str(tmp_path / 'file'))}")
