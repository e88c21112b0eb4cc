# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A made-up corpus for the tests of the audit."""

import numpy as np

from labelwise.analysis.all_splits import AllSplits


def make_documents(texts, labels, splits=None, names=None, unknown=()):
    """Return documents; `labels` are lists of names, `splits` the name of each document's split (train by default), and
    `unknown` pairs of a document and a label."""
    names = names or sorted({name for some in labels for name in some})
    splits = splits or ["train"] * len(texts)
    split_names = list(dict.fromkeys(splits))
    labels_DL = np.array([[int(name in some) for name in names] for some in labels], dtype=np.int8)
    for document, name in unknown:
        labels_DL[document, names.index(name)] = -100
    return AllSplits(
        split_names,
        np.array([split_names.index(split) for split in splits]),
        [f"d{number}" for number in range(len(texts))],
        list(texts),
        list(names),
        labels_DL.reshape(len(texts), len(names)),
    )
