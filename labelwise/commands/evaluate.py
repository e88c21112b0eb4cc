# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise evaluate`: the metrics of a trained model, as one JSON object on standard output."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from transformers import HfArgumentParser

from labelwise.datasets_scripts import DataError
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.preprocessing import preprocess
from labelwise.trainer.training_arguments import MultiLabelTrainingArguments

from .checkpoint import load_classifier, load_config_and_tokenizer
from .data import DataArguments
from .results import METRICS


@dataclass
class EvaluateArguments:
    """What is measured, and where the numbers go."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    split: str = field(default="test", metadata={"help": "Part to measure on: train, validation or test."})
    batch_size: int = field(default=64, metadata={"help": "Documents of a batch."})
    output_file: str | None = field(default=None, metadata={"help": "File that gets the JSON object too."})


def main(argv: list[str]) -> None:
    parser = HfArgumentParser([EvaluateArguments, DataArguments], prog="labelwise evaluate")
    args, data_args = parser.parse_args_into_dataclasses(argv)
    scores = evaluate(args, data_args)
    text = json.dumps(scores)
    if args.output_file:
        Path(args.output_file).write_text(text + "\n", "utf-8")
    print(text)


def evaluate(args: EvaluateArguments, data_args: DataArguments) -> dict:
    """Measures a model on one split.

    Returns:
        `dict`: The six metrics as fractions, and `threshold`.

    Raises:
        DataError: The model or the data does not exist or does not fit.
    """
    if args.output_file and not Path(args.output_file).resolve().parent.is_dir():
        raise DataError(f"--output_file {args.output_file}: there is no such folder")
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    corpus = data_args.load([config.id2label[index] for index in range(config.num_labels)])
    if args.split not in corpus or len(corpus[args.split]) == 0:
        raise DataError(f"{data_args.name} has no {args.split} documents; it has {', '.join(corpus)}")
    settings = MultiLabelTrainingArguments(
        per_device_eval_batch_size=args.batch_size, eval_strategy="no", save_strategy="no", load_best_model_at_end=False
    )
    trainer = MultiLabelTrainer(load_classifier(args.model_name_or_path, config), settings, processing_class=tokenizer)
    metrics = trainer.predict(preprocess(corpus[args.split], tokenizer)).metrics
    return {**{name: metrics[f"test_{name}"] for name in METRICS}, "threshold": config.thresholds}
