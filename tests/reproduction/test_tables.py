# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The tables' files: well-formed, alike where they share runs, and refused in one line where they are not."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import labelwise_cli as cli
import pytest

from labelwise.datasets_scripts import CORPORA
from labelwise.reproduction.options import options_of
from labelwise.reproduction.runs import make_run
from labelwise.reproduction.tables import Corpus, System, Table, load_table, table_names

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
    (tmp_path / "mine.toml").write_text(TABLE, "utf-8-sig")  # as some editors write it
    table = load_table(str(tmp_path / "mine.toml"))
    assert [system.arguments for system in table.systems] == ["--model br", "--model cnn"]
    assert table.corpora[0].published == {"own": ["50.0"]}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "Mine"', "title = ", "cannot be read"),
        ('title = "Mine"', "", "title"),
        ("seeds = [1]", "seeds = [1, 1]", "each once"),
        ("seeds = [1]", "seeds = [-1]", "seeds should be integers from 0"),
        ("seeds = [1]", "seeds = [true]", "seeds should be a list of integers"),
        ("seeds = [1]", "seeds = []", "seeds: name one at least"),
        ("seeds = [1]", "seeds = [1]\nsedes = [2]", "unknown key sedes"),
        ('["micro_f1"]', '["f1"]', "unknown metric f1"),
        ('"br", "own"', '"br", "mine"', "no system mine"),
        ('"br", "own"', '["br"], "own"', "systems should be a list of texts"),
        ('"br", "own"', "", "systems: name one at least"),
        ('"br", "own"', '"own", "own"', "own stands there twice"),
        (
            "[definitions.own]",
            "[definitions]\nbr = 5\n[definitions.own]",
            "definitions should be parts that begin with",
        ),
        ("seeds = [1]", "seeds = [1]\ndefinitions = [1]", "cannot be read"),
        ('"own"]\n[definitions.own]', '"a/b"]\n[definitions."a/b"]', "system 'a/b': its runs go to a folder of that"),
        ('"own"]\n[definitions.own]', '"br, seed 4"]\n[definitions."br, seed 4"]', "folders of runs end like that"),
        ('"own"]\n[definitions.own]', '"b, learning rate 5"]\n[definitions."b, learning rate 5"]', "end like that"),
        ('name = "support_tickets"', "name = 5", "corpora: name should be text in quotes"),
        ('name = "support_tickets"', 'name = "../x"', "corpus '../x': its runs go to a folder of that name"),
        ("learning_rates = [1e-3]", "learning_rates = 5", "system own: learning_rates should be a list of numbers"),
        ("learning_rates = [1e-3]", 'learning_rates = ["x"]', "system own: learning_rates should be a list of numbers"),
        (
            "learning_rates = [1e-3]",
            "learning_rates = [1e-3, 0.001]",
            "system own: learning_rates should be above 0, each",
        ),
        ("learning_rates = [1e-3]", "learning_rates = [nan]", "system own: learning_rates should be above 0"),
        ("learning_rates = [1e-3]", 'name = "x"', "system own: unknown key name"),
        ("learning_rates = [1e-3]", 'starts_from = "lw-lstm+pt"', "system own: it starts from lw-lstm+pt"),
        ("learning_rates = [1e-3]", 'starts_from = "own"', "it starts from own, which is not among the systems with"),
        ("learning_rates = [1e-3]", 'starts_from = "br"', "it starts from br, which is not among the systems with"),
        (
            "learning_rates = [1e-3]",
            'pretraining = "--pretraining_steps 9"',
            "system own: pretraining: --pretraining_steps",
        ),
        ('"--model cnn"', "5", "system own: arguments should be text in quotes"),
        ('"--model cnn"', '"--model xyz"', "system own: arguments: --model xyz: it should be one of lstm"),
        ('"--model cnn"', '"--model"', "system own: arguments: --model : it should be one of lstm"),
        ('"--model cnn"', '"--hidden_sise 8"', "system own: arguments: --hidden_sise: no row has this option"),
        ('"--model cnn"', '"--output_dir x"', "--output_dir: it is set elsewhere in the table"),
        ('"--model cnn"', '"--model \\"cnn"', "No closing quotation"),
        (
            "seeds = [1]",
            'seeds = [1]\narguments = "--hidden_sise 8"',
            "arguments: --hidden_sise: no row has this option",
        ),
        ("seeds = [1]", 'seeds = [1]\narguments = "--seed 5"', "arguments: --seed: it is set elsewhere in the table"),
        ("seeds = [1]", 'seeds = [1]\narguments = "--dataset x"', "--dataset: it is set elsewhere in the table"),
        (
            'split = "embedded"',
            'split = "embedded"\narguments = "--hidden_sise 8"',
            "corpus support_tickets: arguments: --hi",
        ),
        (
            'split = "embedded"',
            'split = "embedded"\narguments = "--model br"',
            "--model: it is set elsewhere in the table",
        ),
        ('split = "embedded"', 'split = "embedded"\npublished = 5', "cannot be read"),
        ('own = ["50.0"]', "own = 5", "corpora: published should be a list of texts in quotes for each row"),
        ('own = ["50.0"]', "own = [50.0]", "corpora: published should be a list of texts in quotes for each row"),
        ('own = ["50.0"]', 'own = ["50.0", "1"]', "published own"),
        ('own = ["50.0"]', 'cnn = ["50.0"]', "published cnn"),
        ('[corpora.published]\nown = ["50.0"]', "published = 5", "corpora: published should be a list of texts"),
    ],
)
def test_refusals(refused, tmp_path, old, new, told):
    (tmp_path / "mine.toml").write_text(TABLE.replace(old, new))
    assert told in refused(f"reproduce {tmp_path / 'mine.toml'} --output_dir runs")


def test_notes_are_printed_under_the_numbers_that_they_are_about():
    notes = {(name, corpus.name): corpus.notes for name in table_names() for corpus in load_table(name).corpora}
    assert "67.04 is the macro-F1" in notes["lm-mtc-table-3", "rmsc-v2"]
    assert {place for place, text in notes.items() if text} == {
        ("lm-mtc-table-2", "gaic"),
        ("lm-mtc-table-2", "aapd"),
        *(("lm-mtc-table-3", name) for name in ("aapd", "reuters21578-random-80-20", "rmsc-v2")),
    }


def test_the_table_of_the_readme(tmp_path, monkeypatch, capsys):
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    section = readme.partition("### A table of your own\n")[2].partition("\n#")[0]
    (example,) = re.findall(r"^```toml\n(.*?)^```$", section, re.M | re.S)
    (command,) = re.findall(r"^labelwise (reproduce .*)$", section, re.M)
    monkeypatch.chdir(tmp_path)
    Path(shlex.split(command)[1]).write_text(example)
    assert cli.main([*shlex.split(command), "--dry_run"]) == 0
    runs = [options_of(line.split()[2:]) for line in capsys.readouterr().out.splitlines() if line[0] != "#"]
    assert len(runs) >= 4
    assert all(run["--dataset"] == ["support_tickets"] for run in runs)
    keys = {part.name for kind in (Table, Corpus, System) for part in fields(kind)} | {"definitions"}
    assert [key for key in keys if not re.search(rf"`{key}`|^{key} =|\[{key}", section, re.M)] == []
