# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What decides the weights of a run, options and data, which its checkpoints keep: it is resumed with the same."""

import hashlib
import json
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from datasets import Dataset
from transformers import TrainerCallback, TrainerState, TrainingArguments
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_callback import ExportableState

from ..errors import UserInputError

# What is written, logged or measured, and where it is computed, may change between two legs of a run.
_FREE = ("output_dir", "logging_", "log_level", "disable_tqdm", "report_to", "run_name", "save_", "push_to_hub", "hub_")
_FREE += ("eval_", "per_device_eval_batch_size", "load_best_model_at_end", "metric_for_best_model", "greater_is_better")
_FREE += ("early_stopping_patience", "max_minutes", "include_", "use_cpu", "tf32", "full_determinism", "dataloader_")
_FREE += ("ddp_", "fsdp", "local_rank", "deepspeed", "accelerator_config", "parallelism_config", "do_")
# Another batch size in each process is none if there are as many documents a step.
_IN_TOTAL = ("per_device_train_batch_size", "gradient_accumulation_steps")
# Checkpoints have what these files held, and they may have moved; `check_resumed` compares the dropout.
_IN_CHECKPOINTS = ("model_name_or_path", "encoder", "word_vectors", "label_descriptions", "attention_dropout")


class RunOptions(TrainerCallback, ExportableState):
    """The options of a run that decide its weights, and a hash of its training documents.

    Args:
        model_args: Options of the model, as in `BaseRun`.
        training_args (`TrainingArguments`): Settings of the training.
        train_dataset: What the run trains on; only a `datasets.Dataset` is compared.
    """

    def __init__(self, model_args: Any, training_args: TrainingArguments, train_dataset: Any) -> None:
        given = {
            part.name: getattr(model_args, part.name) for part in fields(model_args) if part.name not in _IN_CHECKPOINTS
        }
        for part in fields(training_args):
            if part.init and not part.name.startswith(_FREE) and part.name not in _IN_TOTAL:
                given[part.name] = getattr(training_args, part.name)
        per_step = training_args.train_batch_size * training_args.gradient_accumulation_steps
        given["total_train_batch_size"] = per_step * training_args.world_size
        self.options: dict[str, Any] = json.loads(json.dumps(given, default=_to_json))
        self.documents = _hash_documents(train_dataset) if isinstance(train_dataset, Dataset) else None

    def state(self) -> dict[str, Any]:
        return {"args": {}, "attributes": {"options": self.options, "documents": self.documents}}

    def check(self, checkpoint: Path) -> None:
        """Check that the run in a checkpoint has the same options and training documents.

        Args:
            checkpoint (`Path`): The checkpoint to continue from.

        Raises:
            UserInputError: One of them differs.
        """
        callbacks = TrainerState.load_from_json(str(checkpoint / TRAINER_STATE_NAME)).stateful_callbacks
        saved = callbacks.get(type(self).__name__, {}).get("attributes", {})
        if saved.get("documents", self.documents) != self.documents:
            raise UserInputError(
                f"--resume: the run in {checkpoint} had other training documents, or other labels of them; give "
                "it the same data, or pass --overwrite to start again"
            )
        options = saved.get("options", {})
        for name, value in self.options.items():
            if options.get(name, value) != value:
                raise UserInputError(
                    f"--resume: the run in {checkpoint} had another {name}, {options[name]} and not {value}; "
                    "repeat its options, or pass --overwrite to start again"
                )


def _to_json(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else str(value)


def _hash_documents(documents: Dataset) -> str:
    """Return a hash of the tokens and the labels of documents, in their order.

    Soft labels are left out: they may be scores of a model, which another batch size rounds otherwise.
    """
    columns = [name for name in ("input_ids", "labels") if name in documents.column_names]
    digest = hashlib.sha256()
    for rows in documents.select_columns(columns).with_format("arrow").iter(1000):
        for name in columns:
            lists = rows.column(name).combine_chunks()
            if pa.types.is_floating(lists.type.value_type):
                continue
            for values in (pc.list_value_length(lists), pc.list_flatten(lists)):
                digest.update(values.to_numpy(zero_copy_only=False).tobytes())
    return digest.hexdigest()[:32]
