# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page of `labelwise compare`: a row for each system."""

import shlex
from typing import Any

from ..hub.markdown import code_block, code_span, escape, make_table
from ..trainer.metrics_names import METRIC_NAMES
from .comparison import describe_documents
from .results import format_metrics

_VALIDATION = ["micro_f1", "macro_f1"]
_TEST = ["micro_f1", "macro_f1", "hamming_loss", "one_error", "subset_accuracy"]
_FACTS = ["epochs", "stopped by", "minutes", "parameters", "texts/s"]
STOPPED_BY = {
    "max_minutes": "time",
    "early_stopping_patience": "validation",
    "callback": "a callback",
    None: "the last epoch",
}


def format_comparison(summary: dict[str, Any]) -> str:
    """Return a comparison as Markdown.

    Args:
        summary (`dict`): The content of `compare.json`.
    """
    columns = [("validation", metric) for metric in _VALIDATION] + [("test", metric) for metric in _TEST]
    head = ["system", *(f"{split} {METRIC_NAMES[metric]}" for split, metric in columns), *_FACTS]
    seed, minutes = summary["seed"], summary["minutes"]
    about = (
        f"{describe_documents(summary['documents'])} documents; --minutes {minutes:g}; seed {seed}; "
        f"{escape(summary['machine'])}. Metrics in percent, the Hamming loss as a fraction, at one threshold that was "
        "tuned on validation. Epochs: those trained and, in brackets, the one that validation chose. Training was "
        "stopped by validation that got no better, by the time, or by the last epoch. Minutes: of the last "
        "part of a run that was resumed. Texts/s: from text to logits."
    )
    best = (
        f"Best on validation (micro-F1 + macro-F1): `{summary['best']}`, in {code_span(str(summary['best_folder']))}."
    )
    parts = [
        f"# {escape(summary['data'])}: which system?",
        about,
        make_table(head, [_format_row(row) for row in summary["systems"]]),
        *(f"`{row['model']}`: {escape(row['error'])}" for row in summary["systems"] if "error" in row),
        *([best] if summary["best_folder"] else []),
        code_block(shlex.join(summary["command"])),
    ]
    return "\n\n".join(parts)


def _format_row(row: dict[str, Any]) -> list[str]:
    if "error" in row:
        return [row["model"], *["-"] * len(_VALIDATION + _TEST + _FACTS)]
    cells = format_metrics(_VALIDATION, [row], split="validation")
    cells += format_metrics(_TEST, [row]) if "test" in row["metrics"] else ["-"] * len(_TEST)
    epochs = ["-", "-"]  # of a linear model
    if row["best_epoch"] is not None:
        epochs = [f"{row['epochs']:.1f} ({row['best_epoch']:.1f})", STOPPED_BY[row["stopped_by"]]]
    numbers = [f"{row['minutes']:.1f}", f"{row['parameters']:,}", f"{row['texts_per_second']:,.0f}"]
    return [row["model"], *cells, *epochs, *numbers]
