# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The tests that transformers shares between its models and tokenizers, from its source distribution.

They are in no wheel, and none of their code is here. To have them at hand:

    pip download --no-deps --no-binary transformers transformers==VERSION && tar xzf transformers-VERSION.tar.gz
    pip install parameterized
    LABELWISE_TRANSFORMERS_TESTS=transformers-VERSION/tests pytest -m slow tests/*/test_transformers_mixin.py
"""

import functools
import importlib
import os
import sys
import types
import unittest
from importlib.util import find_spec

import pytest

FOLDER = os.environ.get("LABELWISE_TRANSFORMERS_TESTS", "")
PACKAGE = "transformers_source_tests"
# What they import and the source distribution does not contain: tests of generation and of exporters.
LEFT_OUT = {"exporters.test_export": "ExportTesterMixin", "generation.test_utils": "GenerationTesterMixin"}


def load_mixin(module: str, name: str) -> type:
    """Return a mixin of a module of the source distribution's tests; skip the importing tests where there is none."""
    if not os.path.isfile(os.path.join(FOLDER, f"{module}.py")):
        pytest.skip(
            "LABELWISE_TRANSFORMERS_TESTS names no tests folder of transformers' sdist", allow_module_level=True
        )
    if find_spec("parameterized") is None:
        pytest.skip("the tests of transformers need `pip install parameterized`", allow_module_level=True)
    if PACKAGE not in sys.modules:
        _add_module(PACKAGE)
        for left_out, mixin in LEFT_OUT.items():
            _add_module(f"{PACKAGE}.{left_out.partition('.')[0]}")
            setattr(_add_module(f"{PACKAGE}.{left_out}"), mixin, type(mixin, (), {}))
    return getattr(importlib.import_module(f"{PACKAGE}.{module}"), name)


def _add_module(name: str) -> types.ModuleType:
    module = sys.modules[name] = types.ModuleType(name)
    module.__path__ = [os.path.abspath(FOLDER)] if name == PACKAGE else []
    return module


def make_case(name: str, mixin: type, reasons: dict[str, str], **attributes: object) -> type[unittest.TestCase]:
    """Return a test case of a mixin, with attributes, that skips the tests which cannot apply, each with its reason.

    Args:
        name (`str`): Name of the case.
        mixin (`type`): From `load_mixin`.
        reasons (`dict[str, str]`): Reasons by name of a test, or by the beginning of names.
        attributes: Attributes and methods of the case.
    """
    case = type(name, (mixin, unittest.TestCase), attributes)
    for test in unittest.TestLoader().getTestCaseNames(case):
        reason = next((why for beginning, why in reasons.items() if test.startswith(beginning)), None)
        if reason is not None:
            setattr(case, test, unittest.skip(reason)(functools.partialmethod(_nothing)))
    case.__module__ = __name__
    return pytest.mark.slow(case)


def _nothing(self: unittest.TestCase) -> None:
    """A test that is skipped."""
