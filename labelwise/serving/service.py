# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The application of `labelwise serve`: `POST /predict`, `GET /health` and `GET /metrics`, errors as JSON."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..errors import UserInputError
from ..json_text import dump_json
from ..runs.answers import make_answers
from .batches import BatchQueue, QueueFull
from .metrics import Metrics
from .questions import Limits, NoJSON, read_question

# Seconds within which the body of a request must arrive.
_BODY_SECONDS = 10
# Seconds in which requests that were sent before the stop are read.
_LAST_SECONDS = 1
_NOBODY_READS_THIS = 499


class Service:
    """A model that answers over HTTP.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        limits (`Limits`): Largest sizes of a request.
        batch_size (`int`): Texts of a batch.
        max_waiting (`int`): Texts that may wait; further requests are refused with 503.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        limits: Limits,
        batch_size: int,
        max_waiting: int,
    ) -> None:
        self.config, self.limits = model.config, limits
        self.metrics = Metrics()
        self.queue = BatchQueue(model, tokenizer, batch_size, max_waiting, self.metrics)
        self.is_stopping = False
        self._num_active = 0
        self.app = Starlette(
            routes=[
                Route("/predict", self._predict, methods=["POST"]),
                Route("/health", self._health),
                Route("/metrics", self._metrics),
            ],
            exception_handlers={HTTPException: _http_error, Exception: _server_error},
            lifespan=self._lifespan,
        )

    async def stop(self) -> None:
        """Refuse new requests, with an answer, and return when those that came before are answered."""
        self.is_stopping = True
        await asyncio.sleep(_LAST_SECONDS)
        while self._num_active:
            await asyncio.sleep(0.02)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        batches = asyncio.create_task(self.queue.run())
        yield
        batches.cancel()

    async def _predict(self, request: Request) -> Response:
        start = time.monotonic()
        status = 500
        self._num_active += 1
        try:
            response = await self._answer(request)
            status = response.status_code
        finally:
            self._num_active -= 1
            self.metrics.requests.labels(status).inc()
            self.metrics.seconds.observe(time.monotonic() - start)
        return response

    async def _answer(self, request: Request) -> Response:
        came_too_late = self.is_stopping
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _read_body(request, self.limits.max_body_bytes)
        except TimeoutError:
            return _error(408, f"the body did not arrive within {_BODY_SECONDS} s", {"Connection": "close"})
        except ClientDisconnect:
            return Response(status_code=_NOBODY_READS_THIS)
        if came_too_late:
            return _error(503, "the server is stopping; send the request to another", {"Connection": "close"})
        if body is None:
            return _error(413, f"the body is too large: it may have {self.limits.max_body_bytes:,} bytes")
        try:
            documents, rules, is_list = read_question(body, self.config, self.limits)
        except NoJSON as error:
            return _error(400, str(error))
        except UserInputError as error:
            return _error(422, str(error))
        try:
            logits_BL = await self.queue.logits(documents)
        except QueueFull:
            told = f"{self.queue.max_waiting:,} texts may wait, and the queue is full; try again in a second"
            return _error(503, told, {"Retry-After": "1"})
        answers = [answer._asdict() for answer in make_answers(documents, logits_BL, rules, self.config)]
        return _json(answers if is_list else answers[0])

    async def _health(self, request: Request) -> Response:
        status = "stopping" if self.is_stopping else "ok"
        return _json({"status": status, "labels": self.config.num_labels}, 503 if self.is_stopping else 200)

    async def _metrics(self, request: Request) -> Response:
        return Response(generate_latest(self.metrics.registry), media_type=CONTENT_TYPE_LATEST)


async def _read_body(request: Request, max_bytes: int) -> bytes | None:
    """Return the body; `None` if it is too large. It is read to its end, or the client would not read the answer."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size <= max_bytes:
            parts.append(part)
    return b"".join(parts) if size <= max_bytes else None


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(dump_json(value), status, headers, "application/json")


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return _json({"error": message}, status, headers)


async def _http_error(request: Request, error: HTTPException) -> Response:
    return _error(error.status_code, f"{request.method} {request.url.path}: {error.detail}", error.headers)


async def _server_error(request: Request, error: Exception) -> Response:
    return _error(500, str(error) if isinstance(error, UserInputError) else "the server failed; its messages say why")
