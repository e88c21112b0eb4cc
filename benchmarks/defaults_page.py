# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`docs/lab/defaults*.md`: the settings of each family beside the default, from a measurement of `defaults`."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import mean
from typing import Any

from labelwise.hub.markdown import code_block, escape, make_table
from labelwise.runs.comparison import describe_documents
from labelwise.runs.comparison_page import STOPPED_BY

BASELINE, DEFAULT = "br", "default"
_SCORES = {"micro_f1": "micro-F1", "macro_f1": "macro-F1"}
_HEAD = ["setting", "options", *_SCORES.values(), "seeds", "epochs", "stopped by", "minutes", "processor minutes"]
_ABOUT = (
    "Each run is one `labelwise train` of {time_limit:g} minutes at most. They include reading, word vectors and "
    "evaluation, as a first run on a new corpus takes them. Scores are of validation, in percent, at one tuned "
    "threshold: means over seeds, with the lowest and highest. The best setting is bold where it is above the default "
    "by more than the seeds of either differ, which needs two seeds of the default. `br` is linear, over TF-IDF."
)
Rows = list[dict[str, Any]]


def defaults_page(measurement: dict[str, Any]) -> str:
    """Return the page in Markdown.

    Args:
        measurement (`dict`): The content of a `docs/performance/defaults*.json`.
    """
    groups: dict[str, dict[str, dict[str, Rows]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for row in measurement["rows"]:
        groups[row["model"]][row["corpus"]][row["setting"]].append(row)
    baselines = groups.pop(BASELINE, {})
    title = f"# Defaults that validation chooses within {measurement['time_limit']:g} minutes"
    parts = [title, _ABOUT.format(**measurement)]
    documents = {row["corpus"]: describe_documents(row["documents"]) for row in measurement["rows"]}
    parts.append("\n".join(f"- {corpus}: {found} documents" for corpus, found in documents.items()))
    for model, corpora in groups.items():
        parts += [f"## {model}", *filter(None, [_gains_table(corpora)])]
        for corpus, settings in corpora.items():
            baseline = {f"`{BASELINE}`": baselines[corpus][DEFAULT]} if corpus in baselines else {}
            parts += [f"### {model}: {corpus}", _settings_table(settings, baseline)]
    parts += [f"- **Failed**: {name}: {escape(line)}" for name, line in measurement["failed"].items()]
    return "\n\n".join([*parts, _facts(measurement), code_block("\n".join(measurement["commands"]))])


def is_clearly_above(rows: Rows, default: Rows, metric: str) -> bool:
    """Return whether a setting's mean is above the default's by more than the seeds of either differ.

    Args:
        rows (`list[dict]`), default (`list[dict]`): The runs of the setting and those of the default, one per seed.
        metric (`str`): Key of the score.
    """
    if len(default) < 2:  # nothing says how much seeds differ
        return False
    scores, defaults = ([row[metric] for row in part] for part in (rows, default))
    return mean(scores) - mean(defaults) > max(max(part) - min(part) for part in (scores, defaults))


def _settings_table(settings: dict[str, Rows], baseline: dict[str, Rows]) -> str:
    """Return the table of a system on a corpus, the default first."""
    ordered = dict(sorted(settings.items(), key=lambda entry: entry[0] != DEFAULT))
    best = {metric: max(ordered, key=lambda name: _mean(ordered[name], metric)) for metric in _SCORES}
    default, lines = settings.get(DEFAULT, []), []
    for name, rows in {**baseline, **ordered}.items():
        cells = []
        for metric in _SCORES:
            cell = _range([100 * row[metric] for row in rows])
            cells.append(f"**{cell}**" if name == best[metric] and is_clearly_above(rows, default, metric) else cell)
        stopped = dict.fromkeys(STOPPED_BY[row["stopped_by"]] if row["epochs"] else "-" for row in rows)
        epochs, *minutes = (f"{_mean(rows, key):.1f}" for key in ("epochs", "minutes", "processor_minutes"))
        arguments = rows[0]["arguments"]
        options = f"`{arguments}`" if arguments else ""
        lines.append([name, options, *cells, str(len(rows)), epochs, ", ".join(stopped), *minutes])
    return make_table(_HEAD, lines)


def _gains_table(corpora: dict[str, dict[str, Rows]]) -> str:
    """Return by how many points of (micro-F1 + macro-F1) / 2 each setting is above the default, the highest first.

    It is empty if there are no other settings.
    """
    gains: dict[str, dict[str, float]] = defaultdict(dict)
    for corpus, settings in corpora.items():
        for name, rows in settings.items():
            if DEFAULT in settings and name != DEFAULT:
                gains[name][corpus] = 100 * (_score(rows) - _score(settings[DEFAULT]))
    if not gains:
        return ""
    whole = {name: mean(found.values()) for name, found in gains.items() if len(found) == len(corpora)}
    names = sorted(gains, key=lambda name: whole.get(name, -100), reverse=True)
    lines = []
    for name in names:
        cells = [f"{gains[name][corpus]:+.2f}" if corpus in gains[name] else "-" for corpus in corpora]
        lines.append([name, *cells, f"{whole[name]:+.2f}" if name in whole else "-"])
    table = make_table(["setting", *corpora, "mean"], lines)
    return f"Points of (micro-F1 + macro-F1) / 2 above the default:\n\n{table}"


def _score(rows: Rows) -> float:
    return mean(_mean(rows, metric) for metric in _SCORES)


def _mean(rows: Rows, key: str) -> float:
    return mean(row[key] for row in rows)


def _range(values: Sequence[float]) -> str:
    found = f"{mean(values):.2f}"
    return found if len(values) == 1 else f"{found} ({min(values):.2f} to {max(values):.2f})"


def _facts(measurement: dict[str, Any]) -> str:
    revisions = dict.fromkeys(row["revision"] for row in measurement["rows"])
    versions = ", ".join(f"{name} {version}" for name, version in measurement["versions"].items())
    machine = f"{measurement['machine']}, {measurement['threads']} threads"
    return f"- {machine}; revisions {', '.join(revisions)}.\n- {versions}."
