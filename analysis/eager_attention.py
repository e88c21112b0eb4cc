# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Attention that returns its weights, for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from transformers import PreTrainedModel


@contextmanager
def eager_attention(model: PreTrainedModel) -> Iterator[None]:
    """Let a model return its attention weights, as only `"eager"` does, which is slower and rounds differently.

    Afterwards, it and the models inside it have their own implementations again.
    """
    configs = [module.config for module in model.modules() if isinstance(module, PreTrainedModel)]
    earlier = [config._attn_implementation for config in configs]
    model.set_attn_implementation("eager")
    try:
        yield
    finally:
        # The outermost comes first, as setting that of a configuration sets those inside it too. The method of the
        # model would warn again of encoders that have one implementation only.
        for config, implementation in zip(configs, earlier, strict=True):
            config._attn_implementation = implementation
