# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The training of a model that further labels have joined, on documents that may know these labels only."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from datasets import Dataset
from transformers import (
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from ..datasets_scripts import CORPORA
from ..datasets_scripts.own_data.names import shorten
from ..errors import UserInputError
from ..trainer.kept_scores import keep_decisions, keep_scores
from ..trainer.linear_arguments import LinearTrainingArguments
from ..trainer.multi_label_trainer import MultiLabelTrainer
from ..trainer.preprocessing import tokenized_labels
from ..trainer.thresholds import TuneThresholds
from ..trainer.training_arguments import MultiLabelTrainingArguments
from ..wording import counted
from .data import OptionalDataArguments
from .label_addition import add_labels, check_can_join, describe_addition, read_labels
from .loading import load_classifier, load_config_and_tokenizer
from .measuring import count_labels
from .progress import logger
from .training import TrainingRun


@dataclass
class AddLabelsArguments:
    """The model, its new labels, and what becomes of the old ones."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of the trained model."})
    labels: str = field(
        metadata={
            "help": "JSON file of the new labels: a list of names, or an object with a description of each by its name."
        }
    )
    keep_old: bool = field(
        default=False,
        metadata={
            "help": "Keep the model's scores of its old labels in training documents where these labels are unknown."
        },
    )


@dataclass
class AddedLabelsDataArguments(OptionalDataArguments):
    """Documents to train on; none, if nothing is trained."""

    unnamed_labels: str | None = field(
        default=None,
        metadata={
            "help": "Labels that no row of a file names, where rows list names: `unknown`, the default here (the "
            "documents were read for the other labels only), or `negative` (they apply to none of its documents).",
            "choices": ["negative", "unknown"],
        },
    )

    def __post_init__(self) -> None:
        if self.unnamed_labels is None:  # a corpus by name knows all its labels
            self.unnamed_labels = "negative" if self.dataset in CORPORA else "unknown"
        super().__post_init__()


class TuneKnownLabels(TuneThresholds):
    """`TuneThresholds` that leaves those labels as they were of which its documents, which it needs, know nothing."""

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        config = self.trainer.model.config
        before = config.thresholds
        super().on_train_end(args, state, control, **kwargs)
        config.thresholds = _choose(_known_labels(self.documents), config.thresholds, before)


class AddLabelsRun(TrainingRun):
    """A training that goes on from a model with further labels: that of `TrainingRun`, after the labels have joined.

    Labels of which the validation documents know nothing keep thresholds and calibration.

    Args:
        labels_args (`AddLabelsArguments`): The labels.
        args: Those of `TrainingRun`.
    """

    def __init__(self, labels_args: AddLabelsArguments, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels_args = labels_args

    @property
    def source(self) -> str:
        return self.labels_args.model_name_or_path

    def _check(self) -> None:
        super()._check()
        if self.labels_args.keep_old:
            _check_holds(self.training_args)

    def _load_checkpoint(self, source: str) -> tuple[PreTrainedConfig, PreTrainedTokenizerBase]:
        self.joined, tokenizer = load_with_labels(self.labels_args, self.training_args.seed)
        return self.joined.config, tokenizer

    def _load_model(self, source: str) -> tuple[PreTrainedModel, bool]:
        return self.joined, False

    def _prepare(self) -> None:
        super()._prepare()
        self._check_documents()
        known_L = _known_labels(self.documents["validation"])
        self.config.thresholds = _choose(known_L, 0.5, self.config.thresholds)
        calibration = self.config.calibration
        if calibration is not None:
            changed = {"scale": _choose(known_L, 1.0, calibration["scale"])}
            changed |= {"offset": _choose(known_L, 0.0, calibration["offset"])}
            self.config.calibration = None if known_L.all() else {**calibration, **changed}
        if self.labels_args.keep_old:
            self._hold_scores()

    def _check_documents(self) -> None:
        """Check that some new label has a document; the reader has warned of each that has none."""
        counts = self.stream.counts if self.stream else count_labels(self.corpus["train"])
        new = self.config.label_names[self.config.label_slices[-1]]
        if not any(counts[name] for name in new):
            raise UserInputError(
                f"no training document has one of the new labels: {shorten(new)}; check their spelling and the file"
            )

    def _hold_scores(self) -> None:
        """Put the scores of the model in place of its labels where these are unknown in training documents."""
        old = slice(self.config.label_slices[-1].start)
        unknown = int((tokenized_labels(self.documents["train"])[:, old] == -100).sum())
        if not unknown:
            raise UserInputError("--keep_old: no label of the model is unknown in a training document; leave it out")
        logger.info(f"{counted(unknown, 'unknown label')} of training documents: the model's scores are held")
        args = self.training_args
        settings = (self.joined.to(args.device), self.tokenizer, old, args.per_device_eval_batch_size)
        self.documents["train"] = keep_scores(self.documents["train"], *settings)
        self.choosing_documents = keep_decisions(self.documents["validation"], *settings)

    def _make_trainer(self) -> MultiLabelTrainer:
        trainer = super()._make_trainer()
        if (
            self.labels_args.keep_old
        ):  # or the epoch would be chosen in which the new labels are best, whatever the others
            trainer.eval_dataset = self.choosing_documents
        return trainer

    def _make_tuning(self, trainer: MultiLabelTrainer) -> TuneThresholds:
        mode, metric = self.threshold_mode, self.run_args.threshold_metric
        return TuneKnownLabels(trainer, mode, metric, self.documents["validation"])


def load_with_labels(args: AddLabelsArguments, seed: int) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Load a trained model, add the labels, and return the new model with its tokenizer.

    Raises:
        UserInputError: There is no such model or file, or the labels cannot join.
    """
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    check_can_join(config)  # before weights are read
    labels = read_labels(args.labels)
    model = add_labels(load_classifier(args.model_name_or_path, config), tokenizer, labels, seed)
    logger.info(describe_addition(model.config))
    return model, tokenizer


def _check_holds(args: MultiLabelTrainingArguments) -> None:
    """Check that the loss holds scores: that of soft labels, as they are."""
    if isinstance(args, LinearTrainingArguments):
        raise UserInputError(
            "--keep_old: binary relevance fits the new labels alone, and no other changes; leave it out"
        )
    for name, value, needed in (
        ("loss", args.loss, "bce"),
        ("label_smoothing_factor", args.label_smoothing_factor, 0.0),
    ):
        if value != needed:
            raise UserInputError(f"--keep_old keeps scores by binary cross-entropy: leave out --{name} {value}")


def _known_labels(documents: Dataset) -> np.ndarray:
    """Return of which labels some document knows whether they apply, `(num_labels,)`."""
    return (tokenized_labels(documents) != -100).any(axis=0)


def _choose(known_L: np.ndarray, of_known: float | list[float], of_others: float | list[float]) -> float | list[float]:
    """Return a number per label, from that of the known ones or of the others; one number where all are equal."""
    chosen = np.where(known_L, of_known, of_others).tolist()
    return chosen[0] if len({*chosen}) == 1 else chosen
