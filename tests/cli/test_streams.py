# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Streams of every command: its result alone on standard output; messages, and no bars, on a standard error that is no
terminal."""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import labelwise_cli as cli
import pytest
from labelwise_cli.parsing import OPTIONS_FILE
from transformers import AutoModel, AutoTokenizer

from labelwise.commands import train
from labelwise.reproduction import runs as table_runs

from ..in_process import train_here
from ..tiny_corpus import PRETRAINING, TINY, make_documents, write_jsonl

TINY_BERT = "--hidden_size 8 --num_hidden_layers 1 --num_attention_heads 2 --max_length 16 --max_steps 4"
TABLE = """
title = "Tiny"
paper = "none"
seeds = [1]
metrics = ["micro_f1"]
systems = ["br"]
[[corpora]]
name = "own"
split = "48 / 16 / 16"
arguments = "DATA --min_frequency 1"
"""
# Options of each command; words in capitals are places, see `fill`.
ROWS = [
    ("quickstart", "--output_dir OUT"),
    ("train", f"DATA {TINY} --output_dir OUT"),
    ("train", f"--model lw-lstm DATA {TINY} {PRETRAINING} --output_dir OUT"),
    ("train", "--model br DATA --min_frequency 1 --output_dir OUT"),
    ("train", "--model lm-mtc --encoder HEADLESS DATA --num_train_epochs 1 --output_dir OUT"),
    ("compare", "DATA --models br --output_dir OUT"),
    (
        "pretrain-encoder",
        f"DATA {TINY_BERT} --min_frequency 1 --save_strategy no --load_best_model_at_end false --output_dir OUT",
    ),
    ("evaluate", "--model_name_or_path MODEL DATA"),
    ("evaluate", "--model_name_or_path MODEL DATA --metrics all --report OUT"),
    ("predict", "--model_name_or_path MODEL --text money --text ball"),
    ("predict", "--model_name_or_path MODEL --input FILE --format csv"),
    ("push", "--model_name_or_path MODEL --repo_id ann/tiny"),
    ("push", "--model_name_or_path MODEL --repo_id ann/tiny --space"),
    ("tune-thresholds", "--model_name_or_path LINEAR DATA"),
    ("calibrate", "--model_name_or_path LINEAR DATA"),
    ("add-labels", "--model_name_or_path MODEL --labels LABELS --output_dir OUT"),
    ("add-labels", "--model_name_or_path MODEL --labels LABELS REPORTS --num_train_epochs 1 --output_dir OUT"),
    ("export", "--model_name_or_path MODEL --output_dir OUT"),
    ("analyse neighbours", "--model_name_or_path MODEL DATA --document 0 --labels bank --num_neighbours 3"),
    ("analyse cases", "--models MODEL LINEAR DATA"),
    ("explain", "--model_name_or_path MODEL --text money --labels bank --output_dir OUT"),
    ("figure label-correlation", "DATA --output_dir OUT"),
    ("figure label-attention", "DATA --model_name_or_path LMMTC --output_dir OUT"),
    ("figure loss-curves", "--runs LMMTC --output_dir OUT"),
    ("figure mlm-weight", "--runs LMMTC OTHER --output_dir OUT"),
    ("figure f1-by-frequency", "--models MODEL DATA --bins 1 --output_dir OUT"),
    ("reproduce", "TABLE --output_dir OUT"),
    ("reproduce", "TABLE --output_dir OUT --dry_run"),
    ("audit", "DATA --output_dir OUT"),
    ("datasets", ""),
    ("datasets", "support_tickets --stats"),
    ("datasets", "support_tickets --to_parquet OUT --push_to_hub ann/tickets"),
]
# These run until they are stopped; the tests of the server and of the page check their streams.
UNTIL_STOPPED = {"serve", "demo"}
SLOW = {"quickstart", "export"}
# One of each kind: of gradient descent, of an encoder of the library, of answers, of a trace by torch.
IN_PROCESSES = [ROWS[2], ROWS[4], ROWS[9], ("export", "--model_name_or_path MODEL --output_dir OUT")]
LIBRARY = re.compile(r"Warning|warnings\.warn|site-packages|LOAD REPORT|corrupt|\[transformers|\[torch")


@pytest.fixture(scope="module")
def headless(bert: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an encoder without a head for masked language modelling."""
    folder = tmp_path_factory.mktemp("headless")
    AutoModel.from_pretrained(bert).save_pretrained(folder)
    AutoTokenizer.from_pretrained(bert).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def lm_mtc(headless: Path, data: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a trained LM-MTC; tests only read it."""
    folder = tmp_path_factory.mktemp("lm_mtc") / "run"
    command = f"train --model lm-mtc --encoder {headless} {data} --num_train_epochs 1 --output_dir {folder}"
    assert cli.main(command.split()) == 0
    return folder


@pytest.fixture
def fill(request: pytest.FixtureRequest, tmp_path: Path):
    """`fill(options)`: their words, with places instead of the words in capitals."""

    def linear() -> str:
        folder = str(tmp_path / "br")
        train.main([*f"--model br --min_frequency 1 --output_dir {folder}".split(), *places["DATA"]().split()])
        return folder

    def other() -> str:
        folder = shutil.copytree(request.getfixturevalue("lm_mtc"), tmp_path / "other")
        config = json.loads((folder / "config.json").read_text("utf-8"))
        (folder / "config.json").write_text(json.dumps({**config, "mlm_weight": 0.0}))
        return str(folder)

    def table() -> str:
        path = tmp_path / "tiny.toml"
        path.write_text(TABLE.replace("DATA", request.getfixturevalue("data")))
        return str(path)

    def labels() -> str:
        path = tmp_path / "labels.json"
        path.write_text('["weather"]')
        return str(path)

    def reports() -> str:
        rows = [{"text": f"rain {number}", "labels": ["weather"]} for number in range(8)]
        return f"--train_file {write_jsonl(tmp_path / 'reports.jsonl', [*rows, *make_documents(8, 0)])}"

    places = {
        "DATA": lambda: request.getfixturevalue("data"),
        "FILE": lambda: str(request.getfixturevalue("files") / "test.jsonl"),
        "OUT": lambda: str(tmp_path / "out"),
        "MODEL": lambda: str(request.getfixturevalue("model")),
        "HEADLESS": lambda: str(request.getfixturevalue("headless")),
        "LMMTC": lambda: str(request.getfixturevalue("lm_mtc")),
        "LABELS": labels,
        "LINEAR": linear,
        "REPORTS": reports,
        "OTHER": other,
        "TABLE": table,
    }
    return lambda options: [
        word for part in options.split() for word in (places[part]().split() if part in places else [part])
    ]


def check_streams(command: str, options: str, out: str, err: str) -> None:
    if "--format csv" in options:
        head, *rows = csv.reader(out.splitlines())
        assert rows and {len(row) for row in rows} == {len(head)}
    else:
        rows = [json.loads(line, parse_constant=refuse) for line in out.splitlines()]
        assert rows and all(isinstance(row, dict) for row in rows)
    assert "\r" not in err
    assert LIBRARY.search(err) is None, err
    if command in ("train", "pretrain-encoder"):
        assert 0 < len(err.splitlines()) < 60


def refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def test_every_command_has_a_row():
    assert {command for command, _ in ROWS} | UNTIL_STOPPED == set(
        json.loads(OPTIONS_FILE.read_text("utf-8"))["commands"]
    )


@pytest.mark.parametrize(
    ("command", "options"),
    [pytest.param(*row, marks=pytest.mark.slow if row[0] in SLOW else (), id=" ".join(row)) for row in ROWS],
)
def test_streams(request, fill, hub, capfd, recwarn, monkeypatch, command, options):
    if command == "quickstart":
        request.getfixturevalue("small_quickstart")
    monkeypatch.setattr(table_runs, "execute", train_here)
    argv = [*command.split(), *fill(options)]
    capfd.readouterr()
    recwarn.clear()
    assert cli.main(argv) == 0
    check_streams(command, options, *capfd.readouterr())
    assert [str(warning) for warning in recwarn] == []


@pytest.mark.slow
@pytest.mark.parametrize(("command", "options"), IN_PROCESSES)
def test_streams_of_a_process(fill, command, options):
    argv = [sys.executable, "-m", "labelwise_cli", *command.split(), *fill(options)]
    run = subprocess.run(argv, capture_output=True, encoding="utf-8", check=True)
    check_streams(command, options, run.stdout, run.stderr)
