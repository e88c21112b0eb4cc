# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Logits of a trained model: on texts as they come, or on a split with its metrics."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ..tokenization.long_texts import read_beginnings
from ..trainer.training_arguments import MultiLabelTrainingArguments
from .loading import load_classifier, load_config_and_tokenizer

if TYPE_CHECKING:
    from datasets import Dataset

    from .data import DataArguments

# Texts read ahead, so that batches contain texts of like length, and scores at most, so that memory stays bounded.
_BLOCK, _BLOCK_SCORES = 4096, 2**22


Document = tuple[str, Mapping[str, bool]]


@torch.inference_mode()
def iterate_logits(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, documents: Iterable[Document], batch_size: int
) -> Iterator[tuple[list[Document], torch.Tensor]]:
    """Yield the logits of texts, block by block.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        documents (`Iterable[tuple[str, dict[str, bool]]]`): Texts, each with the labels that are known: whether they
            apply, by name (for models with label tokens).
        batch_size (`int`): Number of texts of a batch.

    Yields:
        `list[tuple[str, dict[str, bool]]]`: The documents of a block.
        `torch.FloatTensor` of shape `(documents, num_labels)`: Their logits, in their order, on the CPU.
    """
    documents = iter(documents)
    size = min(_BLOCK, max(1, _BLOCK_SCORES // model.config.num_labels))
    while block := list(islice(documents, size)):
        encoded = tokenizer(read_beginnings([text for text, _ in block], tokenizer), truncation=True)
        known = [labels for _, labels in block]
        if any(known):
            tokenizer.fill_in(encoded, known)
        input_ids = encoded["input_ids"]
        order = sorted(range(len(block)), key=lambda i: -len(input_ids[i]))
        batches = []
        for start in range(0, len(order), batch_size):
            rows = [input_ids[i] for i in order[start : start + batch_size]]
            batch = tokenizer.pad({"input_ids": rows}, return_tensors="pt").to(model.device)
            batches.append(model(**batch).logits.float().cpu())
        yield block, torch.cat(batches)[torch.tensor(order).argsort()]


class SplitPrediction(NamedTuple):
    """A trained model on a split: configuration, documents, and arrays of shape `(documents, num_labels)`.

    `label_ids` are 1 where a label applies, 0 where not, -100 where this is unknown.
    """

    config: PreTrainedConfig
    documents: "Dataset"
    predictions: np.ndarray
    label_ids: np.ndarray


def predict_split(
    name_or_path: str,
    data_args: "DataArguments",
    split: str,
    batch_size: int,
    calibrated: bool = True,
) -> SplitPrediction:
    """Return the logits and labels of a trained model on one split.

    Args:
        name_or_path (`str`): Folder or Hub id.
        data_args (`DataArguments`): Names the data.
        split (`str`): `train`, `validation` or `test`.
        batch_size (`int`): Number of documents of a batch.
        calibrated (`bool`, *optional*, defaults to `True`): Whether the logits are those of the model's calibration, if
            it has one; if not, the configuration has none either.

    Raises:
        UserInputError: The model or the data does not exist or does not fit.
    """
    # Imported here: texts as they come need neither scikit-learn nor `datasets`, which take long to import.
    from ..trainer.multi_label_trainer import MultiLabelTrainer
    from ..trainer.preprocessing import preprocess

    config, tokenizer = load_config_and_tokenizer(name_or_path)
    if not calibrated:
        config.calibration = None
    documents = data_args.load_split(split, config.label_names)
    model = load_classifier(name_or_path, config)
    with TemporaryDirectory() as folder:  # Trainer makes its output folder even where it writes nothing
        settings = MultiLabelTrainingArguments(
            output_dir=folder,
            per_device_eval_batch_size=batch_size,
            eval_strategy="no",
            save_strategy="no",
            load_best_model_at_end=False,
            report_to="none",
        )
        trainer = MultiLabelTrainer(model, settings, processing_class=tokenizer)
        found = trainer.predict(preprocess(documents, tokenizer))
    return SplitPrediction(config, documents, found.predictions, found.label_ids)
