# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Curves of cost by number of labels, length of documents and size of the corpus, and the time of imports.

Usage: `python -m benchmarks.curves [--curves NAME ...] [--quick] [--output_file FILE]`

Each point runs in its own process, to measure its peak memory. Memory is that of the process as counted by Linux
(`/proc/self/status`): the peak resident memory, and, during training, the resident memory that is not backed by a file,
because the pages of an Arrow file are freed when memory is needed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import torch
from datasets import Dataset, Features, List, Value
from transformers import (
    DataCollatorWithPadding,
    PreTrainedModel,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from labelwise import (
    LWLSTMConfig,
    LWLSTMForSequenceClassification,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
    WordTokenizer,
)
from labelwise.errors import UserInputError
from labelwise.runs.writing import check_file

from .documents import flat_documents
from .recording import describe, read_alike, save_measurement
from .rows.lw_lstm import make_config, make_model, our_inputs, our_step
from .sizes import FULL, QUICK, Sizes
from .tables import curve_tables
from .timing import seconds

LABELS = (22, 54, 200, 1_000, 5_000)
LENGTHS = (50, 100, 200, 500, 1_000, 2_000)
CORPORA = (20_000, 200_000)  # documents
REPEATS = 5  # measured batches per point of speed
IMPORTS = {
    "transformers": "import transformers",  # lazy: the next line is the cost of every program that uses a model
    "AutoModel_and_pipeline": "from transformers import AutoModel, AutoTokenizer, pipeline",
    "labelwise": "import labelwise",
}


def labels_point(num_labels: int, quick: bool) -> dict:
    """Measure LW-LSTM T+C with the `label_wise` head, on batches of the documents of `side_by_side`."""
    sizes = replace(QUICK if quick else FULL, flat_labels=num_labels)
    config = make_config(sizes, hierarchical=False, classifier="label_wise")
    return {"labels": num_labels, **_speed(config, sizes)}


def length_point(num_words: int, quick: bool) -> dict:
    """Measure LW-LSTM T+C with 54 labels on documents of equal length."""
    sizes = replace(QUICK if quick else FULL, median_words=10 * num_words, max_words=num_words)
    return {"words": num_words, **_speed(make_config(sizes, hierarchical=False), sizes)}


def _speed(config: LWLSTMConfig, sizes: Sizes) -> dict:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = make_model(LWLSTMForSequenceClassification, config, device)
    documents = [flat_documents(sizes.flat_batch, sizes, config.num_labels, seed) for seed in range(REPEATS + 1)]
    return measure_cost(model, [our_inputs(one, False, device) for one in documents])


def measure_cost(model: PreTrainedModel, batches: list[dict[str, torch.Tensor]]) -> dict:
    """Return speed and peak memory of training steps and inference of a classifier.

    Args:
        model (`PreTrainedModel`): The classifier.
        batches (`list[dict[str, torch.Tensor]]`): Batches of equally many documents; the first is not measured.

    Returns:
        `dict`: Documents per second, medians over the batches, and peaks in MiB; that of training is the peak of both.
    """
    device, batch_size = model.device, len(batches[0]["input_ids"])

    def predict(batch: dict[str, torch.Tensor]) -> None:
        model.eval()
        with torch.inference_mode():
            model(**batch)

    def documents_per_second(run: Callable[[dict[str, torch.Tensor]], None]) -> float:
        run(batches[0])
        return batch_size / median(seconds(lambda batch=batch: run(batch), device) for batch in batches[1:])

    inference = documents_per_second(predict)
    inference_mib = _peak_mib(device)
    training = documents_per_second(our_step(model, "fp32"))
    return {
        "training_documents_per_second": training,
        "inference_documents_per_second": inference,
        "training_peak_MiB": _peak_mib(device),
        "inference_peak_MiB": inference_mib,
    }


def corpus_point(num_documents: int, quick: bool) -> dict:
    """Measure the memory of one epoch of `MultiLabelTrainer` over a generated corpus in an Arrow file.

    The model is a small LW-LSTM, because memory is measured and not speed.
    """
    num_documents //= 100 if quick else 1
    sizes = replace(QUICK, flat_width=16, flat_layers=1, flat_labels=8, median_words=40, max_words=200)
    tokenizer = WordTokenizer.train_from_iterator(["word"], min_frequency=1)
    features = Features({"input_ids": List(Value("int32")), "labels": List(Value("int8"))})
    memory = MemoryOverTraining(max(1, num_documents // 32 // 20))
    with tempfile.TemporaryDirectory() as folder:
        corpus = Dataset.from_generator(
            partial(_generate, num_documents, sizes), features=features, cache_dir=folder, keep_in_memory=False
        )
        trainer = MultiLabelTrainer(
            LWLSTMForSequenceClassification(make_config(sizes, hierarchical=False, num_encoders=1)),
            MultiLabelTrainingArguments(
                f"{folder}/out",
                num_train_epochs=1,
                eval_strategy="no",
                save_strategy="no",
                load_best_model_at_end=False,
                disable_tqdm=True,
                logging_strategy="no",
            ),
            train_dataset=corpus,
            processing_class=tokenizer,
            data_collator=DataCollatorWithPadding(tokenizer),
            callbacks=[memory],
        )
        trainer.train()
        corpus_mib = sum(file.stat().st_size for file in Path(folder).rglob("*.arrow")) / 2**20
    return {
        "documents": num_documents,
        "corpus_MiB": corpus_mib,
        "first_resident_MiB": memory.resident_mib[0],
        "last_resident_MiB": memory.resident_mib[-1],
        "largest_resident_MiB": max(memory.resident_mib),
        "resident_MiB_over_training": memory.resident_mib,
    }


def _generate(num_documents: int, sizes: Sizes) -> Iterator[dict[str, list[int]]]:
    for seed in range(0, num_documents, 1_000):
        number = min(1_000, num_documents - seed)
        documents = flat_documents(number, sizes, sizes.flat_labels, seed)
        for sentences, labels in zip(documents.sentences, documents.labels_BL, strict=True):
            yield {"input_ids": sentences[0].tolist(), "labels": labels.int().tolist()}


class MemoryOverTraining(TrainerCallback):
    """Record of the resident memory that is not backed by a file.

    Args:
        every (`int`): Number of steps between two measurements.
    """

    def __init__(self, every: int) -> None:
        self.every = every
        self.resident_mib: list[float] = []

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Measure the memory after every `every` steps."""
        if state.global_step % self.every == 0:
            self.resident_mib.append(memory_mib("RssAnon"))


def imports_point(repeats: int, quick: bool) -> dict:
    """Measure the median seconds of imports in fresh processes, one after the other."""
    times = {name: [] for name in IMPORTS}
    for _ in range(1 + (3 if quick else repeats)):
        for name, statement in IMPORTS.items():
            code = f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
            run = _run([sys.executable, "-c", code], check=True)
            times[name].append(float(run.stdout.split()[-1]))
    return {name: median(found[1:]) for name, found in times.items()}  # the first run reads the files into memory


_run = partial(subprocess.run, capture_output=True, text=True)


def memory_mib(name: str) -> float:
    """Return a field of `/proc/self/status` in MiB: "VmHWM" (peak resident), "RssAnon" (resident, not of a file)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise KeyError(name)


def _peak_mib(device: torch.device) -> float:
    return torch.cuda.max_memory_allocated() / 2**20 if device.type == "cuda" else memory_mib("VmHWM")


CURVES = {
    "labels": ("Labels (LW-LSTM T+C, `label_wise` head)", labels_point, LABELS),
    "length": ("Length (LW-LSTM T+C, all documents equally long)", length_point, LENGTHS),
    "corpus": ("Corpus (one epoch of a small model, Arrow file, memory of the process)", corpus_point, CORPORA),
    "imports": ("Imports, seconds in a fresh process", imports_point, (20,)),
}


def main(argv: list[str] | None = None) -> int:
    """Measure the curves and print their tables.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.curves", description=__doc__.split("\n")[0])
    parser.add_argument("--curves", nargs="+", choices=list(CURVES), default=list(CURVES), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, and the first two points of each curve")
    parser.add_argument(
        "--output_file", metavar="FILE", help="JSON file to write the measurement to; its other curves are kept"
    )
    parser.add_argument("--point", nargs=2, metavar=("CURVE", "VALUE"), help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.point:
        return print_point(CURVES, *args.point, args.quick)
    try:
        _measure(args)
    except UserInputError as error:
        print(f"benchmarks.curves: error: {error}", file=sys.stderr)
        return 2
    return 0


def print_point(curves: dict, curve: str, value: str, quick: bool) -> int:
    """Measure a point of one of `curves` in this process and print it, for `run_point`."""
    _, measure, values = curves[curve]
    point = measure(next(one for one in values if str(one) == value), quick)
    print(json.dumps(point))
    return 0


def _measure(args: argparse.Namespace) -> None:
    check_file("--output_file", args.output_file)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    measurement = {"quick": args.quick, **describe(device)}
    earlier = read_alike(args.output_file, measurement, "curves")
    measurement["curves"] = earlier["curves"] if earlier else {}
    for name in args.curves:
        title, _, values = CURVES[name]
        points = [
            run_point("benchmarks.curves", name, value, args.quick) for value in (values[:2] if args.quick else values)
        ]
        measurement["curves"][name] = {"title": title, "points": points}
        save_measurement(measurement, args.output_file)
    print(curve_tables(measurement))


def run_point(module: str, curve: str, value: int, quick: bool) -> dict:
    """Measure a point of a curve in a process of its own, which `module` is run in.

    Raises:
        UserInputError: The process failed.
    """
    command = [sys.executable, "-m", module, "--point", curve, str(value), *(["--quick"] if quick else [])]
    run = _run(command, cwd=Path(__file__).parents[1])
    if run.returncode:
        last_line = (run.stderr.strip() or f"exit status {run.returncode}").splitlines()[-1]
        raise UserInputError(f"the point {curve} {value} failed: {last_line}")
    point = json.loads(run.stdout.splitlines()[-1])
    print(point, file=sys.stderr, flush=True)
    return point


if __name__ == "__main__":
    sys.exit(main())
