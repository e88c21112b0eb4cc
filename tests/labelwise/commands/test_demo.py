# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise demo`: its options, and where it listens. The page itself: tests/labelwise/demo."""

import json
import signal
import sys
from urllib.request import urlopen

import pytest

from labelwise.commands import demo
from labelwise.commands.demo import DemoArguments, run

from ...listening import listening


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", "required: --model_name_or_path"),
        ("--model_name_or_path FILES", "contains no model"),
        ("--model_name_or_path MODEL --port -1", "--port -1: must be >= 0 and < 65536"),
        (
            "--model_name_or_path MODEL --host nowhere.invalid",
            "--host nowhere.invalid --port 7860: cannot listen there",
        ),
    ],
)
def test_refused(refused, model, files, options, told):
    assert told in refused(f"demo {options.replace('MODEL', str(model)).replace('FILES', str(files))}")


def test_a_missing_package(refused, model, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("labelwise.demo")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "gradio", None)
    assert "pip install 'labelwise[demo]'" in refused(f"demo --model_name_or_path {model}")


@pytest.mark.parametrize(("host", "is_told"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_other_machines_only_where_told_and_said(model, monkeypatch, caplog, capsys, host, is_told):
    monkeypatch.setattr(demo, "run_until_stopped", lambda server, listener: None)
    run(DemoArguments(model_name_or_path=str(model), host=host, port=0))
    assert json.loads(capsys.readouterr().out)["url"].startswith(f"http://{host}:")
    assert ("every machine that can reach this one" in caplog.text) == is_told


@pytest.mark.slow
def test_a_page_until_it_is_stopped(model, tmp_path):
    with listening(tmp_path / "log", "demo", "--model_name_or_path", model) as (url, process):
        with urlopen(url, timeout=60) as answer:
            assert b"gradio_config" in answer.read()
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
        assert process.stdout.read() == b""
    assert (tmp_path / "log").read_text("utf-8") == ""
