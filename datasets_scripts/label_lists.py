# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Label ids of many documents, in two arrays: lists of Python would take ten times the memory."""

from array import array
from collections.abc import Iterable

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
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths)

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
        """Return an unsigned 64-bit number per document, the same for equal lists."""
        # The sum of the hashes of ids and their places (the finalizer of MurmurHash3); sums and products wrap around.
        places = np.arange(len(self.ids)) - np.repeat(self.offsets[:-1], self.lengths)
        hashes = self.ids.astype(np.uint64) + np.uint64(1) + (places.astype(np.uint64) << np.uint64(32))
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(factor)
        sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(hashes ^ (hashes >> np.uint64(33)))])
        return sums[self.offsets[1:]] - sums[self.offsets[:-1]]

    def to_arrow(self, list_type: pyarrow.DataType) -> pyarrow.Array:
        """Return the lists as an Arrow array."""
        return pyarrow.ListArray.from_arrays(self.offsets, self.ids).cast(list_type)
