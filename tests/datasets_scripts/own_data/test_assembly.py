# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from datasets import ClassLabel, List

from labelwise.datasets_scripts.own_data.assembly import assemble
from labelwise.datasets_scripts.own_data.options import LabelOptions
from labelwise.datasets_scripts.own_data.reading import Source
from labelwise.datasets_scripts.own_data.sources import Record
from labelwise.errors import UserInputError


def build(model_labels=None, in_memory=True, split_rows=None, **options):
    """Assemble a corpus from rows by split."""

    def source(split, rows):
        records = [Record(f"{split} row {i}", row) for i, row in enumerate(rows, start=1)]
        return Source(split, lambda: iter(records))

    sources = {split: source(split, rows) for split, rows in split_rows.items()}
    return assemble(sources, LabelOptions(**options), model_labels, in_memory)


def rows(labels, prefix="text"):
    return [{"text": f"{prefix} {i}", "labels": of_row} for i, of_row in enumerate(labels)]


def messages(caplog):
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize("in_memory", [True, False])
def test_splits_have_the_features_of_a_corpus(in_memory):
    found = {"test": rows([["b"]], "test"), "train": rows([["b", "a"], []]), "validation": rows([["a"]], "validation")}
    corpus = build(in_memory=in_memory, split_rows=found)
    assert list(corpus) == ["train", "validation", "test"]
    assert corpus["train"][:] == {"id": ["1", "2"], "text": ["text 0", "text 1"], "labels": [[0, 1], []]}
    assert corpus["test"][0] == {"id": "1", "text": "test 0", "labels": [1]}
    assert {str(part.features) for part in corpus.values()} == {str(corpus["train"].features)}
    files = [file["filename"] for part in corpus.values() for file in part.cache_files]
    assert len(files) == (0 if in_memory else 3) and all(Path(file).is_file() for file in files)


def test_a_tenth_of_training_is_cut_off_for_validation(caplog):
    labels = [["a"], ["b"], ["a", "b"], []] * 25
    corpus = build(split_rows={"train": rows(labels)})
    assert {split: len(part) for split, part in corpus.items()} == {"train": 90, "validation": 10}
    assert sorted(corpus["train"]["id"][:] + corpus["validation"]["id"][:], key=int) == [str(i + 1) for i in range(100)]
    assert {tuple(ids) for ids in corpus["validation"]["labels"]} == {(0,), (1,), (0, 1), ()}
    of_text = {row["text"]: row["labels"] for part in corpus.values() for row in part}
    assert of_text["text 6"] == [0, 1] and of_text["text 7"] == []
    assert messages(caplog) == []
    cuts = [build(split_rows={"train": rows(labels)}, split_seed=seed)["validation"]["id"][:] for seed in (0, 0, 3)]
    assert cuts[0] == cuts[1] == corpus["validation"]["id"][:] != cuts[2]


def test_texts_that_are_equal_up_to_whitespace_are_on_one_side_of_the_cut():
    found = [{"text": f"text{space}{i}", "labels": ["ab"[i % 2]]} for i in range(40) for space in (" ", "\n ")]
    corpus = build(split_rows={"train": found})
    train, validation = ({" ".join(text.split()) for text in part["text"]} for part in corpus.values())
    assert not train & validation and len(validation) == 4
    assert len(corpus["validation"]) == 8


def test_what_the_cut_lacks_is_told(caplog):
    build(split_rows={"train": rows([["a"], ["b"]] * 20 + [["rare"]])})
    assert messages(caplog) == ["1 of 3 labels has no document in the validation split that is cut off: rare"]


@pytest.mark.parametrize(
    ("texts", "told"),
    [("x", "1 training document is too few"), ("xxx", "3 training documents of one text are too few")],
)
def test_too_few_texts_to_cut(texts, told):
    found = {"train": [{"text": text, "labels": ["a"]} for text in texts]}
    with pytest.raises(UserInputError, match=f"{told} to cut a validation split off; give more texts or a validation"):
        build(split_rows=found)
    assert len(build(split_rows={**found, "validation": rows([["a"]])})["train"]) == len(texts)


def test_the_column_of_unknown_labels_is_in_all_splits_if_there_are_any():
    corpus = build(split_rows={"train": rows([["a"], ["b"]]), "validation": rows([["a"]], "v")})
    assert corpus["train"].column_names == ["id", "text", "labels"]
    found = {"train": rows([["a"], ["b"]]), "validation": [{"text": "v", "labels": ["a"], "unknown_labels": ["b"]}]}
    corpus = build(split_rows=found)
    assert corpus["train"]["unknown_labels"][:] == [[], []]
    assert corpus["validation"][0] == {"id": "1", "text": "v", "labels": [0], "unknown_labels": [1]}


def test_unseen_labels_have_a_column_with_names_of_their_own():
    found = {"train": rows([["a"], ["b"]]), "validation": rows([["a"]], "v"), "test": rows([["x", "b"], ["y"]], "t")}
    corpus = build(split_rows=found, unseen_labels="miss")
    assert corpus["test"]["labels"][:] == [[1], []]
    assert corpus["test"]["unseen_labels"][:] == [[0], [1]]
    assert corpus["train"]["unseen_labels"][:] == [[], []]
    assert corpus["test"].features["unseen_labels"] == List(ClassLabel(names=["x", "y"]))


def test_rows_without_labels_may_be_dropped():
    found = {"train": rows([["a"], None, ["b"], None]), "validation": rows([None, ["b"]], "v")}
    corpus = build(split_rows=found, missing_labels="drop")
    assert corpus["train"][:] == {"id": ["1", "3"], "text": ["text 0", "text 2"], "labels": [[0], [1]]}
    assert corpus["validation"]["id"][:] == ["2"]


def test_overlaps_and_conflicts_are_told_and_may_be_dropped(caplog):
    texts = {"train": "abca", "validation": "bdd", "test": "cde"}
    found = {
        split: [{"text": t, "labels": ["x" if i else "y"]} for i, t in enumerate(of)] for split, of in texts.items()
    }
    corpus = build(split_rows=found)
    assert {split: len(part) for split, part in corpus.items()} == {"train": 4, "validation": 3, "test": 3}
    starts = ["train: 1 of 3 texts occurs in several rows", "1 of 3 validation documents has a text that is in train"]
    starts += ["1 of 3 test documents has a text that is in train", "1 of 3 test documents has a text that is in val"]
    assert [told[: len(start)] for told, start in zip(messages(caplog), starts, strict=True)] == starts
    caplog.clear()
    corpus = build(split_rows=found, drop_duplicates=True)
    assert {split: part["text"][:] for split, part in corpus.items()} == {
        "train": ["a"],
        "validation": ["b"],
        "test": ["c", "d", "e"],
    }
    assert corpus["train"]["labels"][:] == [[1]]
    assert len([told for told in messages(caplog) if "are dropped, because their text occurs elsewhere" in told]) == 2


def test_duplicates_are_dropped_before_the_cut():
    found = {"train": [{"text": f"text {i % 20}", "labels": ["ab"[i % 2]]} for i in range(200)]}
    corpus = build(split_rows=found, drop_duplicates=True)
    assert {split: len(part) for split, part in corpus.items()} == {"train": 18, "validation": 2}


def test_no_training_document_without_duplicates():
    found = {"train": rows([["a"], ["b"]]), "validation": rows([["a"]]), "test": rows([["b"], ["b"]])}
    told = "^no training document is left: the text of each is in the validation or test split; give other training"
    for split in ("train test", "train validation test"):
        with pytest.raises(UserInputError, match=told):
            build(split_rows={name: found[name] for name in split.split()}, drop_duplicates=True)


def test_labels_of_a_model_need_no_training(caplog):
    corpus = build(["z", "y"], split_rows={"test": rows([["y"], []])})
    assert (list(corpus), corpus["test"]["labels"][:]) == (["test"], [[1], []])
    assert corpus["test"].features["labels"].feature.names == ["z", "y"]
    assert messages(caplog) == []
