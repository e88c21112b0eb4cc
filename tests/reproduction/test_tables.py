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
from labelwise.reproduction.runs import Plan
from labelwise.reproduction.tables import Corpus, System, Table, load_table, table_names
from labelwise.runs.settings import options_of

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
                    yield Plan(Path("runs"), table, encoder="encoder").make_run(corpus, system, rate, seed)


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
        ("seeds = [1]", "seeds = [-1]", "seeds: at least one, each once"),
        ("seeds = [1]", "seeds = [true]", "table: Field 'seeds[0]' expected int, got bool"),
        ("seeds = [1]", "seeds = []", "seeds: at least one"),
        ("seeds = [1]", "seeds = [1]\nsedes = [2]", "unexpected keyword argument 'sedes'"),
        ('["micro_f1"]', '["f1"]', "metrics: at least one, each one of micro_f1"),
        ('"br", "own"', '"br", "mine"', "no system mine"),
        ('"br", "own"', '["br"], "own"', "systems: must be a list of type str"),
        ('"br", "own"', "", "systems: must be a list of type str, at least one"),
        ('"br", "own"', '"own", "own"', "own: is listed twice"),
        (
            "[definitions.own]",
            "[definitions]\nbr = 5\n[definitions.own]",
            "system br: ",
        ),
        ("seeds = [1]", "seeds = [1]\ndefinitions = [1]", "cannot be read"),
        ('"own"]\n[definitions.own]', '"a/b"]\n[definitions."a/b"]', "system 'a/b': must be the name of a folder"),
        ('name = "support_tickets"', "name = 5", "corpora: Field 'name' expected str"),
        ('name = "support_tickets"', 'name = "../x"', "corpus '../x': must be the name of a folder"),
        (
            "learning_rates = [1e-3]",
            "learning_rates = 5",
            "system own: Field 'learning_rates' expected a list",
        ),
        (
            "learning_rates = [1e-3]",
            'learning_rates = ["x"]',
            "system own: Field 'learning_rates[0]' with value 'x' doesn't match",
        ),
        (
            "learning_rates = [1e-3]",
            "learning_rates = [1e-3, 0.001]",
            "system own: learning_rates: must be > 0, each",
        ),
        ("learning_rates = [1e-3]", "learning_rates = [nan]", "system own: learning_rates: must be > 0"),
        ("learning_rates = [1e-3]", 'name = "x"', "system own: got multiple values for keyword argument 'name'"),
        ("learning_rates = [1e-3]", 'starts_from = "lw-lstm+pt"', "system own: starts_from: must be another system"),
        ("learning_rates = [1e-3]", 'starts_from = "own"', "starts_from: must be another system"),
        ("learning_rates = [1e-3]", 'starts_from = "br"', "starts_from: must be another system"),
        (
            "learning_rates = [1e-3]",
            'pretraining = "--pretraining_steps 9"',
            "system own: pretraining: --pretraining_steps",
        ),
        ('"--model cnn"', "5", "system own: Field 'arguments' expected str"),
        ('"--model cnn"', '"--model xyz"', "system own: arguments: --model xyz: must be one of"),
        ('"--model cnn"', '"--model"', "system own: arguments: --model"),
        (
            '"--model cnn"',
            '"--model cnn --hidden_sise 8"',
            "system own: arguments: --hidden_sise: no row has this option",
        ),
        ('"--model cnn"', '"--model cnn --output_dir x"', "--output_dir: is set elsewhere in the table"),
        ('"--model cnn"', '"--model \\"cnn"', "No closing quotation"),
        (
            "seeds = [1]",
            'seeds = [1]\narguments = "--hidden_sise 8"',
            "arguments: --hidden_sise: no row has this option",
        ),
        ("seeds = [1]", 'seeds = [1]\narguments = "--seed 5"', "arguments: --seed: is set elsewhere in the table"),
        ("seeds = [1]", 'seeds = [1]\narguments = "--dataset x"', "--dataset: is set elsewhere in the table"),
        (
            'split = "embedded"',
            'split = "embedded"\narguments = "--hidden_sise 8"',
            "corpus support_tickets: arguments: --hi",
        ),
        (
            'split = "embedded"',
            'split = "embedded"\narguments = "--model br"',
            "--model: is set elsewhere in the table",
        ),
        ('split = "embedded"', 'split = "embedded"\npublished = 5', "cannot be read"),
        ('own = ["50.0"]', "own = 5", "corpora: Field 'published['own']' expected a list"),
        ('own = ["50.0"]', "own = [50.0]", "corpora: Field 'published['own'][0]' expected str"),
        ('own = ["50.0"]', 'own = ["50.0", "1"]', "published own"),
        ('own = ["50.0"]', 'cnn = ["50.0"]', "published cnn"),
        ('[corpora.published]\nown = ["50.0"]', "published = 5", "corpora: Field 'published' expected a dict"),
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
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
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
