# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Requests per second and latency of `labelwise serve`, on this machine alone.

Usage: `python -m benchmarks.serve_load --models FOLDER ... [--note NOTE] [--output_file FILE]`

The server is a process on a free loopback port. Each of `--clients` threads keeps one connection and sends texts of the
embedded corpus one by one, the next when the last is answered. Latency is what the client waits. All requests must be
answered with 200. The first round, of as many requests as there are clients, is not measured.
"""

import argparse
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import torch

from labelwise.datasets_scripts import load_corpus
from labelwise.errors import UserInputError
from labelwise.runs.writing import check_file

from .recording import describe, save_measurement


def main(argv: list[str] | None = None) -> int:
    """Measure all models, print one line of JSON for each, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.serve_load", description=__doc__.split("\n")[0])
    parser.add_argument("--models", nargs="+", required=True, metavar="FOLDER", help="trained models, one row each")
    parser.add_argument("--requests", type=int, default=400, help="requests of each measurement")
    parser.add_argument(
        "--clients", type=int, nargs="+", default=[1, 16], help="clients at once, a row for each number"
    )
    parser.add_argument("--note", help="what else the machine does, for the record")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    try:
        check_file("--output_file", args.output_file)
        measurement = measure(args)
    except UserInputError as error:
        print(f"benchmarks.serve_load: error: {error}", file=sys.stderr)
        return 2
    save_measurement(measurement, args.output_file)
    return 0


def measure(args: argparse.Namespace) -> dict:
    """Measure each model with each number of clients.

    Args:
        args (`argparse.Namespace`): Options of the command line.

    Returns:
        `dict`: The measurement, with one row per model and number of clients.

    Raises:
        UserInputError: A server does not start.
    """
    texts = load_corpus("support_tickets")["train"]["text"]
    words = sum(len(text.split()) for text in texts) / len(texts)
    facts = {"corpus": "support_tickets", "words": words, "requests": args.requests, "note": args.note}
    measurement = {**describe(torch.device("cpu")), **facts, "rows": []}
    for model in args.models:
        with start_server(model) as url:
            for clients in args.clients:
                send(url, list(islice(cycle(texts), clients)), clients)
                start = time.perf_counter()
                latencies = send(url, list(islice(cycle(texts), args.requests)), clients)
                row = {
                    "model": Path(model).name,
                    "clients": clients,
                    "requests_per_second": args.requests / (time.perf_counter() - start),
                    "median_ms": 1000 * median(latencies),
                    "percentile_95_ms": 1000 * quantiles(latencies, n=20)[-1],
                }
                measurement["rows"].append(row)
                print(json.dumps(row), flush=True)
    return measurement


@contextmanager
def start_server(model: str) -> Iterator[str]:
    """Yield the address of a server of a model, which is stopped afterwards."""
    command = [sys.executable, "-m", "labelwise_cli", "serve", "--model_name_or_path", model, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        if not line:
            raise UserInputError(f"--models {model}: its server did not start")
        try:
            yield json.loads(line)["url"]
        finally:
            process.terminate()


def send(url: str, texts: list[str], clients: int) -> list[float]:
    """Send texts by several clients at once; return the seconds that each waited for its answer."""
    address = urlsplit(url)

    def client(own: list[str]) -> list[float]:
        waited = []
        with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=600)) as connection:
            for text in own:
                start = time.perf_counter()
                connection.request("POST", "/predict", json.dumps(text).encode())
                answer = connection.getresponse()
                answer.read()
                waited.append(time.perf_counter() - start)
                if answer.status != 200:
                    raise RuntimeError(f"a request was answered with {answer.status}")
        return waited

    with ThreadPoolExecutor(clients) as threads:
        return [
            seconds for waited in threads.map(client, [texts[i::clients] for i in range(clients)]) for seconds in waited
        ]


if __name__ == "__main__":
    sys.exit(main())
