# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Batches of waiting texts."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
import torch

from labelwise.serving import batches
from labelwise.serving.batches import BatchQueue, QueueFull
from labelwise.serving.metrics import Metrics

MODEL = SimpleNamespace(config=SimpleNamespace(num_labels=1))


class Reader:
    """In place of the model: the logit of a text is its length. It reads nothing until it may."""

    def __init__(self, monkeypatch):
        self.batches: list[list[str]] = []
        self.may_read = threading.Event()
        monkeypatch.setattr(batches, "iterate_logits", self.read)

    def read(self, model, tokenizer, documents, batch_size):
        self.may_read.wait(5)
        texts = [text for text, _ in documents]
        self.batches.append(texts)
        if "poison" in texts:
            raise RuntimeError("too much")
        yield documents, torch.tensor([[float(len(text))] for text in texts])


@pytest.fixture
def reader(monkeypatch) -> Reader:
    return Reader(monkeypatch)


def run(scenario, batch_size: int = 3, max_waiting: int = 8) -> None:
    async def main():
        queue = BatchQueue(MODEL, None, batch_size, max_waiting, Metrics())
        task = asyncio.create_task(queue.run())
        try:
            await asyncio.wait_for(scenario(queue), 10)
        finally:
            task.cancel()

    asyncio.run(main())


def ask(queue: BatchQueue, *texts: str) -> asyncio.Task:
    return asyncio.create_task(queue.logits([(text, {}) for text in texts]))


def test_requests_share_batches_of_like_length(reader):
    async def scenario(queue):
        first = ask(queue, "a")
        await asyncio.sleep(0.05)  # the model reads it, and waits
        others = [ask(queue, "b" * 9, "c"), ask(queue, "d" * 8), ask(queue, "e" * 2), ask(queue, "f" * 10)]
        await asyncio.sleep(0.05)
        reader.may_read.set()
        found = [(await one).flatten().tolist() for one in (first, *others)]
        assert found == [[1], [9, 1], [8], [2], [10]]

    run(scenario)
    # The longest waiting text leads, and those nearest to it in length join.
    assert reader.batches == [["a"], ["b" * 9, "d" * 8, "f" * 10], ["c", "e" * 2]]


def test_a_full_queue_refuses_whole_requests(reader):
    async def scenario(queue):
        reading = ask(queue, "a")
        await asyncio.sleep(0.05)
        waiting = ask(queue, "b", "c")
        await asyncio.sleep(0)
        with pytest.raises(QueueFull):
            await queue.logits([("d", {}), ("e", {})])
        fits = ask(queue, "f")
        reader.may_read.set()
        await asyncio.gather(reading, waiting, fits)

    run(scenario, max_waiting=3)
    assert reader.batches == [["a"], ["b", "c", "f"]]


def test_an_error_fails_its_batch_and_no_other(reader):
    async def scenario(queue):
        reader.may_read.set()
        with pytest.raises(RuntimeError, match="too much"):
            await queue.logits([("poison", {})])
        assert (await queue.logits([("ab", {})])).tolist() == [[2.0]]

    run(scenario)


def test_no_text_is_not_waited_for(reader):
    async def scenario(queue):
        assert (await queue.logits([])).shape == (0, 1)

    run(scenario)
