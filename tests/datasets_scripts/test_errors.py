# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from labelwise.datasets_scripts import UserInputError


def test_is_a_value_error():
    assert issubclass(UserInputError, ValueError)
