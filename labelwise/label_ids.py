# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels of a model that an option names."""

from difflib import get_close_matches

from transformers import PreTrainedConfig

from .datasets_scripts.own_data.names import shorten
from .errors import UserInputError
from .wording import counted


def find_label_ids(option: str, names: list[str], config: PreTrainedConfig) -> list[int]:
    """Return the ids of labels.

    Args:
        option (`str`): The option that names them.
        names (`list[str]`): The labels.
        config (`PreTrainedConfig`): Configuration of the model.

    Raises:
        UserInputError: The model does not have one of the labels; similar names are suggested.
    """
    for name in names:
        if name not in config.label2id:
            near = get_close_matches(str(name), config.label2id)
            told = f"did you mean {shorten(near)}?" if near else f"some of them: {shorten(list(config.label2id))}"
            raise UserInputError(
                f"{option} {shorten([str(name)])}: none of the model's {counted(config.num_labels, 'label')}; {told}"
            )
    return [config.label2id[name] for name in dict.fromkeys(names)]
