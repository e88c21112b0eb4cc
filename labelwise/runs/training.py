# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The training of a classifier, from texts to a folder that `AutoModelForSequenceClassification` loads.

`labelwise train` and `MultiLabelClassifier.fit` both run it.
"""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase, Trainer, set_seed

from ..errors import UserInputError
from ..families import Family
from ..hub.cards import update_card
from ..trainer.log_odds import start_at_log_odds
from ..trainer.losses import make_loss
from ..trainer.multi_label_trainer import MultiLabelTrainer
from ..trainer.preprocessing import label_names, preprocess
from ..trainer.threads import threads_restored
from ..trainer.thresholds import MODES, TUNABLE_METRICS, TuneThresholds
from ..trainer.token_batches import check_longest, count_tokens
from .base_run import BaseRun, discard_old_run, load_for_training, save
from .checkpoints import PRETRAINING_FOLDER, check_resumed, has_whole_state, load_resumed_config, run_folders
from .cut_texts import describe_cut, describe_cut_sentences
from .loading import load_config_and_tokenizer, load_to_train
from .measuring import count_labels, describe_unseen, measure
from .options import check_numbers
from .pretraining_record import pretraining_of, read_last_metrics
from .progress import logger
from .publishing import PushArguments, push
from .results import make_results, save_results
from .streaming import Stream, StreamingArguments, check_streaming, open_stream
from .threshold_messages import describe_thresholds, describe_tuning, explain_no_labels
from .training_checks import check_head_learning_rate, check_sampled_negatives

_NO_TUNING = "none"
_WEIGH = "weigh positives (--loss weighted_bce)"


@dataclass
class TrainArguments(StreamingArguments):
    """Options of the run, and of the thresholds that follow it."""

    tune_thresholds: str | None = field(
        default=None,
        metadata={
            "help": "Tune one threshold for all labels (global, the default) or one per label on validation documents, "
            "or keep 0.5 (none).",
            "choices": [*MODES, _NO_TUNING],
        },
    )
    threshold_metric: str | None = field(
        default=None,
        metadata={
            "help": "Metric that tuned thresholds maximize; by default micro_f1 for global, macro_f1 for per-label.",
            "choices": list(TUNABLE_METRICS),
        },
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, known in (("tune_thresholds", (*MODES, _NO_TUNING)), ("threshold_metric", TUNABLE_METRICS)):
            value = getattr(self, name)
            if value not in (None, *known):
                raise UserInputError(f"--{name} {value}: must be one of {', '.join(known)}")
        if self.threshold_metric and self.tune_thresholds == _NO_TUNING:
            raise UserInputError(
                f"--threshold_metric {self.threshold_metric}: --tune_thresholds none tunes no thresholds; "
                "leave one of them out"
            )


class TrainingRun(BaseRun):
    """One training of a classifier of any family: `model_args` is a `Family`, whose steps it calls.

    After it ran, `trainer` is the trainer with the trained model, and `tokenizer` the tokenizer.
    """

    model_args: Family
    stream: Stream | None = None  # the training documents, if they are not read at once

    @property
    def source(self) -> str | None:
        """Folder or Hub id of the checkpoint that the training starts from, if it does."""
        return self.model_args.model_name_or_path

    @threads_restored()
    def _run(self) -> dict[str, Any] | None:
        self._check()
        self._prepare()
        pretraining = self._finished_pretraining()
        pretrainer = self._make_pretrainer() if self.model_args.pretrains and pretraining is None else None
        self.trainer = None if pretrainer else self._make_trainer()
        if self.run_args.overwrite:  # all that was given has been checked
            discard_old_run(self.training_args)
        if pretrainer:
            pretraining = self._pretrain(pretrainer)
            self.trainer = self._make_trainer()
        measured = self._train(self.trainer)
        with self._files() as folder:
            save(self.trainer, folder)
            if not self.trainer.is_world_process_zero():
                return None
            results = self._make_results(measured, pretraining or self.source_pretraining)
            save_results(results, folder)
            update_card(folder, self.trainer.model.config, results, self.output_dir)
        if self.publishes:
            logger.info(push(self._publication()))
        self._tidy()
        return results

    def _make_results(self, measured: dict[str, Any], pretraining: dict[str, Any] | None) -> dict[str, Any]:
        """Return the contents of `results.json`, from what `_train` has measured."""
        config = self.trainer.model.config
        return make_results(
            model=self.source or self.model_args.system,
            dataset=self.data_args.name,
            documents={split: len(rows) for split, rows in self.documents.items()}
            | ({"train": self.stream.num_documents} if self.stream else {}),
            label_counts=self.stream.counts if self.stream else count_labels(self.corpus["train"]),
            num_labels=config.num_labels,
            vocab_size=len(self.tokenizer),
            num_parameters=self.trainer.model.num_parameters(),
            threshold=config.thresholds,
            **measured,
            epochs=self.stream.epochs(self.trainer) if self.stream else self.trainer.state.epoch,
            best_step=self.trainer.state.best_global_step,
            stopped_by=self.trainer.stopped_by,
            pretraining=pretraining,
            seed=self.training_args.seed,
            split_seed=self.data_args.split_seed,
            command=self.command,
            wall_time_seconds=round(self.clock.elapsed(), 1),
        )

    def _publication(self) -> PushArguments:
        args = self.training_args
        return PushArguments(str(self.output_dir), args.hub_model_id, args.hub_revision, bool(args.hub_private_repo))

    def _check(self) -> None:
        super()._check()
        check_numbers(self.training_args, ["learning_rate_decay"], lambda number: 0 < number < math.inf, "> 0")
        check_head_learning_rate(self.training_args, self.model_args)
        check_sampled_negatives(self.training_args, self.model_args)
        if self.training_args.frozen_dropout and not self.model_args.freeze_encoder:
            raise UserInputError("--frozen_dropout: needs --freeze_encoder; leave it out")
        if self.run_args.overwrite and self.source:
            for folder in run_folders(self.output_dir):
                if Path(self.source).resolve().is_relative_to(folder.resolve()):
                    raise UserInputError(
                        f"--overwrite would delete {self.source}, which the model starts from; copy it first"
                    )
        self.model_args.check_files()
        if self.run_args.streaming:
            check_streaming(self.model_args, self.data_args, self.training_args)

    def _prepare(self) -> None:
        """Load the corpus, and make tokenizer and configuration, or take them from the checkpoint."""
        args, source, names = self.model_args, self.source, None
        self.source_pretraining = None
        if source:
            self.config, self.tokenizer = self._load_checkpoint(source)
            names = self.config.label_names
            self.source_pretraining = pretraining_of(Path(source), self.config)
        if self.run_args.streaming:
            self.stream = open_stream(self.data_args, names, self.run_args.shuffle_buffer)
        corpus = self.corpus = load_for_training(self.stream or self.data_args, self.training_args, names)
        if names is None:
            resumed = load_resumed_config(self.output_dir) if self.run_args.resume else None
            args.adapt_to_run(self.training_args, resumed)
            names = label_names(corpus)
            self.tokenizer = args.make_tokenizer(list(corpus["train"]["text"]), names, self.data_args.language)
            self.config = args.make_config(self.tokenizer, names)
        self.threshold_mode = self._choose_threshold_mode(len(corpus["validation"]))
        with self.training_args.main_process_first(desc="tokenizing"):
            self.documents = {split: preprocess(rows, self.tokenizer) for split, rows in corpus.items()}
        if source:
            args.adapt_config(self.config, self.documents["train"])
            for name, value in args.given_options().items():
                if value != getattr(self.config, name):
                    raise UserInputError(
                        f"--{name} {value}: the checkpoint {source} has {getattr(self.config, name)}; leave it out"
                    )
        # A corpus that does not fit the loss or the batches is refused before any pre-training.
        if self.training_args.loss != "bce":
            make_loss(self.training_args.loss, self.documents["train"], names)
        if self.training_args.tokens_per_batch is not None:
            check_longest(count_tokens(self.documents["train"]), self.training_args.tokens_per_batch)
        sizes = ", ".join(f"{len(rows):,} {split}" for split, rows in self.documents.items())
        logger.info(f"{self.data_args.name}: {sizes} documents; {len(self.tokenizer):,} words")
        texts = corpus["train"]["text"]
        for line in (describe_cut(texts, self.tokenizer, args), describe_cut_sentences(texts, self.tokenizer)):
            if line:
                logger.warning(line)

    def _load_checkpoint(self, source: str) -> tuple[PreTrainedConfig, PreTrainedTokenizerBase]:
        """Return the configuration and the tokenizer of the checkpoint that the training starts from."""
        config, tokenizer = load_config_and_tokenizer(source)
        # Those of the checkpoint were fitted to weights that change now.
        config.thresholds, config.calibration = 0.5, None
        return config, tokenizer

    def _load_model(self, source: str) -> tuple[PreTrainedModel, bool]:
        """Return its model, and whether the head is new."""
        return load_to_train(source, self.config)

    def _makes_checkpoints(self) -> bool:
        return super()._makes_checkpoints() or self.model_args.pretrains

    def _choose_threshold_mode(self, num_documents: int) -> str | None:
        """Return the kind of thresholds to tune on this number of validation documents; `None` to keep 0.5."""
        mode = self.run_args.tune_thresholds
        if mode == _NO_TUNING:
            return None
        if num_documents >= 2:
            return mode or "global"
        too_few = f"{self.data_args.name} has one validation document, which is too few to tune thresholds"
        if mode or self.run_args.threshold_metric:
            raise UserInputError(f"{too_few}: give at least two, or leave out --tune_thresholds and --threshold_metric")
        logger.warning(f"{too_few}: they stay 0.5")
        return None

    def _finished_pretraining(self) -> dict[str, Any] | None:
        """Return the metrics of the pre-training that the run to be resumed has finished."""
        folder = self.output_dir / PRETRAINING_FOLDER
        if not self.run_args.resume or not has_whole_state(folder):
            return None
        check_resumed(folder, self.config)
        self.clock.add_earlier(folder)
        return read_last_metrics(folder)

    def _make_pretrainer(self) -> Trainer:
        """Make the trainer of the pre-training, in a folder that several classifiers can start from."""
        set_seed(self.training_args.seed)
        return self.model_args.make_pretrainer(
            str(self.output_dir / PRETRAINING_FOLDER), self.config, self.tokenizer, self.documents, self.training_args
        )

    def _make_trainer(self) -> MultiLabelTrainer:
        args = self.model_args
        source = str(self.output_dir / PRETRAINING_FOLDER) if args.pretrains else self.source
        set_seed(self.training_args.seed)  # of a new classifier, whatever was drawn before
        if source is None:
            seed = self.training_args.seed
            model, has_new_head = args.make_model(self.config, self.tokenizer, self.documents["train"], seed), True
        else:
            model, has_new_head = self._load_model(source)
        if has_new_head:
            settings = self.training_args
            start_at_log_odds(model, self.documents["train"], settings.loss, settings.label_smoothing_factor)
        args.freeze(model, self.tokenizer)
        if args.freeze_encoder:
            model.freeze_encoder()
        trainer = args.trainer_class()(
            model,
            self.training_args,
            train_dataset=self.documents["train"],
            eval_dataset=self.documents["validation"],
            processing_class=self.tokenizer,
            **args.trainer_arguments(self.tokenizer, model.config),
        )
        if self.stream:
            self.stream.feed(trainer)
        return trainer

    def _pretrain(self, trainer: Trainer) -> dict[str, Any]:
        self._fit(trainer)
        trainer.evaluate()
        save(trainer, Path(trainer.args.output_dir))
        trainer.accelerator.wait_for_everyone()  # the other processes start from what the first one saves
        return trainer.state.log_history[-1]

    def _train(self, trainer: MultiLabelTrainer) -> dict[str, Any]:
        """Train, and measure at 0.5 and, if thresholds are tuned, at these too."""
        tuning = None
        if self.threshold_mode is not None:
            tuning = self._make_tuning(trainer)
            trainer.add_callback(tuning)
        if trainer.time_limit is not None:
            evaluated = ["validation", "test", *(["validation"] if tuning else [])]
            trainer.time_limit.documents += sum(len(self.documents.get(split, ())) for split in evaluated)
            trainer.time_limit.preparation = seconds = self.clock.elapsed()
            if seconds > 60 * trainer.time_limit.minutes:
                logger.warning(
                    f"--max_minutes {trainer.time_limit.minutes:g}: the time was over before training began, after "
                    f"{seconds / 60:.1f} minutes; reading and pre-training are not limited"
                )
        self._fit(trainer)
        metrics, metrics_at_tuned, unseen = {}, {}, {}
        tuned = trainer.model.config.thresholds
        if tuning:
            logger.info(describe_tuning(tuned, tuning.record))
        for split in ("validation", "test"):
            if split in self.documents:
                found = trainer.predict(self.documents[split], metric_key_prefix=split)
                given = (self.corpus[split], self.data_args.unseen_labels)
                metrics[split] = measure(found.predictions, found.label_ids, 0.5, *given)
                metrics_at_tuned[split] = measure(found.predictions, found.label_ids, tuned, *given)
                unseen[split] = describe_unseen(*given)
                self._explain_no_labels(split, found.predictions, tuned)
        return {
            "metrics": metrics,
            "threshold_tuning": tuning and {**tuning.record, "dataset": self.data_args.name, "command": self.command},
            "metrics_at_tuned_thresholds": tuning and metrics_at_tuned,
            **({"unseen_labels": unseen} if any(unseen.values()) else {}),
        }

    def _make_tuning(self, trainer: MultiLabelTrainer) -> TuneThresholds:
        return TuneThresholds(trainer, self.threshold_mode, self.run_args.threshold_metric)

    def _explain_no_labels(self, split: str, logits: np.ndarray, tuned: float | list[float]) -> None:
        """Say why no label is predicted on a split, at 0.5 and at the tuned thresholds if they are others."""
        advice = "train on more documents" if "loss" in self.training_args.refused() else _WEIGH
        if self.threshold_mode is None:
            advice = f"tune thresholds, or {advice}"
        lines = [explain_no_labels(logits, 0.5, advice)]
        if tuned != 0.5:
            at_tuned = f"see the metrics at {describe_thresholds(tuned)}"
            lines = [explain_no_labels(logits, 0.5, at_tuned), explain_no_labels(logits, tuned, advice)]
        for line in filter(None, lines):
            logger.warning(f"{split}: {line}")
