# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Batches of waiting texts: those of all requests wait together, and one thread runs the model."""

import asyncio
import time
from asyncio import Future
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..runs.prediction import Document, iterate_logits
from .metrics import Metrics

# Seconds that a text waits for others, while the model has nothing to do.
_WAIT = 0.005


class QueueFull(Exception):
    """More texts wait than may; some of them will be answered in a second."""


class _Waiting(NamedTuple):
    document: Document
    logits: Future[torch.Tensor]
    since: float


class BatchQueue:
    """Texts that wait for the model, which reads them in batches of like length.

    A batch is the text that has waited longest, and of the others those nearest to it in length.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        batch_size (`int`): Texts of a batch.
        max_waiting (`int`): Texts that may wait.
        metrics (`Metrics`): Counts of the server.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        batch_size: int,
        max_waiting: int,
        metrics: Metrics,
    ) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.batch_size, self.max_waiting = batch_size, max_waiting
        self.metrics = metrics
        self._waiting: list[_Waiting] = []  # in the order of arrival
        self._arrived = asyncio.Event()
        metrics.waiting.set_function(lambda: len(self._waiting))

    async def logits(self, documents: Sequence[Document]) -> torch.Tensor:
        """Return the logits of texts, of shape `(documents, num_labels)`, when the model has read them.

        Args:
            documents (`Sequence[tuple[str, dict[str, bool]]]`): The texts, each with the labels that are known.

        Raises:
            QueueFull: Too many texts wait. None of these waits.
        """
        if not documents:
            return torch.empty(0, self.model.config.num_labels)
        if len(self._waiting) + len(documents) > self.max_waiting:
            raise QueueFull
        loop, now = asyncio.get_running_loop(), time.monotonic()
        waiting = [_Waiting(document, loop.create_future(), now) for document in documents]
        self._waiting += waiting
        self._arrived.set()
        return torch.stack(await asyncio.gather(*(text.logits for text in waiting)))

    async def run(self) -> None:
        """Answer what waits, batch by batch, until cancelled."""
        with ThreadPoolExecutor(1, "model") as thread:
            while True:
                await self._arrived.wait()
                if len(self._waiting) < self.batch_size:
                    await asyncio.sleep(self._waiting[0].since + _WAIT - time.monotonic())
                batch = self._take_batch()
                if not self._waiting:
                    self._arrived.clear()
                self.metrics.batch_texts.observe(len(batch))
                await self._answer(batch, thread)

    def _take_batch(self) -> list[_Waiting]:
        first = len(self._waiting[0].document[0])
        nearest = sorted(self._waiting[1:], key=lambda text: abs(len(text.document[0]) - first))
        batch = [self._waiting[0], *nearest[: self.batch_size - 1]]
        taken = set(map(id, batch))
        self._waiting = [text for text in self._waiting if id(text) not in taken]
        return batch

    async def _answer(self, batch: list[_Waiting], thread: ThreadPoolExecutor) -> None:
        documents = [text.document for text in batch]
        try:
            rows = await asyncio.get_running_loop().run_in_executor(thread, self._read, documents)
        # Whatever goes wrong, such as too little memory, the requests must be answered, and the next batch be read.
        except Exception as error:
            for text in batch:
                text.logits.set_exception(error)
            return
        for text, row_L in zip(batch, rows, strict=True):
            text.logits.set_result(row_L)

    def _read(self, documents: list[Document]) -> torch.Tensor:
        blocks = iterate_logits(self.model, self.tokenizer, documents, self.batch_size)
        return torch.cat([logits_BL for _, logits_BL in blocks])
