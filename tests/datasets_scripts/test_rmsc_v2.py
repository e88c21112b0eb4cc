# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import json
import os

import pytest

from labelwise.datasets_scripts import load_corpus
from labelwise.datasets_scripts.rmsc_v2 import RMSCV2, SYMBOLS
from labelwise.errors import UserInputError

SPLIT_FILES = ("rmsc.data.train.json", "rmsc.data.valid.json", "rmsc.data.test.json")


def album(number, tags=("摇滚", "Jazz"), comments=("好听！", "經典 album…♥\n再听", "☆☆☆")):
    comments = [{"name": "x", "rate": "5", "vote": 1, "comment": comment} for comment in comments]
    return {"name": f"album {number}", "tags": list(tags), "all_short_comments": comments}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(RMSCV2, "COUNTS", {})
    (tmp_path / "albums").mkdir()
    return tmp_path / "albums"


@pytest.fixture
def albums(folder):
    for number in range(20):
        text = json.dumps(album(number), ensure_ascii=False, indent=2)
        (folder / f"{number:02}").write_text(text, encoding="utf-8")
    (folder / ".DS_Store").write_bytes(b"\xff")
    (folder / "covers").mkdir()
    return folder


@pytest.fixture
def splits(folder):
    for size, name in zip((3, 1, 2), SPLIT_FILES, strict=True):
        (folder / name).write_text(json.dumps([album(i) for i in range(size)]), encoding="utf-8-sig")
    return folder


def load(folder, seed=0):
    return load_corpus("rmsc-v2", data_dir=str(folder), split_seed=seed, cache_dir=str(folder.parent / "cache"))


def refused(folder):
    with pytest.raises(UserInputError) as error:
        load(folder)
    return str(error.value)


def test_albums(albums):
    dataset = load(albums)
    assert {split: len(part) for split, part in dataset.items()} == {"train": 14, "validation": 2, "test": 4}
    rows = {row["id"]: row for part in dataset.values() for row in part}
    assert set(rows) == {f"{number:02}" for number in range(20)}
    assert rows["07"] == {"id": "07", "text": "好听\n經典 album 再听", "labels": [0, 1]}
    assert dataset["train"].features["labels"].feature.names == ["Jazz", "摇滚"]


def test_split_of_the_authors(albums):
    # Of 20 sorted items, scikit-learn's train_test_split with random_state=1 and twice 0.3, as LW-PT's code calls it.
    test = ["02", "03", "10", "14"]
    dataset = load(albums)
    assert dataset["validation"]["id"][:] == ["06", "16"]
    assert dataset["test"]["id"][:] == test
    assert load(albums, seed=1)["test"]["id"][:] != test
    assert len(load(albums, seed=2**32 - 1)["test"]) == 4


def test_sizes_of_the_paper(folder):
    for number in range(717):
        (folder / str(number)).write_text('{"tags": ["a"], "all_short_comments": []}')
    assert [len(part) for part in load(folder).values()] == [501, 65, 151]


def test_split_files(splits):
    dataset = load(splits)
    assert {split: len(part) for split, part in dataset.items()} == {"train": 3, "validation": 1, "test": 2}
    assert dataset["validation"][0] == {"id": "valid-1", "text": "好听\n經典 album 再听", "labels": [0, 1]}


def test_symbols():
    assert (
        SYMBOLS.sub(" ", "Beyoncé's 80年代—×÷ カナ 한국 \U0001f600 \ud83d\U00020000ａＺ９：二〇〇〇")
        == "Beyoncé s 80年代 \U00020000ａＺ９ 二〇〇〇"
    )


def test_missing_split_file(splits):
    (splits / "rmsc.data.valid.json").unlink()
    assert "rmsc.data.valid.json is missing; rmsc-v2 needs rmsc.data.train.json, " in refused(splits)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "line 1: broken JSON"),
        ('{\n"tags": [],\n"all_short', "line 3: broken JSON"),
        ("[" * 100_000, ": broken JSON"),
        ("9" * 5000, ": broken JSON"),
        ("[]", ': expected an object with "tags"'),
        ('{"tags": ["a"]}', ': expected an object with "tags"'),
        ('{"tags": "a", "all_short_comments": []}', ': expected an object with "tags"'),
        ('{"tags": [1], "all_short_comments": []}', ': expected an object with "tags"'),
        ('{"tags": ["a"], "all_short_comments": ["x"]}', ': expected an object with "tags"'),
        ('{"tags": ["a"], "all_short_comments": [{"comment": null}]}', ': expected an object with "tags"'),
        ('{"tags": ["\\ud83d"], "all_short_comments": []}', ": character 1 of the text is half a surrogate pair"),
        ("caf\xe9", "line 1: byte 3 is not UTF-8"),
    ],
)
def test_malformed_album(albums, content, told):
    (albums / "07").write_text(content, encoding="latin-1")
    message = refused(albums)
    assert message.startswith(str(albums / "07")) and told in message


def test_malformed_split_file(splits):
    (splits / SPLIT_FILES[1]).write_text(json.dumps(album(1)))
    assert "rmsc.data.valid.json: expected a JSON list of albums" in refused(splits)
    (splits / SPLIT_FILES[1]).write_text(json.dumps([album(1), {"tags": []}]))
    assert 'rmsc.data.valid.json album 2: expected an object with "tags"' in refused(splits)


def test_half_a_surrogate_pair_in_a_comment_is_a_symbol(albums):
    (albums / "07").write_text(json.dumps(album(7, comments=["好\ud83d听"])))
    assert {row["id"]: row for part in load(albums).values() for row in part}["07"]["text"] == "好 听"


def test_a_file_name_that_is_not_utf8(albums):
    text = (albums / "00").read_bytes()
    try:
        with open(os.fsencode(albums) + b"/\xc8\xcb", "wb") as file:
            file.write(text)
    except OSError:
        pytest.skip("this file system takes no such name")
    ids = {row["id"] for part in load(albums).values() for row in part}
    assert len(ids) == 21 and "\ufffd\ufffd" in ids


def test_too_few(folder):
    assert "contains no albums; rmsc-v2 needs one JSON file per album from https://" in refused(folder)
    (folder / "1").write_text(json.dumps(album(1)))
    assert "1 albums are too few to split" in refused(folder)


def test_counts_are_checked(albums, monkeypatch):
    monkeypatch.undo()
    assert "must contain 7,172 albums, found 20" in refused(albums)


def test_counts_of_split_files_are_checked(splits, monkeypatch):
    monkeypatch.undo()
    assert "must contain 5,020 train albums, found 3; 646 validation albums, found 1; 1,506 test" in refused(splits)
