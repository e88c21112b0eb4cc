# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import os

import pytest
from datasets import DatasetDict

from labelwise.datasets_scripts import CORPORA, load_corpus, loading
from labelwise.datasets_scripts.gaic import GAIC
from labelwise.datasets_scripts.goemotions import GoEmotions
from labelwise.datasets_scripts.loading import find_builder
from labelwise.errors import UserInputError


@pytest.fixture
def emotions(tmp_path, monkeypatch):
    monkeypatch.setattr(GoEmotions, "COUNTS", {})
    folder = tmp_path / "emotions"
    folder.mkdir()
    (folder / "labels.txt").write_text("joy\nanger\n")
    for name in ("train", "dev", "test"):
        (folder / f"{name}.tsv").write_text("one\t0\ta1\n")
    return folder


@pytest.mark.parametrize("name", ["", "a/b/c", "rmsc_v2", "ns/na me"])
def test_unknown_name(name):
    with pytest.raises(UserInputError) as error:
        load_corpus(name)
    assert str(error.value) == f"unknown dataset '{name}'; known: {', '.join(CORPORA)}; or a Hub id ns/name"


def test_local_path_is_no_name(tmp_path):
    with pytest.raises(UserInputError, match="is a local path"):
        load_corpus(str(tmp_path))


# One corpus with the `find_sources` of the base class, and those that have their own.
@pytest.mark.parametrize("name", ["aapd", "cail2019_elements", "reuters21578", "rmsc-v2", "toxic"])
def test_folder_is_needed(name, tmp_path):
    config = "loan" if name == "cail2019_elements" else None
    with pytest.raises(UserInputError, match=f"{name} needs data_dir: a folder with .*; get them from https://"):
        load_corpus(name, config_name=config)
    with pytest.raises(UserInputError, match="nowhere is not a folder"):
        load_corpus(name, data_dir=str(tmp_path / "nowhere"), config_name=config)
    with pytest.raises(UserInputError, match=r"https://") as error:
        load_corpus(name, data_dir=str(tmp_path), config_name=config)
    assert "\n" not in str(error.value)


def test_unknown_configuration():
    with pytest.raises(UserInputError, match="unknown configuration 'x' of reuters21578; known: modapte, random-80-20"):
        load_corpus("reuters21578", config_name="x")
    with pytest.raises(UserInputError, match="unknown configuration 'x' of support_tickets; it has none"):
        load_corpus("support_tickets", config_name="x")


def test_emotions_come_from_the_hub_without_a_folder(monkeypatch):
    calls = []

    def load_hub(*args, **kwargs):
        calls.append((args, kwargs))
        raise UserInputError("no network")

    monkeypatch.setattr(loading, "load_hub", load_hub)
    with pytest.raises(UserInputError, match=r"no network; or give data_dir with train\.tsv, .* from https://"):
        load_corpus("goemotions", split_seed=3)
    assert calls == [(("google-research-datasets/go_emotions", None, "simplified", None), {"split_seed": 3})]


def test_hub_ids_go_to_the_hub(monkeypatch):
    calls = []
    monkeypatch.setattr(loading, "load_hub", lambda *args, **options: calls.append((args, options)) or DatasetDict())
    corpus = load_corpus("ns/some.na-me", "folder", "some", "cache", ["a"], label_columns=["a", "b"])
    assert corpus == DatasetDict()
    assert calls == [(("ns/some.na-me", "folder", "some", "cache", ["a"]), {"label_columns": ["a", "b"]})]


@pytest.mark.parametrize("options", [{"text_column": "body"}, {"missing_labels": "drop"}, {"delimiter": ";"}])
def test_options_of_own_files_are_refused_for_a_corpus(options):
    (name,) = options
    with pytest.raises(UserInputError, match=f"{name} is for your own files and datasets of the Hub; aapd is read as"):
        load_corpus("aapd", **options)


def test_labels_of_a_model_give_the_order(emotions, cache):
    (emotions / "test.tsv").write_text("one\t0,1\ta1\n")
    corpus = load_corpus("goemotions", str(emotions), cache_dir=cache, model_labels=["grief", "anger", "joy"])
    assert corpus["train"].features["labels"].feature.names == ["grief", "anger", "joy"]
    assert (corpus["train"]["labels"][:], corpus["test"]["labels"][:]) == ([[2]], [[1, 2]])
    with pytest.raises(UserInputError, match=r"goemotions has 1 label that the model does not have: anger$"):
        load_corpus("goemotions", str(emotions), cache_dir=cache, model_labels=["grief", "joy"])


def test_what_is_missing_is_told_at_every_load(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(GAIC, "COUNTS", {})
    told = []
    monkeypatch.setattr(loading.logger, "warning", told.append)
    (tmp_path / "track1_round1_train_20210222.csv").write_text("".join(f"{i}|,|1 2|,|3\n" for i in range(10)))
    for _ in range(2):
        load_corpus("gaic", data_dir=str(tmp_path), cache_dir=cache)
    assert told == [f"{tmp_path} contains no train.csv (round 2), only 10,000 of the 30,000 published documents"] * 2
    (tmp_path / "train.csv").write_text("0|,|1 2|,|3,4\n")
    load_corpus("gaic", data_dir=str(tmp_path), cache_dir=cache)
    assert len(told) == 2


def test_builder_is_found(emotions, monkeypatch):
    assert isinstance(find_builder("goemotions", data_dir=str(emotions)), GoEmotions)
    assert find_builder("goemotions") is find_builder("ns/name") is None


def test_second_load_comes_from_the_cache(emotions, cache, monkeypatch):
    first = load_corpus("goemotions", data_dir=str(emotions), cache_dir=cache)
    monkeypatch.setattr(GoEmotions, "read", lambda self: pytest.fail("built again"))
    again = load_corpus("goemotions", data_dir=str(emotions / ".." / "emotions"), cache_dir=cache)
    assert again["train"][:] == first["train"][:]
    assert again["train"]._fingerprint == first["train"]._fingerprint


def test_changed_file_is_read_anew(emotions, cache):
    load_corpus("goemotions", data_dir=str(emotions), cache_dir=cache)
    times = os.stat(emotions / "train.tsv").st_mtime_ns
    (emotions / "train.tsv").write_text("two\t1\ta1\n")
    os.utime(emotions / "train.tsv", ns=(times, times + 1_000_000))
    dataset = load_corpus("goemotions", data_dir=str(emotions), cache_dir=cache)
    assert dataset["train"][0] == {"id": "a1", "text": "two", "labels": [1]}


def test_failed_build_leaves_nothing_behind(emotions, cache):
    whole = (emotions / "dev.tsv").read_text()
    (emotions / "dev.tsv").write_text("broken\n")
    for _ in range(2):
        with pytest.raises(UserInputError, match=r"dev\.tsv line 1"):
            load_corpus("goemotions", data_dir=str(emotions), cache_dir=cache)
    (emotions / "dev.tsv").write_text(whole)
    assert len(load_corpus("goemotions", data_dir=str(emotions), cache_dir=cache)["validation"]) == 1


def test_seeds_have_their_own_builds(cache):
    one, two = (load_corpus("support_tickets", split_seed=seed, cache_dir=cache) for seed in (0, 1))
    assert one["train"][0] != two["train"][0]
