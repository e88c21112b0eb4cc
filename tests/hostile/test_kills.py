# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Commands that are killed at random times: trainings end as if never killed, other commands leave the old or the new.

`make kills` kills each of them 20 times.
"""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import labelwise_cli as cli
import pytest

from labelwise.reproduction import runs as table_runs
from labelwise.runs.locking import LOCK_NAME, lock_folder
from labelwise.runs.results import RESULTS_NAME
from labelwise.whole_folders import is_being_written

from ..cli.test_streams import TABLE
from ..in_process import train_here
from ..resuming import assert_same_weights, results_of
from ..tiny_corpus import TINY
from .killing import Children

CHECKPOINTS = (
    "--max_steps 9 --eval_strategy steps --save_strategy steps --eval_steps 3 --save_steps 3 --tune_thresholds global"
)
MANY_STEPS = "--per_device_train_batch_size 8"  # checkpoints in the middle of an epoch of 6 steps
OF_ENCODERS = "--hidden_size 16 --num_hidden_layers 1 --num_attention_heads 2 --vocab_size 90 --max_length 32"
RESUMED = {  # commands that go on where they were killed
    "lw-lstm, pre-trained": f"train DATA {TINY} --pretraining_steps 4 --pretraining_batch_size 8 {CHECKPOINTS}",
    "lw-lstm, batches of tokens": f"train DATA {TINY} {CHECKPOINTS} --tokens_per_batch 60",
    "lm-mtc": f"train --model lm-mtc --encoder BERT --attention_dropout 0.1 DATA {CHECKPOINTS} {MANY_STEPS}",
    "sgm": f"train --model sgm DATA {TINY} {CHECKPOINTS} --num_beams 2",
    "br": "train --model br DATA --min_frequency 1 --min_df 1",
    "pretrain-encoder": f"pretrain-encoder DATA {OF_ENCODERS} --min_frequency 1 --max_steps 9 "
    f"--eval_strategy steps --save_strategy steps --eval_steps 3 --save_steps 3 {MANY_STEPS}",
    "reproduce": "reproduce TABLE",
}
RESUMED["lw-lstm, batches of tokens"] = RESUMED["lw-lstm, batches of tokens"].replace(
    "--per_device_train_batch_size 8", ""
)
REPLACING = {  # commands that replace what is in the folder `out`, which are the files of another one at first
    "tune-thresholds": "tune-thresholds DATA --model_name_or_path out --mode per-label",
    "export": "export --model_name_or_path CNN --output_dir out --overwrite",
    "datasets": "datasets DATA --to_parquet out",
}


@pytest.fixture
def kills(request) -> int:
    return request.config.getoption("--kills")


@pytest.fixture
def children(request, tmp_path, monkeypatch) -> Children:
    monkeypatch.setattr(table_runs, "execute", train_here)  # so that a training is killed with `reproduce`
    return Children(tmp_path / "log", request.node.name)


@pytest.fixture(scope="module")
def cnn(data, tmp_path_factory) -> Path:
    """A trained model whose graph is quickly exported."""
    folder = tmp_path_factory.mktemp("cnn") / "out"
    options = "--min_frequency 1 --embedding_size 8 --word_vectors random --num_filters 5 --max_steps 2"
    assert cli.main(f"train --model cnn {data} {options} --output_dir {folder}".split()) == 0
    return folder


@pytest.fixture
def fill(data, bert, request, tmp_path) -> Callable[[str], list[str]]:
    """`fill(command)`: its words, with what those in capitals stand for."""

    def words(command: str) -> list[str]:
        table = tmp_path / "tiny.toml"
        table.write_text(TABLE.replace("DATA", data))
        places = {"DATA": data, "BERT": bert, "TABLE": str(table)}
        if "CNN" in command:
            places["CNN"] = str(request.getfixturevalue("cnn"))
        return " ".join(places.get(word, word) for word in command.split()).split()

    return words


def but_for_times(facts: Any) -> Any:
    """Return a record without what is measured by a clock."""
    if isinstance(facts, list):
        return [but_for_times(part) for part in facts]
    if not isinstance(facts, dict):
        return facts
    timed = ("wall_time", "runtime", "per_second")
    return {name: but_for_times(part) for name, part in facts.items() if not any(word in name for word in timed)}


def assert_same_run(whole: Path, out: Path) -> None:
    assert_same_weights(whole, out)
    assert but_for_times(results_of(whole)) == but_for_times(results_of(out))


def names_of(folder: Path) -> set[str]:
    """The names of all files but the lock, and what a killed process had not yet given its name."""
    left_out = ("*.partial", LOCK_NAME)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not any(map(path.match, left_out))}


@pytest.mark.parametrize("name", RESUMED)
def test_as_if_never_killed(children, fill, kills, tmp_path, name):
    resumes = [] if name == "reproduce" else ["--resume"]
    words = [*fill(RESUMED[name]), *resumes, "--output_dir", "out"]
    seconds = children.run(words, tmp_path / "whole")
    whole, out = tmp_path / "whole" / "out", tmp_path / "killed" / "out"
    killed, is_over = 0, False
    while killed < kills or not is_over:
        code = children.kill(words, out.parent, seconds if killed < kills else None)
        killed += code == -signal.SIGKILL
        is_over = code == 0 or (code == 2 and " is finished, and no checkpoint is left" in children.log.read_text())
        if is_over:
            for results in whole.rglob(RESULTS_NAME):  # of a table, in the folders of its runs
                assert_same_run(results.parent, out / results.parent.relative_to(whole))
            assert names_of(whole) == names_of(out)
            shutil.rmtree(out)
        else:
            assert code == -signal.SIGKILL, children.log.read_text()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != LOCK_NAME}


@pytest.fixture
def old(request, model, linear, tmp_path) -> Callable[[str], Path]:
    """`old(command)`: the folder `out` before the command."""

    def make(name: str) -> Path:
        folder = tmp_path / "old"
        if name == "tune-thresholds":
            return Path(shutil.copytree(model, folder))
        command = {
            "export": f"export --model_name_or_path {linear}",
            "datasets": "datasets support_tickets",
        }[name]
        where = "--to_parquet" if name == "datasets" else "--output_dir"
        assert cli.main([*command.split(), where, str(folder)]) == 0
        return folder

    return make


@pytest.mark.parametrize("name", REPLACING)
def test_old_or_new(children, fill, old, kills, tmp_path, name):
    before, words = old(name), fill(REPLACING[name])
    whole, work = tmp_path / "whole", tmp_path / "killed"
    shutil.copytree(before, whole / "out")
    seconds = children.run(words, whole)
    known = [contents(before), contents(whole / "out")]
    assert known[0] != known[1]
    killed, found = 0, set()
    while killed < kills:
        shutil.copytree(before, work / "out")
        code = children.kill(words, work, seconds)
        killed += code == -signal.SIGKILL
        assert is_being_written(work / "out") or contents(work / "out") in known
        with lock_folder("--output_dir", work / "out"):  # as the next command does
            left = contents(work / "out")
        assert left in known
        found.add(known.index(left))
        shutil.rmtree(work)


def test_push(children, hub, model, linear, kills, tmp_path):
    """The revision that others load has the files of the old model, or those of the new one."""
    words = f"push --model_name_or_path {model} --repo_id ann/tagger".split()
    children.run([*words[:2], str(linear), *words[3:]], tmp_path / "whole")
    repo = hub.repos["model", "ann/tagger"]
    first, stored = repo.refs["main"], dict(hub.stored)
    seconds = children.run(words, tmp_path / "whole")
    known = [repo.at(first).files, repo.files]
    assert known[0] != known[1]
    killed = 0
    while killed < kills:
        repo.refs["main"], hub.stored = first, dict(stored)
        killed += children.kill(words, tmp_path / "killed", seconds) == -signal.SIGKILL
        assert repo.files in known
