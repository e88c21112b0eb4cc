# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Label ids of many documents, in two arrays: lists of Python would take ten times the memory."""

from array import array
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pyarrow


class LabelLists:
    """A list of label ids per document.

    Args:
        ids (`np.ndarray`, *optional*): The ids of all documents, one after another.
        offsets (`np.ndarray`, *optional*): Where those of each document begin, and where the last ones end.
    """

    def __init__(self, ids: np.ndarray | None = None, offsets: np.ndarray | None = None) -> None:
        self._ids = array("i", b"" if ids is None else ids.astype(np.int32).tobytes())
        self._offsets = array("i", [0]) if offsets is None else array("i", offsets.astype(np.int32).tobytes())

    @classmethod
    def from_rows(cls, rows: Iterable[Iterable[int]]) -> "LabelLists":
        """Make the lists of documents."""
        lists = cls()
        for row in rows:
            lists.append(row)
        return lists

    def append(self, ids: Iterable[int]) -> None:
        """Add the list of a document."""
        self._ids.extend(ids)
        self._offsets.append(len(self._ids))

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> list[int]:
        return self._ids[self._offsets[row] : self._offsets[row + 1]].tolist()

    @property
    def ids(self) -> np.ndarray:
        """The ids of all documents, one after another; the lists must not grow as long as it is used."""
        return np.frombuffer(self._ids, dtype=np.int32)

    @property
    def offsets(self) -> np.ndarray:
        """Where the ids of each document begin, and where the last ones end."""
        return np.frombuffer(self._offsets, dtype=np.int32)

    @property
    def lengths(self) -> np.ndarray:
        """Numbers of ids per document."""
        return np.diff(self.offsets)

    @property
    def documents(self) -> np.ndarray:
        """Number of the document of each id."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def take(self, rows: np.ndarray) -> "LabelLists":
        """Return the lists of some documents; the same object for all in their order."""
        if len(rows) == len(self) and np.array_equal(rows, np.arange(len(self))):
            return self
        lengths = self.lengths[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.offsets[rows] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return LabelLists(self.ids[places], offsets)

    def renumber(self, new_id: np.ndarray) -> "LabelLists":
        """Return the lists with new ids, ascending in each."""
        ids = new_id[self.ids]
        return LabelLists(ids[np.lexsort((ids, self.documents))], self.offsets)

    def fingerprints(self) -> np.ndarray:
        """Return a number per document, the same for equal lists."""
        ids, bounds = self.ids, pairwise(self.offsets.tolist())
        return np.fromiter((hash(ids[a:b].tobytes()) for a, b in bounds), dtype=np.int64, count=len(self))

    def to_arrow(self, list_type: pyarrow.DataType) -> pyarrow.Array:
        """Return the lists as an Arrow array."""
        return pyarrow.ListArray.from_arrays(self.offsets, self.ids).cast(list_type)
