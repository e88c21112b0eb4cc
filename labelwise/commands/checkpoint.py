# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Output folders and the checkpoints in them."""

from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel
from transformers.trainer_utils import get_last_checkpoint
from transformers.utils import logging

from labelwise import LWLSTMConfig
from labelwise.datasets_scripts import DataError

PRETRAINING_FOLDER = "pretraining"


def check_output_dir(output_dir: str, overwrite: bool, resume: bool) -> None:
    """Refuses to write over a model or an unfinished run.

    Raises:
        DataError: The folder holds one and neither `overwrite` nor `resume` was asked for.
    """
    folder = Path(output_dir)
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{output_dir} is a file; --output_dir names a folder")
    if overwrite or resume or not folder.is_dir():
        return
    if (folder / "config.json").exists():
        raise DataError(f"{output_dir} already holds a model; pass --overwrite to replace it, or name another folder")
    if get_last_checkpoint(output_dir) or (folder / PRETRAINING_FOLDER).exists():
        raise DataError(
            f"{output_dir} holds an unfinished run; pass --resume to go on with it, --overwrite to start again"
        )


def load_config_and_tokenizer(name_or_path: str):
    """What a trained model reads and which labels it knows.

    Args:
        name_or_path (`str`): Folder or Hub id.

    Returns:
        `tuple[PreTrainedConfig, PreTrainedTokenizerBase]`: Its configuration and its tokenizer.

    Raises:
        DataError: There is no model of this package.
    """
    path = Path(name_or_path)
    if path.exists() and not (path / "config.json").is_file():
        raise DataError(f"{name_or_path} holds no model (no config.json); name a folder that `labelwise train` wrote")
    if not path.exists() and name_or_path.count("/") != 1:
        raise DataError(f"{name_or_path} is neither a folder nor a Hub id ns/name")
    with _as_data_error(name_or_path):
        config, tokenizer = AutoConfig.from_pretrained(name_or_path), AutoTokenizer.from_pretrained(name_or_path)
    if config.model_type != LWLSTMConfig.model_type:
        raise DataError(f"{name_or_path} is a {config.model_type} model, not one of labelwise")
    return config, tokenizer


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
        with _as_data_error(name_or_path):
            model, report = AutoModelForSequenceClassification.from_pretrained(
                name_or_path, config=config, output_loading_info=True
            )
    finally:
        logging.set_verbosity(verbosity)
    wrong = [*report["unexpected_keys"], *(key for key in report["missing_keys"] if not key.startswith("head."))]
    lacks_head = any(key.startswith("head.") for key in report["missing_keys"])
    if wrong or (lacks_head and not may_lack_head):
        what = f"its weights do not fit its config ({wrong[0]})" if wrong else "it has no classifier yet: train one"
        raise DataError(f"{name_or_path} cannot be used: {what}")
    return model


@contextmanager
def _as_data_error(name_or_path: str):
    try:
        yield
    except (OSError, ValueError, SafetensorError) as error:
        raise DataError(f"{name_or_path} cannot be loaded: {' '.join(str(error).split())}") from error
