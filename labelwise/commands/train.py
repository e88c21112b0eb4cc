# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train`: from texts to a folder that `AutoModelForSequenceClassification.from_pretrained` loads."""

import argparse
import json
import math
import time
from dataclasses import dataclass, field, fields
from importlib import import_module
from pathlib import Path

from transformers import set_seed
from transformers.trainer import TRAINER_STATE_NAME

from labelwise.datasets_scripts import UserInputError
from labelwise.families.base import FAMILIES, ModelArguments
from labelwise.hub.cards import write_card
from labelwise.runs.base_run import BaseRun, RunArguments, discard_old_run, fit, load_for_training, save
from labelwise.runs.checkpoints import (
    PRETRAINING_FOLDER,
    check_resumed,
    has_whole_state,
    run_folders,
)
from labelwise.runs.data import DataArguments
from labelwise.runs.loading import load_classifier, load_config_and_tokenizer
from labelwise.runs.options import CommandParser, check_numbers
from labelwise.runs.progress import logger, show_progress
from labelwise.runs.results import METRICS, load_results, make_results, save_results
from labelwise.trainer.label_wise_pretrainer import LabelWisePreTrainer
from labelwise.trainer.losses import make_loss
from labelwise.trainer.metrics import MultiLabelMetrics
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.preprocessing import label_names, preprocess
from labelwise.trainer.thresholds import MODES, TuneThresholds
from labelwise.trainer.training_arguments import LabelWisePreTrainingArguments

from .push import PushArguments, push

# Options of the fine-tuning that pre-training takes over.
_SHARED_ARGUMENTS = (
    "learning_rate",
    "seed",
    "data_seed",
    "bf16",
    "fp16",
    "use_cpu",
    "report_to",
    "disable_tqdm",
    "dataloader_num_workers",
)


@dataclass
class TrainArguments(RunArguments):
    """What happens to what the output folder holds, and what follows the training."""

    tune_thresholds: str | None = field(
        default=None,
        metadata={"help": "Fit one threshold, or one per label, to validation micro-F1.", "choices": list(MODES)},
    )


def main(argv: list[str]) -> None:
    results = run(argv)
    if results:
        tuned = results["metrics_at_tuned_thresholds"]
        print(json.dumps({**results["metrics"], **({"at_tuned_thresholds": tuned} if tuned else {})}))


def run(argv: list[str]) -> dict | None:
    """Run the options of `labelwise train`; see `TrainingRun`."""
    training = parse(argv)
    show_progress(bars=not training.training_args.disable_tqdm)
    return training()


def parse(argv: list[str]) -> "TrainingRun":
    """Read the options of `labelwise train`, without reading any data.

    Raises:
        UserInputError: An option is unknown, missing or out of range.
    """
    args = make_parser(choose_family(argv)).parse(argv)
    return TrainingRun(*args, command=["labelwise", "train", *argv])


def option_names(model: str) -> set[str]:
    """Return the options that `labelwise train --model MODEL` takes, such as `--hidden_size`.

    Raises:
        UserInputError: There is no such model.
    """
    if model not in [name for names in FAMILIES.values() for name in names]:
        raise UserInputError(f"--model {model}: unknown")
    family = choose_family(["--model", model])
    parts = (family, DataArguments, family.training_arguments, TrainArguments)
    return {f"--{part.name}" for kind in parts for part in fields(kind)}


def make_parser(model_arguments: type[ModelArguments], **kwargs) -> CommandParser:
    """The options of `labelwise train` for a family; further arguments are those of `argparse.ArgumentParser`."""
    parts = [model_arguments, DataArguments, model_arguments.training_arguments, TrainArguments]
    return CommandParser(parts, prog="labelwise train", **kwargs)


def choose_family(argv: list[str]) -> type[ModelArguments]:
    """The options of the family that `--model` names, or that the checkpoint of `--model_name_or_path` is of.

    Raises:
        UserInputError: There is no such checkpoint.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--model", default=ModelArguments.model)
    parser.add_argument("--model_name_or_path", "--model-name-or-path")
    named, _ = parser.parse_known_args(argv)
    if named.model_name_or_path:
        family = load_config_and_tokenizer(named.model_name_or_path)[0].model_type
    else:  # the parser of all options refuses an unknown name
        family = next((family for family, names in FAMILIES.items() if named.model in names), "lw_lstm")
    return import_module(f"labelwise.families.{family}").Arguments


def read_last_metrics(pretraining: Path) -> dict:
    """What was measured when a pre-training had ended, from its folder.

    Raises:
        UserInputError: The record is damaged.
    """
    path = pretraining / TRAINER_STATE_NAME
    try:
        return json.loads(path.read_text("utf-8"))["log_history"][-1]
    except (ValueError, TypeError, LookupError) as error:
        raise UserInputError(f"{path} is damaged ({error}); delete it, or restore it") from error


def pretraining_of(source: Path, config) -> dict | None:
    """The label-wise pre-training that a checkpoint brings along.

    Args:
        source (`Path`): Its folder, or a Hub id.
        config (`PreTrainedConfig`): Its configuration.

    Returns:
        `dict`: What was measured then, empty where that was not kept; `None` where nothing tells of a pre-training.
    """
    if config.architectures == ["LWLSTMForPreTraining"]:
        return read_last_metrics(source) if (source / TRAINER_STATE_NAME).is_file() else {}
    results = load_results(source)
    return results and results["pretraining"]


class TrainingRun(BaseRun):
    """One run of `labelwise train`, whose options of the model and of its training are of the model's family."""

    def __call__(self) -> dict | None:
        """Trains, evaluates and saves.

        Returns:
            `dict`: What `results.json` holds; `None` in all processes but the first.

        Raises:
            UserInputError: Something given does not exist or does not fit; nothing has been written then.
        """
        started = time.time()
        self._check()
        self._prepare()
        pretraining = self._finished_pretraining()
        pretrains = self.model_args.pretraining_steps > 0 and pretraining is None
        trainer = self._make_pretrainer() if pretrains else self._make_trainer()
        if self.run_args.overwrite:  # nothing that was given can turn out wrong any more
            discard_old_run(self.training_args)
        if pretrains:
            pretraining = self._pretrain(trainer)
            trainer = self._make_trainer()
        measured = self._train(trainer)
        if not trainer.is_world_process_zero():
            return None
        results = make_results(
            model=self.model_args.model_name_or_path or self.model_args.model,
            dataset=self.data_args.name,
            documents={split: len(rows) for split, rows in self.documents.items()},
            num_labels=trainer.model.config.num_labels,
            vocab_size=len(self.tokenizer),
            num_parameters=trainer.model.num_parameters(),
            threshold=trainer.model.config.thresholds,
            **measured,
            epochs=trainer.state.epoch,
            best_step=trainer.state.best_global_step,
            pretraining=pretraining or self.source_pretraining,
            seed=self.training_args.seed,
            split_seed=self.data_args.split_seed,
            command=self.command,
            wall_time_seconds=round(time.time() - started, 1),
        )
        save_results(results, self.output_dir)
        write_card(self.output_dir, trainer.model.config, results)
        if self.publishes:
            logger.info(push(self._publication()))
        return results

    def _publication(self) -> PushArguments:
        args = self.training_args
        return PushArguments(str(self.output_dir), args.hub_model_id, args.hub_revision, bool(args.hub_private_repo))

    def _check(self) -> None:
        super()._check()
        check_numbers(self.training_args, ["learning_rate_decay"], lambda number: 0 < number < math.inf, "above 0")
        source = self.model_args.model_name_or_path
        if self.run_args.overwrite and source:
            for folder in run_folders(self.output_dir):
                if Path(source).resolve().is_relative_to(folder.resolve()):
                    raise UserInputError(
                        f"--overwrite would delete {source}, which the model starts from; copy it first"
                    )

    def _prepare(self) -> None:
        """Loads the corpus; takes words and shape from the checkpoint, or the words from the training split."""
        args = self.model_args
        names, self.source_pretraining = None, None
        if args.model_name_or_path:
            self.config, self.tokenizer = load_config_and_tokenizer(args.model_name_or_path)
            names = self.config.label_names
            self.source_pretraining = pretraining_of(Path(args.model_name_or_path), self.config)
            self.config.thresholds = 0.5  # those of the checkpoint were fitted to weights that are trained on now
        corpus = load_for_training(self.data_args, self.training_args, names)
        if names is None:
            names = label_names(corpus)
            self.tokenizer = args.make_tokenizer(self.data_args, corpus["train"]["text"], names)
            self.config = args.make_config(self.tokenizer, names)
        if self.run_args.tune_thresholds and len(corpus["validation"]) < 2:
            raise UserInputError(
                f"--tune_thresholds: {self.data_args.name} has one validation document, which is too few"
            )
        with self.training_args.main_process_first(desc="tokenizing"):
            self.documents = {split: preprocess(rows, self.tokenizer) for split, rows in corpus.items()}
        if args.model_name_or_path:
            args.adapt_config(self.config, self.documents["train"])
        if self.training_args.loss != "bce":  # a corpus that it does not fit is refused before any pre-training
            make_loss(self.training_args.loss, self.documents["train"], names)
        sizes = ", ".join(f"{len(rows):,} {split}" for split, rows in self.documents.items())
        logger.info(f"{self.data_args.name}: {sizes} documents; {len(self.tokenizer):,} words")

    def _finished_pretraining(self) -> dict | None:
        """The metrics of the pre-training that the run to be resumed had finished."""
        folder = self.output_dir / PRETRAINING_FOLDER
        if not self.run_args.resume or not has_whole_state(folder):
            return None
        check_resumed(folder, self.config)
        return read_last_metrics(folder)

    def _make_pretrainer(self) -> LabelWisePreTrainer:
        """Label-wise pre-training into a folder of its own, which several classifiers can start from."""
        args = LabelWisePreTrainingArguments(
            output_dir=str(self.output_dir / PRETRAINING_FOLDER),
            max_steps=self.model_args.pretraining_steps,
            num_candidates=self.model_args.candidates,
            per_device_train_batch_size=self.model_args.pretraining_batch_size,
            logging_steps=50,
            save_steps=100,
            save_total_limit=1,
            **{name: getattr(self.training_args, name) for name in _SHARED_ARGUMENTS},
        )
        model = self._make_model(pretrains=True)
        self.model_args.freeze(model)
        return LabelWisePreTrainer(
            model,
            args,
            train_dataset=self.documents["train"],
            eval_dataset=self.documents["validation"],
            processing_class=self.tokenizer,
        )

    def _make_trainer(self) -> MultiLabelTrainer:
        source = self.model_args.model_name_or_path
        if self.model_args.pretraining_steps:
            source = str(self.output_dir / PRETRAINING_FOLDER)
        set_seed(self.training_args.seed)  # of a new classifier, whatever was drawn before
        model = self._make_model() if source is None else load_classifier(source, self.config, may_lack_head=True)
        self.model_args.freeze(model)
        if self.model_args.freeze_encoder:
            model.base_model.requires_grad_(False)
        collator, callbacks = self.model_args.train_collator(self.tokenizer, model.config)
        return self.model_args.trainer_class(
            model,
            self.training_args,
            train_data_collator=collator,
            callbacks=callbacks,
            train_dataset=self.documents["train"],
            eval_dataset=self.documents["validation"],
            processing_class=self.tokenizer,
        )

    def _make_model(self, **kwargs):
        set_seed(self.training_args.seed)
        return self.model_args.make_model(
            self.config, self.tokenizer, self.documents["train"], self.training_args.seed, **kwargs
        )

    def _pretrain(self, trainer: LabelWisePreTrainer) -> dict:
        fit(trainer, self.run_args.resume)
        trainer.evaluate()
        save(trainer)
        trainer.save_state()  # the last file, so that it tells a finished pre-training
        return trainer.state.log_history[-1]

    def _train(self, trainer: MultiLabelTrainer) -> dict:
        """Trains, measures at 0.5 and, if thresholds are tuned, at these too, and saves."""
        tuning = None
        if self.run_args.tune_thresholds:
            tuning = TuneThresholds(trainer, self.run_args.tune_thresholds)
            trainer.add_callback(tuning)
        fit(trainer, self.run_args.resume)
        metrics, metrics_at_tuned = {}, {}
        for split in ("validation", "test"):
            if split in self.documents:
                found = trainer.predict(self.documents[split], metric_key_prefix=split)
                metrics[split] = MultiLabelMetrics().compute(predictions=found.predictions, references=found.label_ids)
                metrics_at_tuned[split] = {name: found.metrics[f"{split}_{name}"] for name in METRICS}
        save(trainer)
        trainer.save_state()  # the history of its losses
        return {
            "metrics": metrics,
            "threshold_tuning": tuning and {**tuning.record, "dataset": self.data_args.name, "command": self.command},
            "metrics_at_tuned_thresholds": tuning and metrics_at_tuned,
        }
