# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Models that are damaged, foreign or of another version: each is refused in one line, and stays as it is."""

import errno
import json
import shutil
from pathlib import Path

import labelwise_cli as cli
import pytest
from safetensors.torch import load_file, save_file

from labelwise import LabelTokenizer, LMMTCForSequenceClassification
from labelwise.errors import UserInputError
from labelwise.hub.push import publish_folder
from labelwise.runs.loading import as_user_input_error, load_classifier, load_config_and_tokenizer
from labelwise.whole_folders import COMPLETE_NAME

CONFIG, WEIGHTS = "config.json", "model.safetensors"


@pytest.fixture
def folder(model, tmp_path) -> Path:
    """A copy of the model, to be spoilt."""
    return shutil.copytree(model, tmp_path / "copy", ignore=shutil.ignore_patterns("checkpoint-*"))


def change_config(folder: Path, **changes) -> None:
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(config | changes))


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("where", ["folder", "Hub"])
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id2label": {"0": "bank", "1": "food"}, "label2id": {"bank": 0, "food": 1}}, "its weights do not fit"),
        ({"id2label": {"0": "bank", "2": "food"}}, "id2label and label2id must name labels 0 to 1, each once"),
        ({"id2label": {"0": "bank", "1": "bank", "2": "food"}}, "must name labels 0 to 2, each once"),
        (
            {"id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}, "label2id": {"a": 0, "b": 1, "c": 2, "d": 3}},
            "its weights do not fit its config",
        ),
        ({"thresholds": [0.5, 0.5]}, "2 thresholds for 3 labels"),
        ({"thresholds": [0.5, 0.5, 1.5]}, "thresholds must be >= 0 and <= 1"),
        ({"thresholds": 30}, "thresholds must be >= 0 and <= 1"),
        ({"hidden_size": 9}, "its weights do not fit its config"),
        ({"classifier": "of_tomorrow"}, "of_tomorrow"),
        ({"model_type": "bert"}, "is a bert model, not a labelwise model"),
        ({"model_type": "of_tomorrow"}, "is a of_tomorrow model, not a labelwise model"),
        ({"model_type": "lm_mtc"}, "cannot be loaded"),
    ],
)
def test_config(hub, refused, folder, where, changes, told):
    change_config(folder, **changes)
    before = content(folder)
    name = folder
    if where == "Hub":
        publish_folder(folder, "ann/spoilt")
        name = "ann/spoilt"
    message = refused(f"predict --model_name_or_path {name} --input {folder / 'README.md'}")
    assert told in message and str(name) in message
    assert content(folder) == before


def test_fields_of_a_newer_version(folder, files, capsys):
    command = f"evaluate --model_name_or_path {folder} --test_file {files / 'test.jsonl'}".split()
    assert cli.main(command) == 0
    expected = capsys.readouterr().out
    change_config(folder, transformers_version="99.0.0", of_tomorrow={"a": [1]})
    assert cli.main(command) == 0
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize("where", ["folder", "Hub"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda weights: weights[: len(weights) // 2],
        lambda weights: weights[:4],
        lambda weights: b"",
        lambda weights: b"\x00" * len(weights),
        lambda weights: b"<html>login</html>",
        lambda weights: weights[:8] + b"\xff" + weights[9:],
    ],
    ids=["half", "four_bytes", "empty", "zeros", "page", "header"],
)
def test_weights_cut_short_or_spoilt(hub, refused, folder, files, where, spoil):
    (folder / WEIGHTS).write_bytes(spoil((folder / WEIGHTS).read_bytes()))
    before = content(folder)
    name = folder
    if where == "Hub":
        publish_folder(folder, "ann/spoilt")
        name = "ann/spoilt"
    message = refused(f"evaluate --model_name_or_path {name} --test_file {files / 'test.jsonl'}")
    assert message.startswith(f"the weights of {name} cannot be loaded: ")
    assert content(folder) == before
    assert "the weights of" in refused(f"push --model_name_or_path {folder} --repo_id ann/never")
    assert ("model", "ann/never") not in hub.repos


def test_weights_of_another_model(refused, folder, model, bert, files):
    labels = ["bank", "food", "sport"]
    LMMTCForSequenceClassification.from_encoder(bert, labels).save_pretrained(folder)
    LabelTokenizer.from_encoder(bert, labels).save_pretrained(folder)
    command = f"evaluate --model_name_or_path {folder} --test_file {files / 'test.jsonl'}"
    assert cli.main(command.split()) == 0
    whole = (folder / WEIGHTS).read_bytes()
    shutil.copy(model / WEIGHTS, folder)
    assert "its weights do not fit its config" in refused(command)
    (folder / WEIGHTS).write_bytes(whole)
    weights = load_file(folder / WEIGHTS)
    save_file({name: weight for name, weight in weights.items() if "layer.1." not in name}, folder / WEIGHTS)
    assert "its weights do not fit its config" in refused(command)


def test_pickled_weights_are_not_read(refused, folder, files):
    (folder / WEIGHTS).unlink()
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'touch run'\ntR.")
    command = f"evaluate --model_name_or_path {folder} --test_file {files / 'test.jsonl'}"
    assert "model.safetensors" in refused(command)


def test_weights_spoilt_on_the_way(hub, refused, folder, files):
    publish_folder(folder, "ann/tagger")

    def flip(request, answer):
        if answer is not None and request.method == "GET" and request.path.startswith("/storage/"):
            answer.body = answer.body[:-2] + bytes([answer.body[-2] ^ 1]) + answer.body[-1:]

    hub.faults = [flip]
    command = f"evaluate --model_name_or_path ann/tagger --test_file {files / 'test.jsonl'}"
    message = refused(command)
    assert "the weights of ann/tagger were corrupted in the download; delete " in message
    hub.faults.clear()
    assert "corrupted" in refused(command)
    Path(message.split("delete ")[1].split(" and ")[0]).unlink()
    assert cli.main(command.split()) == 0


def test_weights_shorter_than_the_hub_says(hub, refused, folder, files):
    publish_folder(folder, "ann/tagger")

    def shorten(request, answer):
        if answer is not None and request.method == "GET" and request.path.startswith("/storage/"):
            answer.body = answer.body[:-100]

    hub.faults = [shorten]
    command = f"evaluate --model_name_or_path ann/tagger --test_file {files / 'test.jsonl'}"
    assert refused(command).startswith("the weights of ann/tagger cannot be loaded: ")
    hub.faults.clear()
    assert cli.main(command.split()) == 0


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ann/nosuch", "there is no folder of this name here, and there is no ann/nosuch, or it is private"),
        ("ann/empty", "contains no model (its config.json has no model_type)"),
        ("a/b/c", "neither"),
    ],
)
def test_nothing_there(hub, refused, folder, files, name, told):
    (folder / CONFIG).unlink()
    publish_folder(folder, "ann/empty")
    assert told in refused(f"evaluate --model_name_or_path {name} --test_file {files / 'test.jsonl'}")


def test_wrong_token(hub, refused, folder, files, monkeypatch):
    publish_folder(folder, "ann/open")
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    command = f"evaluate --model_name_or_path ann/open --test_file {files / 'test.jsonl'}"
    assert "the Hub does not know the token" in refused(command)
    monkeypatch.delenv("HF_TOKEN")
    assert cli.main(command.split()) == 0


def test_private(hub, refused, folder, files, monkeypatch):
    publish_folder(folder, "ann/secret", private=True)
    monkeypatch.delenv("HF_TOKEN")
    command = f"evaluate --model_name_or_path ann/secret --test_file {files / 'test.jsonl'}"
    assert "there is no ann/secret, or it is private" in refused(command)


def test_a_model_without_its_tokenizer(folder):
    for file in folder.glob("tokenizer*.json"):
        file.unlink()
    with pytest.raises(UserInputError, match=r"has no tokenizer\.json: save the tokenizer there too"):
        load_config_and_tokenizer(str(folder))


def test_a_folder_that_is_replaced_while_it_is_read(folder):
    config, _ = load_config_and_tokenizer(str(folder))
    shutil.copy(folder / CONFIG, folder / "copy")
    (folder / "copy").replace(folder / CONFIG)
    with pytest.raises(UserInputError, match="was replaced while it was read"):
        load_classifier(str(folder), config)
    load_classifier(str(folder), load_config_and_tokenizer(str(folder))[0])


def test_a_folder_with_some_of_its_new_files(folder):
    (folder / COMPLETE_NAME).mkdir()
    with pytest.raises(UserInputError, match="is being written, or the command that wrote it was stopped"):
        load_config_and_tokenizer(str(folder))


@pytest.mark.parametrize(
    "error", [MemoryError(), PermissionError(errno.EACCES, "Permission denied", "out/config.json")]
)
def test_errors_of_the_machine_say_nothing_of_a_model(error):
    with pytest.raises(type(error)), as_user_input_error("out", "weights"):
        raise error
