# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise serve`: its options, and where it listens. The server itself: tests/labelwise/serving."""

import json
import socket
import sys
from contextlib import closing

import pytest

from labelwise.commands import serve
from labelwise.commands.serve import ServeArguments, run


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", "required: --model_name_or_path"),
        ("--model_name_or_path nowhere", "neither a folder nor a Hub id"),
        ("--model_name_or_path FILES", "contains no model"),
        ("--model_name_or_path MODEL --port 65536", "--port 65536: must be >= 0 and < 65536"),
        ("--model_name_or_path MODEL --max_texts 0", "--max_texts 0: must be > 0"),
        ("--model_name_or_path MODEL --max_texts 9 --max_waiting 8", "--max_texts 9: must be <= --max_waiting 8"),
        ("--model_name_or_path MODEL --host 192.0.2.1", "--host 192.0.2.1 --port 8000: cannot listen there"),
    ],
)
def test_refused(refused, model, files, options, told):
    assert told in refused(f"serve {options.replace('MODEL', str(model)).replace('FILES', str(files))}")


def test_a_port_in_use(refused, model):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert "Address already in use" in refused(f"serve --model_name_or_path {model} --port {port}")


def test_a_missing_package(refused, model, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("labelwise.serving")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert "pip install 'labelwise[serve]'" in refused(f"serve --model_name_or_path {model}")


@pytest.mark.parametrize(("host", "is_told"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)])
def test_other_machines_only_where_told_and_said(model, monkeypatch, caplog, capsys, host, is_told):
    monkeypatch.setattr(serve, "run_until_stopped", lambda server, listener: None)
    run(ServeArguments(model_name_or_path=str(model), host=host, port=0))
    assert json.loads(capsys.readouterr().out)["url"].startswith(f"http://{host}:")
    told = "every machine that can reach this one may use the model; it asks for no password"
    assert (told in caplog.text) == is_told
    assert ServeArguments(model_name_or_path=str(model)).host == "127.0.0.1"
    assert ServeArguments.port == 8000
