# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Word vectors for the LSTM encoders, trained with Skip-gram or read from a file, and written to an embedding."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import UserInputError
from ..wording import counted

if TYPE_CHECKING:
    from gensim.models import KeyedVectors
    from torch import nn
    from transformers.utils.logging import tqdm

SKIP_GRAM_EPOCHS = 30
_SAMPLE_WORDS = 50_000  # half a second


def train_skip_gram(
    sentences: Iterable[list[str]], vector_size: int, *, seed: int, epochs: int = SKIP_GRAM_EPOCHS
) -> KeyedVectors:
    """Train Skip-gram word vectors.

    LW-PT §3.3: "we also train word embedding by Skip-gram model" (Mikolov et al. 2013, "Distributed Representations of
    Words and Phrases and their Compositionality"). This is the paper's model; the authors' code uses gensim's default,
    CBOW, on the texts of all three splits. As in the code, 5 words on each side are context, and every word gets a
    vector. The code's 5 epochs are too few for a million words: with 30, LW-LSTM learns Reuters-21578 in half the
    epochs (`docs/lab/findings.md`).

    Only one thread trains, because gensim is reproducible with one thread only: the same sentences and seed give the
    same vectors. gensim reads the first 10,000 words of a sentence.

    Args:
        sentences (`Iterable[list[str]]`):
            The words of each document or sentence of the training split, without `[PAD]` and `[SEP]`. Keep `[UNK]`:
            its contexts, those of rare words, are similar to those of unseen words.
        vector_size (`int`):
            Width of a vector.
        seed (`int`):
            Seed of the initial vectors and of the sampling.
        epochs (`int`, *optional*, defaults to 30):
            Passes over the sentences.

    Returns:
        `gensim.models.KeyedVectors`: A float32 vector for each word.

    Raises:
        UserInputError: There are no words.
    """
    from gensim.models import Word2Vec
    from transformers.utils.logging import tqdm

    sentences = list(sentences)  # read once for the vocabulary and once per epoch
    model = Word2Vec(**skip_gram_settings(vector_size, seed, epochs))
    model.build_vocab(sentences)
    if not model.wv:
        raise UserInputError(
            f"{counted(len(sentences), 'training text contains', 'training texts contain')} no words to train vectors "
            "of; give others"
        )
    with tqdm(total=epochs * len(sentences), desc="Skip-gram", unit="text") as progress:
        model.train(_Counted(sentences, progress), total_examples=model.corpus_count, epochs=epochs)
    return model.wv


def skip_gram_epochs_within(sentences: list[list[str]], vector_size: int, seconds: float) -> int:
    """Return how many passes Skip-gram makes over sentences in a time on this machine, from 1 to `SKIP_GRAM_EPOCHS`.

    Args:
        sentences (`list[list[str]]`), vector_size (`int`): As in `train_skip_gram`; a sample is trained on.
        seconds (`float`): The time.
    """
    from gensim.models import Word2Vec

    sample, words = [], 0
    for sentence in sentences:
        if words >= _SAMPLE_WORDS:
            break
        sample.append(sentence)
        words += len(sentence)
    if not words:  # `train_skip_gram` says so
        return SKIP_GRAM_EPOCHS
    model = Word2Vec(**skip_gram_settings(vector_size, seed=0, epochs=1))
    model.build_vocab(sample)
    begun = time.perf_counter()
    model.train(sample, total_examples=model.corpus_count, epochs=1)
    of_a_pass = (time.perf_counter() - begun) * sum(map(len, sentences)) / words
    return max(1, min(SKIP_GRAM_EPOCHS, int(seconds / of_a_pass)))


def skip_gram_settings(vector_size: int, seed: int, epochs: int) -> dict[str, Any]:
    """Return the settings of gensim's `Word2Vec` which, with the sentences, decide the vectors."""
    return {
        "vector_size": vector_size,
        "window": 5,
        "min_count": 1,
        "sg": 1,
        "seed": seed,
        "workers": 1,
        "epochs": epochs,
    }


class _Counted:
    """An iterable of sentences that gensim can read several times, with a progress bar."""

    def __init__(self, sentences: list[list[str]], progress: tqdm) -> None:
        self.sentences = sentences
        self.progress = progress

    def __iter__(self) -> Iterator[list[str]]:
        for sentence in self.sentences:
            self.progress.update()
            yield sentence


def load_word_vectors(path: str | Path) -> KeyedVectors:
    """Read word vectors from a text file: word2vec's format (with a header) or GloVe's (without), `.gz` or plain.

    gensim's own reader expects numbers after the first space, and fails on words with spaces, such as ". . ." in
    GloVe's vectors of Common Crawl.

    Args:
        path (`str` or `Path`):
            The file, with a word and its numbers on each line, separated by spaces.

    Returns:
        `gensim.models.KeyedVectors`: A float32 vector for each word; the first one of a repeated word.

    Raises:
        UserInputError: The file is missing or empty, or a line is malformed. The error names file and line.
    """
    from transformers.utils.logging import tqdm

    path = Path(path)
    vectors: dict[str, np.ndarray] = {}
    promised, read, width = None, 0, None
    number = 1
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(tqdm(file, desc=path.name, unit="word"), start=1):
                # Only spaces separate the fields: some words contain other white space.
                fields = line.decode("utf-8").strip(" \r\n").split(" ")
                if number == 1 and len(fields) == 2 and all(field.isdecimal() for field in fields):
                    promised, width = int(fields[0]), int(fields[1])
                    continue
                width = width or len(fields) - 1
                word, numbers = " ".join(fields[:-width]), fields[-width:]
                # A few of GloVe's words contain spaces; a number before the vector is one too many, not part of a word.
                if not word or (" " in word and _is_number(fields[-width - 1])):
                    raise ValueError(f"{len(fields) - 1} numbers after the word, not {width or 'one or more'}")
                vector = np.array(numbers, dtype=np.float32)
                if not np.isfinite(vector).all():
                    raise ValueError("a number is infinite or NaN")
                vectors.setdefault(word, vector)
                read += 1
    except ValueError as error:
        raise UserInputError(f"{path}, line {number}: not a word and its vector: {error}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UserInputError(f"{path}: the word vectors cannot be read: {error}") from error
    if not vectors:
        raise UserInputError(f"{path}: no word vectors in this file")
    if promised not in (None, read):
        raise UserInputError(
            f"{path}, line 1: announces {counted(promised, 'word')}, but {read:,} follow: the file is truncated or "
            "corrupted"
        )
    return to_keyed_vectors(list(vectors), np.stack(list(vectors.values())))


def to_keyed_vectors(words: list[str], vectors: np.ndarray) -> KeyedVectors:
    """Return words and their vectors, an array of shape `(words, width)`, as gensim has them."""
    from gensim.models import KeyedVectors

    keyed = KeyedVectors(vector_size=vectors.shape[1])
    keyed.add_vectors(words, vectors)
    return keyed


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def init_embeddings(embedding: nn.Embedding, vocab: Mapping[str, int], vectors: KeyedVectors) -> int:
    """Write word vectors to the rows of an embedding; rows of words without a vector do not change.

    Call it on a finished model: `from_pretrained` builds models on the meta device, and so loses weights that are
    written in `__init__`.

    Args:
        embedding (`torch.nn.Embedding`):
            The embedding of shape `(vocabulary, width)`; the row of its `padding_idx` is set to zero.
        vocab (`Mapping[str, int]`):
            The row of each word, from `tokenizer.get_vocab()`.
        vectors (`gensim.models.KeyedVectors`):
            The vectors, with the width of the embedding.

    Returns:
        `int`: Number of words of `vocab` that have a vector.

    Raises:
        UserInputError: The widths differ.
    """
    import torch

    if vectors.vector_size != embedding.embedding_dim:
        raise UserInputError(
            f"the word vectors are {vectors.vector_size} wide and the model's embedding {embedding.embedding_dim}: "
            f"set the model's embedding size to {vectors.vector_size}, or use other vectors"
        )
    found = [word for word in vocab if word in vectors]
    with torch.no_grad():
        if found:
            rows = torch.tensor([vocab[word] for word in found], device=embedding.weight.device)
            embedding.weight[rows] = torch.from_numpy(vectors[found]).to(embedding.weight)
        if embedding.padding_idx is not None:
            embedding.weight[embedding.padding_idx] = 0
    return len(found)
