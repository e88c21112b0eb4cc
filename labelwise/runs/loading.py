# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Loading trained models, from a folder or the Hub."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten

import torch
from huggingface_hub import snapshot_download, try_to_load_from_cache
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import CONFIG_NAME, SAFE_WEIGHTS_NAME

from ..configuration.configuration_encoder import EncoderConfig
from ..datasets_scripts.hub_errors import check_connection, explain_hub_error
from ..errors import UserInputError, explain_foreign_code, is_of_the_machine
from ..families import FAMILIES, Family, GradientFamily
from ..families.saved_tokenizers import check_outputs
from ..hub.export_record import is_exported
from ..hub.exported_classifier import ExportedClassifier
from ..modeling.calibration import calibrate_logits
from ..modeling.finite_weights import check_finite
from ..modeling.loading_report import silent_loading_report
from ..modeling.thresholding import predict_labels
from ..whole_folders import is_being_written, version_of
from .precision import AutocastClassifier
from .saved_weights import check_sizes, check_weights, read_header, without_memory

# Of each folder, the version of the `config.json` that was read last: all files of a model are replaced with it.
_versions: dict[str, tuple[int, int] | None] = {}


def download_revision(repo_id: str, revision: str) -> str:
    """Download a revision of a model, and return its folder.

    Args:
        repo_id (`str`): Hub id, `namespace/name`.
        revision (`str`): Branch, tag or commit.

    Raises:
        UserInputError: It is a folder, or cannot be downloaded.
    """
    if Path(repo_id).exists():
        raise UserInputError(
            f"revision {revision!r}: is for models of the Hub, and {repo_id} is a folder; leave it out"
        )
    with as_user_input_error(repo_id, f"revision {revision!r}"):
        return snapshot_download(repo_id, revision=revision)


def load_config_and_tokenizer(
    name_or_path: str, label_by_label: bool = False, may_be_exported: bool = False
) -> tuple[PreTrainedConfig, PreTrainedTokenizerBase]:
    """Load the configuration and the tokenizer of a trained model.

    Args:
        name_or_path (`str`): Folder or Hub id.
        label_by_label (`bool`, *optional*, defaults to `False`): Whether it will decide its labels one at a time.
        may_be_exported (`bool`, *optional*, defaults to `False`): Whether an export will do, which only gives logits.

    Returns:
        `tuple[PreTrainedConfig, PreTrainedTokenizerBase]`: The configuration and the tokenizer.

    Raises:
        UserInputError: There is no model of this package, its configuration, tokenizer and weights do not fit together
            (weights that are not finite are found when they are read), or it has no label tokens to decide one at a
            time.
    """
    path = Path(name_or_path)
    if path.exists() and not (path / "config.json").is_file():
        raise UserInputError(
            f"{name_or_path} contains no model (no config.json); name a folder that `labelwise train` wrote"
        )
    if is_being_written(path):
        raise UserInputError(
            f"{name_or_path} is being written, or the command that wrote it was stopped: give that command again"
        )
    exported = is_exported(path)
    if exported and not may_be_exported:
        raise UserInputError(f"{name_or_path} is an export, for predict and evaluate; name the model it was made from")
    if exported and label_by_label:
        raise UserInputError(f"--label_by_label: {name_or_path} is an export, which predicts all labels in one pass")
    _versions[name_or_path] = version_of(path, CONFIG_NAME)
    if not path.exists() and name_or_path.count("/") != 1:
        raise UserInputError(f"{name_or_path} is neither a folder nor a Hub id ns/name")
    # The type first: for an unknown type, the library would ask whether to run the folder's own code.
    with as_user_input_error(name_or_path, "config"):
        if not path.exists() and try_to_load_from_cache(name_or_path, CONFIG_NAME) is None:
            check_connection()
        fields = PreTrainedConfig.get_config_dict(name_or_path)[0]
        model_type = fields.get("model_type")
    if model_type is None:
        raise UserInputError(f"{name_or_path} contains no model (its config.json has no model_type)")
    if not isinstance(model_type, str) or model_type not in FAMILIES:
        told = model_type if str(model_type).isprintable() else repr(model_type)
        raise UserInputError(f"{name_or_path} is a {told} model, not a labelwise model")
    if not exported:
        with as_user_input_error(name_or_path, "weights"):
            tensors = read_header(name_or_path)
        check_sizes(name_or_path, fields, tensors)  # before the library makes lists of as many
    with as_user_input_error(name_or_path, "config"):
        config = AutoConfig.from_pretrained(name_or_path, trust_remote_code=False)
    _check_labels(name_or_path, config)
    if not exported:
        with as_user_input_error(name_or_path, "config"):
            classifier = FAMILIES[model_type].model_classes[AutoModelForSequenceClassification]
            check_weights(name_or_path, without_memory(lambda: classifier(config)), tensors)
    if label_by_label:
        check_label_tokens(name_or_path, config, "--label_by_label")
        config.label_by_label = True
    try:
        with as_user_input_error(name_or_path, "tokenizer"):
            tokenizer = AutoTokenizer.from_pretrained(name_or_path, trust_remote_code=False)
    except UserInputError as error:
        folder = Path(name_or_path)
        if folder.is_dir() and not (folder / "tokenizer.json").exists():
            raise UserInputError(
                f"{name_or_path} has no tokenizer.json: save the tokenizer there too, by its save_pretrained"
            ) from error
        raise
    try:
        FAMILIES[model_type].check_tokenizer(tokenizer, config)
    except ValueError as error:
        raise UserInputError(
            f"the tokenizer of {name_or_path} does not fit its config: {error}; restore tokenizer.json, "
            "tokenizer_config.json and config.json from where the model was trained"
        ) from error
    return config, tokenizer


def family_of_checkpoint(name_or_path: str, model: str | None) -> type[Family]:
    """Return the family of a checkpoint that a training starts from.

    Args:
        name_or_path (`str`): Folder or Hub id.
        model (`str`, *optional*): The system, if it was named.

    Raises:
        UserInputError: There is no such checkpoint, or no training can start from it, or it is of another family.
    """
    config, _ = load_config_and_tokenizer(name_or_path)
    family = FAMILIES[config.model_type]
    if not issubclass(family, GradientFamily):
        system = family.system_of(config)
        raise UserInputError(
            f"--model_name_or_path {name_or_path}: linear models are fitted from scratch; name the system alone: "
            f"--model {system}, or a new MultiLabelClassifier('{system}')"
        )
    if model is not None and model not in family.systems:
        raise UserInputError(
            f"--model {model}: the checkpoint {name_or_path} is of another family ({', '.join(family.systems)}); "
            "leave out --model"
        )
    return family


def _check_labels(name_or_path: str, config: PreTrainedConfig) -> None:
    """Check that a configuration has a name, a threshold and a calibration for each label, and returns logits alone."""
    names = [config.id2label.get(index) for index in range(config.num_labels)]
    if (
        not all(isinstance(name, str) for name in names)
        or {name: index for index, name in enumerate(names)} != config.label2id
    ):
        raise UserInputError(
            f"the config of {name_or_path} is corrupted: id2label and label2id must name labels 0 to "
            f"{config.num_labels - 1}, each once; correct config.json"
        )
    logits = torch.zeros(config.num_labels)
    try:
        for part in (config, *([config.encoder] if isinstance(config, EncoderConfig) else [])):
            check_outputs(part)
        predict_labels(logits, config.thresholds)
        if config.calibration is not None:
            calibrate_logits(logits, config.calibration)
    except (ValueError, TypeError) as error:
        raise UserInputError(f"the config of {name_or_path} is corrupted: {error}; correct config.json") from error


def check_label_tokens(name_or_path: str, config: PreTrainedConfig, needed_by: str) -> None:
    """Check that a model has its labels as tokens before the text.

    Args:
        name_or_path (`str`): Folder or Hub id.
        config (`PreTrainedConfig`): Its configuration.
        needed_by (`str`): The option or command that needs the tokens.

    Raises:
        UserInputError: It has none.
    """
    if not config.has_label_tokens:
        raise UserInputError(f"{name_or_path} has no label tokens: {needed_by} needs an lm-mtc model")


def load_classifier(name_or_path: str, config: PreTrainedConfig, may_lack_head: bool = False) -> PreTrainedModel:
    """Load the classifier of a trained model, or a pre-trained encoder with a new classifier.

    Args:
        name_or_path (`str`): Folder or Hub id.
        config (`PreTrainedConfig`): Its configuration, from `load_config_and_tokenizer`.
        may_lack_head (`bool`, *optional*, defaults to `False`): Whether the classifier on top may be new.

    Raises:
        UserInputError: Weights are missing, corrupted or of another shape.
    """
    model, has_new_head = load_to_train(name_or_path, config)
    if has_new_head and not may_lack_head:
        raise UserInputError(f"{name_or_path} cannot be used: it has no classifier yet: train one")
    return model


def load_to_train(name_or_path: str, config: PreTrainedConfig) -> tuple[PreTrainedModel, bool]:
    """Load a classifier as `load_classifier` does.

    Returns:
        `tuple[PreTrainedModel, bool]`: The classifier, and whether its head is new.

    Raises:
        UserInputError: Weights are missing, corrupted or of another shape.
    """
    with silent_loading_report(), as_user_input_error(name_or_path, "weights"):
        model, report = AutoModelForSequenceClassification.from_pretrained(
            name_or_path,
            config=config,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            use_safetensors=True,
            trust_remote_code=False,
        )
    version = version_of(Path(name_or_path), CONFIG_NAME)
    if version != _versions.pop(name_or_path, version):
        raise UserInputError(f"{name_or_path} was replaced while it was read; give the command again")
    wrong = [key for key in report["missing_keys"] if not key.startswith(("head.", "word_head."))]
    wrong += [*report["unexpected_keys"], *(key for key, *_ in report["mismatched_keys"])]
    if wrong:
        raise UserInputError(f"{name_or_path} cannot be used: its weights do not fit its config ({wrong[0]})")
    _check_download(name_or_path)
    try:
        check_finite(model)
    except ValueError as error:
        raise UserInputError(f"{name_or_path} cannot be used: {error}") from error
    return model, any(key.startswith("head.") for key in report["missing_keys"])


def load_for_inference(
    name_or_path: str, config: PreTrainedConfig, may_lack_head: bool = False, dtype: str = "float32"
) -> PreTrainedModel | ExportedClassifier | AutocastClassifier:
    """Load a classifier as `load_classifier` does, on the accelerator if there is one; or an export, on the CPU.

    Args:
        name_or_path, config, may_lack_head: As in `load_classifier`.
        dtype (`str`, *optional*, defaults to `"float32"`): Data type of matrix products; see `check_dtype`.
    """
    if is_exported(name_or_path):
        return ExportedClassifier.from_pretrained(name_or_path, config)
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    model = load_classifier(name_or_path, config, may_lack_head).to(accelerator or "cpu")
    return AutocastClassifier(model) if dtype == "bfloat16" else model


def _check_download(name_or_path: str) -> None:
    """Check that downloaded weights are not corrupted.

    The client compares only sizes, but names cached files by the Hub's SHA-256.
    """
    path = None if Path(name_or_path).exists() else try_to_load_from_cache(name_or_path, SAFE_WEIGHTS_NAME)
    if not isinstance(path, str):  # a local folder, or weights in several files
        return
    blob = Path(path).resolve()
    with blob.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if re.fullmatch("[0-9a-f]{64}", blob.name) and digest != blob.name:
        raise UserInputError(
            f"the weights of {name_or_path} were corrupted in the download; delete {blob} and try again"
        )


@contextmanager
def as_user_input_error(name_or_path: str, part: str) -> Iterator[None]:
    """Turn any error of loading a part of a model, but those of the machine, into one `UserInputError`."""
    try:
        yield
    except UserInputError:
        raise
    # For truncated or corrupted files, the libraries raise a dozen unrelated types.
    except Exception as error:
        if is_of_the_machine(error):
            raise
        why = explain_hub_error(error, name_or_path)
        if why and not Path(name_or_path).exists():  # most often a mistyped folder
            why = f"there is no folder of this name here, and {why}"
        why = why or explain_foreign_code(error) or error
        # Some messages contain a whole model, or the stack of C++.
        told = shorten(str(why), 500, placeholder=" …")
        raise UserInputError(f"the {part} of {name_or_path} cannot be loaded: {told}") from error
