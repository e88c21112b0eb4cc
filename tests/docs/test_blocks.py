# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The code of README and docs runs, page by page, and prints what stands below it.

`python` and `sh` run here; `console` is a record of what was run elsewhere, whose options are checked; `text`, `toml`
and what `compare` wrote (without a language) are output and files. `docs/lab` is left out: its commands are of
benchmarks.
"""

import json
import re
import shlex
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from labelwise_cli import COMMANDS, main
from labelwise_cli.parsing import OPTIONS_FILE

ROOT = Path(__file__).parents[2]
OPTIONS = json.loads(OPTIONS_FILE.read_text("utf-8"))["commands"]
PAGES = [Path("README.md")]
PAGES += sorted(path.relative_to(ROOT) for path in ROOT.glob("docs/**/*.md") if "lab" not in path.parts)
# Tests of their own measure what these do, or they read models that take long to train.
ELSEWHERE = {
    "docs/explanation/analysis/README.md",
    "docs/how_to/adding_labels.md",
    "docs/how_to/hyperparameter_search.md",
    "docs/how_to/reproduce.md",
}
SMALL = {
    "lw-lstm": "--hidden_size 8 --embedding_size 8 --word_vectors random --num_train_epochs 0.05",
    "cnn": "--num_train_epochs 1",
    "lw-encoder": "--num_train_epochs 0.02",
    "lm-mtc": "--num_train_epochs 0.02",
}
SMALL_PRETRAINING = "--pretraining_steps 2 --pretraining_batch_size 4"


def read_blocks(page: Path) -> list[tuple[str, str]]:
    return re.findall(r"^```([^\n]*)\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.M | re.S)


def read_commands(page: Path) -> list[str]:
    code = "\n".join(text for language, text in read_blocks(page) if language in ("sh", "console"))
    lines = re.sub(r"\\\n\s*", " ", code)
    return re.findall(r"^(?:\$ )?(?:.*&& )?(labelwise .*)$", lines, re.M)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_blocks_say_what_they_are(page):
    known = {"python", "sh", "console", "text", "toml"} | ({""} if "compare" in page.parts else set())
    assert {language for language, _ in read_blocks(page)} <= known


@pytest.mark.parametrize("page", [page for page in PAGES if read_commands(page)], ids=str)
def test_commands_have_such_options(page):
    for line in read_commands(page):
        _, command, *words = shlex.split(line)
        name = command if command in OPTIONS else f"{command} {words[0]}"
        assert command in COMMANDS and name in OPTIONS, line
        flags = {flag for entry in OPTIONS[name]["options"] for flag in entry.get("flags", ())}
        assert {word for word in words if word.startswith("--")} <= flags, line


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory):
    """A stand-in for the model of `labelwise quickstart`: less training, the same labels."""
    folder = tmp_path_factory.mktemp("quickstart") / "model"
    run(f"labelwise train --model lw-lstm --dataset support_tickets --output_dir {folder}")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        page
        for page in PAGES
        if str(page) not in ELSEWHERE and {"python", "sh"} & {kind for kind, _ in read_blocks(page)}
    ],
    ids=str,
)
def test_blocks_run(page, hub, quickstart, bert, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("labelwise-quickstart").symlink_to(quickstart)
    Path("sentence-transformers").mkdir()
    Path("sentence-transformers/all-MiniLM-L6-v2").symlink_to(bert)
    names: dict = {}
    blocks = [(kind, text.replace("ns/name", "ann/tickets")) for kind, text in read_blocks(page)]
    for (kind, text), (next_kind, output) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        printed = StringIO()
        with redirect_stdout(printed):
            if kind == "python":
                exec(re.sub(r"num_train_epochs=\d+", "num_train_epochs=0.1", text), names)
            elif kind == "sh":
                for line in text.splitlines():
                    if not line.startswith("pip install"):  # `.ci/run` runs these
                        run(line)
        if next_kind == "text" and kind == "python":
            assert printed.getvalue().strip() == output.strip()


def run(line: str) -> None:
    """Run a command, with little training."""
    name, *words = shlex.split(line)
    assert name == "labelwise", line
    models = words[words.index("--model") + 1 :][:1] if "--model" in words else []
    small = SMALL.get(models[0], "").split() if models else []
    small += SMALL_PRETRAINING.split() if "--pretraining_steps" in words else []
    assert main([*words, *small]) == 0, line
