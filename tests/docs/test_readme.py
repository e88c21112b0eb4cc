# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The README's Python blocks run, in their order; those of "Use a published model" from a Hub."""

import json
import re
import subprocess
import sys
from pathlib import Path

import onnxruntime
import pytest
from labelwise_cli import main

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
SECTIONS = dict(section.split("\n", 1) for section in README.split("\n## ")[1:])
PUBLISHED = SECTIONS["Use a published model"].replace("ns/name", "ann/tickets")

WITHOUT_THE_PACKAGE = "import sys; sys.modules['labelwise'] = None\n"


def blocks(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory):
    """The folder where `labelwise quickstart` would have left its model."""
    folder = tmp_path_factory.mktemp("readme")
    shape = ["--hidden_size", "8", "--embedding_size", "8", "--word_vectors", "random", "--num_train_epochs", "1"]
    shape += ["--pretraining_steps", "2", "--pretraining_batch_size", "4", "--tune_thresholds", "global"]
    out = str(folder / "labelwise-quickstart")
    assert main(["train", "--dataset", "support_tickets", "--output_dir", out, *shape]) == 0
    return folder


def test_python_blocks_run(quickstart, monkeypatch, capsys):
    monkeypatch.chdir(quickstart)
    names = {}
    found = [
        block for name, section in SECTIONS.items() if name != "Use a published model" for block in blocks(section)
    ]
    found = blocks(README.split("\n## ")[0]) + found
    for block in found:
        exec(block, names)
    printed = capsys.readouterr().out
    assert len(found) == 4
    assert "[['crash']]" in printed
    assert printed.count("'label':") == 3  # top_k
    assert "torch.Size([2, 12, 32])" in printed
    assert names["predicted"].shape == (2, 12)


@pytest.mark.slow
def test_use_a_published_model(hub, quickstart, monkeypatch, capsys):
    monkeypatch.chdir(quickstart)
    publish = re.search(r"^labelwise push .*$", SECTIONS["Publish"], re.M)[0].replace("ns/name", "ann/tickets")
    assert main(publish.replace("path out", "path labelwise-quickstart").split()[1:]) == 0
    capsys.readouterr()
    without, with_package = blocks(PUBLISHED)  # all others run above
    program = [sys.executable, "-c", WITHOUT_THE_PACKAGE + without]
    printed = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    assert printed.count("'label':") == 12

    exec(with_package, {})
    assert isinstance(eval(capsys.readouterr().out), list)
    (command,) = re.findall(r"^labelwise (export .*)$", PUBLISHED, re.M)
    assert main(command.split()) == 0
    metadata = onnxruntime.InferenceSession("onnx/model.onnx").get_modelmeta().custom_metadata_map
    tuned = json.loads((quickstart / "labelwise-quickstart" / "config.json").read_text())["thresholds"]
    assert json.loads(metadata["thresholds"]) == tuned
    assert len(json.loads(metadata["labels"])) == 12


def test_commands_of_the_readme_are_commands():
    from labelwise_cli import COMMANDS

    assert set(re.findall(r"^labelwise ([\w-]+)", README, re.M)) <= set(COMMANDS)
