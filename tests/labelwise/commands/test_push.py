# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise push`: what goes out, what comes back by the other commands, and what is refused."""

import json
import shutil

import labelwise_cli as cli
import pytest
from transformers import AutoModelForSequenceClassification

from labelwise.hub.public_record import public_record

from ...file_modes import modes_of, usual_mode
from ...hub.hub_server import HTTPFault


def run(command: str, capsys) -> str:
    """What a command prints."""
    capsys.readouterr()
    assert cli.main(command.split()) == 0
    return capsys.readouterr().out


def test_push_and_use(hub, model, files, capsys, tmp_path):
    out = run(f"push --model_name_or_path {model} --repo_id ann/tagger --commit_message First", capsys)
    repo = hub.repos["model", "ann/tagger"]
    assert json.loads(out) == {"commit": f"{hub.url}/ann/tagger/commit/{repo.at('main').oid}"}
    assert [commit.title for commit in repo.commits.values()] == ["initial commit", "First"]
    assert not repo.private
    text = tmp_path / "texts.txt"
    text.write_text("money loan account\nball goal\n")
    for command in (f"evaluate --test_file {files / 'test.jsonl'}", f"predict --input {text}"):
        assert run(f"{command} --model_name_or_path ann/tagger", capsys) == run(
            f"{command} --model_name_or_path {model}", capsys
        )


@pytest.mark.parametrize("name", ["model", "pretrained"])
def test_only_the_model_goes_out(request, hub, name, tmp_path, capsys):
    folder = tmp_path / "out"
    shutil.copytree(request.getfixturevalue(name), folder)
    for file in ("training_args.bin", "optimizer.pt", "pytorch_model.bin", "notes.txt", ".env", "checkpoint-1/rng.pth"):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(b"private")
    run(f"push --model_name_or_path {folder} --repo_id ann/tagger --private", capsys)
    repo = hub.repos["model", "ann/tagger"]
    assert repo.private
    published = dict(repo.files)
    del published[".gitattributes"]
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md", "results.json"} <= published.keys()
    assert {path.rpartition(".")[2] for path in published} <= {"json", "md", "safetensors", "py"}
    assert b"private" not in published.values()
    recorded = json.loads((folder / "results.json").read_text())
    assert json.loads(published["results.json"]) == public_record(recorded) != recorded


def test_what_is_published_is_readable_alike(model, monkeypatch, capsys):
    found = []

    def publish(folder, repo_id, *args):
        found.append(modes_of(folder) == {usual_mode(folder)})
        return "address"

    monkeypatch.setattr("labelwise.runs.publishing.check_token", lambda repo_id: None)
    monkeypatch.setattr("labelwise.runs.publishing.publish_folder", publish)
    assert "address" in run(f"push --model_name_or_path {model} --repo_id ann/tagger", capsys)
    assert found == [True]


def test_the_card_names_the_model_as_the_hub_does_unless_edited(hub, model, tmp_path, capsys):
    folder = tmp_path / "out"
    shutil.copytree(model, folder)
    card = folder / "README.md"
    run(f"push --model_name_or_path {folder} --repo_id ann/tagger", capsys)
    published = hub.repos["model", "ann/tagger"].files["README.md"].decode()
    assert 'model="ann/tagger"' in published
    card.write_text("---\nlicense: mit\n---\nMine, all mine.\n")
    run(f"push --model_name_or_path {folder} --repo_id ann/tagger", capsys)
    assert hub.repos["model", "ann/tagger"].files["README.md"] == card.read_bytes()


def test_a_model_without_a_card(hub, model, tmp_path, capsys):
    folder = tmp_path / "out"
    AutoModelForSequenceClassification.from_pretrained(model).save_pretrained(folder)
    for path in model.glob("tokenizer*"):
        shutil.copy(path, folder)
    run(f"push --model_name_or_path {folder} --repo_id ann/tagger --revision v2", capsys)
    assert "README.md" not in hub.repos["model", "ann/tagger"].at("v2").files
    assert "config.json" not in hub.repos["model", "ann/tagger"].at("main").files


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            "--model_name_or_path nowhere --repo_id ann/t",
            "--model_name_or_path nowhere is neither a folder nor a Hub id",
        ),
        ("--model_name_or_path ann/tagger --repo_id ann/t", "ann/tagger: no such folder"),
        ("--model_name_or_path FILES --repo_id ann/t", "contains no model"),
        ("--model_name_or_path MODEL/config.json --repo_id ann/t", "no such folder"),
        ("--model_name_or_path MODEL", "required: --repo_id"),
        ("--model_name_or_path MODEL --repo_id tagger", "'tagger' is not a name of the Hub"),
        ("--model_name_or_path MODEL --repo_id bob/t", "the token may not do this with bob/t"),
        ("--model_name_or_path PRETRAINED/pretraining --repo_id ann/t", "it has no classifier yet"),
    ],
)
def test_refused(hub, refused, model, pretrained, files, options, told):
    for word, path in {"MODEL": model, "FILES": files, "PRETRAINED": pretrained}.items():
        options = options.replace(word, str(path))
    assert told in refused(f"push {options}")
    assert hub.repos == {}


@pytest.mark.parametrize(("token", "told"), [(None, "no token"), ("hf_wrong", "the Hub does not know the token")])
def test_token(hub, refused, model, monkeypatch, token, told):
    monkeypatch.delenv("HF_TOKEN")
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    assert told in refused(f"push --model_name_or_path {model} --repo_id ann/t")
    assert hub.repos == {}


def test_no_network(hub, refused, model):
    with hub.unplugged():
        assert "no connection to http" in refused(f"push --model_name_or_path {model} --repo_id ann/t")
        assert "no connection to http" in refused(f"predict --model_name_or_path ann/t --input {model / 'README.md'}")


def test_server_error(hub, refused, model):
    def fail(request, answer):
        if "/commit/" in request.path:
            raise HTTPFault(503, "Service Unavailable")

    hub.faults = [fail]
    assert "the Hub answered 503 (Service Unavailable)" in refused(f"push --model_name_or_path {model} --repo_id ann/t")
    assert list(hub.repos["model", "ann/t"].files) == [".gitattributes"]
