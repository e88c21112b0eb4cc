# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The tables' files: well-formed, alike where they share runs, and refused in one line where they are not."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import labelwise_cli as cli
import pytest

from labelwise.datasets_scripts import CORPORA
from labelwise.errors import UserInputError
from labelwise.reproduction.runs import Run
from labelwise.reproduction.tables import Corpus, System, Table, load_table, table_names
from labelwise.runs.comparison import options_of

ROOT = Path(__file__).parents[2]
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


def runs_of(name: str) -> Iterator[Run]:
    table = load_table(name)
    for corpus in table.corpora:
        corpus.encoder = "encoder"
        for system in table.systems:
            for rate in system.learning_rates or [None]:
                for seed in table.seeds:
                    yield Run(Path("runs"), table, corpus, system, rate, seed)


def test_the_papers_tables() -> None:
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


def test_what_tables_share_is_one_run() -> None:
    commands = {}
    for name in table_names():
        for run in runs_of(name):
            assert commands.setdefault(run.folder, run.command()) == run.command()
            if run.needs:
                assert commands[run.needs.folder] == run.needs.command()
    assert len({shlex.join(command) for command in commands.values()}) == len(commands)


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "tables").glob("*.toml")), ids=lambda path: path.stem)
def test_tables_of_the_documentation(path: Path) -> None:
    assert load_table(str(path)).corpora


def test_own_table(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(TABLE, "utf-8-sig")  # as some editors write it
    table = load_table(str(tmp_path / "mine.toml"))
    assert [system.arguments for system in table.systems] == ["--model br", "--model cnn"]
    assert table.corpora[0].published == {"own": ["50.0"]}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "Mine"', "title = ", "Invalid value"),
        ('title = "Mine"', "", "missing 1 required positional argument: 'title'"),
        ("seeds = [1]", "seeds = [1, 1]", "seeds: name at least one, each once"),
        ("seeds = [1]", "seeds = [-1]", "-1: metrics are "),
        ("seeds = [1]", "seeds = [true]", "Field 'seeds[0]' expected int, got bool (value: True)"),
        ("seeds = [1]", "seeds = [1]\nsedes = [2]", "unexpected keyword argument 'sedes'"),
        ('["micro_f1"]', '["f1"]', "f1: metrics are "),
        ('"br", "own"', '"br", "mine"', "systems: mine: there is no such system"),
        ('"br", "own"', "", "systems: name at least one"),
        ('"br", "own"', '"own", "own"', "systems: name at least one, each once"),
        ("[definitions.own]", "[definitions]\nown = 5\n[definitions.br]", "systems: own: "),
        ("[[corpora]]", "[corpora]", "corpora: "),
        ('"own"]\n[definitions.own]', '"a/b"]\n[definitions."a/b"]', "'a/b': its runs go to a folder of that name"),
        ('name = "support_tickets"', "name = 5", "corpora: Field 'name' expected str, got int"),
        ('name = "support_tickets"', 'name = "../x"', "'../x': its runs go to a folder of that name"),
        ("learning_rates = [1e-3]", "learning_rates = 5", "systems: own: Field 'learning_rates' expected a list"),
        ("learning_rates = [1e-3]", 'learning_rates = ["x"]', "own: Field 'learning_rates[0]' expected float, got str"),
        ("learning_rates = [1e-3]", "learning_rates = [1e-3, 0.001]", "systems: own: learning_rates must be > 0"),
        ("learning_rates = [1e-3]", "learning_rates = [nan]", "systems: own: learning_rates must be > 0"),
        ("learning_rates = [1e-3]", 'name = "x"', "systems: own: "),
        ("learning_rates = [1e-3]", 'starts_from = "br"', "systems: own: starts_from: no row with a pretraining"),
        (
            "learning_rates = [1e-3]",
            'pretraining = "--pretraining_steps 9"',
            "own: pretraining: --pretraining_steps: no",
        ),
        ('"--model cnn"', '"--model xyz"', "systems: own: arguments: --model xyz"),
        ('"--model cnn"', '"--model cnn --hidden_sise 8"', "own: arguments: --hidden_sise: no row has this option"),
        ('"--model cnn"', '"--model cnn --output_dir x"', "own: arguments: --output_dir: set elsewhere"),
        ('"--model cnn"', '"--model \\"cnn"', "No closing quotation"),
        (
            "seeds = [1]",
            'seeds = [1]\narguments = "--hidden_sise 8"',
            "arguments: --hidden_sise: no row has this option",
        ),
        ("seeds = [1]", 'seeds = [1]\narguments = "--seed 5"', "arguments: --seed: set elsewhere"),
        (
            'split = "embedded"',
            'split = "embedded"\narguments = "--model br"',
            "support_tickets: --model: set elsewhere",
        ),
        ('own = ["50.0"]', "own = [50.0]", "corpora: Field 'published['own'][0]' expected str, got float"),
        ('own = ["50.0"]', 'own = ["50.0", "1"]', "corpora: support_tickets: published: own: give a row"),
        ('own = ["50.0"]', 'cnn = ["50.0"]', "corpora: support_tickets: published: cnn: give a row"),
    ],
)
def test_refusals(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TABLE.replace(old, new))
    with pytest.raises(UserInputError) as error:
        load_table(str(path))
    message = str(error.value)
    assert message.startswith(f"{path}: ") and "\n" not in message
    assert told in message


def test_notes_are_at_the_numbers_that_they_are_about() -> None:
    notes = {(name, corpus.name): corpus.notes for name in table_names() for corpus in load_table(name).corpora}
    assert "67.04 is the macro-F1" in notes["lm-mtc-table-3", "rmsc-v2"]
    assert {place for place, text in notes.items() if text} == {
        ("lm-mtc-table-2", "gaic"),
        ("lm-mtc-table-2", "aapd"),
        *(("lm-mtc-table-3", name) for name in ("aapd", "reuters21578-random-80-20", "rmsc-v2")),
    }


def test_the_table_of_the_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    page = (ROOT / "docs/how_to/reproduce.md").read_text("utf-8")
    section = page.partition("## A table of your own\n")[2].partition("\n#")[0]
    (example,) = re.findall(r"^```toml\n(.*?)^```$", section, re.M | re.S)
    (command,) = re.findall(r"^labelwise (reproduce .*)$", section, re.M)
    monkeypatch.chdir(tmp_path)
    Path(shlex.split(command)[1]).write_text(example)
    assert cli.main([*shlex.split(command), "--dry_run"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    runs = [options_of(shlex.split(line["command"])[2:]) for line in lines if "command" in line]
    assert len(runs) >= 4
    assert all(run["--dataset"] == ["support_tickets"] for run in runs)
    keys = {part.name for kind in (Table, Corpus, System) for part in fields(kind)} | {"definitions"}
    assert [key for key in keys if not re.search(rf"`{key}`|^{key} =|\[{key}", section, re.M)] == []
