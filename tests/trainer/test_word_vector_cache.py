# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Skip-gram vectors from the cache: equal to the learned ones, and never wrong ones."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from labelwise.errors import UserInputError
from labelwise.trainer import word_vector_cache
from labelwise.trainer.word_vector_cache import cache_file, cached_skip_gram
from labelwise.trainer.word_vectors import skip_gram_settings, train_skip_gram

SENTENCES = [["the", "cat", "sat"], ["the", "dog", "sat"], ["发动机", "[UNK]"], ["stocks", "fell"]] * 10
SETTINGS = skip_gram_settings(4, 0, 2)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, caplog):
    """The folder of the cache, which does not exist yet; messages are recorded."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HOME", str(tmp_path / "home"))
    caplog.set_level(logging.INFO, "labelwise")
    return tmp_path / "home" / "labelwise" / "word_vectors"


@pytest.fixture
def trained(monkeypatch):
    """How often vectors were trained."""
    calls = []

    def train(*args, **kwargs):
        calls.append(args)
        return train_skip_gram(*args, **kwargs)

    monkeypatch.setattr(word_vector_cache, "train_skip_gram", train)
    return calls


def get():
    return cached_skip_gram(SENTENCES, 4, seed=0, epochs=2)


def assert_equal(found):
    expected = train_skip_gram(SENTENCES, 4, seed=0, epochs=2)
    assert found.index_to_key == expected.index_to_key
    assert found.key_to_index == expected.key_to_index
    assert found.vectors.dtype == expected.vectors.dtype
    assert found.vectors.tobytes() == expected.vectors.tobytes()


def test_vectors_are_learned_once(home, trained, caplog):
    first, second = get(), get()
    assert len(trained) == 1
    for vectors in (first, second):
        assert_equal(vectors)
    (file,) = home.iterdir()
    assert caplog.messages == [f"Skip-gram vectors are kept in {file}", f"Skip-gram vectors are read from {file}"]
    (home / "other").touch()
    assert file.stat().st_mode == (home / "other").stat().st_mode


@pytest.mark.parametrize(
    ("sentences", "settings"),
    [
        (SENTENCES[1:], SETTINGS),
        (SENTENCES[::-1], SETTINGS),
        ([["the cat", "sat"], *SENTENCES[1:]], SETTINGS),
        ([["the", "cat"], ["sat"], *SENTENCES[1:]], SETTINGS),
        (SENTENCES, skip_gram_settings(5, 0, 2)),
        (SENTENCES, skip_gram_settings(4, 1, 2)),
        (SENTENCES, skip_gram_settings(4, 0, 3)),
        (SENTENCES, {**SETTINGS, "window": 6}),
        (SENTENCES, {**SETTINGS, "negative": 6}),
    ],
)
def test_whatever_decides_the_vectors_decides_the_file(sentences, settings):
    assert cache_file(sentences, settings) != cache_file(SENTENCES, SETTINGS)


def test_equal_input_has_the_same_file():
    copied = [[*sentence] for sentence in SENTENCES]
    assert cache_file(copied, skip_gram_settings(np.int64(4), np.int64(0), 2)) == cache_file(SENTENCES, SETTINGS)


@pytest.mark.parametrize("library", ["gensim", "numpy"])
def test_another_version_has_another_file(monkeypatch, library):
    before = cache_file(SENTENCES, SETTINGS)
    monkeypatch.setattr(word_vector_cache, "version", lambda name: "9.9" if name == library else "1.0")
    after = cache_file(SENTENCES, SETTINGS)
    monkeypatch.setattr(word_vector_cache, "version", lambda name: "1.0")
    assert len({before, after, cache_file(SENTENCES, SETTINGS)}) == 3


def _flip(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    "corrupt",
    [
        lambda content: b"",
        lambda content: content[:20],
        lambda content: content[:-4],
        lambda content: content + b"more",
        lambda content: _flip(content, 0),
        lambda content: _flip(content, len(content) - 1),
        lambda content: content.replace(b"stocks", b"stacks"),
        lambda content: b"no safetensors",
    ],
    ids=["empty", "header cut", "cut", "longer", "length", "number", "word", "other"],
)
def test_a_corrupted_file_is_told_and_replaced(home, trained, caplog, corrupt):
    get()
    (file,) = home.iterdir()
    whole = file.read_bytes()
    file.write_bytes(corrupt(whole))
    assert file.read_bytes() != whole
    caplog.clear()
    assert_equal(get())
    (warning,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warning.startswith(f"{file}: cannot be read (") and warning.endswith("learned anew") and "\n" not in warning
    assert_equal(get())
    assert len(trained) == 2


@pytest.mark.parametrize("metadata", [None, {}, {"words": json.dumps(["cat"]), "checksum": "0"}])
def test_a_file_of_something_else_is_replaced(home, trained, metadata):
    file = cache_file(SENTENCES, SETTINGS)
    home.mkdir(parents=True)
    save_file({"vectors": np.zeros((1, 4), np.float32)}, file, metadata)
    assert_equal(get())
    assert_equal(get())
    assert len(trained) == 1


def test_a_folder_that_cannot_be_written_is_told(home, trained, caplog):
    home.parent.parent.mkdir()
    home.parent.touch()  # a file: permissions do not stop the tests of an administrator
    for _ in range(2):
        caplog.clear()
        assert_equal(get())
        (warning,) = caplog.messages
        assert warning.startswith("the Skip-gram vectors are not kept for the next training: ")
        assert str(home) in warning and "\n" not in warning
    assert len(trained) == 2


def test_a_full_disk_leaves_nothing(home, monkeypatch, caplog):
    def replace(path, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", replace)
    assert_equal(get())
    assert caplog.messages[0].endswith("No space left on device")
    assert list(home.iterdir()) == []


def test_a_stopped_write_leaves_what_was_there(home, monkeypatch):
    get()
    (file,) = home.iterdir()
    file.write_bytes(b"old")

    def stop(path, target):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            get()
    assert [path.read_bytes() for path in home.iterdir()] == [b"old"]


def test_several_at_once(home):
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: get(), range(8)):
            assert_equal(vectors)
    assert list(home.iterdir()) == [cache_file(SENTENCES, SETTINGS)]


def test_texts_without_words_are_refused_and_nothing_is_kept(home):
    with pytest.raises(UserInputError, match="no words"):
        cached_skip_gram([[], []], 4, seed=0)
    assert not home.exists()
