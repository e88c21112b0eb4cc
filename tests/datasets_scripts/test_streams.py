# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import bz2
import gzip
import io
import lzma

import pytest

from labelwise.datasets_scripts.lines import read_lines, read_pieces
from labelwise.datasets_scripts.streams import compression_of, first_bytes, read_ahead, read_start, unpacked
from labelwise.errors import UserInputError

COMPRESSIONS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


def write(folder, content):
    file = folder / "a.txt"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_compressed_files_are_recognised_by_their_bytes(tmp_path, name):
    file = write(tmp_path, COMPRESSIONS[name]("caf\xe9\ntwo".encode()))
    assert compression_of(first_bytes(file)) == name
    assert first_bytes(file, 3) == file.read_bytes()[:3]
    assert read_start(file) == "caf\xe9\ntwo".encode()
    assert read_start(file, 3) == b"caf"
    assert list(read_lines(file)) == [(1, "caf\xe9\n"), (2, "two")]
    assert "".join(read_pieces(file)) == "caf\xe9\ntwo"


def test_bytes_that_are_not_compressed():
    assert compression_of(b"BZ and more") is compression_of(b"") is None


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_a_compressed_file_that_is_cut_off(tmp_path, name):
    whole = COMPRESSIONS[name](b"".join(b"line %d\n" % i for i in range(1000)))
    with pytest.raises(UserInputError, match=r"a\.txt: cannot be read \("):
        read_start(write(tmp_path, whole[:-100]), 10**6)


@pytest.mark.parametrize(
    ("start", "told"), [(b"PK\x03\x04", "a zip archive"), (b"\x28\xb5\x2f\xfd", "a Zstandard"), (b"7z\xbc\xaf", "a 7z")]
)
def test_archives_are_refused(tmp_path, start, told):
    with pytest.raises(UserInputError, match=rf"a\.txt: is {told}.*; unpack it first"):
        read_start(write(tmp_path, start + b"and more"))


def test_unreadable(tmp_path):
    with pytest.raises(UserInputError, match="cannot be read"):
        list(read_lines(tmp_path))


@pytest.mark.parametrize("read", [first_bytes, read_start])
def test_what_is_no_file(tmp_path, read):
    with pytest.raises(UserInputError, match=r"cannot be read \(Is a directory\); check the path"):
        read(tmp_path)


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_a_compressed_stream(name):
    content = COMPRESSIONS[name](b"line\n" * 1000)
    start, stream = read_ahead(io.BufferedReader(io.BytesIO(content)), 10)
    assert start == content[:10] or start == content
    with unpacked(stream, "here") as found:
        assert found.read() == b"line\n" * 1000
    with (
        pytest.raises(UserInputError, match=r"here: cannot be read \("),
        unpacked(io.BufferedReader(io.BytesIO(content[:-20])), "here") as found,
    ):
        found.read()


def test_a_stream_that_is_not_compressed():
    stream = io.BufferedReader(io.BytesIO(b"one"))
    with unpacked(stream, "here") as found:
        assert found is stream and found.read() == b"one"
