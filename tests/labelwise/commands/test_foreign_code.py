# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Code in a folder that is loaded never runs, and nobody is asked whether it may."""

import json
import os
import shutil
import signal
from pathlib import Path

import labelwise_cli as cli
import pytest

from ...tiny_corpus import TINY

CODE = """
from pathlib import Path

Path({path!r}).touch()


class Evil:
    pass
"""
AUTO_MAP = {
    "config.json": {
        auto: "evil.Evil"
        for auto in ("AutoConfig", "AutoModel", "AutoModelForMaskedLM", "AutoModelForSequenceClassification")
    },
    "tokenizer_config.json": {"AutoTokenizer": ["evil.Evil", "evil.Evil"]},
}


@pytest.fixture
def nobody_asks(monkeypatch, tmp_path):
    """Fails a test in which somebody was asked, to which the answer would be "y", or in which the code ran."""
    asked, trace = [], tmp_path / "the code ran"
    monkeypatch.setattr("builtins.input", lambda *question: asked.append(question) or "y")
    yield trace
    signal.alarm(0)  # the library's, for an answer
    assert asked == []
    assert not trace.exists()


def plant(folder: Path, trace: Path, model_type: str | None) -> None:
    """Put code into a folder that its configuration and its tokenizer name as their own."""
    (folder / "evil.py").write_text(CODE.format(path=str(trace)))
    for name, classes in AUTO_MAP.items():
        path = folder / name
        fields = json.loads(path.read_text("utf-8")) | {"auto_map": classes}
        if name == "config.json" and model_type is not None:
            fields["model_type"] = model_type
        if name == "tokenizer_config.json":
            fields["tokenizer_class"] = "Evil"
        path.write_text(json.dumps(fields))


@pytest.mark.parametrize("model", ["lm-mtc", "bert", "lw-encoder"])
def test_encoder(nobody_asks, bert, data, refused, tmp_path, model):
    folder = shutil.copytree(bert, tmp_path / "encoder")
    plant(folder, nobody_asks, "evil")
    told = refused(f"train --model {model} --encoder {folder} {data} --num_train_epochs 1 --output_dir out")
    assert told.startswith(f"--encoder {folder}") and "code of its own, which is never run" in told


@pytest.mark.parametrize("model", ["lm-mtc", "lw-encoder"])
def test_encoder_of_a_known_type(nobody_asks, bert, data, tmp_path, model):
    """The library's own code loads it."""
    folder = shutil.copytree(bert, tmp_path / "encoder")
    plant(folder, nobody_asks, None)
    command = f"train --model {model} --encoder {folder} {data} --max_steps 1 --output_dir {tmp_path / 'out'}"
    assert cli.main(command.split()) == 0


@pytest.mark.parametrize("model_type", [None, "evil"])
def test_model(nobody_asks, model, data, refused, tmp_path, model_type):
    folder = shutil.copytree(model, tmp_path / "model")
    plant(folder, nobody_asks, model_type)
    for command in ("predict --text money", f"evaluate {data}", f"train {data} --output_dir out"):
        name, *options = command.split()
        assert str(folder) in refused(f"{name} --model_name_or_path {folder} {' '.join(options)}")


@pytest.mark.parametrize("model_type", [None, "evil"])
def test_checkpoint_of_a_resumed_run(nobody_asks, data, capsys, tmp_path, model_type):
    command = f"train {data} {TINY} --keep_checkpoints --output_dir {tmp_path / 'out'}".split()
    assert cli.main(command) == 0
    (tmp_path / "out" / "results.json").unlink()
    for checkpoint in (tmp_path / "out").glob("checkpoint-*"):
        plant(checkpoint, nobody_asks, model_type)
    capsys.readouterr()
    assert cli.main([*command, "--resume"]) == 2
    assert f"{os.sep}checkpoint-" in capsys.readouterr().err.splitlines()[-1]
