# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels that join a trained model, whose other labels keep their scores to the bit."""

import json
import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from json import JSONDecodeError
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ..datasets_scripts.own_data.options import check_names
from ..errors import UserInputError
from ..families import FAMILIES
from ..modeling.heads import layer_of_labels
from ..wording import counted

# The log-odds of 1 document in 100: a label of which nothing is known yet is rare.
START_LOGIT = -math.log(99)


def add_labels(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    labels: Sequence[str] | Mapping[str, str],
    seed: int = 42,
) -> PreTrainedModel:
    """Return a copy of a trained model that has further labels. The logits of the others are identical to the last bit.

    A label-wise encoder starts the new labels from their names, or from descriptions where they have any, and so ranks
    documents for them at once. The other models draw what is new as for a new model, and learn the labels in further
    training; binary relevance fits them. Each new label is rare at first: its bias is the log-odds of 1 in 100. It has
    threshold 0.5, where labels have their own, and scale 1 and offset 0 of a calibration.

    Each addition is a block of `config.label_blocks`, which is computed alone. A classifier over the representations of
    all labels (`linear` or `mlp`) reads those of new labels with weights of 0 for the others, until it is trained.

    Args:
        model (`PreTrainedModel`): A trained classifier of this package. It is not changed.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer, for the new model too. That of `bert` gets the names.
        labels (`Sequence[str]` or `Mapping[str, str]`): Names of the new labels, or a description of each by its name
            (label-wise encoders).
        seed (`int`, *optional*, defaults to 42): Seed of what is drawn.

    Returns:
        `PreTrainedModel`: In evaluation mode, on the device of `model`.

    Raises:
        UserInputError: Labels cannot join the model, a name is blank, twice or one of the model's, or a description is
            blank or not read by the model.

    Example:

    ```python
    >>> model = AutoModelForSequenceClassification.from_pretrained("out")
    >>> tokenizer = AutoTokenizer.from_pretrained("out")
    >>> add_labels(model, tokenizer, ["refund"]).save_pretrained("out2")
    >>> tokenizer.save_pretrained("out2")
    ```"""
    check_can_join(model.config)
    family = FAMILIES[model.config.model_type]
    if not isinstance(model, family.model_classes[AutoModelForSequenceClassification]):
        raise UserInputError(f"a {type(model).__name__} has no classifier that labels could join")
    descriptions = _check_labels(labels, model.config)
    config = _with_labels(model.config, descriptions)
    new = _grow(model, config, seed)
    joined = slice(model.config.num_labels, config.num_labels)
    with torch.no_grad():
        layer_of_labels(new.head).bias[joined] = START_LOGIT
    family.start_labels(new, tokenizer, [text or name for name, text in descriptions.items()], joined)
    return new


def check_can_join(config: PreTrainedConfig) -> None:
    """Check that labels can join a trained model.

    Raises:
        UserInputError: They cannot.
    """
    family = FAMILIES.get(config.model_type)
    if family is None:
        raise UserInputError(f"labels cannot join a {config.model_type} model, which is not a labelwise model")
    reason = family.refuses_labels(config)
    if reason:
        raise UserInputError(
            f"labels cannot join a trained {family.system_of(config)} model: {reason}; train a new one with all labels"
        )


def read_labels(path: str) -> list[str] | dict[str, str]:
    """Read the new labels from a JSON file: a list of names, or an object with a description of each by its name.

    Raises:
        UserInputError: The file is missing or malformed, or names a label twice.
    """
    option = f"--labels {path}"

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        check_names([name for name, _ in pairs], option)  # a dictionary would keep the last of two
        return dict(pairs)

    try:
        found = json.loads(Path(path).read_text("utf-8"), object_pairs_hook=as_object)
    except OSError as error:
        raise UserInputError(f"{option}: {error.strerror}") from error
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise UserInputError(f"{option}: not valid JSON ({error})") from error
    if not isinstance(found, (list, dict)):
        raise UserInputError(f'{option}: must be a list of names, or an object {{"name": "description", …}}')
    check_names(found, option)
    return found


def _check_labels(labels: Sequence[str] | Mapping[str, str], config: PreTrainedConfig) -> dict[str, str | None]:
    """Return a description of each new label, `None` where it has none."""
    texts = labels.values() if isinstance(labels, Mapping) else [None] * len(labels)
    descriptions = dict(zip(check_names(labels, "labels"), texts, strict=True))
    both = [name for name in descriptions if name in config.label2id]
    if both:
        raise UserInputError(f"labels: the model has {both[0]!r} already; leave it out")
    if isinstance(labels, Mapping):
        if not FAMILIES[config.model_type].takes_descriptions:
            raise UserInputError(
                f"labels: a {config.model_type} model reads no descriptions; give a list of names without them"
            )
        for name, text in descriptions.items():
            if not isinstance(text, str) or not text.strip():
                raise UserInputError(f"labels: the description of {name!r} is {text!r}, not a text")
    return descriptions


def _with_labels(config: PreTrainedConfig, descriptions: Mapping[str, str | None]) -> PreTrainedConfig:
    """Return a copy of a configuration with further labels."""
    old, number = config.num_labels, len(descriptions)
    config = deepcopy(config)
    names = [*config.label_names, *descriptions]
    config.id2label, config.label2id = dict(enumerate(names)), {name: index for index, name in enumerate(names)}
    config.label_blocks = [*(config.label_blocks or [old]), number]
    if isinstance(config.thresholds, list):
        config.thresholds = [*config.thresholds, *[0.5] * number]
    if config.calibration is not None:
        for name, start in (("scale", 1.0), ("offset", 0.0)):
            value = config.calibration[name]
            config.calibration[name] = [*(value if isinstance(value, list) else [value] * old), *[start] * number]
    described = {name: text for name, text in descriptions.items() if text is not None}
    if described:
        config.label_descriptions = {**(config.label_descriptions or {}), **described}
    return config


def _grow(model: PreTrainedModel, config: PreTrainedConfig, seed: int) -> PreTrainedModel:
    """Return a new model whose weights are those of a smaller one, as far as that has them.

    The others are as drawn where they belong to new labels alone, and 0 where they weigh something new for the others.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)  # `torch.manual_seed` would seed the GPUs' generators too
        new = type(model)(config).to(model.device, model.dtype)
    weights = new.state_dict()
    with torch.no_grad():
        for name, old in model.state_dict().items():
            if weights[name].shape != old.shape:
                weights[name][: len(old)] = 0
            weights[name][tuple(slice(size) for size in old.shape)] = old
    return new.eval()


def describe_addition(config: PreTrainedConfig) -> str:
    """Return one line on the labels that joined a model last."""
    number = config.label_blocks[-1]
    return f"{counted(number, 'label joins', 'labels join')} the {config.num_labels - number:,} of the model"
