# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The steps that all commands that train share, before their training and after."""

import shutil
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets import DatasetDict
from transformers import AutoTokenizer, Trainer, TrainingArguments
from transformers.trainer import OPTIMIZER_NAME, TRAINER_STATE_NAME, TRAINING_ARGS_NAME
from transformers.utils import CONFIG_NAME

from ..errors import UserInputError
from ..hub.push import check_repo_id, check_token
from ..modeling.readable_weights import make_weights_readable
from ..trainer.argument_checks import check_types
from ..trainer.threads import ChooseThreads, kept_threads
from .checkpoints import (
    PRETRAINING_FOLDER,
    FindBestCheckpoint,
    RestoreCallbacks,
    check_adapters,
    check_output_dir,
    check_resumed,
    delete_checkpoints,
    find_last_checkpoint,
    run_folders,
)
from .clock import RunClock
from .data import DataArguments, DataInMemory
from .loading import as_user_input_error
from .locking import lock_folder
from .losses import report_on_standard_error
from .progress import logger
from .results import RESULTS_NAME
from .run_options import RunOptions
from .training_checks import check_training_arguments
from .writing import make_files


@dataclass
class RunArguments:
    """Options for the output folder: what is replaced, resumed and kept."""

    overwrite: bool = field(default=False, metadata={"help": "Replace the contents of the output folder."})
    resume: bool = field(default=False, metadata={"help": "Resume the unfinished run in the output folder."})
    keep_checkpoints: bool = field(
        default=False, metadata={"help": "Keep the checkpoints, with optimizer, after the run is finished."}
    )

    def __post_init__(self) -> None:
        check_types(self)
        if self.overwrite and self.resume:
            raise UserInputError("--overwrite starts again and --resume continues: pass one of them")


class BaseRun:
    """One run of a command that trains.

    Args:
        model_args: Options of the model: a `Family`, or those of a new encoder.
        data_args (`DataArguments` or `DataInMemory`): The documents.
        training_args (`TrainingArguments`): Settings of the training.
        run_args (`RunArguments`): Options of the run.
        command (`list[str]`): The command line, for the record.
    """

    def __init__(
        self,
        model_args: Any,
        data_args: DataArguments | DataInMemory,
        training_args: TrainingArguments,
        run_args: RunArguments,
        command: list[str],
    ) -> None:
        self.model_args = model_args
        self.data_args = data_args
        self.training_args = training_args
        self.run_args = run_args
        self.command = command
        self.output_dir = Path(training_args.output_dir)
        # The run publishes the finished model itself: Trainer would publish every checkpoint, with optimizer and
        # pickled arguments, and neither card nor results.
        self.publishes, training_args.push_to_hub = training_args.push_to_hub, False

    def __call__(self) -> dict[str, Any] | None:
        """Train, evaluate and save, with the output folder locked.

        Returns:
            `dict`: The contents of `results.json`; `None` in all processes but the first.

        Raises:
            UserInputError: An option or the data is missing or does not fit, or another process writes to the output
                folder; nothing has been written then.
        """
        # Of the processes of one training, the first writes.
        self.clock = RunClock()
        with lock_folder("--output_dir", self.output_dir) if self.training_args.should_save else nullcontext():
            return self._run()

    def _run(self) -> dict[str, Any] | None:
        """Do what `__call__` says, in the locked folder."""
        raise NotImplementedError

    def _check(self) -> None:
        """Check everything that can be checked before data is read."""
        check_output_dir(self.output_dir, self.run_args.overwrite, self.run_args.resume)
        check_training_arguments(self.training_args, self.publishes)
        if self.run_args.keep_checkpoints:
            reason = self.training_args.refused().get("save_strategy")
            if reason is None and not self._makes_checkpoints():
                reason = "needs a --save_strategy but no"
            if reason:
                raise UserInputError(f"--keep_checkpoints: {reason}")
        if self.publishes:
            check_publication(self.training_args)

    def _fit(self, trainer: Trainer) -> None:
        options = RunOptions(self.model_args, trainer.args, trainer.train_dataset)
        try:
            fit(trainer, self.run_args.resume, self.clock, options)
        finally:
            with suppress(OSError):  # the folder of a pre-training that has saved nothing; others are not empty
                Path(trainer.args.output_dir).rmdir()

    def _files(self) -> AbstractContextManager[Path]:
        """Return a folder whose files replace those of the output folder together, in the process that writes."""
        return (
            make_files("--output_dir", self.output_dir)
            if self.training_args.should_save
            else nullcontext(self.output_dir)
        )

    def _makes_checkpoints(self) -> bool:
        return self.training_args.save_strategy != "no"

    def _tidy(self) -> None:
        """Delete what only a run that is not finished needs. The last step: a run killed before it can be resumed."""
        if not self.run_args.keep_checkpoints:
            delete_checkpoints(self.output_dir)


def check_publication(args: TrainingArguments) -> None:
    """Check name and token of a publication before any work.

    Raises:
        UserInputError: `hub_model_id` is missing or invalid, or the Hub does not know the user.
    """
    if not args.hub_model_id:
        raise UserInputError("--push_to_hub needs --hub_model_id ns/name, where the model will be published")
    check_repo_id(args.hub_model_id)
    check_token(args.hub_model_id)


def load_for_training(
    data_args: DataArguments | DataInMemory, args: TrainingArguments, label_names: list[str] | None = None
) -> DatasetDict:
    """Load a corpus, in one process before the others.

    Args:
        data_args (`DataArguments` or `DataInMemory`): The data.
        args (`TrainingArguments`): Settings of the training.
        label_names (`list[str]`, *optional*): As in `DataArguments.load`.

    Returns:
        `datasets.DatasetDict`: With documents in `train` and in `validation`.

    Raises:
        UserInputError: The corpus cannot be read, does not fit, or has no such documents.
    """
    with args.main_process_first(desc="loading the corpus"):
        corpus = data_args.load(label_names)
    for split in ("train", "validation"):
        if split not in corpus or len(corpus[split]) == 0:
            raise UserInputError(f"{data_args.name} has no {split} documents, which training needs")
    return corpus


def discard_old_run(args: TrainingArguments) -> None:
    """Delete the results, which mark a finished run, and the checkpoints in the output folder."""
    with args.main_process_first(desc="removing the old run"):
        if args.should_save:
            (Path(args.output_dir) / RESULTS_NAME).unlink(missing_ok=True)
            for folder in run_folders(Path(args.output_dir)):
                shutil.rmtree(folder)


def fit(trainer: Trainer, resume: bool, clock: RunClock, options: RunOptions) -> None:
    """Train; a resumed run continues from the last checkpoint in the output folder, if it has one with its optimizer.

    Args:
        trainer (`Trainer`): The trainer.
        resume (`bool`): Whether the run is resumed.
        clock (`RunClock`): Clock of the run.
        options (`RunOptions`): Options of the run.

    Raises:
        UserInputError: The checkpoint is from a run with other options or data.
    """
    report_on_standard_error(trainer)
    trainer.add_callback(clock)
    trainer.add_callback(options)
    folder = Path(trainer.args.output_dir)
    checkpoint = find_last_checkpoint(folder) if resume else None
    if checkpoint is not None and not (checkpoint / OPTIMIZER_NAME).is_file():
        logger.warning(f"--resume: {checkpoint} was saved by --save_only_model, so training starts again")
        checkpoint = None
    # A training after a pre-training has its number of threads, whether or not the run stopped between them.
    trainer.add_callback(ChooseThreads(kept_threads(checkpoint or folder / PRETRAINING_FOLDER)))
    if checkpoint is not None:
        check_resumed(checkpoint, trainer.model.config)
        check_adapters(checkpoint, trainer.model)
        trainer.add_callback(FindBestCheckpoint)
        trainer.add_callback(RestoreCallbacks(trainer.callback_handler.callbacks))
        with as_user_input_error(str(checkpoint), "tokenizer"):
            words = AutoTokenizer.from_pretrained(checkpoint, trust_remote_code=False).get_vocab()
        if words != trainer.processing_class.get_vocab():
            raise UserInputError(
                f"--resume: the run in {checkpoint} had another vocabulary; repeat its options and its data, or pass "
                "--overwrite to start again"
            )
        options.check(checkpoint)
    trainer.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))


def save(trainer: Trainer, folder: Path) -> None:
    """Write weights, configuration, tokenizer and history, without the pickled arguments that `save_model` adds.

    Weights become as readable as the other files, in the checkpoints too: an encoder is saved by a class of the
    library.

    Args:
        trainer (`Trainer`): The trainer.
        folder (`Path`): The output folder, or one in it.
    """
    trainer.save_model(str(folder))
    if trainer.args.should_save:
        (folder / TRAINING_ARGS_NAME).unlink()
        for config in Path(trainer.args.output_dir).rglob(CONFIG_NAME):
            make_weights_readable(config.parent)
        trainer.state.save_to_json(str(folder / TRAINER_STATE_NAME))  # the last file: it marks a finished pre-training
