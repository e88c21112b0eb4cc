# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`POST /predict`, `GET /health` and `GET /metrics`, in the process of the test."""

import asyncio

import pytest
from starlette.testclient import TestClient
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from labelwise.serving import service as service_module
from labelwise.serving.questions import Limits
from labelwise.serving.service import Service

TEXTS = ["the money, the loan", "", "ball goal team " * 30, "soup"]


@pytest.fixture
def service(model) -> Service:
    classifier = AutoModelForSequenceClassification.from_pretrained(model).eval()
    limits = Limits(max_texts=5, max_characters=1000, max_body_bytes=5000)
    return Service(classifier, AutoTokenizer.from_pretrained(model), limits, batch_size=4, max_waiting=6)


@pytest.fixture
def client(service):
    with TestClient(service.app, raise_server_exceptions=False) as client:
        yield client


def test_answers_are_those_of_the_pipeline(client, model):
    expected = pipeline("multi-label-classification", model=str(model))(TEXTS)
    found = client.post("/predict", json=TEXTS)
    assert found.headers["content-type"] == "application/json"
    for one, other in zip(found.json(), expected, strict=True):
        assert one["labels"] == other["labels"]
        assert one["scores"] == pytest.approx(other["scores"], abs=2e-6)
    assert client.post("/predict", json=TEXTS[0]).json()["labels"] == expected[0]["labels"]
    found = client.post("/predict", json={"inputs": TEXTS[2], "parameters": {"threshold": 1e-6, "top_k": 1}}).json()
    assert (found["labels"], len(found["scores"])) == (list(expected[0]["scores"]), 1)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (400, b"{", "the body is no JSON"),
        (413, b'"' + b"a" * 5000 + b'"', "the body is too large: it may have 5,000 bytes"),
        (422, b"[1]", "inputs[0]: the text is of type int"),
        (422, b'["' + b"a" * 1001 + b'"]', "1,001 characters: a text may have 1,000"),
        (422, b'["a", "a", "a", "a", "a", "a"]', "6 texts: a request may have 5"),
    ],
)
def test_refused(client, status, body, told):
    answer = client.post("/predict", content=body)
    assert answer.status_code == status
    assert answer.json().keys() == {"error"} and told in answer.json()["error"]
    assert f'labelwise_requests_total{{status="{status}"}} 1.0' in client.get("/metrics").text


def test_a_body_that_is_sent_in_parts_is_measured_too(client):
    answer = client.post("/predict", content=(b"a" * 1000 for _ in range(6)))
    assert answer.status_code == 413


def test_a_body_that_does_not_arrive(service, monkeypatch):
    monkeypatch.setattr(service_module, "_BODY_SECONDS", 0.01)
    sent = []

    async def never():
        await asyncio.sleep(5)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/predict", "headers": [], "query_string": b""}
    asyncio.run(service.app(scope, never, send))
    assert sent[0]["status"] == 408
    assert b"did not arrive within" in sent[1]["body"]


def test_other_paths_and_methods(client):
    assert client.get("/nowhere").json() == {"error": "GET /nowhere: Not Found"}
    answer = client.get("/predict")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_health_and_stopping(client, service):
    assert client.get("/health").json() == {"status": "ok", "labels": 3}
    service.is_stopping = True
    assert client.get("/health").status_code == 503
    answer = client.post("/predict", json="money")
    assert (answer.status_code, answer.headers["connection"]) == (503, "close")
    assert "the server is stopping" in answer.json()["error"]


def test_a_full_queue(client, service):
    service.queue.max_waiting = 1
    answer = client.post("/predict", json=["a", "b"])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "the queue is full" in answer.json()["error"]


def test_a_model_that_fails(client, service, monkeypatch):
    def fail(documents):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(service.queue, "_read", fail)
    answer = client.post("/predict", json="money")
    assert (answer.status_code, answer.json()) == (500, {"error": "the server failed; its messages say why"})
    monkeypatch.undo()
    assert client.post("/predict", json="money").status_code == 200


def test_metrics(client):
    client.post("/predict", json=["a", "b", "c"])
    found = client.get("/metrics")
    assert found.headers["content-type"].startswith("text/plain")
    for line in (
        'labelwise_requests_total{status="200"} 1.0',
        "labelwise_request_seconds_count 1.0",
        "labelwise_batch_texts_sum 3.0",
        "labelwise_waiting_texts 0.0",
    ):
        assert line in found.text.splitlines()
