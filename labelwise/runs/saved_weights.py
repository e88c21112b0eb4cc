# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Saved weights against the configuration beside them, by names, shapes and types: no weight is read, and no memory is
taken for a model that the weights do not fill."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import torch
from safetensors import safe_open
from transformers import PreTrainedModel
from transformers.initialization import no_init_weights
from transformers.utils import SAFE_WEIGHTS_INDEX_NAME, SAFE_WEIGHTS_NAME, cached_file
from transformers.utils.hub import get_checkpoint_shard_files

from ..errors import UserInputError

_FLOATS = ("F64", "F32", "F16", "BF16")
_LAYERS = ("layer", "layers", "groups", "num")  # `inner_group_num` of ALBERT too; each has at least one tensor
_LARGEST = 2**31


class SavedTensor(NamedTuple):
    """What the header of a file says of a tensor: its shape and its type, such as `F32`."""

    shape: tuple[int, ...]
    dtype: str

    @property
    def num_values(self) -> int:
        return torch.Size(self.shape).numel()


def read_header(name_or_path: str) -> dict[str, SavedTensor]:
    """Return the tensors in the weights of a model by name, which may be in several files.

    Args:
        name_or_path (`str`): Folder or Hub id.

    Raises:
        Exception: There are no such files, or they are corrupted: one of many unrelated types of the libraries.
    """
    index = cached_file(name_or_path, SAFE_WEIGHTS_INDEX_NAME, _raise_exceptions_for_missing_entries=False)
    if index is None:
        files = [cached_file(name_or_path, SAFE_WEIGHTS_NAME)]
    else:
        files = get_checkpoint_shard_files(name_or_path, index)[0]
    tensors = {}
    for path in files:
        with safe_open(path, "pt") as file:
            for name in file.keys():  # noqa: SIM118 -- it is no mapping
                part = file.get_slice(name)
                tensors[name] = SavedTensor(tuple(part.get_shape()), part.get_dtype())
    return tensors


def check_sizes(name_or_path: str, fields: Mapping[str, Any], tensors: Mapping[str, SavedTensor]) -> None:
    """Check that no number of a configuration is too large for its weights.

    The library makes lists of as many layers and labels, whether or not there are weights of them.

    Args:
        name_or_path (`str`): Folder or Hub id, for the error.
        fields (`Mapping[str, Any]`): The contents of its `config.json`.
        tensors (`Mapping[str, SavedTensor]`): From `read_header`.

    Raises:
        UserInputError: One is.
    """
    limits = dict.fromkeys(_LAYERS, len(tensors))
    limits["labels"] = sum(tensor.num_values for tensor in tensors.values())
    for name, value in _fields(fields):
        limit = limits.get(name.rpartition("_")[2], _LARGEST)
        if isinstance(value, int) and value > limit:
            raise UserInputError(
                f"{name_or_path} cannot be used: its weights do not fit its config ({name} is {value}, and can be "
                f"{limit} at most); restore config.json"
            )


def without_memory(make: Callable[[], PreTrainedModel]) -> PreTrainedModel:
    """Make a model whose tensors have shapes and types only.

    Args:
        make (`Callable[[], PreTrainedModel]`): Makes it.

    Raises:
        Exception: There can be no such model: one of many unrelated types of the libraries.
    """
    with torch.device("meta"), no_init_weights():
        model = make()
        model.tie_weights()  # which are saved once
    return model


def check_weights(name_or_path: str, model: PreTrainedModel, tensors: Mapping[str, SavedTensor]) -> None:
    """Check that the weights are those of a classifier.

    A model that is pre-trained only has no classifier yet, and no tensor of one.

    Args:
        name_or_path (`str`): Folder or Hub id, for the error.
        model (`PreTrainedModel`): The classifier that its configuration describes, `without_memory`.
        tensors (`Mapping[str, SavedTensor]`): From `read_header`.

    Raises:
        UserInputError: They are not: a tensor has another shape or type, one of the classifier is lost, or there are
            fewer or more values than the model has.
    """
    found = find_misfit(model, tensors) or _find_missing(model, tensors)
    if found is not None:
        raise UserInputError(
            f"{name_or_path} cannot be used: its weights do not fit its config ({found}); restore both from where the "
            "model was trained"
        )


def find_misfit(model: PreTrainedModel, tensors: Mapping[str, SavedTensor]) -> str | None:
    """Return what is wrong with the shape or the type of a tensor; `None` if all that the model has, too, fit.

    Args:
        model (`PreTrainedModel`): From `without_memory`.
        tensors (`Mapping[str, SavedTensor]`): From `read_header`; an encoder's may be of a model with another head.
    """
    expected, prefix = model.state_dict(), f"{model.base_model_prefix}."
    for name, (shape, dtype) in tensors.items():
        found = [other for other in (name, name.removeprefix(prefix), prefix + name) if other in expected]
        if not found:
            continue
        own = expected[found[0]]
        if shape != tuple(own.shape):
            return f"{name} has the shape {shape}, not {tuple(own.shape)}"
        if (dtype in _FLOATS) != own.is_floating_point():
            return f"{name} has values of the type {dtype}"
    return None


def _find_missing(model: PreTrainedModel, tensors: Mapping[str, SavedTensor]) -> str | None:
    expected = model.state_dict(keep_vars=True)
    head = [name for name in expected if name.startswith("head.")]
    lost = [name for name in head if name not in tensors]
    is_classifier = type(model).__name__ in (model.config.architectures or [])
    if lost and (is_classifier or len(lost) < len(head)):
        return f"{lost[0]} is missing"
    # Numbers of values, not names: the library saves some encoders' tensors under other names, or joined.
    skipped = ("head.",) if lost else ()
    own = {id(value): value.numel() for name, value in expected.items() if not name.startswith(skipped)}
    needed, there = sum(own.values()), sum(tensor.num_values for tensor in tensors.values())
    if needed > there:
        return f"{there:,} values for the {needed:,} of the model"
    unknown = [name for name in tensors if name not in expected]
    return f"{unknown[0]} is no part of the model" if unknown and needed < there else None


def _fields(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a configuration, and those of the configurations in it."""
    for name, value in fields.items():
        yield name, value
        if isinstance(value, Mapping):
            yield from _fields(value)
