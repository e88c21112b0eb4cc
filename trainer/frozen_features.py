# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The representations of documents by a frozen encoder: computed once, kept on disk in 16 bits, read by the head.

Shapes: B documents of a batch, N of a split, Q representations of a document, W width, L labels.
"""

import hashlib
import inspect
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
from torch.utils.data import Dataset
from transformers import PreTrainedModel, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.utils.logging import tqdm

if TYPE_CHECKING:
    from .multi_label_trainer import MultiLabelTrainer

# Folder of the files, in the output folder of the training; it is deleted when the training has ended.
FEATURES_FOLDER = "frozen_features"
# Share of the free space of the disk that the representations of a split may take.
MAX_SHARE_OF_DISK = 0.5

logger = logging.getLogger(__name__)


def is_frozen(model: PreTrainedModel) -> bool:
    """Return whether the head alone is trained, and no parameter of the base model."""
    return not any(parameter.requires_grad for parameter in model.base_model.parameters())


class FrozenFeatures(Dataset):
    """A split as a frozen encoder represents it: rows of `encoder_outputs`, of shape `(Q, W)`, and `labels`.

    Args:
        documents (`Dataset`): The split. Its rows are returned until `features_NQW` and `labels_NL` are set.
    """

    def __init__(self, documents: Dataset) -> None:
        self.documents = documents
        self.features_NQW: np.ndarray | None = None
        self.labels_NL: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.documents)

    def __getitem__(self, index: int) -> dict[str, Any]:
        if self.features_NQW is None:
            return self.documents[index]
        return {"encoder_outputs": self.features_NQW[index], "labels": self.labels_NL[index]}


class FrozenFeaturesCollator:
    """A collator of `FrozenFeatures`, of representations or documents.

    Args:
        collate_documents (`Callable`): The collator of rows without `encoder_outputs`.
    """

    def __init__(self, collate_documents: Callable[[list[dict]], dict]) -> None:
        self.collate_documents = collate_documents

    def __call__(self, rows: list[dict]) -> dict[str, Any]:
        """Return a batch for `forward`, whose `encoder_outputs` are a tuple of the representations in 32 bits."""
        if "encoder_outputs" not in rows[0]:
            return self.collate_documents(rows)
        features_BQW = torch.from_numpy(np.stack([row["encoder_outputs"] for row in rows])).float()
        labels_BL = torch.from_numpy(np.stack([row["labels"] for row in rows]))
        return {
            "encoder_outputs": (features_BQW,),
            "labels": labels_BL if labels_BL.is_floating_point() else labels_BL.long(),
        }


@contextmanager
def features_kept(trainer: "MultiLabelTrainer") -> Iterator[None]:
    """Let a trainer with a frozen encoder train and evaluate the head on kept representations inside a `with` block.

    Each document is read once, in evaluation mode. The files stay when training is interrupted, and a resumed training
    uses them again if weights and documents are still the same; otherwise they are computed anew, to the same numbers.
    With several processes, the first one computes and writes, and all read the same files.

    Where the representations cannot be kept, a message says why, and the encoder reads each document in each epoch.

    Args:
        trainer (`MultiLabelTrainer`): Its datasets and collators are replaced inside the block.
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
        self.trainer = trainer
        self.folder = Path(trainer.args.output_dir) / FEATURES_FOLDER
        trainer.data_collator = trainer.train_data_collator = FrozenFeaturesCollator(trainer.data_collator)
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
        return FrozenFeatures(documents)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        with args.main_process_first(local=False, desc="computing representations"):
            obstacle = self._fill()
        if obstacle is not None:
            for split in self.splits.values():
                split.features_NQW = None
            self.delete()
            _tell(self.trainer, obstacle)

    def delete(self) -> None:
        """Delete the files; processes that read one keep it until they end."""
        delete_features(self.trainer)

    def _fill(self) -> str | None:
        """Read all splits; return why their representations cannot be kept."""
        trainer = self.trainer
        trainer.model.base_model.eval()
        weights, seconds, computed = _hash_weights(trainer), 0.0, 0
        for name, split in self.splits.items():
            lengths_N, split.labels_NL, digest = _read(split.documents, weights)
            path = self.folder / f"{digest}.npy"
            if not path.is_file():
                if not trainer.is_world_process_zero():
                    return "the first process could not keep its representations"
                started = time.monotonic()
                obstacle = _compute(trainer, split.documents, lengths_N, path, f"Representing {name}")
                if obstacle is not None:
                    return obstacle
                seconds, computed = seconds + time.monotonic() - started, computed + len(split)
            split.features_NQW = np.load(path, mmap_mode="r")
        if trainer.is_world_process_zero():
            size = sum(split.features_NQW.nbytes for split in self.splits.values()) / 2**20
            documents = sum(map(len, self.splits.values()))
            logger.info(f"the frozen encoder has read {documents:,} documents once: {size:,.1f} MiB in {self.folder}")
        if trainer.time_limit is not None:
            trainer.time_limit.count_encoding(computed, seconds)
        return None


def delete_features(trainer: "MultiLabelTrainer") -> None:
    """Delete the files of a trainer, if there are any."""
    if trainer.is_world_process_zero():
        shutil.rmtree(Path(trainer.args.output_dir) / FEATURES_FOLDER, ignore_errors=True)


def _hash_weights(trainer: "MultiLabelTrainer") -> "hashlib._Hash":
    """Return a hash of all that the representation of a document depends on, the document excepted."""
    digest = hashlib.sha256(trainer.accelerator.mixed_precision.encode())
    for weight in trainer.model.base_model.state_dict().values():
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
    trainer: "MultiLabelTrainer", dataset: Dataset, lengths_N: np.ndarray, path: Path, description: str
) -> str | None:
    """Write the representations of documents, in batches of like length; return why they cannot be kept.

    No random number is drawn, so that a training that computes them and one that finds them are the same.
    """
    encoder, size = trainer.model.base_model, trainer.args.per_device_eval_batch_size
    inputs_read = inspect.signature(encoder.forward).parameters
    order_N = np.argsort(-lengths_N, kind="stable")  # the longest first, which need the most memory
    batches = np.split(order_N, range(size, len(order_N), size))
    path.parent.mkdir(parents=True, exist_ok=True)
    partial, features_NQW = path.with_suffix(".partial"), None
    try:
        for numbers_B in tqdm(batches, desc=description, unit="batch", disable=trainer.args.disable_tqdm):
            rows = [dataset[int(number)] for number in numbers_B]
            rows = [{name: row[name] for name in inputs_read if name in row} for row in rows]
            batch = {name: value.to(trainer.args.device) for name, value in trainer.data_collator(rows).items()}
            with trainer.accelerator.autocast():
                states_BQW = encoder(**batch, return_dict=True).last_hidden_state
            rows_BQW = states_BQW.to(torch.float16).cpu().numpy()
            if not np.isfinite(rows_BQW).all():
                return "its representations are too large for 16 bits, or not finite"
            if features_NQW is None:
                shape = (len(order_N), *rows_BQW.shape[1:])
                needed, free = 2 * np.prod(shape), shutil.disk_usage(path.parent).free
                if needed > MAX_SHARE_OF_DISK * free:
                    return (
                        f"the representations of {shape[0]:,} documents take {needed / 2**30:.1f} GiB, more than "
                        f"{MAX_SHARE_OF_DISK:.0%} of the {free / 2**30:.1f} GiB that are free in {path.parent.parent}"
                    )
                features_NQW = np.lib.format.open_memmap(partial, "w+", np.float16, shape)
            features_NQW[numbers_B] = rows_BQW
        features_NQW.flush()
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return None
