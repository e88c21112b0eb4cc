# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels from no and from few examples: lw-encoder against sentence embeddings of the same encoder.

Usage: `python -m benchmarks.few_examples --data_dir PATH --encoder FOLDER > docs/lab/few_examples.md`

Without examples, the labels of a document are ranked by their names: by an untrained lw-encoder that starts from them,
and by the cosine similarity of the mean states of document and name. With n examples, a draw has up to n training
documents of each label, with all their labels, and there is no validation. SetFit's head over an encoder that is not
fine-tuned, done by hand: the mean state of each document, of length 1, and a logistic regression per label. lw-encoder
is trained over frozen states, and with eight examples as a whole too, in bf16.

Finished rows are in `--output_file`, and the same command resumes.
"""

import argparse
import math
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from datasets import Dataset, DatasetDict, disable_progress_bars
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from transformers import DataCollatorWithPadding, PreTrainedTokenizerBase, set_seed
from transformers.utils import logging

from labelwise import LabelWiseEncoderForSequenceClassification, MultiLabelTrainer
from labelwise.datasets_scripts import load_corpus
from labelwise.errors import UserInputError
from labelwise.hub.markdown import make_table
from labelwise.runs.writing import check_file
from labelwise.tokenization.window_tokenizer import load_window_tokenizer
from labelwise.trainer.encoder_arguments import LabelWiseEncoderTrainingArguments
from labelwise.trainer.log_odds import start_at_log_odds
from labelwise.trainer.metrics import MultiLabelMetrics
from labelwise.trainer.preprocessing import label_names, preprocess

from .recording import describe, read_alike, save_measurement
from .report import DOCS

CORPORA = ("reuters21578", "goemotions")
# Systems by number of examples of a label.
NAMES, TRAINED = ("cosine of means", "lw-encoder, untrained"), ("logistic regression", "frozen", "whole")
SYSTEMS = {0: NAMES, 8: TRAINED, 16: TRAINED[:2], 64: TRAINED[:2]}
METRICS = ("lrap", "micro_f1", "macro_f1")
DRAWS = 5
WINDOW = {"window_size": 128, "max_windows": 1}
EPOCHS = {"frozen": 30, "whole": 15}
_KEY = ("corpus", "examples", "draw", "system")


class Bench:
    """A corpus, its states by the encoder, and what is measured on it."""

    def __init__(self, name: str, data_dir: str, encoder: str) -> None:
        corpus = load_corpus(name, data_dir=str(Path(data_dir) / name))
        self.encoder, self.names = encoder, label_names(corpus)
        self.tokenizer: PreTrainedTokenizerBase = load_window_tokenizer(encoder, **WINDOW)[0]
        self.corpus = DatasetDict({split: preprocess(corpus[split], self.tokenizer) for split in ("train", "test")})
        self.labels = {split: np.array(rows["labels"]) for split, rows in self.corpus.items()}
        self.collate = DataCollatorWithPadding(self.tokenizer)
        self.untrained = self.make_model()
        self.test = list(self.states(self.corpus["test"]))
        self.means = {"train": _mean_states(self.states(self.corpus["train"])), "test": _mean_states(self.test)}

    def make_model(self) -> LabelWiseEncoderForSequenceClassification:
        """Return a new model, whose labels start from their names."""
        return LabelWiseEncoderForSequenceClassification.from_encoder(self.encoder, self.names, **WINDOW)

    @torch.no_grad()
    def states(self, documents: Dataset) -> Iterator[tuple[np.ndarray, torch.Tensor, torch.Tensor]]:
        """Yield the rows, states and masks of batches of like length."""
        lengths = np.array([len(ids) for ids in documents["input_ids"]])
        for rows in np.array_split(lengths.argsort(kind="stable"), math.ceil(len(documents) / 64)):
            batch = self.collate([{"input_ids": documents[int(row)]["input_ids"]} for row in rows])
            inputs = {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"]}
            states = self.untrained.lw_encoder.encoder(**inputs).last_hidden_state
            yield rows, states.half(), batch["attention_mask"]

    @torch.no_grad()
    def score(self, model: LabelWiseEncoderForSequenceClassification, is_frozen: bool) -> dict[str, float]:
        """Return the metrics of a model on the test documents."""
        model.eval()
        found = []
        for rows, states, mask in self.test:
            if is_frozen:
                logits = model(token_states=states.float(), attention_mask=mask).logits
            else:
                batch = self.collate([{"input_ids": self.corpus["test"][int(row)]["input_ids"]} for row in rows])
                logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
            found.append((rows, logits.float().numpy()))
        return self.measure(_in_order(found))

    def measure(self, logits: np.ndarray) -> dict[str, float]:
        """Return ranking metrics, and F1 at threshold 0.5."""
        scores = MultiLabelMetrics().compute(predictions=logits, references=self.labels["test"], metrics="lrap")
        return {name: scores[name] for name in METRICS}

    def draw(self, number: int, seed: int) -> list[int]:
        """Return the training documents of a draw: up to `number` of each label."""
        random, chosen = np.random.default_rng(seed), set()
        for label in range(len(self.names)):
            holders = self.labels["train"][:, label].nonzero()[0]
            chosen |= set(random.choice(holders, min(number, len(holders)), replace=False).tolist())
        return sorted(chosen)

    def similarity(self) -> dict[str, float]:
        """Rank labels by the cosine of the mean states of document and name."""
        names = Dataset.from_dict({"input_ids": [self.tokenizer(name)["input_ids"] for name in self.names]})
        return self.measure(self.means["test"] @ _mean_states(self.states(names)).T)

    def embeddings(self, rows: list[int]) -> dict[str, float]:
        """Fit a logistic regression per label to the mean states of documents."""
        model = OneVsRestClassifier(LogisticRegression(max_iter=1000))
        model.fit(self.means["train"][rows], self.labels["train"][rows])
        return self.measure(np.log((p := model.predict_proba(self.means["test"]).clip(1e-9, 1 - 1e-9)) / (1 - p)))

    def train(self, rows: list[int], way: str, seed: int) -> dict[str, float]:
        """Train lw-encoder, over `"frozen"` states or as a `"whole"`."""
        set_seed(seed)
        model, documents = self.make_model(), self.corpus["train"].select(rows)
        start_at_log_odds(model, documents)
        if way == "frozen":
            model.freeze_encoder()
        with TemporaryDirectory() as folder:
            args = LabelWiseEncoderTrainingArguments(
                folder,
                num_train_epochs=EPOCHS[way],
                bf16=way == "whole",
                per_device_train_batch_size=16,
                warmup_steps=0.1,
                eval_strategy="no",
                save_strategy="no",
                load_best_model_at_end=False,
                logging_strategy="no",
                disable_tqdm=True,
                seed=seed,
            )
            MultiLabelTrainer(model, args, train_dataset=documents, processing_class=self.tokenizer).train()
        return self.score(model, way == "frozen")


def _mean_states(batches: Iterable[tuple[np.ndarray, torch.Tensor, torch.Tensor]]) -> np.ndarray:
    """Return the mean states of documents, of length 1, in the order of the documents."""
    means = []
    for rows, states_BTH, mask_BT in batches:
        sums_BH = (states_BTH.float() * mask_BT[..., None]).sum(1)
        means.append((rows, torch.nn.functional.normalize(sums_BH, dim=-1).numpy()))
    return _in_order(means)


def _in_order(parts: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return rows in the order of the documents."""
    rows = np.concatenate([rows for rows, _ in parts])
    return np.concatenate([values for _, values in parts])[rows.argsort()]


def measure_row(bench: Bench, examples: int, draw: int, system: str) -> dict[str, float]:
    """Return the metrics of a row."""
    if examples == 0:
        return bench.similarity() if system == NAMES[0] else bench.score(bench.untrained, is_frozen=True)
    rows = bench.draw(examples, draw)
    found = bench.embeddings(rows) if system == TRAINED[0] else bench.train(rows, system, draw)
    return {"documents": len(rows), **found}


def few_examples_page(measurement: dict[str, Any]) -> str:
    """Return the page: means of the draws, in percent, ± their standard deviation."""
    groups: dict[tuple, list[dict]] = {}
    for row in measurement["rows"]:
        groups.setdefault((row["corpus"], row["examples"], row["system"]), []).append(row)
    rows = []
    for (corpus, examples, system), found in sorted(groups.items(), key=lambda item: item[0][:2]):
        cells = []
        for metric in METRICS:
            values = [100 * row[metric] for row in found]
            cells.append(f"{mean(values):.1f}" + (f" ± {stdev(values):.1f}" if len(values) > 1 else ""))
        documents = f"{mean(row['documents'] for row in found):,.0f}" if examples else "0"
        seconds = f"{mean(row['seconds'] for row in found):.0f}"
        rows.append([corpus, f"{examples}", documents, system, *cells, f"{len(found)}", seconds])
    head = ["corpus", "examples per label", "documents", "system", "label ranking", "micro-F1", "macro-F1", "draws"]
    window = f"{WINDOW['window_size']} tokens of each document are read"
    about = (
        f"Test split, in percent: label ranking average precision, and F1 at threshold 0.5. {window}; "
        f"{EPOCHS['frozen']} epochs over frozen states, {EPOCHS['whole']} of the whole model in bf16. Labels start "
        "from their names; there is no validation. F1 of what has seen no example means nothing at this threshold."
    )
    command = "python -m benchmarks.few_examples --data_dir CORPORA --encoder ENCODER > docs/lab/few_examples.md"
    facts = [
        f"- {measurement['machine']}, {measurement['threads']} threads; revision {measurement['git_revision']}.",
        f"- Command: `{command}`",
    ]
    return "\n\n".join(["# No and few examples", about, make_table([*head, "seconds"], rows), "\n".join(facts)])


def main(argv: list[str] | None = None) -> int:
    """Measure what is not done, write the file after each row, and print the page; return the exit status."""
    parser = argparse.ArgumentParser("python -m benchmarks.few_examples", description=__doc__.split("\n")[0])
    parser.add_argument("--data_dir", required=True, metavar="PATH", help="folder with one folder for each corpus")
    parser.add_argument("--encoder", required=True, metavar="FOLDER", help="pretrained encoder")
    parser.add_argument("--corpora", nargs="+", choices=CORPORA, default=list(CORPORA), help="corpora to measure on")
    parser.add_argument("--examples", nargs="+", type=int, choices=SYSTEMS, default=list(SYSTEMS), help="per label")
    parser.add_argument("--systems", nargs="+", choices=NAMES + TRAINED, default=NAMES + TRAINED, help="to measure")
    file = str(DOCS / "performance" / "few_examples.json")
    parser.add_argument("--output_file", metavar="FILE", default=file, help="JSON file of the finished rows")
    args = parser.parse_args(argv)
    disable_progress_bars()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        measurement = measure_all(args)
    except UserInputError as error:
        print(f"benchmarks.few_examples: error: {error}", file=sys.stderr)
        return 2
    print(few_examples_page(measurement))
    return 0


def measure_all(args: argparse.Namespace) -> dict[str, Any]:
    """Measure what is not done yet."""
    measurement = {**describe(torch.device("cpu")), "quick": False}
    check_file("--output_file", args.output_file)
    earlier = read_alike(args.output_file, measurement)
    measurement["rows"] = earlier["rows"] if earlier else []
    done = {tuple(row[name] for name in _KEY) for row in measurement["rows"]}
    for corpus in args.corpora:
        plan = [
            (corpus, number, draw, system)
            for number in args.examples
            for system in SYSTEMS[number]
            for draw in range(DRAWS if number else 1)
            if system in args.systems and (corpus, number, draw, system) not in done
        ]
        bench = Bench(corpus, args.data_dir, args.encoder) if plan else None
        for row in plan:
            begun = time.perf_counter()
            found = measure_row(bench, *row[1:])
            key = dict(zip(_KEY, row, strict=True))
            measurement["rows"].append({**key, **found, "seconds": time.perf_counter() - begun})
            save_measurement(measurement, args.output_file)
            print(measurement["rows"][-1], file=sys.stderr, flush=True)
    return measurement


if __name__ == "__main__":
    sys.exit(main())
