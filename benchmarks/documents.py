# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Inputs of the benchmarks: generated documents, and texts of corpora if their files exist.

Shapes: B documents, T tokens, M sentences, S words of a sentence, L labels.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from labelwise.datasets_scripts import load_corpus

from .sizes import Sizes

PAD, SEP, FIRST_WORD = 0, 2, 3  # ids of `WordTokenizer`
SPREAD = 0.6  # standard deviation of the logarithm of the length of documents


@dataclass
class Documents:
    """Documents of random words.

    Attributes:
        sentences (`list[list[torch.LongTensor]]`): Word ids of the sentences of each document, at least one.
        labels_BL (`torch.FloatTensor` of shape `(B, L)`): Zeros and ones.
    """

    sentences: list[list[torch.Tensor]]
    labels_BL: torch.Tensor

    @property
    def num_words(self) -> int:
        """Number of words of all documents."""
        return sum(len(words) for document in self.sentences for words in document)

    @property
    def num_sentences(self) -> int:
        """Number of sentences of all documents."""
        return sum(len(document) for document in self.sentences)

    def flat_ids(self, marks: bool) -> torch.Tensor:
        """Return ids of shape `(B, T)`, padded with 0, with [SEP] after each sentence if `marks`."""
        mark = torch.tensor([SEP] if marks else [], dtype=torch.long)
        rows = [torch.cat([part for words in document for part in (words, mark)]) for document in self.sentences]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)

    def grid_ids(self) -> torch.Tensor:
        """Return ids of shape `(B, M, S)`, padded with 0."""
        longest = max(len(words) for document in self.sentences for words in document)
        grid = torch.full((len(self.sentences), max(map(len, self.sentences)), longest), PAD)
        for rows, document in zip(grid, self.sentences, strict=True):
            for row, words in zip(rows, document, strict=False):
                row[: len(words)] = words
        return grid


def flat_documents(number: int, sizes: Sizes, num_labels: int, seed: int) -> Documents:
    """Return documents of one sentence, with log-normal lengths of median `sizes.median_words`, cut to `max_words`."""
    rng = np.random.default_rng(seed)
    lengths = np.exp(rng.normal(np.log(sizes.median_words), SPREAD, number)).round()
    sentences = [[_words(rng, length, sizes)] for length in lengths.clip(1, sizes.max_words).astype(int)]
    return Documents(sentences, _labels(rng, number, num_labels))


def hierarchical_documents(number: int, sizes: Sizes, num_labels: int, seed: int) -> Documents:
    """Return documents of several sentences.

    The number of sentences is uniform from a quarter of `sizes.max_sentences` up to it. The number of words of a
    sentence is binomial, with mean `sizes.mean_words_per_sentence` and maximum `sizes.max_words_per_sentence`.
    """
    rng = np.random.default_rng(seed)
    sentences = []
    for count in rng.integers(max(1, sizes.max_sentences // 4), sizes.max_sentences + 1, number):
        share = sizes.mean_words_per_sentence / sizes.max_words_per_sentence
        lengths = rng.binomial(sizes.max_words_per_sentence, share, count).clip(1)
        sentences.append([_words(rng, length, sizes) for length in lengths])
    return Documents(sentences, _labels(rng, number, num_labels))


def _words(rng: np.random.Generator, number: int, sizes: Sizes) -> torch.Tensor:
    return torch.from_numpy(rng.integers(FIRST_WORD, sizes.vocab_size, number))


def _labels(rng: np.random.Generator, number: int, num_labels: int) -> torch.Tensor:
    return torch.from_numpy(rng.random((number, num_labels)) < 0.05).float()


@dataclass
class Texts:
    """Texts to tokenize.

    Attributes:
        texts (`list[str]`): Texts of the training split, in a seeded random order.
        labels (`list[str]`): Label names of the corpus.
        source (`str`): Description of their source.
    """

    texts: list[str]
    labels: list[str]
    source: str


# Corpus -> number of labels, and median words per document of its stand-in.
CORPORA = {"goemotions": (28, 12), "reuters21578": (90, 90), "bdci_car2018": (10, 25)}


def corpus_texts(name: str, data_dir: str, number: int) -> Texts:
    """Return texts of a corpus; without the folder `data_dir/name`, generated ones of similar lengths.

    Args:
        name (`str`): Name in `CORPORA`.
        data_dir (`str`): Folder with the folders of the corpora.
        number (`int`): Number of texts, less if the corpus is smaller.

    Returns:
        `Texts`: The texts; `source` tells whether they are generated.
    """
    folder = Path(data_dir) / name
    rng = np.random.default_rng(0)
    if folder.is_dir():
        train = load_corpus(name, str(folder))["train"]
        order = rng.permutation(len(train))[:number]
        return Texts(train.select(order)["text"][:], train.features["labels"].feature.names, name)
    num_labels, median_words = CORPORA[name]
    words, glue = _chinese_words() if name == "bdci_car2018" else (_english_words(rng), " ")
    lengths = np.exp(rng.normal(np.log(median_words), SPREAD, number)).round().clip(1).astype(int)
    texts = [glue.join(rng.choice(words, length)) + "." for length in lengths]
    return Texts(texts, [f"label {index}" for index in range(num_labels)], f"a generated stand-in for {name}")


def _english_words(rng: np.random.Generator) -> np.ndarray:
    letters = np.array(list("etaoinshrdlucmfwypvbgkjqxz"))
    return np.array(["".join(rng.choice(letters[:16], length)) for length in rng.integers(2, 9, 5_000)])


def _chinese_words() -> tuple[np.ndarray, str]:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    common = sorted(jieba.dt.FREQ, key=jieba.dt.FREQ.get, reverse=True)
    return np.array([word for word in common if not word.isascii()][:5_000]), ""
