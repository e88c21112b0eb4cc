# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What the configuration of the linear classifiers refuses."""

import pytest
from huggingface_hub.errors import StrictDataclassError

from labelwise import TfidfLinearConfig


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 1], [1, 2, 3], []])
def test_a_chain_order_names_every_label_once(order):
    with pytest.raises((ValueError, StrictDataclassError), match="chain_order must name each label from 0 to 2 once"):
        TfidfLinearConfig(method="cc", num_labels=3, chain_order=order)
    assert TfidfLinearConfig(method="cc", num_labels=3, chain_order=[2, 0, 1]).chain_order == [2, 0, 1]


def test_an_unknown_method():
    with pytest.raises(StrictDataclassError, match="method"):
        TfidfLinearConfig(method="ecc")
