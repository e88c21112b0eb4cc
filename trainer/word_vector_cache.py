# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Skip-gram vectors on disk: the same sentences and settings are learned from once."""

import json
import logging
import os
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from huggingface_hub import constants
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from ..whole_files import open_whole
from .word_vectors import (
    SKIP_GRAM_EPOCHS,
    skip_gram_epochs_within,
    skip_gram_settings,
    to_keyed_vectors,
    train_skip_gram,
)

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

logger = logging.getLogger(__name__)


def cached_skip_gram(
    sentences: list[list[str]],
    vector_size: int,
    *,
    seed: int,
    epochs: int = SKIP_GRAM_EPOCHS,
    seconds: float | None = None,
) -> "KeyedVectors":
    """Return Skip-gram vectors from the cache, or train them and keep them there.

    The cache is the folder `labelwise/word_vectors` in `HF_HOME`, with a file for each combination of sentences and
    settings. Any of them may be deleted. Cached vectors are equal to the learned ones bit for bit. A file that is
    corrupted is replaced; a folder that cannot be written is reported, and the vectors are returned all the same.

    Args:
        sentences, vector_size, seed, epochs: As in `train_skip_gram`.
        seconds (`float`, *optional*): Make fewer passes if `SKIP_GRAM_EPOCHS` would take longer, unless they are in
            the cache.

    Returns:
        `gensim.models.KeyedVectors`: A float32 vector for each word.

    Raises:
        UserInputError: There are no words.
    """
    path = cache_file(sentences, skip_gram_settings(vector_size, seed, epochs))
    vectors = _read(path)
    if vectors is not None:
        logger.info(f"Skip-gram vectors are read from {path}")
        return vectors
    if seconds is not None and (fewer := skip_gram_epochs_within(sentences, vector_size, seconds)) < epochs:
        logger.info(f"Skip-gram: {fewer} passes in place of {epochs}, which take longer than {seconds:.0f} s")
        return cached_skip_gram(sentences, vector_size, seed=seed, epochs=fewer)
    vectors = train_skip_gram(sentences, vector_size, seed=seed, epochs=epochs)
    try:
        _write(path, vectors)
    except OSError as error:
        logger.warning(f"the Skip-gram vectors are not kept for the next training: {path}: {error.strerror or error}")
    else:
        logger.info(f"Skip-gram vectors are kept in {path}")
    return vectors


def cache_file(sentences: list[list[str]], settings: dict[str, Any]) -> Path:
    """Return the file of the vectors that these sentences and settings give; its name is a hash of all of them.

    Args:
        sentences (`list[list[str]]`): The words of each sentence.
        settings (`dict[str, Any]`): From `skip_gram_settings`.
    """
    # gensim trains; the vectors that it starts from are drawn by numpy.
    libraries = {name: version(name) for name in ("gensim", "numpy")}
    digest = sha256(json.dumps([settings, libraries], sort_keys=True, default=int).encode())
    for sentence in sentences:
        digest.update(json.dumps(sentence).encode())
    return Path(constants.HF_HOME) / "labelwise" / "word_vectors" / f"{digest.hexdigest()}.safetensors"


def _read(path: Path) -> "KeyedVectors | None":
    """Return the vectors in a file; `None` if there is no such file or it is corrupted."""
    if not os.path.isfile(path):
        return None
    try:
        with safe_open(path, "np") as file:
            words, checksum = (file.metadata()[name] for name in ("words", "checksum"))
            vectors = file.get_tensor("vectors")
        if checksum != _checksum(words, vectors):
            raise ValueError("its checksum is wrong")
    except (OSError, SafetensorError, ValueError, TypeError, LookupError) as error:
        logger.warning(f"{path}: cannot be read ({error}); the Skip-gram vectors are learned anew")
        return None
    return to_keyed_vectors(json.loads(words), vectors)


def _write(path: Path, vectors: "KeyedVectors") -> None:
    words = json.dumps(vectors.index_to_key)
    content = save({"vectors": vectors.vectors}, {"words": words, "checksum": _checksum(words, vectors.vectors)})
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_whole(path, binary=True) as file:  # other processes may write the same vectors
        file.write(content)


def _checksum(words: str, vectors: np.ndarray) -> str:
    return sha256(words.encode() + vectors.tobytes()).hexdigest()
