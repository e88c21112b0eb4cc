# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Errors of loading a pretrained encoder."""

import errno

import pytest

from labelwise import UserInputError
from labelwise.families.static import StaticFamily


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ValueError("no such weights"), UserInputError),
        (MemoryError(), MemoryError),
        (OSError(errno.ENOSPC, "No space left on device"), OSError),
    ],
)
def test_errors_of_the_machine_say_nothing_of_the_encoder(bert, error, raised):
    family = StaticFamily(model="static", encoder=bert)
    with pytest.raises(raised), family.as_encoder_error():
        raise error
