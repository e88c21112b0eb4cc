# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Parity, speed and size of 8-bit exports beside the models that they were made from.

Usage: `python -m benchmarks.quantized [--models FOLDER ...] [--encoder FOLDER] [--output_file FILE]`

Without `--models`, small ones are trained on the corpus first. Documents are sorted by length, as `predict` sorts
them; each batch goes through the model and the export in turn, so that a temporary slowdown of the machine affects
both. Tokenization is not measured.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

import torch
from datasets import Dataset, disable_progress_bars
from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging

from labelwise.commands import train
from labelwise.errors import UserInputError
from labelwise.hub.export import FORMATS, export_model
from labelwise.hub.exported_classifier import ExportedClassifier
from labelwise.runs.data import DataArguments
from labelwise.runs.drift import compare_logits
from labelwise.runs.loading import load_classifier, load_config_and_tokenizer
from labelwise.runs.writing import check_file

from .recording import describe, save_measurement
from .tables import quantized_table
from .timing import seconds

BATCH_SIZES = (1, 2, 7, 64)
# Options of the models that are trained where none are given.
SYSTEMS = {
    "lw-lstm": "--num_train_epochs 8",
    "bert": "--num_train_epochs 3 --bf16",
    "lm-mtc": "--num_train_epochs 3 --bf16",
    "lw-encoder": "--num_train_epochs 3 --bf16",
}


def main(argv: list[str] | None = None) -> int:
    """Measure all exports, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.quantized", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--models", nargs="+", metavar="FOLDER", help="trained models; otherwise, small ones are trained"
    )
    parser.add_argument("--encoder", default="runs/minilm", help="encoder of the models that are trained")
    parser.add_argument("--dataset", default="support_tickets", help="corpus to train on, whose test split is read")
    parser.add_argument("--data_dir", metavar="PATH", help="folder with the files of the corpus")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=["onnx"], help="formats of the exports")
    parser.add_argument("--documents", type=int, default=256, help="test documents to read")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    try:
        check_file("--output_file", args.output_file)
        with tempfile.TemporaryDirectory() as folder:
            measurement = measure(args, Path(folder))
    except UserInputError as error:
        print(f"benchmarks.quantized: error: {error}", file=sys.stderr)
        return 2
    save_measurement(measurement, args.output_file)
    print(quantized_table(measurement))
    return 0


def measure(args: argparse.Namespace, folder: Path) -> dict:
    """Measure the exports of each model.

    Args:
        args (`argparse.Namespace`): Options of the command line.
        folder (`Path`): Folder for what is trained and exported.

    Returns:
        `dict`: The measurement, with one row per model, format and batch size.

    Raises:
        UserInputError: A model or the corpus does not exist or does not fit.
    """
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    measurement = describe(torch.device("cpu"))
    quiet = measurement["load_before"] < 0.5 * (os.cpu_count() or 1)
    measurement |= {"corpus": args.dataset, "conditions": "on a quiet machine" if quiet else "beside other work"}
    rows = []
    for source in args.models or train_all(args, folder):
        config, tokenizer = load_config_and_tokenizer(source)
        model = load_classifier(source, config).eval()
        documents = DataArguments(dataset=args.dataset, data_dir=args.data_dir).load_split("test", config.label_names)
        documents = documents.select(range(min(args.documents, len(documents))))
        for export_format in args.formats:
            print(f"{source}: {export_format}", file=sys.stderr)
            exported = folder / f"{Path(source).name}-{export_format}"
            export_model(model, tokenizer, exported, export_format, "int8")
            sizes = [sum(map(os.path.getsize, found)) for found in (weights(Path(source)), weights(exported))]
            named = {"model": Path(source).name, "export": f"{export_format} int8", "size_ratio": sizes[0] / sizes[1]}
            classifier = ExportedClassifier.from_pretrained(exported)
            rows += [{**named, **compare(model, classifier, tokenizer, documents, size)} for size in BATCH_SIZES]
    return {**measurement, "rows": rows}


def train_all(args: argparse.Namespace, folder: Path) -> list[str]:
    """Train a small model of each system, and return the folders."""
    data = ["--dataset", args.dataset, *(["--data_dir", args.data_dir] if args.data_dir else [])]
    for name, options in SYSTEMS.items():
        encoder = [] if name == "lw-lstm" else ["--encoder", args.encoder]
        train.main(["--model", name, *encoder, *data, *options.split(), "--output_dir", str(folder / name)])
    return [str(folder / name) for name in SYSTEMS]


def weights(folder: Path) -> list[Path]:
    """Return the files of a folder that have weights: of torch, ONNX and OpenVINO."""
    return [path for pattern in ("*.safetensors", "model.onnx*", "*.bin") for path in folder.glob(pattern)]


@torch.inference_mode()
def compare(
    model: PreTrainedModel,
    exported: ExportedClassifier,
    tokenizer: PreTrainedTokenizerBase,
    documents: Dataset,
    batch_size: int,
) -> dict:
    """Return the differences between a model and its export at a batch size, and how much faster the export is."""
    ids = tokenizer(list(documents["text"]), truncation=True)["input_ids"]
    order = sorted(range(len(ids)), key=lambda document: -len(ids[document]))
    batches = [
        tokenizer.pad({"input_ids": [ids[i] for i in order[start : start + batch_size]]}, return_tensors="pt")
        for start in range(0, len(order), batch_size)
    ]
    logits, times = {model: [], exported: []}, {model: [], exported: []}

    def run(classifier: PreTrainedModel | ExportedClassifier, batch: BatchEncoding) -> None:
        logits[classifier].append(classifier(**batch).logits)

    for classifier in logits:
        classifier(**batches[0])  # warm-up
    for batch in batches:
        for classifier in logits:
            times[classifier].append(seconds(lambda c=classifier, b=batch: run(c, b), torch.device("cpu")))
    ratios = [before / after for before, after in zip(*times.values(), strict=True)]
    return {
        "batch_size": batch_size,
        **compare_logits(*map(torch.cat, logits.values()), documents.select(order), model.config.thresholds),
        "texts_per_second": len(order) / sum(times[exported]),
        "ratio": median(ratios),
        "ratio_quartiles": quantiles(ratios, n=4, method="inclusive")[::2] if len(ratios) > 1 else ratios * 2,
    }


if __name__ == "__main__":
    sys.exit(main())
