# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Output folders and the checkpoints in them."""

import hashlib
import json
import re
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import torch
from huggingface_hub import try_to_load_from_cache
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    TrainerCallback,
)
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR
from transformers.utils import SAFE_WEIGHTS_NAME, logging

from labelwise import decode
from labelwise.datasets_scripts import DataError
from labelwise.datasets_scripts.hub_errors import explain_hub_error

from .model import FAMILIES
from .output import check_folder

PRETRAINING_FOLDER = "pretraining"


def check_output_dir(output_dir: Path, overwrite: bool, resume: bool) -> None:
    """Refuses a folder that cannot be written, and to write over a model or an unfinished run.

    Args:
        output_dir (`Path`): Folder of the run.
        overwrite (`bool`): Whether what it holds may go.
        resume (`bool`): Whether what it holds is gone on with.

    Raises:
        DataError: It is no folder to write in, or holds a model or a run and neither was asked for.
    """
    check_folder("--output_dir", str(output_dir))
    if overwrite or resume:
        return
    if (output_dir / "config.json").exists():
        raise DataError(f"{output_dir} already holds a model; pass --overwrite to replace it, or name another folder")
    if run_folders(output_dir):
        raise DataError(
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
        DataError: The checkpoint is of a model of another shape, or with other words or labels.
    """
    with _as_data_error(str(checkpoint), "config"):
        found = AutoConfig.from_pretrained(checkpoint).to_dict()
    wanted = config.to_dict()
    # The thresholds are fitted later; an encoder's config also tells where it was loaded from.
    families = takewhile(lambda cls: cls is not PreTrainedConfig, type(config).__mro__)
    annotated = [name for cls in families for name in cls.__annotations__ if name not in ("thresholds", "encoder")]
    shape = [name for name in annotated if name in wanted]  # the others are of the class, not of a model
    for name in ["model_type", *shape, "id2label"]:
        if found[name] != wanted[name]:
            raise DataError(
                f"--resume: the run in {checkpoint} had another {name}, {found[name]} and not {wanted[name]}; "
                "repeat its options and its data, or pass --overwrite to start again"
            )


def load_config_and_tokenizer(name_or_path: str, label_by_label: bool = False):
    """What a trained model reads and which labels it knows.

    Args:
        name_or_path (`str`): Folder or Hub id.
        label_by_label (`bool`, *optional*, defaults to `False`): Whether it shall decide its labels one at a time.

    Returns:
        `tuple[PreTrainedConfig, PreTrainedTokenizerBase]`: Its configuration and its tokenizer.

    Raises:
        DataError: There is no model of this package, its labels or thresholds do not fit, or it has no label tokens to
            decide one at a time.
    """
    path = Path(name_or_path)
    if path.exists() and not (path / "config.json").is_file():
        raise DataError(f"{name_or_path} holds no model (no config.json); name a folder that `labelwise train` wrote")
    if not path.exists() and name_or_path.count("/") != 1:
        raise DataError(f"{name_or_path} is neither a folder nor a Hub id ns/name")
    # The type first: of one that it does not know, the library would ask whether to run the folder's own code.
    with _as_data_error(name_or_path, "config"):
        model_type = PreTrainedConfig.get_config_dict(name_or_path)[0].get("model_type")
    if model_type is None:
        raise DataError(f"{name_or_path} holds no model (no config.json that names one)")
    if model_type not in FAMILIES:
        raise DataError(f"{name_or_path} is a {model_type} model, not one of labelwise")
    with _as_data_error(name_or_path, "config"):
        config = AutoConfig.from_pretrained(name_or_path, trust_remote_code=False)
    _check_labels(name_or_path, config)
    if label_by_label:
        if config.model_type != "lm_mtc" or not config.label_positions:
            raise DataError(f"{name_or_path} has no label tokens: --label_by_label needs an lm-mtc model")
        config.label_by_label = True
    with _as_data_error(name_or_path, "tokenizer"):
        return config, AutoTokenizer.from_pretrained(name_or_path, trust_remote_code=False)


def _check_labels(name_or_path: str, config: PreTrainedConfig) -> None:
    """Refuses a config whose label names or thresholds are fewer or more than its labels."""
    names = [config.id2label.get(index) for index in range(config.num_labels)]
    if None in names or {name: index for index, name in enumerate(names)} != config.label2id:
        raise DataError(
            f"the config of {name_or_path} is damaged: id2label and label2id do not name labels 0 to "
            f"{config.num_labels - 1}, each once; correct config.json"
        )
    try:
        decode(torch.zeros(config.num_labels), config.thresholds)
    except ValueError as error:
        raise DataError(f"the config of {name_or_path} is damaged: {error}; correct config.json") from error


def load_classifier(name_or_path: str, config, may_lack_head: bool = False) -> PreTrainedModel:
    """The classifier of a trained model, or a pre-trained encoder with a new classifier.

    Args:
        name_or_path (`str`): Folder or Hub id.
        config (`PreTrainedConfig`): Its configuration, from `load_config_and_tokenizer`.
        may_lack_head (`bool`, *optional*, defaults to `False`): Whether the classifier on top may be new.

    Raises:
        DataError: Weights are missing, damaged or of another shape.
    """
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()  # the report of what was loaded is judged here
    try:
        with _as_data_error(name_or_path, "weights"):
            model, report = AutoModelForSequenceClassification.from_pretrained(
                name_or_path,
                config=config,
                output_loading_info=True,
                ignore_mismatched_sizes=True,
                use_safetensors=True,
                trust_remote_code=False,
            )
    finally:
        logging.set_verbosity(verbosity)
    wrong = [key for key in report["missing_keys"] if not key.startswith("head.")]
    wrong += [*report["unexpected_keys"], *(key for key, *_ in report["mismatched_keys"])]
    lacks_head = any(key.startswith("head.") for key in report["missing_keys"])
    if wrong or (lacks_head and not may_lack_head):
        what = f"its weights do not fit its config ({wrong[0]})" if wrong else "it has no classifier yet: train one"
        raise DataError(f"{name_or_path} cannot be used: {what}")
    _check_download(name_or_path)
    return model


def _check_download(name_or_path: str) -> None:
    """Refuses weights that were damaged on their way from the Hub: the client compares sizes only, but names what it
    keeps by the Hub's own SHA-256."""
    path = None if Path(name_or_path).exists() else try_to_load_from_cache(name_or_path, SAFE_WEIGHTS_NAME)
    if not isinstance(path, str):  # a folder of the user's own, or weights in several files
        return
    blob = Path(path).resolve()
    with blob.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if re.fullmatch("[0-9a-f]{64}", blob.name) and digest != blob.name:
        raise DataError(f"the weights of {name_or_path} were damaged on their way; delete {blob} and try again")


@contextmanager
def _as_data_error(name_or_path: str, part: str):
    try:
        yield
    # Files that are cut off, spoilt or of another shape: the libraries below raise a dozen unrelated types.
    except Exception as error:
        why = explain_hub_error(error, name_or_path) or error
        raise DataError(f"the {part} of {name_or_path} cannot be loaded: {why}") from error
