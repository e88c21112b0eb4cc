# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Limits of the search and the order of the labels."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError

from labelwise.configuration.configuration_label_sequences import LabelSequenceConfig


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 1], [1, 2, 3], [0, 1, 2, 3], []])
def test_an_order_that_does_not_name_each_label_once_is_refused(order):
    with pytest.raises(ValueError, match="label_order must name each label from 0 to 2 once"):
        LabelSequenceConfig(num_labels=3, label_order=order)


@pytest.mark.parametrize("settings", [{"num_beams": 0}, {"max_labels": 0}, {"max_labels": -1}])
def test_a_search_that_finds_nothing_is_refused(settings):
    with pytest.raises((ValueError, StrictDataclassFieldValidationError), match=next(iter(settings))):
        LabelSequenceConfig(**settings)


def test_any_order_of_all_labels():
    assert LabelSequenceConfig(num_labels=3, label_order=[2, 0, 1], max_labels=1).label_order == [2, 0, 1]
