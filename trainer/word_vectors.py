# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Word vectors for the LSTM encoders: trained by Skip-gram, or read from a file, and put into an embedding."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..datasets_scripts.errors import UserInputError

if TYPE_CHECKING:
    from gensim.models import KeyedVectors
    from torch import nn


def train_skip_gram(sentences: Iterable[list[str]], vector_size: int, *, seed: int, epochs: int = 30) -> KeyedVectors:
    """Trains Skip-gram word vectors.

    LW-PT §3.3: "we also train word embedding by Skip-gram model" (Mikolov et al. 2013, "Distributed Representations of
    Words and Phrases and their Compositionality"). Its code runs gensim's default instead, which is CBOW, on the text
    of all three splits. This is the paper's model; give it the training split only. As in the code, 5 words on each
    side are context, and every word gets a vector. Its 5 epochs are too few for a million words: with 30, LW-LSTM
    learns Reuters-21578 in half the epochs (`docs/results.md`).

    One thread does the work, as gensim is reproducible only then: the same sentences and seed give the same vectors.
    gensim reads the first 10,000 words of a sentence.

    Args:
        sentences (`Iterable[list[str]]`):
            The words of each document or sentence, without `[PAD]` and `[SEP]`. `[UNK]` belongs in: rare words are
            met in the same company as unseen ones.
        vector_size (`int`):
            Width of a vector.
        seed (`int`):
            Seed of the initial vectors and of the sampling.
        epochs (`int`, *optional*, defaults to 30):
            Passes over the sentences.

    Returns:
        `gensim.models.KeyedVectors`: A float32 vector for each word.

    Raises:
        `UserInputError`: If there is no word.
    """
    from gensim.models import Word2Vec
    from transformers.utils.logging import tqdm

    sentences = list(sentences)  # read once for the vocabulary and once an epoch
    model = Word2Vec(vector_size=vector_size, window=5, min_count=1, sg=1, seed=seed, workers=1, epochs=epochs)
    model.build_vocab(sentences)
    if not model.wv:
        raise UserInputError(f"there is no word in the {len(sentences)} training texts: no vectors to train")
    with tqdm(total=epochs * len(sentences), desc="Skip-gram", unit="text") as progress:
        model.train(_Counted(sentences, progress), total_examples=model.corpus_count, epochs=epochs)
    return model.wv


class _Counted:
    """An iterable that gensim can read several times, and that moves a progress bar."""

    def __init__(self, sentences: list[list[str]], progress):
        self.sentences = sentences
        self.progress = progress

    def __iter__(self):
        for sentence in self.sentences:
            self.progress.update()
            yield sentence


def load_word_vectors(path: str | Path) -> KeyedVectors:
    """Reads word vectors from text: word2vec's format (a header with the two sizes) or GloVe's (none), `.gz` or plain.

    gensim's own reader takes what follows the first space for numbers, and fails on words with spaces, such as ". . ."
    in GloVe's vectors of Common Crawl.

    Args:
        path (`str` or `Path`):
            The file: a word and its numbers on each line, parted by spaces.

    Returns:
        `gensim.models.KeyedVectors`: A float32 vector for each word; of a word that stands twice, the first.

    Raises:
        `UserInputError`: If the file is missing or empty, or a line is malformed; with file and line number.
    """
    from gensim.models import KeyedVectors
    from transformers.utils.logging import tqdm

    path = Path(path)
    vectors: dict[str, np.ndarray] = {}
    promised, read, width = None, 0, None
    number = 1
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(tqdm(file, desc=path.name, unit="word"), start=1):
                # Only spaces part the fields: some words hold other white space.
                fields = line.decode("utf-8").strip(" \r\n").split(" ")
                if number == 1 and len(fields) == 2 and all(field.isdecimal() for field in fields):
                    promised, width = int(fields[0]), int(fields[1])
                    continue
                width = width or len(fields) - 1
                word, numbers = " ".join(fields[:-width]), fields[-width:]
                # A few of GloVe's words hold spaces; a number there is one too many and no part of the word.
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
            f"{path}, line 1: promises {promised} words, but {read} follow: the file is cut off or spoilt"
        )
    keyed = KeyedVectors(vector_size=width)
    keyed.add_vectors(list(vectors), np.stack(list(vectors.values())))
    return keyed


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def init_embeddings(embedding: nn.Embedding, vocab: Mapping[str, int], vectors: KeyedVectors) -> int:
    """Writes word vectors into the rows of an embedding; rows of words without a vector stay as they are.

    To be called on a built model: weights that are written in a model's `__init__` do not survive `from_pretrained`,
    which builds it on the meta device.

    Args:
        embedding (`torch.nn.Embedding`):
            The embedding, `(vocabulary, width)`; the row of its `padding_idx` is set to zero.
        vocab (`Mapping[str, int]`):
            The row of each word, as `tokenizer.get_vocab()` gives it.
        vectors (`gensim.models.KeyedVectors`):
            The vectors, of the embedding's width.

    Returns:
        `int`: Number of words of `vocab` that have a vector.

    Raises:
        `UserInputError`: If the widths differ.
    """
    import torch

    if vectors.vector_size != embedding.embedding_dim:
        raise UserInputError(
            f"the word vectors are {vectors.vector_size} wide and the model's embedding {embedding.embedding_dim}: "
            f"set the model's embedding size to {vectors.vector_size} or take other vectors"
        )
    found = [word for word in vocab if word in vectors]
    with torch.no_grad():
        if found:
            rows = torch.tensor([vocab[word] for word in found], device=embedding.weight.device)
            embedding.weight[rows] = torch.from_numpy(vectors[found]).to(embedding.weight)
        if embedding.padding_idx is not None:
            embedding.weight[embedding.padding_idx] = 0
    return len(found)
