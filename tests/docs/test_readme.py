# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The README's Python blocks run, in their order, in one program."""

import re
from pathlib import Path

from labelwise.cli import main

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.M | re.S)


def test_python_blocks_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)  # where `labelwise quickstart` would have left its model
    shape = ["--hidden_size", "8", "--embedding_size", "8", "--word_vectors", "random", "--num_train_epochs", "1"]
    shape += ["--pretraining_steps", "2", "--pretraining_batch_size", "4"]
    assert main(["train", "--dataset", "support_tickets", "--output_dir", "labelwise-quickstart", *shape]) == 0
    capsys.readouterr()

    names = {}
    for block in BLOCKS:
        exec(block, names)
    printed = capsys.readouterr().out
    assert len(BLOCKS) == 3
    assert printed.count("'label':") == 3  # top_k
    assert "torch.Size([2, 12, 32])" in printed
    assert names["held"].shape == (2, 12)


def test_commands_of_the_readme_are_commands():
    from labelwise.cli import COMMANDS

    assert set(re.findall(r"^labelwise ([\w-]+)", README, re.M)) <= set(COMMANDS)
