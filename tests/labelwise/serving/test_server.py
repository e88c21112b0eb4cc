# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The server as a process: many clients at once, clients that break off, and a stop under load."""

import http.client
import json
import random
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from transformers import pipeline

from ...listening import listening
from ...tiny_corpus import make_documents

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def address(model, log):
    """The address of a server that all tests here but the last one share."""
    with listening(log, "serve", "--model_name_or_path", model, "--max_waiting", "300") as (url, _):
        yield urlsplit(url)


def connect(address) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(address.hostname, address.port, timeout=30)


def ask(connection: http.client.HTTPConnection, asked) -> tuple[int, dict | list]:
    connection.request("POST", "/predict", json.dumps(asked).encode())
    answer = connection.getresponse()
    return answer.status, json.load(answer)


def read_metrics(address) -> str:
    with closing(connect(address)) as connection:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()


def test_200_requests_at_once_are_answered_as_by_the_pipeline(address, log, model):
    texts = [
        document["text"] * random.Random(seed).randint(1, 20) for seed, document in enumerate(make_documents(200, 9))
    ]
    expected = pipeline("multi-label-classification", model=str(model))(texts)
    barrier = threading.Barrier(len(texts))

    def client(text):
        with closing(connect(address)) as connection:
            connection.connect()
            barrier.wait(60)
            return ask(connection, text)

    with ThreadPoolExecutor(len(texts)) as clients:
        found = list(clients.map(client, texts))
    assert {status for status, _ in found} == {200}
    for (_, one), other in zip(found, expected, strict=True):
        assert one["labels"] == other["labels"]
        assert one["scores"] == pytest.approx(other["scores"], abs=2e-6)
    counted = dict(line.rsplit(" ", 1) for line in read_metrics(address).splitlines())
    assert counted["labelwise_batch_texts_sum"] == "200.0"
    assert float(counted["labelwise_batch_texts_count"]) < 100  # they shared batches
    assert log.read_text() == ""


def test_bodies_of_10_mb_and_wrong_ones_leave_the_server_well(address, log):
    wrong = {413: b'"' + b"a" * 10_000_000 + b'"', 400: b"\x00\xff" * 1000, 422: b'{"inputs": {"a": 1}}'}
    for status, body in wrong.items():
        with closing(connect(address)) as connection:
            connection.request("POST", "/predict", body)
            answer = connection.getresponse()
            assert answer.status == status
            assert json.load(answer).keys() == {"error"}
    with closing(connect(address)) as connection:
        assert ask(connection, "money loan")[0] == 200
    assert log.read_text() == ""


def test_clients_that_break_off(address, log):
    head = b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
    for sent in (b"", b"POST /pre", head, head + b'"half of', b"nonsense\r\n\r\n", head.replace(b"1000", b"-1")):
        with socket.create_connection((address.hostname, address.port)) as client:
            client.sendall(sent)
    with socket.create_connection((address.hostname, address.port)) as client:  # reads no answer
        client.sendall(head.replace(b"1000", b"7") + b'"money"')
    with closing(connect(address)) as connection:
        assert ask(connection, "money loan")[0] == 200
    assert 'labelwise_requests_total{status="499"} 2.0' in read_metrics(address)
    assert "Traceback" not in log.read_text()


def test_a_stop_under_load_loses_nothing(model, tmp_path):
    with listening(tmp_path / "log", "serve", "--model_name_or_path", model, "--max_waiting", "300") as (url, process):
        address, stopped = urlsplit(url), threading.Event()
        with ThreadPoolExecutor(40) as threads, closing(connect(address)) as many, closing(connect(address)) as slow:
            clients = [threads.submit(ask_until_refused, address, seed, stopped) for seed in range(40)]
            time.sleep(2)
            many.request("POST", "/predict", json.dumps(["money ball bread " * 100] * 200).encode())
            slow.putrequest("POST", "/predict")
            slow.putheader("Content-Length", "7")
            slow.endheaders(b'"mon')
            time.sleep(0.5)
            stopped.set()
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            slow.send(b'ey"')
            assert slow.getresponse().status == 200
            answer = many.getresponse()
            assert (answer.status, len(json.load(answer))) == (200, 200)
            statuses = [client.result(60) for client in clients]
        assert process.wait(120) == 0
        assert process.stdout.read() == b""
    assert sum(one.count(200) for one in statuses) > 40
    assert {status for one in statuses for status in one} <= {200, 503}
    assert (tmp_path / "log").read_text() == ""


def ask_until_refused(address, seed: int, stopped: threading.Event) -> list[int]:
    """Statuses of requests until the server takes none. What was sent before the stop must be answered."""
    statuses = []
    text = "money ball bread " * (1 + seed % 40)
    while True:
        was_sent_before = not stopped.is_set()
        try:
            with closing(connect(address)) as connection:
                while True:
                    was_sent_before = not stopped.is_set()
                    status, answer = ask(connection, text)
                    statuses.append(status)
                    if status == 503 and "stopping" in answer["error"]:
                        break
        except (ConnectionError, http.client.BadStatusLine):
            if was_sent_before:
                raise
            return statuses
