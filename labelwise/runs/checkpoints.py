# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Output folders and the checkpoints in them."""

from itertools import takewhile
from pathlib import Path
from typing import Any

from safetensors import safe_open
from transformers import (
    AutoConfig,
    PreTrainedConfig,
    PreTrainedModel,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_callback import ExportableState
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR
from transformers.utils import CONFIG_NAME

from ..configuration.configuration_encoder import EncoderConfig
from ..errors import UserInputError
from ..trainer.frozen_features import FEATURES_FOLDER
from ..trainer.safe_checkpoints import refuse_corrupted
from ..trainer.stopping import EarlyStopping
from ..whole_folders import discard
from .loading import as_user_input_error
from .results import RESULTS_NAME
from .writing import check_folder

PRETRAINING_FOLDER = "pretraining"


def check_output_dir(output_dir: Path, overwrite: bool, resume: bool) -> None:
    """Check that an output folder can be written, and that no model or unfinished run is overwritten.

    Args:
        output_dir (`Path`): The folder of the run.
        overwrite (`bool`): Whether its contents may be replaced.
        resume (`bool`): Whether the run in it is resumed.

    Raises:
        UserInputError: The folder cannot be written, contains a model or a run and neither was asked for, or the run to
            be resumed is finished.
    """
    check_folder("--output_dir", str(output_dir))
    if resume and (output_dir / RESULTS_NAME).is_file() and find_last_checkpoint(output_dir) is None:
        raise UserInputError(
            f"--resume: the run in {output_dir} is finished, and no checkpoint is left; pass --overwrite to train "
            f"again, or train on with --model_name_or_path {output_dir} and another --output_dir"
        )
    if overwrite or resume:
        return
    is_finished = (output_dir / RESULTS_NAME).is_file()
    if not is_finished and run_folders(output_dir):
        raise UserInputError(
            f"{output_dir} contains an unfinished run; pass --resume to continue it, or --overwrite to start again"
        )
    if is_finished or (output_dir / CONFIG_NAME).exists():
        raise UserInputError(
            f"{output_dir} already contains a model; pass --overwrite to replace it, or name another folder"
        )


def run_folders(output_dir: Path) -> list[Path]:
    """Return the folders of a run: its checkpoints, its pre-training and the representations by a frozen encoder."""
    others = [output_dir / name for name in (PRETRAINING_FOLDER, FEATURES_FOLDER)]
    return [*output_dir.glob("checkpoint-*"), *filter(Path.is_dir, others)]


def delete_checkpoints(output_dir: Path) -> None:
    """Delete the checkpoints of a finished run: several times the size of its model, mostly state of the optimizer.

    The last one goes first: if the process is killed, the run is resumed from an earlier one and ends as it did.
    """
    by_step = sorted(output_dir.glob("checkpoint-*"), key=lambda folder: (len(folder.name), folder.name))
    for folder in [*output_dir.glob(f"{PRETRAINING_FOLDER}/checkpoint-*"), *reversed(by_step)]:
        discard(output_dir, folder)


def find_last_checkpoint(folder: Path) -> Path | None:
    """Return the last complete checkpoint in the folder of a run.

    Trainer writes its state last. It deletes checkpoints file by file, even the last one when an earlier one was
    better; a checkpoint whose deletion was interrupted lacks files that the others have.
    """
    files = {
        path: {file.name for file in path.iterdir()} for path in folder.glob("checkpoint-*") if has_whole_state(path)
    }
    whole = [path for path, names in files.items() if names.issuperset(set().union(*files.values()))]
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def has_whole_state(folder: Path) -> bool:
    """Return whether the folder has the complete state of a Trainer, which is written last."""
    try:
        TrainerState.load_from_json(str(folder / TRAINER_STATE_NAME))
    except (OSError, ValueError, TypeError):
        return False
    return True


class FindBestCheckpoint(TrainerCallback):
    """Find the best checkpoint of a resumed run in the run's folder.

    The state has the path at the time of writing. If the folder was moved or is named from elsewhere, Trainer would end
    with the weights of the last epoch.
    """

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        best = Path(args.output_dir) / f"{PREFIX_CHECKPOINT_DIR}-{state.best_global_step}"
        if best.is_dir():
            state.best_model_checkpoint = str(best)


class RestoreCallbacks(TrainerCallback):
    """Restore what the callbacks of a resumed run have counted, such as evaluations without a better metric.

    `restore_callback_states_from_checkpoint` would restore their settings too, and expect them all in the checkpoint.

    Args:
        callbacks (`list[TrainerCallback]`): The callbacks of the run.
    """

    def __init__(self, callbacks: list[TrainerCallback]) -> None:
        self.callbacks = [callback for callback in callbacks if isinstance(callback, ExportableState)]

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> TrainerControl:
        for callback in self.callbacks:
            saved = state.stateful_callbacks.setdefault(type(callback).__name__, {})
            vars(callback).update(saved.get("attributes", {}))
            if isinstance(callback, EarlyStopping) and callback.is_over:  # it would wait for the next evaluation
                control.should_training_stop = True
        if state.global_step >= state.max_steps:  # Trainer would see it after a further step
            control.should_training_stop = True
        return control


def load_resumed_config(folder: Path) -> PreTrainedConfig | None:
    """Return the configuration of the checkpoint that a run in a folder resumes from, which may be that of its
    pre-training; `None` if there is none yet."""
    pretraining = folder / PRETRAINING_FOLDER
    checkpoint = find_last_checkpoint(folder)
    if checkpoint is None:
        checkpoint = pretraining if has_whole_state(pretraining) else find_last_checkpoint(pretraining)
    return None if checkpoint is None else _load_config(checkpoint)


def _load_config(checkpoint: Path) -> PreTrainedConfig:
    with as_user_input_error(str(checkpoint), "config"):
        return AutoConfig.from_pretrained(checkpoint, trust_remote_code=False)


def check_adapters(checkpoint: Path, model: PreTrainedModel) -> None:
    """Check that a run is resumed with its own adapters, or none.

    Args:
        checkpoint (`Path`): The checkpoint to continue from.
        model (`PreTrainedModel`): The resumed model.

    Raises:
        UserInputError: The checkpoint has others.
    """
    saved = {}
    for file in checkpoint.glob("model*.safetensors"):
        with refuse_corrupted(checkpoint), safe_open(file, "pt") as weights:
            saved |= {name: tuple(weights.get_slice(name).get_shape()) for name in weights.keys()}  # noqa: SIM118
    own = {name: tuple(weight.shape) for name, weight in model.state_dict().items()}
    found, wanted = ({name: shape for name, shape in part.items() if ".lora_" in name} for part in (saved, own))
    if found != wanted:
        raise UserInputError(
            f"--resume: the run in {checkpoint} had another --lora_rank, or none; repeat its options, or pass "
            "--overwrite to start again"
        )


def check_resumed(checkpoint: Path, config: PreTrainedConfig) -> None:
    """Check that a run is resumed with its own options and data.

    Args:
        checkpoint (`Path`): The checkpoint to continue from.
        config (`PreTrainedConfig`): Configuration of the resumed model.

    Raises:
        UserInputError: The checkpoint has another shape, vocabulary, attention dropout or labels.
    """
    saved = _load_config(checkpoint)
    found, wanted = saved.to_dict(), config.to_dict()
    # Thresholds are fitted later; an encoder's configuration also says where it was loaded from.
    families = takewhile(lambda cls: cls is not PreTrainedConfig, type(config).__mro__)
    annotated = [name for cls in families for name in cls.__annotations__ if name not in ("thresholds", "encoder")]
    shape = [name for name in annotated if name in wanted]  # the others belong to the class
    if isinstance(saved, EncoderConfig) and isinstance(config, EncoderConfig):
        shape.append("attention_dropout")
        found["attention_dropout"], wanted["attention_dropout"] = saved.attention_dropout, config.attention_dropout
    for name in ["model_type", *shape, "id2label"]:
        if found[name] != wanted[name]:
            raise UserInputError(
                f"--resume: the run in {checkpoint} had another {name}, {found[name]} and not {wanted[name]}; "
                "repeat its options and its data, or pass --overwrite to start again"
            )
