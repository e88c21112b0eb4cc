# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise push --space`: the files of the Space, and what the Hub gets."""

import json
import runpy
from importlib import metadata

import gradio as gr
import labelwise_cli as cli
import pytest
from huggingface_hub import SpaceCard

import labelwise
from labelwise.hub import spaces


@pytest.fixture
def push(hub, model, capsys):
    """`push(options)`: what the command prints."""

    def run(options: str = "") -> dict:
        capsys.readouterr()
        assert cli.main(f"push --model_name_or_path {model} --repo_id ann/tagger --space {options}".split()) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_a_page_of_the_model_on_the_hub(hub, push, tmp_path, monkeypatch):
    addresses = push()
    space = hub.repos["space", "ann/tagger"]
    assert addresses == {
        "commit": f"{hub.url}/ann/tagger/commit/{hub.repos['model', 'ann/tagger'].at('main').oid}",
        "space": f"{hub.url}/spaces/ann/tagger/commit/{space.at('main').oid}",
    }
    assert space.private and not hub.repos["model", "ann/tagger"].private
    assert space.files.keys() == {".gitattributes", "app.py", "requirements.txt", "README.md"}
    assert space.files["requirements.txt"].decode() == f"labelwise[demo]=={labelwise.__version__}\n"
    card = SpaceCard(space.files["README.md"].decode()).data
    assert (card.sdk, card.sdk_version, card.app_file) == ("gradio", gr.__version__, "app.py")
    assert (card.title, card.models) == ("tagger", ["ann/tagger"])
    # The app runs as the Space would run it: it loads the model from the Hub.
    shown = []
    monkeypatch.setattr(gr.Blocks, "launch", lambda blocks: shown.append(blocks))
    (tmp_path / "app.py").write_bytes(space.files["app.py"])
    runpy.run_path(str(tmp_path / "app.py"))
    assert shown[0].title == "ann/tagger: labels"


def test_a_space_that_was_made_public_stays_so(hub, push):
    push()
    hub.repos["space", "ann/tagger"].private = False
    space = push()["space"]
    assert not hub.repos["space", "ann/tagger"].private
    assert space.startswith(f"{hub.url}/spaces/ann/tagger/commit/")


def test_nothing_is_published_without_gradio(hub, refused, model, monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(spaces, "version", missing)
    told = refused(f"push --model_name_or_path {model} --repo_id ann/tagger --space")
    assert "pip install 'labelwise[demo]'" in told
    assert hub.repos == {}
