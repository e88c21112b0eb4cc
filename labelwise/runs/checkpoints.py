# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Output folders and the checkpoints in them."""

import json
from itertools import takewhile
from pathlib import Path

from transformers import AutoConfig, PreTrainedConfig, TrainerCallback
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from ..datasets_scripts import UserInputError

from .loading import as_user_input_error
from .writing import check_folder

PRETRAINING_FOLDER = "pretraining"


def check_output_dir(output_dir: Path, overwrite: bool, resume: bool) -> None:
    """Refuses a folder that cannot be written, and to write over a model or an unfinished run.

    Args:
        output_dir (`Path`): Folder of the run.
        overwrite (`bool`): Whether what it holds may go.
        resume (`bool`): Whether what it holds is gone on with.

    Raises:
        UserInputError: It is no folder to write in, or holds a model or a run and neither was asked for.
    """
    check_folder("--output_dir", str(output_dir))
    if overwrite or resume:
        return
    if (output_dir / "config.json").exists():
        raise UserInputError(f"{output_dir} already holds a model; pass --overwrite to replace it, or name another folder")
    if run_folders(output_dir):
        raise UserInputError(
            f"{output_dir} holds an unfinished run; pass --resume to go on with it, --overwrite to start again"
        )


def run_folders(output_dir: Path) -> list[Path]:
    """The folders of a run: its checkpoints and its pre-training."""
    pretraining = output_dir / PRETRAINING_FOLDER
    return [*output_dir.glob("checkpoint-*"), *([pretraining] if pretraining.is_dir() else [])]


def find_last_checkpoint(folder: Path) -> Path | None:
    """The last whole checkpoint in the folder of a run: neither its writing nor its removal was cut off.

    Trainer writes its state last. It removes checkpoints file by file, also the last one, when training has ended and
    an earlier one was better; such a one lacks files that the other has.
    """
    files = {
        path: {file.name for file in path.iterdir()} for path in folder.glob("checkpoint-*") if has_whole_state(path)
    }
    whole = [path for path, names in files.items() if names.issuperset(set().union(*files.values()))]
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def has_whole_state(folder: Path) -> bool:
    """Whether Trainer wrote its state there to the end, which it does last."""
    try:
        json.loads((folder / TRAINER_STATE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return True


class FindBestCheckpoint(TrainerCallback):
    """Looks for the best checkpoint of a resumed run in the folder of the run. The state holds the path that it had;
    where the folder was moved since, or is named from elsewhere, Trainer would end with the last epoch's weights."""

    def on_train_begin(self, args, state, control, **kwargs):
        best = Path(args.output_dir) / f"{PREFIX_CHECKPOINT_DIR}-{state.best_global_step}"
        if best.is_dir():
            state.best_model_checkpoint = str(best)


def check_resumed(checkpoint: Path, config: PreTrainedConfig) -> None:
    """Refuses to go on with a run of other options or data.

    Args:
        checkpoint (`Path`): Where the run had got to.
        config (`PreTrainedConfig`): Of the model that is to go on.

    Raises:
        UserInputError: The checkpoint is of a model of another shape, or with other words or labels.
    """
    with as_user_input_error(str(checkpoint), "config"):
        found = AutoConfig.from_pretrained(checkpoint).to_dict()
    wanted = config.to_dict()
    # The thresholds are fitted later; an encoder's config also tells where it was loaded from.
    families = takewhile(lambda cls: cls is not PreTrainedConfig, type(config).__mro__)
    annotated = [name for cls in families for name in cls.__annotations__ if name not in ("thresholds", "encoder")]
    shape = [name for name in annotated if name in wanted]  # the others are of the class, not of a model
    for name in ["model_type", *shape, "id2label"]:
        if found[name] != wanted[name]:
            raise UserInputError(
                f"--resume: the run in {checkpoint} had another {name}, {found[name]} and not {wanted[name]}; "
                "repeat its options and its data, or pass --overwrite to start again"
            )
