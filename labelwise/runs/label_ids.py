# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels that an option names."""

from difflib import get_close_matches

from transformers import PreTrainedConfig

from ..datasets_scripts import UserInputError


def find_label_ids(option: str, names: list[str], config: PreTrainedConfig) -> list[int]:
    """Ids of labels.

    Args:
        option (`str`): The option that names them.
        names (`list[str]`): The labels.
        config (`PreTrainedConfig`): Of the model.

    Raises:
        UserInputError: One is none of the model's; names like it are told.
    """
    for name in names:
        if name not in config.label2id:
            near = get_close_matches(name, config.label2id) or list(config.label2id)[:10]
            raise UserInputError(
                f"{option} {name}: none of the model's {config.num_labels} labels; some of them: {', '.join(near)}"
            )
    return [config.label2id[name] for name in dict.fromkeys(names)]
