# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Answers in parts, shared by the processes of `accelerate launch`.

A part has a few consecutive rows, and is a file that appears whole. Its name is a hash of all that decides its
contents, so that a command that is given again answers only the parts that are missing. The first process joins the
parts in the order of the input; no process ever has all answers in memory.
"""

import hashlib
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from itertools import chain, islice
from pathlib import Path

import numpy as np
import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list
from huggingface_hub import try_to_load_from_cache
from transformers.utils import CONFIG_NAME

from ..datasets_scripts.own_data.sources import STANDARD_INPUT, is_pipe
from ..errors import UserInputError
from ..whole_files import is_replaceable
from ..wording import counted_of
from .answer_files import AnsweredRow, AnswerTable, join_answers, write_answers
from .locking import lock_folder
from .progress import logger
from .unlabelled import Row

# Rows of a part: few, so that processes have equal shares. Texts are sorted by length over more of them.
_ROWS = 256
_TIMEOUT = timedelta(weeks=4)  # of the slowest process, for which the others wait


def start_processes() -> PartialState:
    """Return what Accelerate knows of the processes that share a command; there is one without `accelerate launch`."""
    return PartialState(cpu=not torch.accelerator.is_available(), timeout=_TIMEOUT)


def check_parts(source: str | None, output_file: str | None, shards: int | None) -> bool:
    """Return whether the answers are written in parts: by several processes, as shards, or after such a run was killed.

    Args:
        source (`str`, *optional*): Value of `--input`.
        output_file (`str`, *optional*): Value of `--output_file`.
        shards (`int`, *optional*): Value of `--shards`.

    Raises:
        UserInputError: There is no file to write to, or the input can be read by one process only.
    """
    several = PartialState().num_processes > 1
    if not several and shards is None:
        return output_file is not None and _folder_of(Path(output_file)).is_dir()
    needed_by = f"--shards {shards}" if shards else f"{PartialState().num_processes} processes"
    if output_file is None or not is_replaceable(Path(output_file)):
        raise UserInputError(f"{needed_by}: write to a file; pass --output_file with its name")
    if several and source is not None and (source == STANDARD_INPUT or is_pipe(source)):
        raise UserInputError(f"--input {source}: can be read by one process only; write it to a file first")
    return True


def write_in_parts(
    rows: Iterable[Row],
    answer: Callable[[Iterator[Row]], Iterator[AnsweredRow]],
    table: AnswerTable,
    file_format: str,
    output_file: str,
    shards: int | None,
    key: str,
) -> None:
    """Answer the rows of which this process has its share, and join all answers in the first process.

    Args:
        rows (`Iterable[Row]`): All rows.
        answer (`Callable`): Yields carried values and the answer of each row that it is given.
        table, file_format: As in `write_answers`.
        output_file (`str`): The file; of shards, the name that they have before their number.
        shards (`int`, *optional*): Number of files; by default, one file of the name of `output_file`.
        key (`str`): All that decides the answer of a row, besides the row.

    Raises:
        UserInputError: A file cannot be written, or another command writes it.
    """
    state, path = PartialState(), Path(output_file)
    folder = _folder_of(path)
    with lock_folder("--output_file", folder) if state.is_main_process else nullcontext():
        (key,) = broadcast_object_list([key])  # the clocks of machines differ, and with them the times of files
        parts = Parts(folder, key, state.process_index, state.num_processes)
        state.wait_for_everyone()  # for the folder, and until all know what an earlier run has left
        answered = iter(answer(parts.missing(rows)))
        for first in answered:
            part, number = parts.begun.popleft()
            write_answers(chain([first], islice(answered, number - 1)), table, file_format, str(part))
        state.wait_for_everyone()
        if not state.is_main_process:
            return
        if parts.num_earlier:
            kept = counted_of(parts.num_earlier, len(parts.files), "part", "is", "are")
            logger.info(f"--output_file {output_file}: {kept} kept from the run that was stopped")
        lost = [file for file in parts.files if not file.is_file()]
        if lost:
            raise UserInputError(f"--output_file {output_file}: {lost[0]} is missing: all processes need one folder")
        names = [f"{path.stem}-{number:05}-of-{shards:05}{path.suffix}" for number in range(shards or 0)] or [path.name]
        shares = [share.tolist() for share in np.array_split(parts.files, len(names))]
        join_answers(
            {path.with_name(name): share for name, share in zip(names, shares, strict=True)}, table, file_format
        )
        shutil.rmtree(folder)


class Parts:
    """The parts of the rows in their order.

    Args:
        folder (`Path`): Folder of their files.
        key (`str`): All that decides the answer of a row, besides the row.
        process (`int`): Number of this process.
        processes (`int`): Number of processes.

    Attributes:
        files (`list[Path]`): The file of each part whose rows were read.
        begun (`deque[tuple[Path, int]]`): File and number of rows of the parts that `missing` has yielded.
        num_earlier (`int`): Number of the parts of an earlier run.
    """

    def __init__(self, folder: Path, key: str, process: int, processes: int) -> None:
        self.folder, self.key, self.process, self.processes = folder, key, process, processes
        self._earlier = set(folder.glob("*"))
        self.files: list[Path] = []
        self.begun: deque[tuple[Path, int]] = deque()
        self.num_earlier = 0

    def missing(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows that this process has to answer."""
        rows = iter(rows)
        while part := list(islice(rows, _ROWS)):
            digest = hashlib.sha256(f"{self.key} {part}".encode()).hexdigest()
            file = self.folder / f"{len(self.files):06}-{digest}"
            is_own = len(self.files) % self.processes == self.process
            self.files.append(file)
            if file in self._earlier:
                self.num_earlier += 1
            elif is_own:
                self.begun.append((file, len(part)))
                yield from part


def describe_files(name_or_path: str) -> str:
    """Return what changes with the files of a model: names, sizes and times."""
    folder = Path(name_or_path)
    if not folder.is_dir():
        folder = Path(try_to_load_from_cache(name_or_path, CONFIG_NAME)).parent
    found = [(file.name, file.stat()) for file in sorted(folder.iterdir()) if file.is_file()]
    return str([(name, status.st_size, status.st_mtime_ns) for name, status in found])


def _folder_of(output_file: Path) -> Path:
    return output_file.with_name(f".{output_file.name}.parts")
