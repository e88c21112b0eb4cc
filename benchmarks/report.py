# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tables of measurements, and the pages that contain them.

`docs/lab/performance.md` has all, `docs/explanation/performance.md` what users ask for, `docs/how_to/serving.md` the
server's; `docs/lab/defaults*.md`, from each `defaults*.json`.

Usage: `python -m benchmarks.report`, after a command of `COMMANDS` has written to `docs/performance/`.
"""

import json
from pathlib import Path

from labelwise.hub.markdown import fill_section

from . import tables
from .defaults_page import defaults_page

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("lab/performance.md", "explanation/performance.md", "how_to/serving.md")
NOT_MEASURED = "Not measured.\n\nCommand: `{}`"
SIDE_BY_SIDE = "python -m benchmarks.side_by_side --lw_pt PATH --lm_mlc PATH --output_file docs/performance/"
COMMANDS = {
    "cpu_intel": f"{SIDE_BY_SIDE}cpu_intel.json",
    "cpu_amd": f"{SIDE_BY_SIDE}cpu_amd.json",
    "gpu": "python -m benchmarks.side_by_side --repeats 9 --output_file docs/performance/gpu.json",
    "curves": "python -m benchmarks.curves --output_file docs/performance/curves.json",
    "lw_encoder": "python -m benchmarks.label_wise_encoder --output_file docs/performance/lw_encoder.json",
    "evaluating": "python -m benchmarks.evaluating --output_file docs/performance/evaluating.json",
    "evaluation_order": "python -m benchmarks.evaluation_order --data_dir ../shared/data --encoder FOLDER "
    "--output_file docs/performance/evaluation_order.json",
    "frozen": "python -m benchmarks.frozen --model FOLDER/pretraining --config_name random-80-20 "
    "--data_dir ../shared/data/reuters21578 --epochs 12 --learning_rate 3e-2 "
    "--output_file docs/performance/frozen.json",
    "reading": "python -m benchmarks.reading --output_file docs/performance/reading.json",
    "startup": "python -m benchmarks.startup --output_file docs/performance/startup.json",
    "serve_load": "python -m benchmarks.serve_load --models FOLDER ... --output_file docs/performance/serve_load.json",
    "processes": "python -m benchmarks.processes --model FOLDER --documents 200000 "
    "--output_file docs/performance/processes.json",
    "streaming": "python -m benchmarks.streaming --output_file docs/performance/streaming.json",
    "many_labels": "python -m benchmarks.many_labels --output_file docs/performance/many_labels.json",
    "training_memory": "python -m benchmarks.training_memory --output_file docs/performance/training_memory.json",
    "serving": "python -m benchmarks.serving --models FOLDER ... --rows 100000 --repeats 1 "
    "--output_file docs/performance/serving.json",
    "quantized": "python -m benchmarks.quantized --models FOLDER ... --output_file docs/performance/quantized.json",
    "decoding": "python -m benchmarks.decoding --models FOLDER ... "
    "--data_dir ../shared/data/goemotions --output_file docs/performance/decoding.json",
}

# Short forms of measurements, for the page of what users ask for.
SUMMARIES = {"summary": ("cpu_intel", tables.summary_table), "growth": ("many_labels", tables.growth_table)}
TABLES = {
    "curves": tables.curve_tables,
    "decoding": tables.decoding_table,
    "evaluating": tables.evaluating_table,
    "evaluation_order": tables.evaluation_order_table,
    "frozen": tables.frozen_table,
    "lw_encoder": tables.lw_encoder_tables,
    "many_labels": tables.curve_tables,
    "processes": tables.processes_table,
    "quantized": tables.quantized_table,
    "reading": tables.reading_table,
    "serve_load": tables.serve_load_table,
    "serving": tables.serving_table,
    "startup": tables.startup_table,
    "streaming": tables.streaming_table,
    "training_memory": tables.training_memory_table,
}


def section(name: str, folder: Path) -> str:
    """Return a section of the page: its table (or a note that it was not measured) and the command."""
    measured, make = SUMMARIES.get(name, (name, TABLES.get(name, tables.side_by_side_table)))
    file = folder / f"{measured}.json"
    if not file.is_file():
        return NOT_MEASURED.format(COMMANDS[measured])
    return f"{make(json.loads(file.read_text('utf-8')))}\n\nCommand: `{COMMANDS[measured]}`"


def write_page(docs: Path = DOCS) -> None:
    """Fill the marked sections of both pages from `docs/performance/`, and write `docs/lab/defaults*.md`."""
    folder = docs / "performance"
    for page in (docs / name for name in PAGES):
        text = page.read_text("utf-8")
        for name in (*COMMANDS, *SUMMARIES):
            if f"<!-- begin {name} -->" in text:
                text = fill_section(text, name, section(name, folder))
        page.write_text(text, "utf-8")
    for file in sorted(folder.glob("defaults*.json")):
        page = docs / "lab" / f"{file.stem}.md"
        page.write_text(defaults_page(json.loads(file.read_text("utf-8"))) + "\n", "utf-8")


if __name__ == "__main__":
    write_page()
