# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reuters' stories that are longer than the encoder reads: lw-encoder over all windows against the first one.

Usage: `python -m benchmarks.long_documents --data_dir PATH --encoder FOLDER > docs/lab/long_documents.md`

The encoder is frozen; context vectors and classifier are trained over its states, from each seed over all windows and
over the first one. Stories that fit into a window have the same states in both. The threshold is the one for all labels
that is best on validation. F1 of the test stories that do not fit into a window is reported apart; macro-F1 is the mean
over the labels that are true in one of them.

Finished rows are in `--output_file`, and the same command resumes.
"""

import argparse
import sys
import time
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from datasets import Dataset, disable_progress_bars
from transformers import DataCollatorWithPadding, PreTrainedTokenizerBase, set_seed
from transformers.trainer_callback import PrinterCallback
from transformers.utils import logging

from labelwise import LabelWiseEncoderForSequenceClassification, MultiLabelTrainer
from labelwise.datasets_scripts import load_corpus
from labelwise.errors import UserInputError
from labelwise.hub.markdown import make_table
from labelwise.runs.writing import check_file
from labelwise.tokenization.window_tokenizer import load_window_tokenizer
from labelwise.trainer.encoder_arguments import LabelWiseEncoderTrainingArguments
from labelwise.trainer.frozen_features import FrozenFeaturesCollator
from labelwise.trainer.log_odds import start_at_log_odds
from labelwise.trainer.metrics import MultiLabelMetrics
from labelwise.trainer.preprocessing import label_names, preprocess
from labelwise.trainer.thresholds import tune_thresholds

from .recording import describe, read_alike, save_measurement
from .report import DOCS

CORPUS = "reuters21578"
SPLITS = ("train", "validation", "test")
WAYS = {"all windows": 8, "first window": 1}  # `max_windows`
GROUPS = ("longer stories", "other stories")
METRICS = ("micro_f1", "macro_f1")
DOCUMENTS_AT_ONCE = 16


class Bench:
    """The corpus as the frozen encoder represents it, in each way.

    Args:
        data_dir (`str`): Folder with one folder for each corpus.
        encoder (`str`): Folder of the pretrained encoder.
        documents (`int`): Documents of each split at most.

    Attributes:
        window_size (`int`): Tokens of a window, special ones included.
        is_long (`dict[str, np.ndarray]`): Which documents of a split are longer than a window.
        items (`dict[str, dict[str, list[dict]]]`): States and labels of documents by way and split.
    """

    def __init__(self, data_dir: str, encoder: str, documents: int) -> None:
        corpus = load_corpus(CORPUS, data_dir=str(Path(data_dir) / CORPUS))
        self.encoder, self.names = encoder, label_names(corpus)
        self.is_long: dict[str, np.ndarray] = {}
        self.items = {way: {split: [] for split in SPLITS} for way in WAYS}
        for split in SPLITS:
            rows = corpus[split].select(range(min(len(corpus[split]), documents)))
            for way, items in self.items.items():
                tokenizer, fields = load_window_tokenizer(encoder, max_windows=WAYS[way])
                tokenized = preprocess(rows, tokenizer)
                if way == "all windows":
                    self.window_size = fields["window_size"]
                    self.is_long[split] = np.array([len(ids) > self.window_size for ids in tokenized["input_ids"]])
                    items[split] = self._read(way, tokenized, tokenizer)
                else:  # the states of stories that fit into a window are the same
                    items[split] = list(self.items["all windows"][split])
                    numbers = self.is_long[split].nonzero()[0]
                    for number, item in zip(
                        numbers, self._read(way, tokenized.select(numbers), tokenizer), strict=True
                    ):
                        items[split][number] = item

    def make_model(self, way: str) -> LabelWiseEncoderForSequenceClassification:
        """Return a new model over the frozen encoder, whose labels start from their names."""
        model = LabelWiseEncoderForSequenceClassification.from_encoder(self.encoder, self.names, max_windows=WAYS[way])
        model.freeze_encoder()
        return model

    @torch.no_grad()
    def _read(self, way: str, documents: Dataset, tokenizer: PreTrainedTokenizerBase) -> list[dict[str, np.ndarray]]:
        """Return the states of documents, in 16 bits, and their labels; their ids tell their length to the sampler."""
        collate, represent = DataCollatorWithPadding(tokenizer), self.make_model(way).frozen_part().represent
        items = [{"labels": np.array(row["labels"], np.int8), "input_ids": row["input_ids"]} for row in documents]
        lengths = np.array([len(ids) for ids in documents["input_ids"]])
        order = lengths.argsort(kind="stable")
        for start in range(0, len(order), DOCUMENTS_AT_ONCE):
            numbers = order[start : start + DOCUMENTS_AT_ONCE]
            batch = collate([{"input_ids": documents[int(number)]["input_ids"]} for number in numbers])
            with torch.autocast("cpu", torch.bfloat16):
                states = represent(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
            states = states.half().numpy()
            for number, states_TH in zip(numbers, states, strict=True):
                items[number]["token_states"] = states_TH[: lengths[number]].copy()
        return items

    def measure(self, way: str, seed: int, epochs: float) -> dict[str, dict[str, float]]:
        """Train over the states of a way, and return F1 of both groups of test stories."""
        set_seed(seed)
        model, items = self.make_model(way), self.items[way]
        start_at_log_odds(model, Dataset.from_dict({"labels": [item["labels"] for item in items["train"]]}))
        with TemporaryDirectory() as folder:
            args = LabelWiseEncoderTrainingArguments(
                folder,
                num_train_epochs=epochs,
                per_device_train_batch_size=16,
                warmup_steps=0.1,
                train_sampling_strategy="group_by_length",
                bf16=True,
                use_cpu=True,
                # The states are given, so there is no dropout of the encoder; the trainer is not to keep them again.
                frozen_dropout=True,
                eval_strategy="no",
                save_strategy="no",
                load_best_model_at_end=False,
                logging_strategy="no",
                disable_tqdm=True,
                seed=seed,
            )
            trainer = MultiLabelTrainer(
                model,
                args,
                train_dataset=items["train"],
                data_collator=FrozenFeaturesCollator(None, "token_states"),
            )
            trainer.remove_callback(PrinterCallback)
            trainer.train()
            validation, test = (trainer.predict(items[split]) for split in ("validation", "test"))
        threshold = tune_thresholds(validation.predictions, validation.label_ids)
        is_long, found = self.is_long["test"], {}
        for group, rows in zip(GROUPS, (is_long, ~is_long), strict=True):
            logits, labels = test.predictions[rows], test.label_ids[rows]
            is_true = labels.any(axis=0)
            over_all = MultiLabelMetrics().compute(predictions=logits, references=labels, thresholds=threshold)
            over_true = MultiLabelMetrics().compute(
                predictions=logits[:, is_true], references=labels[:, is_true], thresholds=threshold
            )
            found[group] = {
                "documents": int(rows.sum()),
                "labels": int(is_true.sum()),
                "micro_f1": over_all["micro_f1"],
                "macro_f1": over_true["macro_f1"],
            }
        return found


def long_documents_page(measurement: dict[str, Any]) -> str:
    """Return the page: means over the seeds, in percent, ± their standard deviation."""
    rows = []
    for group in GROUPS:
        for way in WAYS:
            found = [row[group] for row in measurement["rows"] if row["way"] == way]
            if not found:
                continue
            cells = []
            for metric in METRICS:
                values = [100 * one[metric] for one in found]
                cells.append(f"{mean(values):.1f}" + (f" ± {stdev(values):.1f}" if len(values) > 1 else ""))
            rows.append([group, f"{found[0]['documents']:,}", f"{found[0]['labels']}", way, *cells, f"{len(found)}"])
    about = (
        f"{CORPUS} (ModApte), test split, in percent, at the threshold for all labels that is best on validation. "
        "lw-encoder over the frozen encoder: context vectors and classifier are trained for "
        f"{measurement['epochs']:g} epochs in bf16, over the states of all windows or of the first window only. Longer "
        f"stories do not fit into a window of {measurement['window_size']} tokens: {measurement['longer']['train']} of "
        f"training, {measurement['longer']['test']} of test. Macro-F1 is the mean over the labels that are true in "
        "one of the stories. Mean ± standard deviation over the seeds."
    )
    facts = [
        f"- {measurement['machine']}, {measurement['threads']} threads; revision {measurement['git_revision']}.",
        f"- {measurement['processor_minutes']:.0f} processor minutes in all.",
        "- Command: `python -m benchmarks.long_documents --data_dir CORPORA --encoder ENCODER > "
        "docs/lab/long_documents.md`",
    ]
    head = ["test stories", "stories", "labels", "read", "micro-F1", "macro-F1", "seeds"]
    return "\n\n".join(["# Documents longer than a window", about, make_table(head, rows), "\n".join(facts)])


def main(argv: list[str] | None = None) -> int:
    """Measure what is not done, write the file after each row, and print the page; return the exit status."""
    parser = argparse.ArgumentParser("python -m benchmarks.long_documents", description=__doc__.split("\n")[0])
    parser.add_argument("--data_dir", required=True, metavar="PATH", help="folder with one folder for each corpus")
    parser.add_argument("--encoder", required=True, metavar="FOLDER", help="pretrained encoder")
    parser.add_argument("--seeds", nargs="+", type=int, default=[42, 43, 44], help="seeds of the trainings")
    parser.add_argument("--epochs", type=float, default=4, help="epochs of each training")
    parser.add_argument("--documents", type=int, default=sys.maxsize, help="documents of each split at most")
    file = str(DOCS / "performance" / "long_documents.json")
    parser.add_argument("--output_file", metavar="FILE", default=file, help="JSON file of the finished rows")
    args = parser.parse_args(argv)
    disable_progress_bars()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        measurement = measure_all(args)
    except UserInputError as error:
        print(f"benchmarks.long_documents: error: {error}", file=sys.stderr)
        return 2
    print(long_documents_page(measurement))
    return 0


def measure_all(args: argparse.Namespace) -> dict[str, Any]:
    """Measure what is not done yet."""
    measurement = {**describe(torch.device("cpu")), "quick": False, "epochs": args.epochs, "documents": args.documents}
    check_file("--output_file", args.output_file)
    earlier = read_alike(args.output_file, measurement)
    measurement |= {"rows": [], "processor_minutes": 0.0, **(earlier or {})}
    done = {(row["seed"], row["way"]) for row in measurement["rows"]}
    plan = [(seed, way) for seed in args.seeds for way in WAYS if (seed, way) not in done]
    if not plan:
        return measurement
    begun = time.process_time()
    bench = Bench(args.data_dir, args.encoder, args.documents)
    measurement["longer"] = {split: int(is_long.sum()) for split, is_long in bench.is_long.items()}
    measurement["window_size"] = bench.window_size
    for seed, way in plan:
        row = {"seed": seed, "way": way, **bench.measure(way, seed, args.epochs)}
        measurement["rows"].append(row)
        measurement["processor_minutes"] += (time.process_time() - begun) / 60
        begun = time.process_time()
        save_measurement(measurement, args.output_file)
        print(row, file=sys.stderr, flush=True)
    return measurement


if __name__ == "__main__":
    sys.exit(main())
