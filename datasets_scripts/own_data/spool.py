# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Rows on their way to a corpus: on disk, so that memory does not hold their texts."""

from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow

from ..label_lists import LabelLists

if TYPE_CHECKING:
    from datasets import Dataset, Features

BATCH = 4096
_SCHEMA = pyarrow.schema([(name, pyarrow.string()) for name in ("where", "id", "text", "labels", "unknown")])


class SpoolRow(NamedTuple):
    """A checked row; labels and unknown labels are still as they were given, as JSON."""

    where: str
    id: str
    text: str
    labels: str
    unknown: str | None


class Spool:
    """Rows of one split in a file.

    Args:
        path (`Path`): File to write.

    Attributes:
        keys (`array` of unsigned 64-bit integers): One number per row, the same for equal texts.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.keys = array("Q")

    def __len__(self) -> int:
        return len(self.keys)

    def write(self, rows: Iterable[SpoolRow]) -> None:
        """Write all rows."""
        with pyarrow.OSFile(str(self.path), "wb") as file, pyarrow.ipc.new_stream(file, _SCHEMA) as stream:
            rows = iter(rows)
            while batch := list(islice(rows, BATCH)):
                columns = [pyarrow.array(column, pyarrow.string()) for column in zip(*batch, strict=True)]
                stream.write_batch(pyarrow.record_batch(columns, schema=_SCHEMA))
                self.keys.extend(text_key(row.text) for row in batch)

    def batches(self) -> Iterator[pyarrow.RecordBatch]:
        """Yield the rows in batches of some thousands."""
        with pyarrow.memory_map(str(self.path)) as file:
            yield from pyarrow.ipc.open_stream(file)

    def labels(self) -> Iterator[tuple[str, str, str | None]]:
        """Yield place, labels and unknown labels of each row, the latter two as JSON."""
        for batch in self.batches():
            yield from zip(*(batch.column(name).to_pylist() for name in ("where", "labels", "unknown")), strict=True)


def text_key(text: str) -> int:
    """Return a number that is the same for texts that differ in whitespace at most."""
    return int.from_bytes(blake2b(" ".join(text.split()).encode(), digest_size=8).digest(), "big")


def write_dataset(
    path: Path,
    spool: Spool,
    chosen: np.ndarray,
    lists: dict[str, LabelLists],
    features: "Features",
    in_memory: bool,
) -> "Dataset":
    """Write rows of a spool as a dataset.

    Args:
        path (`Path`): File to write.
        spool (`Spool`): All rows.
        chosen (`np.ndarray`): Numbers of the rows to write, ascending.
        lists (`dict[str, LabelLists]`): Label ids of the rows to write, by column.
        features (`Features`): `id`, `text`, and the columns of `lists`.
        in_memory (`bool`): Whether the dataset is in memory; otherwise, the file must stay.

    Returns:
        `Dataset`: The rows.
    """
    from datasets import Dataset  # not for predictions, which make no dataset

    schema = features.arrow_schema
    first = 0
    with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_stream(file, schema) as stream:
        for batch in spool.batches():
            start, end = np.searchsorted(chosen, [first, first + len(batch)])
            if start < end:
                taken = batch.take(pyarrow.array(chosen[start:end] - first))
                columns = {"id": taken.column("id"), "text": taken.column("text")}
                for name, ids in lists.items():
                    columns[name] = ids.take(np.arange(start, end)).to_arrow(schema.field(name).type)
                stream.write_batch(pyarrow.record_batch([columns[name] for name in schema.names], schema=schema))
            first += len(batch)
    return Dataset.from_file(str(path), in_memory=in_memory)
