# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tables of measurements, and the pages that contain them.

`docs/lab/performance.md` has all, `docs/explanation/performance.md` what users ask for; `docs/lab/defaults.md`.

Usage: `python -m benchmarks.report`, after `side_by_side`, `curves`, `decoding`, `defaults`, `evaluating`, `frozen`,
`label_wise_encoder`, `quantized`, `reading` or `startup` have written to `docs/performance/`.
"""

import json
from pathlib import Path

from labelwise.hub.markdown import fill_section, make_table

from .defaults_page import defaults_page

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("lab/performance.md", "explanation/performance.md")
_DECODING = ("parameters", "seconds", "texts_per_second")
_EVALUATING = ("documents", "seconds", "peak_mib")
_FROZEN = ("seconds_once", "seconds_per_epoch", "speedup", "micro_f1", "macro_f1")
_READING = ("documents", "file_mib", "documents_per_second", "grown_mib_tenth", "grown_mib")
_SERVING = ("documents", "seconds", "texts_per_second", "peak_mib_tenth", "peak_mib")
NOT_MEASURED = "Not measured.\n\nCommand: `{}`"
COMMANDS = {
    "cpu": "python -m benchmarks.side_by_side --lw_pt PATH --lm_mlc PATH --output_file docs/performance/cpu.json",
    "gpu": "python -m benchmarks.side_by_side --repeats 9 --output_file docs/performance/gpu.json",
    "curves": "python -m benchmarks.curves --output_file docs/performance/curves.json",
    "lw_encoder": "python -m benchmarks.label_wise_encoder --output_file docs/performance/lw_encoder.json",
    "evaluating": "python -m benchmarks.evaluating --output_file docs/performance/evaluating.json",
    "frozen": "python -m benchmarks.frozen --model FOLDER/pretraining --data_dir ../shared/data/reuters21578 "
    "--epochs 2 --output_file docs/performance/frozen.json",
    "reading": "python -m benchmarks.reading --output_file docs/performance/reading.json",
    "startup": "python -m benchmarks.startup --output_file docs/performance/startup.json",
    "serving": "python -m benchmarks.serving --models FOLDER ... --output_file docs/performance/serving.json",
    "quantized": "python -m benchmarks.quantized --output_file docs/performance/quantized.json",
    "decoding": "python -m benchmarks.decoding --models FOLDER ... "
    "--data_dir ../shared/data/goemotions --output_file docs/performance/decoding.json",
}


def side_by_side_table(measurement: dict) -> str:
    """Return the measurement of `side_by_side` as Markdown."""
    lines = [_rows_table(measurement), ""]
    lines += [f"- **Failed**: {reason}" for reason in measurement["failed"]]
    lines += [*(f"- Left out: {reason}" for reason in measurement["left_out"]), _facts(measurement)]
    return "\n".join(lines)


def _rows_table(measurement: dict) -> str:
    head = (
        "work",
        "ours",
        "against",
        "ours / s",
        "other / s",
        "ratio (quartiles)",
        "floor",
        "of matrix peak",
        "floor ",
    )
    # Floors apply to the full sizes, on a CPU, and against the reference codes.
    stated = not measurement["quick"] and measurement["device"] == "cpu"
    return make_table(head, [_row(row, stated) for row in measurement["rows"]])


def _row(row: dict, stated: bool) -> list[str]:
    low, high = row["ratio_quartiles"]
    fraction, fraction_floor = row.get("peak_fraction"), row.get("peak_fraction_floor")
    return [
        row["work"],
        row["ours"],
        row["against"],
        number(row["ours_per_second"]),
        number(row["against_per_second"]),
        f"{number(row['ratio'])} ({number(low)} to {number(high)})",
        _floor(row["ratio"], row["ratio_floor"] if stated and not row["against"].startswith("plain") else None),
        "" if fraction is None else f"{fraction:.2f}",
        _floor(fraction, fraction_floor if stated else None),
    ]


def _floor(value: float | None, floor: float | None) -> str:
    if floor is None:
        return ""
    return f"{floor:g}" if value >= floor else f"{floor:g}, **missed**"


def number(value: float) -> str:
    """Format a number with three significant digits, and whole numbers without decimals."""
    return f"{value:,.0f}" if value >= 100 or isinstance(value, int) else f"{value:.3g}"


def _facts(measurement: dict) -> str:
    rows = measurement.get("rows", [])
    peaks = [row["matrix_gflops"] for row in rows if "matrix_gflops" in row]
    lines = [_machine(measurement)]
    if peaks:
        ranges = {name: [peak[name] for peak in peaks] for name in peaks[0]}
        speeds = ", ".join(f"{name} {number(min(v))} to {number(max(v))}" for name, v in ranges.items())
        lines.append(f"- Matrix product, GFLOP/s over the rows: {speeds}.")
    if rows:
        repeats, worst = min(row["repeats"] for row in rows), max(row["difference"] for row in rows)
        lines.append(f"- Medians of {repeats}; outputs agree to {worst:.1g} or better (bf16 against our own fp32).")
    if measurement.get("references"):
        lines.append("- Reference codes: " + ", ".join(f"{k} {v}" for k, v in measurement["references"].items()) + ".")
    return "\n".join([*lines, _versions(measurement)])


def _machine(measurement: dict) -> str:
    return (
        f"- {measurement['machine']}, {measurement['threads']} threads, load {measurement['load_before']:.1f} before "
        f"the run; revision {measurement['git_revision']}."
    )


def _versions(measurement: dict) -> str:
    return "- " + ", ".join(f"{name} {version}" for name, version in measurement["versions"].items()) + "."


def curve_tables(measurement: dict) -> str:
    """Return the measurement of `curves` as Markdown."""
    return "\n".join([*_curves(measurement), _facts(measurement)])


def lw_encoder_tables(measurement: dict) -> str:
    """Return the measurement of `label_wise_encoder` as Markdown."""
    rows = [_rows_table(measurement), ""] if measurement["rows"] else []
    return "\n".join([*rows, *_curves(measurement), _facts(measurement)])


def _curves(measurement: dict) -> list[str]:
    parts = []
    for curve in measurement["curves"].values():
        points = curve["points"]
        names = [name for name, value in points[0].items() if not isinstance(value, list)]
        rows = [[number(point[name]) for name in names] for point in points]
        table = make_table([name.replace("_", " ") for name in names], rows)
        parts.append(f"{curve['title']}:\n\n{table}\n")
    return parts


def decoding_table(measurement: dict) -> str:
    """Return the measurement of `decoding` as Markdown."""
    rows = [[row["model"], *(number(row[name]) for name in _DECODING)] for row in measurement["rows"]]
    work = (
        f"- {measurement['corpus']}, {measurement['documents']:,} texts of the test split, batches of "
        f"{measurement['batch_size']}; medians of {measurement['repeats']} rounds."
    )
    head = ("model", *(name.replace("_", " ") for name in _DECODING))
    return "\n".join([make_table(head, rows), "", work, _machine(measurement), _versions(measurement)])


def reading_table(measurement: dict) -> str:
    """Return the measurement of `reading` as Markdown."""
    rows = [[row["format"], *(number(row[name]) for name in _READING)] for row in measurement["rows"]]
    head = ("format", "documents", "file, MiB", "documents / s", "memory for a tenth, MiB", "memory for all, MiB")
    work = f"- Medians of {measurement['repeats']} processes; memory is by how much they grew, without pages of files."
    return "\n".join([make_table(head, rows), "", work, _machine(measurement), _versions(measurement)])


def evaluating_table(measurement: dict) -> str:
    """Return the measurement of `evaluating` as Markdown."""
    rows = [[row["metrics"], *(number(row[name]) for name in _EVALUATING)] for row in measurement["rows"]]
    head = ("metrics", "documents", "seconds", "largest resident memory, MiB")
    work = f"- {measurement['labels']:,} labels; one process per row, seconds from its start to its end."
    return "\n".join([make_table(head, rows), "", work, _machine(measurement), _versions(measurement)])


def frozen_table(measurement: dict) -> str:
    """Return the measurement of `frozen` as Markdown."""
    first = measurement["rows"][0]["seconds_per_epoch"]
    rows = [{**row, "speedup": first / row["seconds_per_epoch"]} for row in measurement["rows"]]
    rows = [[row["way"], *(number(row[name]) for name in _FROZEN)] for row in rows]
    head = ("training", "seconds once", "seconds / epoch", "times as fast", "micro-F1", "macro-F1")
    sizes = " and ".join(f"{number:,} {split}" for split, number in measurement["documents"].items())
    work = (
        f"- {measurement['model']} of hidden size {measurement['hidden_size']} on {measurement['corpus']}, {sizes} "
        f"documents; F1 on validation after {measurement['epochs']} epochs, of which the median is given."
    )
    return "\n".join([make_table(head, rows), "", work, _machine(measurement), _versions(measurement)])


def startup_table(measurement: dict) -> str:
    """Return the measurement of `startup` as Markdown."""
    rows = [[f"`{row['work']}`", number(row["seconds"]), number(row["ratio"])] for row in measurement["rows"]]
    work = f"- Processes of their own, from start to end; medians of {measurement['repeats']} rounds."
    head = ("process", "seconds", "of `import torch`")
    return "\n".join([make_table(head, rows), "", work, _machine(measurement), _versions(measurement)])


def serving_table(measurement: dict) -> str:
    """Return the measurement of `serving` as Markdown."""
    rows = [[row["model"], row["format"], *(number(row[name]) for name in _SERVING)] for row in measurement["rows"]]
    head = ("model", "output", "texts", "seconds", "texts / s", "memory for a tenth, MiB", "memory for all, MiB")
    work = (
        f"- Training texts of {measurement['corpus']}, {number(measurement['words'])} words on average; medians of "
        f"{measurement['repeats']} processes; memory is the largest that is resident and not of a file."
    )
    return "\n".join([make_table(head, rows), "", work, _machine(measurement), _versions(measurement)])


def quantized_table(measurement: dict) -> str:
    """Return the measurement of `quantized` as Markdown."""
    rows = [
        [
            row["model"],
            row["export"],
            number(row["batch_size"]),
            f"{row['largest_difference']:.1g}",
            f"{row['mean_difference']:.1g}",
            *(f"{100 * row[key]['model']:.1f} / {100 * row[key]['export']:.1f}" for key in ("micro_f1", "macro_f1")),
            f"{row['changed_label_sets']} of {row['documents']}",
            "{} ({} to {})".format(*map(number, (row["ratio"], *row["ratio_quartiles"]))),
            number(row["size_ratio"]),
        ]
        for row in measurement["rows"]
    ]
    head = (
        *("model", "export", "batch", "largest difference", "mean difference", "micro-F1 before / after"),
        *("macro-F1 before / after", "label sets changed", "times as fast (quartiles)", "times as small"),
    )
    work = (
        f"- Differences of probabilities, on test documents of {measurement['corpus']}; times against eager fp32 "
        f"torch, batch by batch in one process, {measurement['conditions']}; medians."
    )
    return "\n".join([make_table(head, rows), "", work, _machine(measurement), _versions(measurement)])


def section(name: str, folder: Path) -> str:
    """Return a section of the page: its table (or a note that it was not measured) and the command."""
    file = folder / f"{name}.json"
    if not file.is_file():
        return NOT_MEASURED.format(COMMANDS[name])
    measurement = json.loads(file.read_text("utf-8"))
    tables = {
        "curves": curve_tables,
        "decoding": decoding_table,
        "evaluating": evaluating_table,
        "frozen": frozen_table,
        "lw_encoder": lw_encoder_tables,
        "quantized": quantized_table,
        "reading": reading_table,
        "serving": serving_table,
        "startup": startup_table,
    }
    table = tables.get(name, side_by_side_table)(measurement)
    return f"{table}\n\nCommand: `{COMMANDS[name]}`"


def summary(folder: Path) -> str:
    """Return how fast the models are beside other code on a CPU, a line for each work."""
    measurement = json.loads((folder / "cpu.json").read_text("utf-8"))
    rows = [[row["work"], row["ours"], row["against"], number(row["ratio"])] for row in measurement["rows"]]
    return f"{make_table(('work', 'ours', 'beside', 'times as fast'), rows)}\n\n{_machine(measurement)}"


def write_page(docs: Path = DOCS) -> None:
    """Fill the marked sections of both pages from `docs/performance/`, and write `docs/lab/defaults.md`."""
    folder = docs / "performance"
    for page in (docs / name for name in PAGES):
        text = page.read_text("utf-8")
        for name in COMMANDS:
            if f"<!-- begin {name} -->" in text:
                text = fill_section(text, name, section(name, folder))
        if "<!-- begin summary -->" in text and (folder / "cpu.json").is_file():
            text = fill_section(text, "summary", summary(folder))
        page.write_text(text, "utf-8")
    defaults = docs / "performance" / "defaults.json"
    if defaults.is_file():
        page = docs / "lab" / "defaults.md"
        page.write_text(defaults_page(json.loads(defaults.read_text("utf-8"))) + "\n", "utf-8")


if __name__ == "__main__":
    write_page()
