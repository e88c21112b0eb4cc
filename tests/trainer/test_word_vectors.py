# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Word vectors: trained reproducibly, read strictly, and put where the vocabulary says."""

import gzip
import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from labelwise.errors import UserInputError
from labelwise.trainer.word_vectors import (
    SKIP_GRAM_EPOCHS,
    init_embeddings,
    load_word_vectors,
    skip_gram_epochs_within,
    train_skip_gram,
)

SENTENCES = [["the", "cat", "sat"], ["the", "dog", "sat"], ["a", "cat", "ran"], ["stocks", "fell"]] * 25


def write(path, text):
    path.write_bytes(text.encode("utf-8"))
    return path


def test_skip_gram_gives_every_word_a_vector():
    vectors = train_skip_gram(SENTENCES, 12, seed=0)
    assert set(vectors.key_to_index) == {word for sentence in SENTENCES for word in sentence}
    assert vectors["cat"].shape == (12,) and vectors["cat"].dtype == np.float32


def test_skip_gram_puts_words_of_like_context_together():
    sentences = [["red", "is", "colour"], ["blue", "is", "colour"], ["two", "plus", "number"]] * 200
    vectors = train_skip_gram(sentences, 16, seed=0, epochs=20)
    assert vectors.similarity("red", "blue") > vectors.similarity("red", "two") + 0.2


def test_skip_gram_reads_a_generator():
    vectors = train_skip_gram((sentence for sentence in SENTENCES), 4, seed=0)
    np.testing.assert_array_equal(vectors.vectors, train_skip_gram(SENTENCES, 4, seed=0).vectors)


def test_skip_gram_depends_on_the_seed():
    assert not np.allclose(train_skip_gram(SENTENCES, 4, seed=0)["cat"], train_skip_gram(SENTENCES, 4, seed=1)["cat"])


@pytest.mark.slow
def test_skip_gram_is_the_same_in_another_process():
    code = (
        "from labelwise.trainer.word_vectors import train_skip_gram;"
        f"print(train_skip_gram({SENTENCES[:4]!r} * 25, 4, seed=3).vectors.tobytes().hex())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "123"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert run.stdout.strip() == train_skip_gram(SENTENCES, 4, seed=3).vectors.tobytes().hex()


@pytest.mark.parametrize("sentences", [[], [[]]])
def test_skip_gram_without_words_is_an_error(sentences):
    with pytest.raises(UserInputError, match=r"contains? no words"):
        train_skip_gram(sentences, 4, seed=0)


@pytest.mark.parametrize(
    "text", ["2 3\na 1 2 3\nb -4 5e-1 6\n", "a 1 2 3\nb -4 5e-1 6\n", "2 3\r\na 1 2 3 \r\nb -4 .5 6"]
)
def test_load_word2vec_and_glove(tmp_path, text):
    vectors = load_word_vectors(write(tmp_path / "v.txt", text))
    assert vectors.index_to_key == ["a", "b"]
    np.testing.assert_array_equal(vectors.vectors, np.array([[1, 2, 3], [-4, 0.5, 6]], dtype=np.float32))


def test_load_gzip_and_odd_words(tmp_path):
    path = tmp_path / "v.txt.gz"
    # GloVe has words with spaces, and white space that parts nothing.
    path.write_bytes(gzip.compress("中文 1 2\n. . . 3 4\na\u00a0b 5 6\nc\u0085d 7 8\n42 9 10\n".encode()))
    assert load_word_vectors(path).index_to_key == ["中文", ". . .", "a\u00a0b", "c\u0085d", "42"]


def test_load_keeps_the_first_of_a_word_that_stands_twice(tmp_path):
    vectors = load_word_vectors(write(tmp_path / "v.txt", "3 2\na 1 2\na 3 4\nb 5 6\n"))
    assert vectors.index_to_key == ["a", "b"] and vectors["a"].tolist() == [1, 2]


def test_load_reads_what_gensim_writes(tmp_path):
    vectors = train_skip_gram(SENTENCES, 4, seed=0)
    vectors.save_word2vec_format(str(tmp_path / "v.txt"))
    read = load_word_vectors(tmp_path / "v.txt")
    assert read.index_to_key == vectors.index_to_key
    np.testing.assert_allclose(read.vectors, vectors.vectors, rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a 1 2\nb 1\n", "line 2: .*1 numbers after the word, not 2"),
        ("a 1 2\nb 1 2 3\n", "line 2: .*3 numbers after the word, not 2"),
        ("2 2\na 1 2\nb 1 2 3\n", "line 3: .*3 numbers after the word, not 2"),
        ("a 1 2\n\nb 1 2\n", "line 2: .*0 numbers"),
        ("a\n", "line 1: .*0 numbers after the word, not one or more"),
        ("a 1 2\nb 1 x\n", "line 2: .*could not convert string to float: 'x'"),
        ("a 1 nan\n", "line 1: .*infinite or NaN"),
        ("a 1 2\nb 1 inf\n", "line 2: .*infinite or NaN"),
        ("3 2\na 1 2\nb 1 2\n", "line 1: announces 3 words, but 2 follow"),
        ("", "no word vectors in this file"),
        ("0 5\n", "no word vectors in this file"),
    ],
)
def test_load_names_the_malformed_line(tmp_path, text, message):
    path = write(tmp_path / "v.txt", text)
    with pytest.raises(UserInputError, match=message) as error:
        load_word_vectors(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_load_of_what_is_no_text(tmp_path):
    binary = tmp_path / "v.bin"
    binary.write_bytes(b"1 2\na \x00\x00\x80\x3f\x00\x00\x00\xc0")
    cut_off = tmp_path / "v.gz"
    cut_off.write_bytes(gzip.compress(b"a 1 2\n" * 1000)[:-12])
    no_gzip = write(tmp_path / "w.gz", "a 1 2\n")
    for path in (binary, cut_off, no_gzip, tmp_path / "missing.txt", tmp_path):
        with pytest.raises(UserInputError) as error:
            load_word_vectors(path)
        assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_init_embeddings_writes_the_rows_of_known_words_only(tmp_path):
    vectors = load_word_vectors(write(tmp_path / "v.txt", "cat 1 2\ndog 3 4\nunused 5 6\n"))
    embedding = torch.nn.Embedding(5, 2, padding_idx=0)
    with torch.no_grad():
        embedding.weight.fill_(9)
    found = init_embeddings(embedding, {"[PAD]": 0, "[UNK]": 1, "dog": 3, "cat": 2, "rare": 4}, vectors)
    assert found == 2
    assert embedding.weight.tolist() == [[0, 0], [9, 9], [1, 2], [3, 4], [9, 9]]
    assert embedding.weight.requires_grad


def test_init_embeddings_without_a_known_word_or_padding(tmp_path):
    vectors = load_word_vectors(write(tmp_path / "v.txt", "cat 1 2\n"))
    embedding = torch.nn.Embedding(2, 2, dtype=torch.bfloat16)
    before = embedding.weight.clone()
    assert init_embeddings(embedding, {"a": 0, "b": 1}, vectors) == 0
    assert torch.equal(embedding.weight, before)
    assert init_embeddings(embedding, {"cat": 1}, vectors) == 1
    assert embedding.weight[1].tolist() == [1, 2]


def test_init_embeddings_names_both_widths(tmp_path):
    vectors = load_word_vectors(write(tmp_path / "v.txt", "cat 1 2\n"))
    with pytest.raises(UserInputError, match=r"2 wide and the model's embedding 7"):
        init_embeddings(torch.nn.Embedding(5, 7), {"cat": 1}, vectors)


def test_passes_within_a_time():
    assert skip_gram_epochs_within(SENTENCES, 4, seconds=1e-9) == 1
    assert skip_gram_epochs_within(SENTENCES, 4, seconds=1e9) == SKIP_GRAM_EPOCHS
    assert skip_gram_epochs_within([[]], 4, seconds=1) == SKIP_GRAM_EPOCHS
