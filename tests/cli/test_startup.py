# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What a command imports before it answers."""

import subprocess
import sys

import pytest

from labelwise.commands import train

CODE = """
import sys
from labelwise_cli import main
code = main(sys.argv[1:])
print(code, *sys.modules, file=sys.stderr)
"""


def modules_of(*argv, cwd=None):
    """The exit code of a command in a process of its own, and the modules that it imported."""
    run = subprocess.run([sys.executable, "-c", CODE, *argv], capture_output=True, text=True, cwd=cwd, check=True)
    code, *modules = run.stderr.splitlines()[-1].split()
    return int(code), set(modules)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ("--help", 0),
        ("train --help", 0),
        ("train --help all", 0),
        ("figure loss-curves --help", 0),
        ("train --model nosuch", 2),
        ("train --model cnn --mlm_weight 0.1", 2),
        ("train --train_file nowhere.csv", 2),
        ("train --model bert --encoder ./nowhere --dataset gaic", 2),
        ("predict --model_name_or_path ./nowhere --input -", 2),
    ],
)
def test_answers_without_torch(tmp_path, argv, expected):
    code, modules = modules_of(*argv.split(), cwd=tmp_path)
    assert code == expected
    assert {"torch", "transformers", "labelwise", "numpy"}.isdisjoint(modules)


@pytest.mark.slow
def test_predict_imports_what_it_needs(tmp_path):
    train.main(f"--model br --dataset support_tickets --output_dir {tmp_path / 'model'} --tune_thresholds none".split())
    (tmp_path / "texts.txt").write_text("refund please\nthe app crashes\nhello\n")
    code, modules = modules_of(
        *("predict", "--model_name_or_path", str(tmp_path / "model"), "--input", str(tmp_path / "texts.txt")),
        *("--output_file", str(tmp_path / "answers.jsonl")),
    )
    assert code == 0
    assert "torch" in modules
    heavy = {"sklearn", "iterstrat", "datasets", "pandas", "evaluate", "gensim", "jieba", "transformers.trainer"}
    assert heavy.isdisjoint(modules)
