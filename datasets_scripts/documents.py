# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What every corpus is in the end: documents with an id, a text and a set of labels."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from datasets import ClassLabel, Dataset, Features, List, Value


class Document(NamedTuple):
    """One document as a corpus gives it; `labels` are names, in any order."""

    id: str
    text: str
    labels: Sequence[str]


def make_features(names: Sequence[str]) -> Features:
    """The features that every corpus yields.

    Args:
        names (`Sequence[str]`): Label names in the order of their ids.

    Returns:
        `Features`: `id` and `text` as strings, `labels` as a list of `ClassLabel` ids.
    """
    return Features({"id": Value("string"), "text": Value("string"), "labels": List(ClassLabel(names=list(names)))})


def to_examples(documents: Iterable[Document], names: Sequence[str]) -> Iterable[dict]:
    """Turn label names into sorted ids without repeats.

    Args:
        documents (`Iterable[Document]`): Documents whose labels are all in `names`.
        names (`Sequence[str]`): Label names in the order of their ids.

    Returns:
        `Iterable[dict]`: One dict a document, as `make_features` describes it.
    """
    ids = {name: i for i, name in enumerate(names)}
    for document in documents:
        labels = sorted({ids[name] for name in document.labels})
        yield {"id": document.id, "text": document.text, "labels": labels}


def to_dataset(documents: Iterable[Document], names: Sequence[str]) -> Dataset:
    """Documents as a `Dataset` with the features of `make_features`.

    Args:
        documents (`Iterable[Document]`): Documents whose labels are all in `names`.
        names (`Sequence[str]`): Label names in the order of their ids.

    Returns:
        `Dataset`: One row a document.
    """
    examples = list(to_examples(documents, names))
    features = make_features(names)
    # Not `from_list`, which knows no columns where there are no rows.
    return Dataset.from_dict({name: [example[name] for example in examples] for name in features}, features=features)
