# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Logits of a trained model: on texts as they come, or on a split with its metrics."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from numbers import Integral
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from transformers import BatchEncoding, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import tqdm

from ..errors import UserInputError
from ..tokenization.long_texts import read_beginnings
from .loading import load_config_and_tokenizer, load_for_inference
from .read_ahead import read_ahead

if TYPE_CHECKING:
    from datasets import Dataset

    from .data import DataArguments

# Texts of a block, whose batches contain texts of like length, and scores at most, so that memory stays bounded.
_BLOCK, _BLOCK_SCORES = 4096, 2**22
# Batches of short texts have more texts: up to so many tokens for each text of `batch_size`, and so many scores.
_TOKENS_PER_TEXT, _BATCH_SCORES = 64, 2**15


Document = tuple[str, Mapping[str, bool]]


@torch.inference_mode()
def iterate_logits(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, documents: Iterable[Document], batch_size: int
) -> Iterator[tuple[list[Document], torch.Tensor]]:
    """Yield the logits of texts, block by block; a thread reads and tokenizes the next block meanwhile.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        documents (`Iterable[tuple[str, dict[str, bool]]]`): Texts, each with the labels that are known: whether they
            apply, by name (for models with label tokens).
        batch_size (`int`): Number of texts of a batch; more where they are short (`cut_batches`).

    Yields:
        `list[tuple[str, dict[str, bool]]]`: The documents of a block.
        `torch.FloatTensor` of shape `(documents, num_labels)`: Their logits, in their order, on the CPU.

    Raises:
        UserInputError: `batch_size` is no whole number > 0.
    """
    if isinstance(batch_size, bool) or not isinstance(batch_size, Integral) or batch_size < 1:
        raise UserInputError(f"batch_size {batch_size!r}: must be a whole number > 0")
    num_labels = model.config.num_labels
    size = min(_BLOCK, max(1, _BLOCK_SCORES // num_labels))
    for block, input_ids in read_ahead(_tokenize(tokenizer, documents, size)):
        order = sorted(range(len(block)), key=lambda i: -len(input_ids[i]))
        lengths = [len(input_ids[i]) for i in order]
        logits = []
        for rows in cut_batches(lengths, batch_size, num_labels):
            batch = _pad([input_ids[i] for i in order[rows]], tokenizer).to(model.device)
            logits.append(model(**batch).logits.float().cpu())
        yield block, torch.cat(logits)[torch.tensor(order).argsort()]


def _tokenize(
    tokenizer: PreTrainedTokenizerBase, documents: Iterable[Document], size: int
) -> Iterator[tuple[list[Document], list[np.ndarray]]]:
    """Yield blocks of documents and their ids."""
    documents = iter(documents)
    while block := list(islice(documents, size)):
        encoded = tokenizer(read_beginnings([text for text, _ in block], tokenizer), truncation=True)
        known = [labels for _, labels in block]
        if any(known):
            tokenizer.fill_in(encoded, known)
        yield block, [np.array(ids, dtype=np.int32) for ids in encoded["input_ids"]]


def cut_batches(lengths: Sequence[int], batch_size: int, num_labels: int) -> Iterator[slice]:
    """Yield the batches of texts: `batch_size` of them, or more where they are short.

    Args:
        lengths (`Sequence[int]`): Tokens of each text, in falling order.
        batch_size (`int`): Texts of a batch at least, but for the last one.
        num_labels (`int`): Number of labels; a larger batch has a bounded number of scores.
    """
    start = 0
    while start < len(lengths):
        of_tokens = batch_size * _TOKENS_PER_TEXT // max(1, lengths[start])
        size = max(batch_size, min(of_tokens, _BATCH_SCORES // num_labels))
        yield slice(start, start + size)
        start += size


def _pad(rows: Sequence[np.ndarray], tokenizer: PreTrainedTokenizerBase) -> BatchEncoding:
    """Return what `tokenizer.pad` does, in a sixth of its time; the first row is the longest."""
    ids_BT = np.full((len(rows), len(rows[0])), tokenizer.pad_token_id)
    mask_BT = np.zeros_like(ids_BT)
    for number, row in enumerate(rows):
        place = slice(len(row)) if tokenizer.padding_side == "right" else slice(len(rows[0]) - len(row), None)
        ids_BT[number, place] = row
        mask_BT[number, place] = 1
    return BatchEncoding({"input_ids": torch.from_numpy(ids_BT), "attention_mask": torch.from_numpy(mask_BT)})


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
    from ..trainer.preprocessing import label_matrix  # imports `datasets`, which texts as they come do not need

    config, tokenizer = load_config_and_tokenizer(name_or_path)
    if not calibrated:
        config.calibration = None
    documents = data_args.load_split(split, config.label_names)
    model = load_for_inference(name_or_path, config)
    texts = ((text, {}) for text in tqdm(documents["text"], desc="Predicting", unit="document"))
    logits = [logits_BL for _, logits_BL in iterate_logits(model, tokenizer, texts, batch_size)]
    return SplitPrediction(config, documents, torch.cat(logits).numpy(), label_matrix(documents))
