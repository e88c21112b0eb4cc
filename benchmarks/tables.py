# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Measurements as Markdown: a table, and below it what was measured, on which machine, with which versions."""

from labelwise.hub.markdown import make_table
from labelwise.wording import counted

_DECODING = ("parameters", "seconds", "texts_per_second")
_EVALUATING = ("documents", "seconds", "peak_mib")
_EVALUATION_ORDER = ("longest_first", "order_of_corpus", "ratio")
_FROZEN = ("seconds_per_epoch", "speedup", "loss", "micro_f1", "macro_f1")
_READING = ("documents", "file_mib", "documents_per_second", "grown_mib_tenth", "grown_mib")
_SERVING = ("documents", "seconds", "texts_per_second", "peak_mib_tenth", "peak_mib")


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
    lines = [machine_line(measurement)]
    if peaks:
        ranges = {name: [peak[name] for peak in peaks] for name in peaks[0]}
        speeds = ", ".join(f"{name} {number(min(v))} to {number(max(v))}" for name, v in ranges.items())
        lines.append(f"- Matrix product, GFLOP/s over the rows: {speeds}.")
    if rows:
        fewest, most = (of(row["repeats"] for row in rows) for of in (min, max))
        repeats = f"{most} batches" if fewest == most else f"{fewest} to {most} batches"
        worst = max(row["difference"] for row in rows)
        lines.append(f"- Medians of {repeats}; outputs agree to {worst:.1g} or better (bf16 against our own fp32).")
    if measurement.get("references"):
        lines.append("- Reference codes: " + ", ".join(f"{k} {v}" for k, v in measurement["references"].items()) + ".")
    return "\n".join([*lines, _versions(measurement)])


def machine_line(measurement: dict) -> str:
    """Return the line of the machine and the revision."""
    return (
        f"- {measurement['machine']}, {measurement['threads']} threads, load {measurement['load_before']:.1f} before "
        f"the run; revision {measurement['git_revision']}."
    )


def _versions(measurement: dict) -> str:
    return "- " + ", ".join(f"{name} {version}" for name, version in measurement["versions"].items()) + "."


def summary_table(measurement: dict) -> str:
    """Return of the measurement of `side_by_side` how fast the models are beside other code, a line for each work."""
    rows = [[row["work"], row["ours"], row["against"], number(row["ratio"])] for row in measurement["rows"]]
    table = make_table(("work", "ours", "against", "times as fast"), rows)
    return f"{table}\n\n{machine_line(measurement)}"


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
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement), _versions(measurement)])


def reading_table(measurement: dict) -> str:
    """Return the measurement of `reading` as Markdown."""
    rows = [[row["format"], *(number(row[name]) for name in _READING)] for row in measurement["rows"]]
    head = ("format", "documents", "file, MiB", "documents / s", "memory for a tenth, MiB", "memory for all, MiB")
    work = f"- Medians of {measurement['repeats']} processes; memory is by how much they grew, without pages of files."
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement), _versions(measurement)])


def evaluation_order_table(measurement: dict) -> str:
    """Return the measurement of `evaluation_order` as Markdown."""
    names = ("corpus", "model")
    rows = [
        [*(row[name] for name in names), *(number(row[name]) for name in _EVALUATION_ORDER)]
        for row in measurement["rows"]
    ]
    work = (
        f"- {measurement['documents']} validation documents, batches of 64; medians of {measurement['repeats']} rounds."
    )
    head = (*names, "longest first, seconds", "order of the corpus, seconds", "ratio")
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement), _versions(measurement)])


def evaluating_table(measurement: dict) -> str:
    """Return the measurement of `evaluating` as Markdown."""
    rows = [[row["metrics"], *(number(row[name]) for name in _EVALUATING)] for row in measurement["rows"]]
    head = ("metrics", "documents", "seconds", "largest resident memory, MiB")
    work = f"- {measurement['labels']:,} labels; one process per row, seconds from its start to its end."
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement), _versions(measurement)])


def frozen_table(measurement: dict) -> str:
    """Return the measurement of `frozen` as Markdown."""
    first = measurement["rows"][0]["seconds_per_epoch"]
    rows = [{**row, "speedup": first / row["seconds_per_epoch"]} for row in measurement["rows"]]
    rows = [[row["way"], f"{row['seconds_once']:.1f}", *(number(row[name]) for name in _FROZEN)] for row in rows]
    head = ("training", "seconds once", "seconds / epoch", "times as fast", "loss", "micro-F1", "macro-F1")
    sizes = " and ".join(f"{number:,} {split}" for split, number in measurement["documents"].items())
    work = (
        f"- {measurement['model']} of hidden size {measurement['hidden_size']} on {measurement['corpus']}, {sizes} "
        f"documents, learning rate {number(measurement['learning_rate'])}; loss and F1 at threshold 0.5 on validation "
        f"after {measurement['epochs']} epochs, whose median time is given."
    )
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement), _versions(measurement)])


def startup_table(measurement: dict) -> str:
    """Return the measurement of `startup` as Markdown."""
    rows = [[f"`{row['work']}`", number(row["seconds"]), number(row["ratio"])] for row in measurement["rows"]]
    work = f"- Processes of their own, from start to end; medians of {measurement['repeats']} rounds."
    head = ("process", "seconds", "of `import torch`")
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement), _versions(measurement)])


def serving_table(measurement: dict) -> str:
    """Return the measurement of `serving` as Markdown."""
    rows = [[row["model"], row["format"], *(number(row[name]) for name in _SERVING)] for row in measurement["rows"]]
    head = ("model", "output", "texts", "seconds", "texts / s", "memory for a tenth, MiB", "memory for all, MiB")
    work = (
        f"- Training texts of {measurement['corpus']}, {number(measurement['words'])} words on average; "
        f"{counted(measurement['repeats'], 'process a row', 'processes a row, medians')}; memory is the largest that "
        "is resident and not of a file."
    )
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement), _versions(measurement)])


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
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement), _versions(measurement)])


def serve_load_table(measurement: dict) -> str:
    """Return the measurement of `serve_load` as Markdown."""
    names = ("requests_per_second", "median_ms", "percentile_95_ms")
    rows = [
        [row["model"], number(row["clients"]), *(number(row[name]) for name in names)] for row in measurement["rows"]
    ]
    head = ("model", "clients at once", "requests / s", "median, ms", "95th percentile, ms")
    work = (
        f"- Training texts of {measurement['corpus']}, {number(measurement['words'])} words on average, one per "
        f"request; {measurement['requests']:,} requests a row, all answered; clients and server share the machine."
    )
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement), _versions(measurement)])


def processes_table(measurement: dict) -> str:
    """Return the measurement of `processes` as Markdown."""
    first = measurement["rows"][0]["seconds"]
    rows = [
        [number(row["processes"]), number(row["seconds"]), number(first / row["seconds"])]
        for row in measurement["rows"]
    ]
    work = f"- {measurement['documents']:,} texts of 20 words, from file to file, start included; one thread a process."
    table = make_table(("processes", "seconds", "times as fast"), rows)
    return "\n".join([table, "", work, machine_line(measurement), _versions(measurement)])


def streaming_table(measurement: dict) -> str:
    """Return the measurement of `streaming` as Markdown: memory at a dozen of the logs."""
    memory = measurement["memory_mib"]
    logs = sorted({round(i * (len(memory) - 1) / 11) for i in range(12)})
    steps = measurement["steps"] / len(memory)
    rows = [[f"{(log + 1) * steps:,.0f}", number(memory[log])] for log in logs]
    work = (
        f"- {measurement['model']}; {measurement['documents']:,} documents, which take "
        f"{number(measurement['corpus_mib'])} MiB in memory; {number(measurement['seconds'])} seconds in all."
    )
    table = make_table(("steps", "resident memory, MiB"), rows)
    return "\n".join([table, "", work, machine_line(measurement), _versions(measurement)])


def training_memory_table(measurement: dict) -> str:
    """Return the measurement of `training_memory` as Markdown."""
    warm_up = measurement["warm_up_steps"]
    head = (
        "system",
        "capacity of the cache",
        "steps",
        f"MiB after {warm_up:,}",
        "MiB at the end",
        "grown",
        "steps / s",
    )
    rows = []
    for row in measurement["rows"]:
        memory, warm = row["resident_mib"], warm_up // measurement["every_steps"]
        sizes = (memory[warm - 1], memory[-1], memory[-1] - memory[warm - 1])
        rows.append(
            [
                row["model"],
                f"{row['capacity']:,}",
                f"{measurement['steps']:,}",
                *(f"{size:.0f}" for size in sizes[:2]),
                f"{sizes[2]:.1f}",
                number(row["steps_per_second"]),
            ]
        )
    return "\n".join([make_table(head, rows), "", machine_line(measurement), _versions(measurement)])


def growth_table(measurement: dict) -> str:
    """Return the measurement of `many_labels` as one table: a row per number of labels, over all labels."""
    curves = {name: measurement["curves"][name]["points"] for name in ("br", "lw-lstm", "lw-encoder")}
    rows = []
    for points in zip(*curves.values(), strict=True):
        row = [number(points[0]["labels"])]
        for name, point in zip(curves, points, strict=True):
            training = point["fitting_seconds"] if name == "br" else point["training_documents_per_second"]
            memory = point["peak_MiB"] if name == "br" else point["training_peak_MiB"]
            row += [f"{number(training)} {'s' if name == 'br' else 'documents / s'}", f"{number(memory)} MiB"]
        rows.append(row)
    head = ["labels", *(f"{name}: {what}" for name in curves for what in ("training", "memory"))]
    work = "- br is fitted to 1,000 documents; the others read 8 documents of 128 tokens at a time."
    return "\n".join([make_table(head, rows), "", work, machine_line(measurement)])
