# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The pages of the site that are made from the package: its public names, commands, systems and corpora."""

import inspect
import json
import tomllib

from labelwise_cli import COMMANDS
from labelwise_cli.parsing import OPTIONS_FILE

import labelwise
from labelwise.datasets_scripts import CORPORA
from labelwise.datasets_scripts.builder import CorpusBuilder
from labelwise.families import FAMILIES
from labelwise.families.encoder_family import EncoderFamily
from labelwise.families.label_wise_pretraining_family import LabelWisePreTrainingFamily
from labelwise.hub.markdown import make_table
from labelwise.reproduction.tables import SYSTEMS, load_table, table_names

# The page of a public name, by the beginning of its module's name; the first that fits.
API_PAGES = {
    "trainer.losses": "losses",
    "trainer.metrics": "metrics",
    "trainer.thresholds": "thresholds",
    "trainer.calibration": "thresholds",
    "modeling.thresholding": "thresholds",
    "trainer": "training",
    "datasets_scripts": "data",
    "configuration": "models",
    "modeling": "models",
    "tokenization": "tokenizers",
    "families": "families",
    "": "entry_points",
}
API_TITLES = {
    "entry_points": ("Entry points", "A classifier in one class, a pipeline, new labels, and the error of bad input."),
    "models": ("Models", "Configurations and models; the Auto classes of transformers find them."),
    "tokenizers": ("Tokenizers", "Fast tokenizers, of words and of labels before the text."),
    "data": ("Data", "Corpora and your own files, as a `DatasetDict` of `datasets`."),
    "training": ("Training", "Trainers with their settings, collators and callbacks."),
    "losses": ("Losses", "What `--loss` names. [When to use which](../../how_to/imbalance.md)."),
    "metrics": ("Metrics", "[What each metric counts](../metrics.md)."),
    "thresholds": ("Thresholds and calibration", "[How to tune and calibrate](../../how_to/thresholds.md)."),
    "families": ("Families", "What [a new model](../../how_to/contribute.md) registers."),
}
GROUPS = {"options": "Options", "data": "Data", "model": "Model", "training": "Training"}
GROUPS |= {"thresholds": "Thresholds", "output": "Output"}
OPTIONS = json.loads(OPTIONS_FILE.read_text("utf-8"))


def make_pages() -> dict[str, str]:
    """Return the text of each page, by its path below `docs/`, in the order of the navigation."""
    tables = {"reference/systems.md": systems_page(), "reference/corpora.md": corpora_page()}
    return {**command_pages(), **api_pages(), **tables}


def api_pages() -> dict[str, str]:
    """Return a page for each part of the package; together they have all public names."""
    names: dict[str, list[str]] = {page: [] for page in API_TITLES}
    for name in sorted(labelwise.__all__, key=str.casefold):
        module = getattr(labelwise, name).__module__.removeprefix("labelwise.")
        names[next(page for part, page in API_PAGES.items() if module.startswith(part))].append(name)
    return {
        f"reference/api/{page}.md": "\n\n".join([f"# {title}", about, *map(_documentation, names[page])]) + "\n"
        for page, (title, about) in API_TITLES.items()
    }


def _documentation(name: str) -> str:
    public = getattr(labelwise, name)
    return f"::: {public.__module__}.{public.__qualname__}"


def command_pages() -> dict[str, str]:
    """Return a page for each command, with all its options."""
    rows = [[f"[`{name}`]({name}.md)", what] for name, what in COMMANDS.items()]
    about = "`labelwise COMMAND --help` prints the same; `labelwise train --help` shows the common options first."
    index = f"# Commands\n\n{about}\n\n{make_table(['command', 'what it does'], rows)}\n"
    pages = {"reference/commands/index.md": index}
    for command, what in COMMANDS.items():
        parts = [f"# labelwise {command}", _sentence(what)]
        if command in OPTIONS["parts"]:
            for part, told in OPTIONS["parts"][command].items():
                parts += [
                    f"## {command} {part}",
                    told[0].upper() + told[1:] + ".",
                    *_options(f"{command} {part}", "###"),
                ]
        else:
            parts += _options(command, "##")
        pages[f"reference/commands/{command}.md"] = "\n\n".join(parts) + "\n"
    return pages


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _options(command: str, heading: str) -> list[str]:
    parts = [f"```console\n$ labelwise {command} --help\n```"]
    for group, title in GROUPS.items():
        rows = []
        for entry in OPTIONS["commands"][command]["options"]:
            if entry["group"] == group:
                flag = entry["flags"][0] if "flags" in entry else entry["name"]
                takes = " \\| ".join(map(str, entry["choices"])) if "choices" in entry else entry.get("type", "text")
                takes = "" if entry.get("nargs") == 0 else takes
                told = entry["help"].replace("|", "\\|").replace("<", "&lt;")
                if "models" in entry:
                    told += f" *Of {', '.join(entry['models'])}.*"
                rows.append([f"`{flag}`", takes, told + (" **Required.**" if entry.get("required") else "")])
        if rows:
            parts += [f"{heading} {title}", make_table(["option", "takes", "what it does"], rows)]
    return parts


def systems_page() -> str:
    """Return the systems that `--model` names, and the rows of the papers' tables."""
    rows = []
    for family in FAMILIES.values():
        for system, sets in family.systems.items():
            rows.append(
                [
                    f"`{system}`",
                    _first_sentence(family.config_class),
                    ", ".join(f"`{field}={value}`" for field, value in sets.items()),
                    "yes" if issubclass(family, EncoderFamily) else "",
                    "yes" if issubclass(family, LabelWisePreTrainingFamily) else "",
                    f"[`{family.config_class.__name__}`](api/models.md)",
                ]
            )
    head = ["`--model`", "what it is", "sets", "over an encoder", "label-wise pre-training", "configuration"]
    definitions = tomllib.loads(SYSTEMS.read_text("utf-8"))
    tables = {name: load_table(name) for name in table_names()}
    papers = [
        [
            f"`{name}`",
            f"`{row['arguments']}`" + (f", then `{row['pretraining']}`" if "pretraining" in row else ""),
            ", ".join(f"{rate:g}" for rate in row["learning_rates"]),
            ", ".join(table for table, content in tables.items() if name in {part.name for part in content.systems}),
        ]
        for name, row in definitions.items()
    ]
    return "\n\n".join(
        [
            "# Systems",
            "What `labelwise train --model` and `MultiLabelClassifier` take. "
            "[Which one to choose](../how_to/choose_a_system.md).",
            make_table(head, rows),
            "## Rows of the papers' tables",
            "What [`labelwise reproduce`](../how_to/reproduce.md) trains for each row: the options of `labelwise "
            "train`, and the learning rates that validation chooses from.",
            make_table(["row", "options", "learning rates", "tables"], papers),
            "",
        ]
    )


def _first_sentence(documented: type) -> str:
    """Return the beginning of a docstring in one line, down to its first full stop or semicolon."""
    text = " ".join(inspect.getdoc(documented).split("\n\n")[0].split())
    return text.removeprefix("Configuration of ").partition(". ")[0].partition("; ")[0].rstrip(".")


def corpora_page() -> str:
    """Return the corpora that `--dataset` names."""
    sections = [_corpus(name, builder) for name, builder in sorted(CORPORA.items())]
    about = (
        "What `--dataset` and `load_corpus` name. Each reads its authors' original files from `--data_dir`; a dataset "
        "of the Hub is named by its id, `ns/name`. `labelwise datasets NAME --data_dir PATH --stats` counts what was "
        "read beside what was published."
    )
    return "\n\n".join(["# Corpora", about, *sections]) + "\n"


def _corpus(name: str, builder: type[CorpusBuilder]) -> str:
    facts = {
        "Files": ", ".join(f"`{file}`" for file in builder.FILES),
        "May be missing": ", ".join(f"`{file}`" for file in builder.OPTIONAL),
        "Configurations": ", ".join(f"`{config.name}`" for config in builder.BUILDER_CONFIGS),
        "Language": {"en": "English", "zh": "Chinese"}.get(builder.LANGUAGE, builder.LANGUAGE),
        "Home": f"<{builder.HOME}>" if builder.HOME else "",
        "License": builder.LICENSE,
        "Source": builder.CITATION,
    }
    lines = [f"- **{key}**: {value}" for key, value in facts.items() if value]
    return "\n\n".join([f"## {name}", inspect.getdoc(builder), "\n".join(lines)])
