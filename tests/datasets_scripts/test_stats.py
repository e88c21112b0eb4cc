# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import json

from datasets import Dataset, DatasetDict

from labelwise.datasets_scripts import CORPORA
from labelwise.datasets_scripts.documents import Document, make_features, to_examples
from labelwise.datasets_scripts.stats import TABLE_1, format_stats, published, stats


def make(texts_and_labels, names=("a", "b", "c")):
    documents = [Document(str(i), text, labels) for i, (text, labels) in enumerate(texts_and_labels)]
    examples, features = list(to_examples(documents, names)), make_features(names)
    return Dataset.from_dict({name: [row[name] for row in examples] for name in features}, features=features)


def test_english():
    train = make([("One two  three.", ["b", "a"]), ("Four", ["b"]), ("", [])])
    numbers = stats(DatasetDict(train=train, test=make([("Five 中", [])])))
    assert numbers == {
        "N": 3,
        "V": 0,
        "M": 1,
        "L": 3,
        "mean_labels": 0.75,
        "mean_words": 1.5,
        "word_unit": "words",
        "label_counts": {"b": 2, "a": 1, "c": 0},
    }
    assert list(numbers["label_counts"]) == ["b", "a", "c"]
    json.dumps(numbers)


def test_chinese():
    numbers = stats(DatasetDict(train=make([("价格 不高。", ["a"]), ("EP020车", [])])))
    assert (numbers["word_unit"], numbers["mean_words"]) == ("words", 1.5)
    numbers = stats(DatasetDict(train=make([("价格 不高。", ["a"]), ("我们的汽车", [])])))
    assert (numbers["word_unit"], numbers["mean_words"]) == ("jieba words", 3.0)  # 价格 不高 。 and 我们 的 汽车


def test_empty():
    assert stats(DatasetDict(train=make([])))["mean_labels"] == 0


def test_documents_without_text():
    numbers = stats(DatasetDict(test=make([("One two", ["b"])])), [["a", "b"], ["b", "b"], []])
    assert (numbers["N"], numbers["M"], numbers["mean_labels"], numbers["mean_words"]) == (0, 1, 1.0, 2.0)
    assert numbers["label_counts"] == {"b": 3, "a": 1, "c": 0}


def test_published_are_of_corpora_and_configurations():
    for table in TABLE_1.values():
        for name in table:
            corpus, _, config = name.partition("/")
            assert config in ([one.name for one in CORPORA[corpus].BUILDER_CONFIGS] or [""])
    assert published("aapd") == {
        "LW-PT": {"N": 53840, "V": 1000, "M": 1000, "L": 54, "mean_labels": 2.41, "mean_words": 167.27},
        "LM-MTC": {"N": 53840, "M": 1000, "L": 54},
    }
    assert published("reuters21578") == published("ns/name") == {}


def test_published_stand_beside():
    numbers = stats(DatasetDict(train=make([("One two", ["b"])] * 1200)))
    lines = [line.split() for line in format_stats(numbers, published("aapd")).splitlines()]
    assert lines[0] == ["here", "LW-PT", "LM-MTC"]
    assert lines[1] == ["training", "documents", "(N)", "1,200", "53,840", "53,840"]
    assert [line[-3:] for line in lines[2:7]] == [
        ["0", "1,000", "-"],
        ["0", "1,000", "1,000"],
        ["3", "54", "54"],
        ["1.00", "2.41", "-"],
        ["2.0", "167.3", "-"],
    ]
    assert lines[7:] == [[], ["b", "1,200"], ["a", "0"], ["c", "0"]]


def test_table():
    lines = format_stats(stats(DatasetDict(train=make([("One two", ["b"])] * 1200)))).splitlines()
    assert lines[0].startswith("training documents (N) ") and lines[0].endswith("1,200")
    assert lines[5].startswith("words per document") and lines[5].endswith("2.0")
    assert lines[6] == "" and lines[7].startswith("b ") and lines[7].endswith("1,200")
