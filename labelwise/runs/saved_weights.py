# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Saved weights against the configuration beside them, by names, shapes and types: no weight is read, and no memory is
taken for a model that the weights do not fill."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import torch
from safetensors import safe_open
from transformers import AutoModelForSequenceClassification, PreTrainedConfig
from transformers.initialization import no_init_weights
from transformers.utils import SAFE_WEIGHTS_INDEX_NAME, SAFE_WEIGHTS_NAME, cached_file
from transformers.utils.hub import get_checkpoint_shard_files

from ..errors import UserInputError
from ..families import FAMILIES
from ..wording import counted

_FLOATS = ("F64", "F32", "F16", "BF16")
_REPEATED = ("layer", "layers", "group", "groups", "group_num")


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


def check_layers(name_or_path: str, fields: Mapping[str, Any], tensors: Mapping[str, SavedTensor]) -> None:
    """Check that a configuration asks for no more layers than there are tensors: to make a billion takes for ever.

    Args:
        name_or_path (`str`): Folder or Hub id, for the error.
        fields (`Mapping[str, Any]`): The contents of its `config.json`.
        tensors (`Mapping[str, SavedTensor]`): From `read_header`.

    Raises:
        UserInputError: It does.
    """
    for name, value in _fields(fields):
        if name.rpartition("_")[2] in _REPEATED and isinstance(value, int) and value > len(tensors):
            raise UserInputError(
                f"{name_or_path} cannot be used: its weights do not fit its config ({name} is {value}, and the weights "
                f"have {counted(len(tensors), 'tensor')}); restore config.json"
            )


def check_weights(name_or_path: str, config: PreTrainedConfig, tensors: Mapping[str, SavedTensor]) -> None:
    """Check that a configuration describes the weights.

    A model that is pre-trained only has no classifier yet, and no tensor of one; loading reports other tensors that are
    missing, or that nothing reads.

    Args:
        name_or_path (`str`): Folder or Hub id, for the error.
        config (`PreTrainedConfig`): Its configuration.
        tensors (`Mapping[str, SavedTensor]`): From `read_header`.

    Raises:
        UserInputError: It does not: a tensor has another shape or type, one of the classifier is lost, or there are
            fewer values than the model has.
    """
    # On this device, tensors have shapes and no memory.
    with torch.device("meta"), no_init_weights():
        model = FAMILIES[config.model_type].model_classes[AutoModelForSequenceClassification](config)
        model.tie_weights()  # which are saved once
    found = _find_fault(model, config, tensors)
    if found is not None:
        raise UserInputError(
            f"{name_or_path} cannot be used: its weights do not fit its config ({found}); restore both from where the "
            "model was trained"
        )


def _find_fault(model: torch.nn.Module, config: PreTrainedConfig, tensors: Mapping[str, SavedTensor]) -> str | None:
    expected = model.state_dict()
    for name in expected.keys() & tensors.keys():
        shape, dtype = tensors[name]
        if shape != tuple(expected[name].shape):
            return f"{name} has the shape {shape}, not {tuple(expected[name].shape)}"
        if (dtype in _FLOATS) != expected[name].is_floating_point():
            return f"{name} has values of the type {dtype}"
    head = [name for name in expected if name.startswith("head.")]
    lost = [name for name in head if name not in tensors]
    is_classifier = type(model).__name__ in (config.architectures or [])
    if lost and (is_classifier or len(lost) < len(head)):
        return f"{lost[0]} is missing"
    skipped = ("head.",) if lost else ()
    own = {id(value): value for name, value in model.named_parameters() if not name.startswith(skipped)}
    needed, there = sum(value.numel() for value in own.values()), sum(tensor.num_values for tensor in tensors.values())
    return f"{there:,} values for {needed:,} parameters" if needed > there else None


def _fields(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a configuration, and those of the configurations in it."""
    for name, value in fields.items():
        yield name, value
        if isinstance(value, Mapping):
            yield from _fields(value)
