# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels of a model that an option names."""

import pytest

from labelwise import LWLSTMConfig, UserInputError
from labelwise.label_ids import find_label_ids

WHEAT = LWLSTMConfig(id2label=dict(enumerate(["wheat", "corn", "money-fx"])))


COMMAS = LWLSTMConfig(id2label=dict(enumerate(["a, b", "c"])))


def test_ids_in_the_order_of_the_names():
    assert find_label_ids("--labels", ["corn", "wheat", "corn"], WHEAT) == [1, 0]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("weat", r"none of the model's 3 labels; did you mean wheat\?"),
        ("xyz", "some of them: wheat, corn, money-fx"),
        (3, "some of them: wheat, corn, money-fx"),
    ],
)
def test_an_unknown_label(name, told):
    with pytest.raises(UserInputError, match=f"^--labels {name}: .*{told}"):
        find_label_ids("--labels", ["corn", name], WHEAT)


def test_names_with_commas_are_told_apart():
    with pytest.raises(UserInputError, match=r"some of them: 'a, b', c$"):
        find_label_ids("--labels", ["xyz"], COMMAS)
