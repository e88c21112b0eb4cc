# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The files of a pretrained encoder against each other, before any weight is read."""

from transformers import AutoConfig, PreTrainedConfig
from transformers.utils import WEIGHTS_INDEX_NAME, WEIGHTS_NAME, cached_file

from ..configuration.published_code import TokenizerSavedWithCode
from ..runs.saved_weights import check_sizes, find_misfit, read_header, without_memory
from ..tokenization.encoder_tokenizer import load_encoder_tokenizer
from .saved_tokenizers import check_outputs, check_tokenizer


def check_encoder(name_or_path: str, auto_class: type, config_class: type, adds_tokens: bool) -> None:
    """Check that configuration, tokenizer and weights of an encoder fit together.

    Args:
        name_or_path (`str`): Folder or Hub id.
        auto_class (`type`): The Auto class that loads it.
        config_class (`type[EncoderConfig]`): The configuration of the models over it.
        adds_tokens (`bool`): Whether its embedding gets as many rows as there are tokens.

    Raises:
        Exception: They do not: one of many unrelated types of the libraries, or a `ValueError`.
    """
    fields = PreTrainedConfig.get_config_dict(name_or_path)[0]
    try:
        tensors = read_header(name_or_path)
    except OSError:
        if not any(
            cached_file(name_or_path, name, _raise_exceptions_for_missing_entries=False)
            for name in (WEIGHTS_NAME, WEIGHTS_INDEX_NAME)  # of older encoders
        ):
            raise
        tensors = None
    else:
        check_sizes(name_or_path, fields, tensors)
    config = AutoConfig.from_pretrained(name_or_path, trust_remote_code=False)
    check_outputs(config)
    config_class(encoder=config)
    tokenizer = load_encoder_tokenizer(name_or_path)
    if isinstance(tokenizer, TokenizerSavedWithCode):
        raise ValueError(f"its tokenizer is a {type(tokenizer).__name__}, which is of no encoder")
    if adds_tokens and tokenizer.mask_token is None:
        raise ValueError(f"the tokenizer of {name_or_path} has no mask token: use a masked language model")
    check_tokenizer(tokenizer, max(config.vocab_size, len(tokenizer) if adds_tokens else 0))
    model = without_memory(lambda: auto_class.from_config(config, trust_remote_code=False))
    if tensors is None:
        return
    found = find_misfit(model, tensors)
    needed = sum(weight.numel() for name, weight in model.base_model.named_parameters() if "pooler" not in name)
    if found is None and needed > (there := sum(tensor.num_values for tensor in tensors.values())):
        found = f"{there:,} values for the {needed:,} of the model"
    if found is not None:
        raise ValueError(f"its weights do not fit its config ({found})")
