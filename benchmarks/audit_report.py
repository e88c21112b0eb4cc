# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tables of what an audit finds, and `docs/explanation/audit/README.md`, which contains them.

Usage: `python -m benchmarks.audit_report`, after `python -m benchmarks.audit` has written to `docs/explanation/audit/`.
"""

import json
from pathlib import Path
from statistics import mean, stdev

from labelwise.hub.markdown import fill_section, make_table

DOCS = Path(__file__).parents[1] / "docs" / "explanation" / "audit"
CORPORA = ("reuters21578", "goemotions")
COMMAND = (
    "python -m benchmarks.audit --dataset {0} --data_dir ../shared/data/{0} "
    "--output_file docs/explanation/audit/planted-{0}.json"
)
_RANKINGS = ("chance", "plain confidence", "audit")
_MEASURES = ("precision", "recall", "precision_at_planted", "average_precision")
_COPIES = ("exact_copies_found", "changed_copies_found", "conflicts_found")


def audit_tables(measurement: dict) -> str:
    """Return the measurement of `audit` as Markdown."""
    rows = []
    for how, some in _by(measurement["label_errors"], "how").items():
        for ranking in _RANKINGS:
            cells = [_spread([row[ranking][name] for row in some]) for name in _MEASURES]
            rows.append([how, _number(some, "planted"), _number(some, "flagged"), ranking, *cells])
    head = (
        "flips",
        "planted",
        "found",
        "ranking",
        "precision",
        "recall",
        "precision at as many as planted",
        "average precision",
    )
    tables = [make_table(head, rows)]
    rows = [
        [
            f"{key:.1f}",
            *(_spread([row[name] for row in some]) for name in _COPIES),
            _number(some, "groups_before_planting"),
            _spread([row["seconds"] for row in some]),
        ]
        for key, some in _by(measurement["copies"], "similarity").items()
    ]
    head = (
        "similarity",
        "exact copies found",
        "changed copies found",
        "conflicts found",
        "groups without them",
        "seconds",
    )
    tables.append(make_table(head, rows))
    rows = [
        [
            kind,
            str(sum(row["planted"] for row in some)),
            _spread([row["found"] for row in some]),
            _number(some, "found_before"),
        ]
        for kind, some in _by(measurement["names"], "kind").items()
    ]
    tables.append(make_table(("other spelling of a label", "planted", "found", "pairs without them"), rows))
    seconds = mean(row["seconds"] for row in measurement["label_errors"])
    seeds = ", ".join(map(str, measurement["seeds"]))
    facts = (
        f"- {measurement['corpus']}, {measurement['documents']:,} training documents, {measurement['labels']} labels; "
        f"{measurement['system']}, 5 folds, {seconds:.0f} s a run; mean ± standard deviation over the seeds {seeds}.\n"
        f"- {measurement['machine']}, {measurement['threads']} threads, load {measurement['load_before']:.1f} before "
        f"the runs; revision {measurement['git_revision']}."
    )
    return "\n\n".join([*tables, facts])


def write_page(docs: Path = DOCS) -> None:
    """Fill the marked sections of `README.md` from the measurements beside it."""
    page = docs / "README.md"
    text = page.read_text("utf-8")
    for name in CORPORA:
        measurement = json.loads((docs / f"planted-{name}.json").read_text("utf-8"))
        content = f"{audit_tables(measurement)}\n\nCommand: `{COMMAND.format(name)}`"
        text = fill_section(text, f"planted-{name}", content)
    page.write_text(text, "utf-8")


def _by(rows: list[dict], key: str) -> dict:
    found: dict = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _number(rows: list[dict], name: str) -> str:
    return f"{mean(row[name] for row in rows):,.0f}"


def _spread(values: list[float]) -> str:
    shown = f"{mean(values):.3f}"
    return f"{shown} ± {stdev(values):.3f}" if len(values) > 1 and stdev(values) >= 0.0005 else shown


if __name__ == "__main__":
    write_page()
