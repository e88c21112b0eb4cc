# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How fast a trained model labels texts."""

import time
from collections.abc import Sequence
from itertools import cycle, islice

from .loading import load_config_and_tokenizer, load_for_inference
from .prediction import iterate_logits


def measure_texts_per_second(name_or_path: str, texts: Sequence[str], batch_size: int = 64) -> float:
    """Return how many texts a model labels per second, from text to logits, as `labelwise predict` does.

    The number of texts is doubled until they take a second; the first rounds warm up.

    Args:
        name_or_path (`str`): Folder or Hub id of the model.
        texts (`Sequence[str]`): At least one text; they are repeated as needed.
        batch_size (`int`, *optional*, defaults to 64): Number of texts of a batch.

    Raises:
        UserInputError: There is no such model.
    """
    config, tokenizer = load_config_and_tokenizer(name_or_path)
    model = load_for_inference(name_or_path, config).eval()
    number = batch_size
    while True:
        documents = [(text, {}) for text in islice(cycle(texts), number)]
        started = time.perf_counter()
        for _ in iterate_logits(model, tokenizer, documents, batch_size):
            pass
        seconds = time.perf_counter() - started
        if seconds >= 1:
            return number / seconds
        number *= 2
