# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The outputs of a frozen encoder: computed once, kept on disk in 16 bits, read by what is trained above it.

A document has as many rows as the model represents it by, or one per token: `FrozenPart`.

Shapes: B documents of a batch, N of a split, R rows of a document, K rows of a split, W width, L labels.
"""

import hashlib
import inspect
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import datasets
import numpy as np
import torch
from torch.utils.data import Dataset, IterableDataset
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.utils.logging import tqdm

from ..modeling.frozen_part import FrozenPart
from ..modeling.padding import length_mask

if TYPE_CHECKING:
    from .multi_label_trainer import MultiLabelTrainer

# Folder of the files, in the output folder of the training; it is deleted when the training has ended.
FEATURES_FOLDER = "frozen_features"
# Share of the free space of the disk that the representations of a split may take.
MAX_SHARE_OF_DISK = 0.5

logger = logging.getLogger(__name__)


class FrozenFeatures(Dataset):
    """A split as a frozen encoder represents it: items of an argument, of shape `(R, W)`, and `labels`.

    Args:
        documents (`Dataset`): The split. Its items are returned until `features_KW`, `ends_N` and `labels_NL` are set.
        argument (`str`): As in `FrozenPart`.
    """

    def __init__(self, documents: Dataset, argument: str) -> None:
        self.documents, self.argument = documents, argument
        self.features_KW: np.ndarray | None = None
        self.ends_N: np.ndarray | None = None  # of the rows of each document
        self.labels_NL: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.documents)

    def __getitem__(self, index: int) -> dict[str, Any]:
        if self.features_KW is None:
            return self.documents[index]
        start = self.ends_N[index - 1] if index > 0 else 0
        return {self.argument: self.features_KW[start : self.ends_N[index]], "labels": self.labels_NL[index]}


class FrozenFeaturesCollator:
    """A collator of `FrozenFeatures`, of representations or documents.

    Args:
        collate_documents (`Callable`): The collator of items without the argument.
        argument (`str`): As in `FrozenPart`.
    """

    def __init__(self, collate_documents: Callable[[list[dict]], dict], argument: str) -> None:
        self.collate_documents, self.argument = collate_documents, argument

    def __call__(self, items: list[dict]) -> dict[str, Any]:
        """Return a batch for `forward`: representations in 32 bits, padded, and labels."""
        if self.argument not in items[0]:
            return self.collate_documents(items)
        documents = [item[self.argument] for item in items]
        lengths_B = torch.tensor([len(rows_RW) for rows_RW in documents])
        features_BRW = torch.zeros(len(documents), int(lengths_B.max()), documents[0].shape[1])
        for padded_RW, rows_RW in zip(features_BRW.numpy(), documents, strict=True):
            padded_RW[: len(rows_RW)] = rows_RW
        labels_BL = torch.from_numpy(np.stack([item["labels"] for item in items]))
        labels = {"labels": labels_BL if labels_BL.is_floating_point() else labels_BL.long()}
        if self.argument == "encoder_outputs":
            return {"encoder_outputs": (features_BRW,), **labels}
        mask_BR = length_mask(lengths_B, features_BRW.shape[1]).long()
        return {self.argument: features_BRW, "attention_mask": mask_BR, **labels}


@contextmanager
def features_kept(trainer: "MultiLabelTrainer") -> Iterator[None]:
    """Let a trainer with a frozen encoder train and evaluate what is above it on kept outputs inside a `with` block.

    Each document is read once, in evaluation mode. The files stay when training is interrupted, and a resumed training
    uses them again if model and documents are still the same; otherwise they are computed anew, to the same numbers.
    With several processes, the first one computes and writes, and all read the same files.

    Where the representations cannot be kept, a message says why, and the encoder reads each document in each epoch.

    Args:
        trainer (`MultiLabelTrainer`): Its model has a `frozen_part`; its datasets and collators are replaced inside the
            block.
    """
    obstacle = _find_obstacle(trainer)
    if obstacle is not None:
        _tell(trainer, obstacle)
        yield
        return
    names = ("train_dataset", "eval_dataset", "data_collator", "train_data_collator")
    given = {name: vars(trainer)[name] for name in names}
    callback = _KeepFeatures(trainer)
    trainer.add_callback(callback)  # behind the one that chooses the number of threads, which rounding depends on
    try:
        yield
    finally:
        vars(trainer).update(given)
        trainer.remove_callback(callback)
    callback.delete()


def _find_obstacle(trainer: "MultiLabelTrainer") -> str | None:
    """Return why the representations of documents differ from epoch to epoch, or are not all that the head reads."""
    if isinstance(trainer.train_dataset, (datasets.IterableDataset, IterableDataset)):
        return "the training documents are a stream"
    if not trainer.model.takes_encoder_outputs:
        return f"the head of {type(trainer.model).__name__} reads more of a document than one representation"
    if trainer.train_data_collator is not trainer.data_collator:
        return "the batches of training mask labels or words at random"
    return None


def _tell(trainer: "MultiLabelTrainer", obstacle: str) -> None:
    if trainer.is_world_process_zero():
        logger.warning(f"the frozen encoder reads each document in each epoch, without dropout: {obstacle}")


class _KeepFeatures(TrainerCallback):
    """Replace the datasets of a trainer, and compute the representations when training begins."""

    def __init__(self, trainer: "MultiLabelTrainer") -> None:
        self.trainer, self.part = trainer, trainer.model.frozen_part()
        self.folder = Path(trainer.args.output_dir) / FEATURES_FOLDER
        collator = FrozenFeaturesCollator(trainer.data_collator, self.part.argument)
        trainer.data_collator = trainer.train_data_collator = collator
        trainer.train_dataset = self._replace(trainer.train_dataset)
        self.splits = {"train": trainer.train_dataset}
        if isinstance(trainer.eval_dataset, dict):
            trainer.eval_dataset = {name: self._replace(rows) for name, rows in trainer.eval_dataset.items()}
            self.splits |= {f"eval_{name}": rows for name, rows in trainer.eval_dataset.items()}
        elif trainer.eval_dataset is not None:
            self.splits["validation"] = trainer.eval_dataset = self._replace(trainer.eval_dataset)

    def _replace(self, documents: Dataset) -> FrozenFeatures:
        if isinstance(documents, datasets.Dataset):
            documents = self.trainer._remove_unused_columns(documents)
        return FrozenFeatures(documents, self.part.argument)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        with args.main_process_first(local=False, desc="computing representations"):
            obstacle = self._fill()
        if obstacle is not None:
            for split in self.splits.values():
                split.features_KW = None
            self.delete()
            _tell(self.trainer, obstacle)

    def delete(self) -> None:
        """Delete the files; processes that read one keep it until they end."""
        delete_features(self.trainer)

    def _fill(self) -> str | None:
        """Read all splits; return why their representations cannot be kept."""
        trainer = self.trainer
        for module in self.part.modules:
            module.eval()
        weights, seconds, computed = _hash_model(trainer, self.part), 0.0, 0
        for name, split in self.splits.items():
            lengths_N, split.labels_NL, digest = _read(split.documents, weights)
            path = self.folder / f"{digest}.npy"
            if not path.is_file():
                if not trainer.is_world_process_zero():
                    return "the first process could not keep its representations"
                started = time.monotonic()
                obstacle = _compute(trainer, self.part, split.documents, lengths_N, path, f"Representing {name}")
                if obstacle is not None:
                    return obstacle
                seconds, computed = seconds + time.monotonic() - started, computed + len(split)
            split.features_KW = np.load(path, mmap_mode="r")
            rows_N = lengths_N if self.part.per_token else np.full(len(split), len(split.features_KW) // len(split))
            split.ends_N = rows_N.cumsum()
        if trainer.is_world_process_zero():
            size = sum(split.features_KW.nbytes for split in self.splits.values()) / 2**20
            documents = sum(map(len, self.splits.values()))
            logger.info(f"the frozen encoder has read {documents:,} documents once: {size:,.1f} MiB in {self.folder}")
        if trainer.time_limit is not None:
            trainer.time_limit.count_encoding(computed, seconds)
        return None


def delete_features(trainer: "MultiLabelTrainer") -> None:
    """Delete the files of a trainer, if there are any."""
    if trainer.is_world_process_zero():
        shutil.rmtree(Path(trainer.args.output_dir) / FEATURES_FOLDER, ignore_errors=True)


def _hash_model(trainer: "MultiLabelTrainer", part: FrozenPart) -> "hashlib._Hash":
    """Return a hash of all that the representation of a document depends on, the document excepted."""
    # The configuration has what changes no weight, such as `window_size`; its path is another one in a resumed run.
    config = {name: value for name, value in trainer.model.config.to_dict().items() if name != "_name_or_path"}
    digest = hashlib.sha256(trainer.accelerator.mixed_precision.encode())
    digest.update(json.dumps(config, sort_keys=True, default=str).encode())
    for module in part.modules:
        for weight in module.state_dict().values():
            digest.update(weight.cpu().contiguous().reshape(-1).view(torch.uint8).numpy())
    return digest


def _read(dataset: Dataset, weights: "hashlib._Hash") -> tuple[np.ndarray, np.ndarray, str]:
    """Return the lengths of documents, their labels, and the name of the file of their representations."""
    digest, lengths, labels = weights.copy(), [], []
    for number in range(len(dataset)):
        row = dataset[number]
        ids_T = np.asarray(row["input_ids"], dtype=np.int64)
        digest.update(np.int64(len(ids_T)).tobytes() + ids_T.tobytes())
        lengths.append(len(ids_T))
        labels_L = np.asarray(row["labels"])
        labels.append(labels_L.astype(np.int8 if labels_L.dtype.kind in "iu" else np.float32))
    return np.array(lengths), np.array(labels), digest.hexdigest()[:32]


@torch.no_grad()
def _compute(
    trainer: "MultiLabelTrainer",
    part: FrozenPart,
    dataset: Dataset,
    lengths_N: np.ndarray,
    path: Path,
    description: str,
) -> str | None:
    """Write the representations of documents, in batches of like length; return why they cannot be kept.

    No random number is drawn, so that a training that computes them and one that finds them are the same.
    """
    size = trainer.args.per_device_eval_batch_size
    inputs_read = inspect.signature(trainer.model.base_model.forward).parameters
    order_N = np.argsort(-lengths_N, kind="stable")  # the longest first, which need the most memory
    batches = np.split(order_N, range(size, len(order_N), size))
    path.parent.mkdir(parents=True, exist_ok=True)
    partial, features_KW = path.with_suffix(".partial"), None
    try:
        for numbers_B in tqdm(batches, desc=description, unit="batch", disable=trainer.args.disable_tqdm):
            rows = [dataset[int(number)] for number in numbers_B]
            rows = [{name: row[name] for name in inputs_read if name in row} for row in rows]
            batch = {name: value.to(trainer.args.device) for name, value in trainer.data_collator(rows).items()}
            with trainer.accelerator.autocast():
                states_BRW = part.represent(**batch).to(torch.float16).cpu().numpy()
            if features_KW is None:
                rows_N = lengths_N if part.per_token else np.full(len(order_N), states_BRW.shape[1])
                ends_N, shape = rows_N.cumsum(), (int(rows_N.sum()), states_BRW.shape[2])
                needed, free = 2 * np.prod(shape), shutil.disk_usage(path.parent).free
                if needed > MAX_SHARE_OF_DISK * free:
                    return (
                        f"the representations of {len(order_N):,} documents take {needed / 2**30:.1f} GiB, more than "
                        f"{MAX_SHARE_OF_DISK:.0%} of the {free / 2**30:.1f} GiB that are free in {path.parent.parent}"
                    )
                features_KW = np.lib.format.open_memmap(partial, "w+", np.float16, shape)
            for number, states_RW in zip(numbers_B, states_BRW, strict=True):
                rows_RW = states_RW[: rows_N[number]]
                if not np.isfinite(rows_RW).all():
                    return "its representations are too large for 16 bits, or not finite"
                features_KW[ends_N[number] - len(rows_RW) : ends_N[number]] = rows_RW
        features_KW.flush()
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return None
