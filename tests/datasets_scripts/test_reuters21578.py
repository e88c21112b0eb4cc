# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import gzip
import io
import random
import tarfile

import pytest

from labelwise.datasets_scripts import CORPORA, load_corpus
from labelwise.datasets_scripts.reuters21578 import Reuters21578, story_text
from labelwise.errors import UserInputError

HEAD = '<REUTERS TOPICS="{topics}" LEWISSPLIT="{split}" CGISPLIT="X" OLDID="1" NEWID="{id}">\n'


def story(number, split, labels, content, topics="YES"):
    names = "".join(f"<D>{name}</D>" for name in labels)
    head = HEAD.format(topics=topics, split=split, id=number)
    return f"{head}<TOPICS>{names}</TOPICS>\n<PLACES><D>usa</D></PLACES>\n{content}\n</REUTERS>\n"


def plain(title):
    body = "One  two\nthree.\n    Four &lt;T>.\n&#3;"
    return f"<TEXT>&#2;\n<TITLE>{title}</TITLE>\n<DATELINE>X, Feb 2 - </DATELINE><BODY>{body}</BODY></TEXT>"


def write_corpus(folder):
    stories = [story(i, "TRAIN", ["corn", "wheat"] if i % 2 else ["gold", "gold"], plain(f"T{i}")) for i in range(20)]
    stories += [
        story(30, "TEST", ["wheat", "corn", "only-test"], '<TEXT TYPE="UNPROC">&#2;\nRAW LINE\n    more\n</TEXT>'),
        story(31, "TEST", ["gold"], '<TEXT TYPE="BRIEF">&#2;\n<TITLE>BRIEF &lt;ABC></TITLE>\n</TEXT>'),
        story(32, "TEST", ["only-test"], plain("dropped")),
        story(33, "TRAIN", ["gold"], plain("dropped: no topics by the editors"), topics="NO"),
        story(34, "NOT-USED", ["gold"], plain("dropped")),
        story(35, "TRAIN", [], plain("dropped")),
    ]
    folder.mkdir(exist_ok=True)
    (folder / "reut2-000.sgm").write_bytes(
        ('<!DOCTYPE lewis SYSTEM "lewis.dtd">\n' + "".join(stories)).encode().replace(b"T3<", b"T\xfc<")
    )
    return folder


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(Reuters21578, "COUNTS", {})
    return write_corpus(tmp_path / "reuters")


def test_small_corpus(corpus, cache):
    dataset = load_corpus("reuters21578", data_dir=str(corpus), cache_dir=cache)
    assert dataset["train"].features["labels"].feature.names == ["corn", "gold", "wheat"]
    assert len(dataset["train"]) + len(dataset["validation"]) == 20
    assert dataset["test"]["labels"][:] == [[0, 2], [1]]
    assert dataset["test"]["text"][:] == ["RAW LINE\nmore", "BRIEF <ABC>"]
    rows = {row["id"]: row for split in ("train", "validation") for row in dataset[split]}
    assert rows["3"]["text"] == "T\xfc\nOne two three.\nFour <T>."
    assert rows["2"]["labels"] == [1]


def test_archive_gives_the_same_as_the_folder(corpus, cache, tmp_path):
    packed = tmp_path / "packed"
    packed.mkdir()
    with tarfile.open(packed / "reuters21578.tar.gz", "w:gz") as archive:
        archive.add(corpus / "reut2-000.sgm", arcname="./reut2-000.sgm")
    loaded = [load_corpus("reuters21578", data_dir=str(folder), cache_dir=cache) for folder in (corpus, packed)]
    assert loaded[0]["train"][:] == loaded[1]["train"][:]


def test_random_split(corpus, cache):
    one, two, other = (
        load_corpus("reuters21578", str(corpus), "random-80-20", split_seed=seed, cache_dir=cache) for seed in (0, 0, 1)
    )
    assert len(one["test"]) == round(0.2 * 22)
    assert one["test"]["id"][:] == two["test"]["id"][:] != other["test"]["id"][:]


@pytest.mark.parametrize("damage", ["half", "bytes", "empty", "not gzip", "not tar"])
def test_damaged_archive(tmp_path, cache, damage):
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        member = tarfile.TarInfo("reut2-000.sgm")
        member.size = 100_000
        archive.addfile(member, io.BytesIO(random.Random(0).randbytes(member.size)))
    whole = whole.getvalue()
    content = {
        "half": whole[: len(whole) // 2],
        "bytes": whole[:50_000] + b"\xff" * 1000 + whole[51_000:],
        "empty": b"",
        "not gzip": b"<html>404</html>",
        "not tar": gzip.compress(b"x" * 100_000),
    }
    (tmp_path / "reuters21578.tar.gz").write_bytes(content[damage])
    with pytest.raises(UserInputError, match=r"reuters21578"):
        load_corpus("reuters21578", data_dir=str(tmp_path), cache_dir=cache)


def test_story_cut_off(corpus, cache):
    file = corpus / "reut2-000.sgm"
    text = file.read_bytes()
    file.write_bytes(text[: text.rindex(b"</BODY>")])
    line = text[: text.rindex(b"<REUTERS ")].count(b"\n") + 1
    with pytest.raises(UserInputError, match=rf"reut2-000\.sgm line {line}: this story is cut off"):
        load_corpus("reuters21578", data_dir=str(corpus), cache_dir=cache)


def test_counts_are_checked(tmp_path, cache):
    folder = write_corpus(tmp_path / "reuters")
    with pytest.raises(UserInputError, match=r"21,578 stories, found 26; 7,770 training stories, found 20") as error:
        load_corpus("reuters21578", data_dir=str(folder), cache_dir=cache)
    assert "\n" not in str(error.value)
    assert Reuters21578.HOME in str(error.value)


def test_story_text():
    assert story_text("", "<TITLE>A</TITLE><BODY>&#5; b\n c &amp;lt;\n</BODY>") == "A\nb\nc &lt;"


def test_real_counts(real_data, real_cache):
    dataset = load_corpus("reuters21578", data_dir=str(real_data / "reuters21578"), cache_dir=real_cache)
    assert "reuters21578" in CORPORA
    assert len(dataset["train"]) + len(dataset["validation"]) == 7770
    assert len(dataset["test"]) == 3019
    assert all(text.strip() for split in dataset.values() for text in split["text"])
    # Stratified: frequent topics keep their share.
    shares = [sum(0 in labels for labels in dataset[s]["labels"]) / len(dataset[s]) for s in ("train", "validation")]
    assert shares[0] == pytest.approx(shares[1], abs=0.01)
