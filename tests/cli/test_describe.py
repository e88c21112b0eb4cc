# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The description of all options."""

from labelwise_cli.describe import describe, to_json
from labelwise_cli.parsing import OPTIONS_FILE


def test_description_is_current():
    described = to_json(describe())
    assert OPTIONS_FILE.read_text("utf-8") == described, "an option changed: run `make options`"
