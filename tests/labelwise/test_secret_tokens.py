# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tokens of the Hub: refused as an option, and in no file, published or not, whatever else they were given as."""

import json
import shutil
from pathlib import Path

import labelwise_cli as cli
import pytest

from labelwise import MultiLabelClassifier
from labelwise.errors import UserInputError
from labelwise.secret_tokens import HIDDEN, hide_tokens

from ..tiny_corpus import TINY

OTHER = "hf_" + "QzXw" * 8  # of somebody whose token is not in the environment


def assert_without_tokens(contents: dict[str, bytes]) -> None:
    assert contents
    for name, content in contents.items():
        assert OTHER.encode() not in content and b"hf_ann" not in content, name


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def named_like_a_token(files, tmp_path_factory) -> str:
    """The options that name the data, in a folder that has the name of a token."""
    folder = shutil.copytree(
        files, tmp_path_factory.mktemp("data") / OTHER, ignore=shutil.ignore_patterns("model", "pre*")
    )
    return " ".join(f"--{split}_file {folder / split}.jsonl" for split in ("train", "validation", "test"))


def test_what_looks_like_a_token(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    assert hide_tokens(f"--a {OTHER} --b=hf_mine,{OTHER} hf_home") == f"--a {HIDDEN} --b={HIDDEN},{HIDDEN} hf_home"
    monkeypatch.setenv("HF_TOKEN", "train")  # no token: the word stays
    assert hide_tokens("labelwise train") == "labelwise train"


def test_a_published_model(hub, named_like_a_token, tmp_path):
    """The path of a file goes into the record in the folder of a run; a token in it does not."""
    folder = tmp_path / "out"
    command = f"train --model lstm {named_like_a_token} {TINY} --keep_checkpoints --push_to_hub true"
    command += " --hub_model_id ann/tagger"
    assert cli.main([*command.split(), "--output_dir", str(folder)]) == 0
    repo = hub.repos["model", "ann/tagger"]
    assert {"README.md", "results.json", "config.json"} <= repo.files.keys()
    assert HIDDEN in (folder / "results.json").read_text()
    assert_without_tokens(repo.files)
    named = ("results.json", "README.md", "trainer_state.json", "config.json")
    assert_without_tokens({name: content for name, content in files_of(folder).items() if name.endswith(named)})


@pytest.mark.parametrize(
    "command",
    [
        f"train DATA {TINY} --output_dir out --hub_token {OTHER}",
        f"train DATA {TINY} --output_dir out --hub_token={OTHER}",
        f"train DATA {TINY} --output_dir out --hub-tok {OTHER}",
        f"pretrain-encoder DATA --output_dir out --hub_token {OTHER}",
        f"push --model_name_or_path MODEL --repo_id ann/tagger --hub_token {OTHER}",
    ],
)
def test_refused_as_an_option(refused, model, data, command):
    assert OTHER not in refused(command.replace("DATA", data).replace("MODEL", str(model)))


def test_refused_in_options_of_runs(data, capsys, tmp_path):
    argv = [
        *f"compare {data} --models br --output_dir {tmp_path / 'out'}".split(),
        f"--train_arguments=--hub_token {OTHER}",
    ]
    assert cli.main(argv) == 2
    assert OTHER not in "".join(capsys.readouterr())
    table = tmp_path / "tiny.toml"
    table.write_text(
        'title = "Tiny"\npaper = "none"\nseeds = [1]\nmetrics = ["micro_f1"]\nsystems = ["br"]\n[[corpora]]\n'
        f'name = "own"\nsplit = "48 / 16 / 16"\narguments = "{data} --min_frequency 1 --hub_token {OTHER}"\n'
    )
    cli.main(["reproduce", str(table), "--output_dir", str(tmp_path / "runs")])
    assert OTHER not in "".join(capsys.readouterr())
    (tmp_path / "runs").mkdir(exist_ok=True)
    assert all(OTHER.encode() not in content for content in files_of(tmp_path / "runs").values())


def test_refused_in_python():
    with pytest.raises(UserInputError, match="hub_token") as caught:
        MultiLabelClassifier("lstm", hub_token=OTHER).fit(["a b", "c d"] * 9, [["x"], ["y"]] * 9)
    assert OTHER not in str(caught.value)


def test_audit(named_like_a_token, tmp_path):
    assert cli.main(f"audit {named_like_a_token} --output_dir {tmp_path}".split()) == 0
    assert HIDDEN in json.loads((tmp_path / "audit.json").read_text("utf-8"))["command"]
    assert_without_tokens({name: content for name, content in files_of(tmp_path).items() if "audit." in name})
