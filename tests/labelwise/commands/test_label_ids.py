# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels by name, and what is told of those that are none."""

import pytest

from labelwise import LWLSTMConfig
from labelwise.datasets_scripts import UserInputError
from labelwise.runs.label_ids import find_label_ids

CONFIG = LWLSTMConfig(id2label=dict(enumerate(["wheat", "corn", "money-fx"])))


def test_ids_in_the_order_of_the_names():
    assert find_label_ids("--labels", ["corn", "wheat", "corn"], CONFIG) == [1, 0]


@pytest.mark.parametrize(
    ("name", "told"),
    [("weat", "none of the model's 3 labels; some of them: wheat"), ("xyz", "some of them: wheat, corn, money-fx")],
)
def test_unknown(name, told):
    with pytest.raises(UserInputError, match=f"^--labels {name}: .*{told}"):
        find_label_ids("--labels", ["corn", name], CONFIG)
