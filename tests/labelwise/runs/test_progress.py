# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What commands show on standard error: tests/cli/test_streams.py has every command."""

import logging
import warnings

import datasets
import pytest
from transformers.utils.logging import enable_progress_bar, is_progress_bar_enabled

from labelwise.runs.progress import set_up_streams


def test_messages_of_this_package_and_errors_of_libraries(capsys):
    set_up_streams()
    logging.getLogger("labelwise.trainer").info("told")
    logging.getLogger("labelwise.trainer").debug("not told")
    library = logging.Logger("a library")  # a tree of its own: pytest has handlers in the other one
    library.warning("chatter")
    library.error("broken")
    assert capsys.readouterr().err == "told\nbroken\n"


@pytest.mark.parametrize(
    ("name", "is_shown"),
    [
        ("transformers.modeling_utils", False),
        ("torch.onnx", False),
        ("datasets.arrow_dataset", False),
        ("datasets.load", True),
        ("huggingface_hub.utils._http", True),
    ],
)
def test_warnings_of_libraries_with_handlers(name, is_shown):
    set_up_streams()
    assert logging.getLogger(name).isEnabledFor(logging.WARNING) == is_shown
    assert logging.getLogger(name).isEnabledFor(logging.ERROR)


@pytest.mark.parametrize(("options", "shown"), [([], ["mine"]), (["default"], ["mine", "theirs"])])
def test_python_warnings(monkeypatch, recwarn, options, shown):
    monkeypatch.setattr("sys.warnoptions", options)
    set_up_streams()
    warnings.warn_explicit("mine", UserWarning, "a.py", 1, module="labelwise.trainer.metrics")
    warnings.warn_explicit("theirs", UserWarning, "b.py", 1, module="sklearn.svm")
    assert [str(warning.message) for warning in recwarn] == shown


@pytest.mark.parametrize("is_terminal", [False, True])
def test_bars_are_for_terminals(monkeypatch, capsys, is_terminal):
    enable_progress_bar()
    monkeypatch.setattr("sys.stderr.isatty", lambda: is_terminal)
    set_up_streams()
    assert is_progress_bar_enabled() == is_terminal
    assert is_terminal or datasets.are_progress_bars_disabled()
