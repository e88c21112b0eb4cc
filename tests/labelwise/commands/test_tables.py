# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The tables' files: well-formed, alike where they share runs, and refused in one line where they are not."""

import shlex
from pathlib import Path

import pytest

from labelwise.commands.table_runs import make_run, options_of_family
from labelwise.commands.tables import load_table, options_of, table_names
from labelwise.commands.train import choose_family
from labelwise.datasets_scripts import CORPORA

TABLE = """
title = "Mine"
paper = "none"
seeds = [1]
metrics = ["micro_f1"]
systems = ["br", "own"]
[definitions.own]
arguments = "--model cnn"
learning_rates = [1e-3]
[[corpora]]
name = "support_tickets"
split = "embedded"
[corpora.published]
own = ["50.0"]
"""


def runs_of(name: str):
    table = load_table(name)
    for corpus in table.corpora:
        for system in table.systems:
            for rate in system.learning_rates or [None]:
                for seed in table.seeds:
                    yield make_run(Path("runs"), table, corpus, system, rate, seed, encoder="encoder")


def test_the_papers_tables():
    assert table_names() == [f"{paper}-table-{number}" for paper in ("lm-mtc", "lw-pt") for number in (2, 3, 4)]
    budgets, numbers = {}, 0
    for name in table_names():
        table = load_table(name)
        for system in table.systems:
            assert budgets.setdefault(system.name, len(system.learning_rates)) in (0, 2)
            given = options_of(system.arguments) | options_of(system.pretraining)
            assert given.keys() <= options_of_family(choose_family(shlex.split(system.arguments)))
        for corpus in table.corpora:
            assert options_of(corpus.arguments).get("--dataset", [corpus.name])[0] in CORPORA
            for printed in corpus.published.values():
                numbers += sum(0 < float(number) < 100 for number in printed if number != "-")
    assert numbers == 108 + 16 + 12 + 96 + 68 + 16  # those printed in Tables 2, 3, 4 of the papers, ours left out
    assert {name for name, rates in budgets.items() if rates == 0} == {"br", "cc", "lp"}


def test_what_tables_share_is_one_run():
    commands = {}
    for name in table_names():
        for run in runs_of(name):
            assert commands.setdefault(run.folder, run.command) == run.command
            if run.needs:
                assert commands[run.needs.folder] == run.needs.command
    assert len({shlex.join(command) for command in commands.values()}) == len(commands)


def test_own_table(tmp_path):
    (tmp_path / "mine.toml").write_text(TABLE)
    table = load_table(str(tmp_path / "mine.toml"))
    assert [system.arguments for system in table.systems] == ["--model br", "--model cnn"]
    assert table.corpora[0].published == {"own": ["50.0"]}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "Mine"', "title = ", "cannot be read"),
        ('title = "Mine"', "", "title"),
        ("seeds = [1]", "seeds = [1, 1]", "each once"),
        ("seeds = [1]", "seeds = []", "seeds should be a list"),
        ("seeds = [1]", "seeds = [1]\nsedes = [2]", "unknown key sedes"),
        ('["micro_f1"]', '["f1"]', "unknown metric f1"),
        ('"br", "own"', '"br", "mine"', "no system mine"),
        ('"br", "own"', '"own", "own"', "own stands there twice"),
        ("learning_rates = [1e-3]", 'starts_from = "lw-lstm+pt"', "own starts from lw-lstm+pt"),
        ('own = ["50.0"]', 'own = ["50.0", "1"]', "published own"),
        ('own = ["50.0"]', 'cnn = ["50.0"]', "published cnn"),
    ],
)
def test_refusals(refused, tmp_path, old, new, told):
    (tmp_path / "mine.toml").write_text(TABLE.replace(old, new))
    assert told in refused(f"reproduce {tmp_path / 'mine.toml'} --output_dir runs")
