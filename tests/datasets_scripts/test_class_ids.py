# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest
from datasets import ClassLabel, LargeList, List, Value

from labelwise.datasets_scripts.class_ids import class_names, name_ids
from labelwise.errors import UserInputError


@pytest.mark.parametrize("wrap", [lambda feature: feature, List, LargeList])
def test_names_of_a_column(wrap):
    assert class_names(wrap(ClassLabel(names=["x", "y"]))) == ["x", "y"]
    assert class_names(wrap(Value("int64"))) is None
    assert class_names(List(wrap(List(ClassLabel(names=["x", "y"]))))) is None


def test_names_of_ids():
    names = ["2", "0", "1"]  # that look like ids of other names
    assert name_ids([2, 0], "here", names) == ["1", "2"]
    assert name_ids(1, "here", names) == ["0"]
    assert name_ids([], "here", names) == []
    assert name_ids(None, "here", names) is None
    for label_id in (-1, 3, None):
        with pytest.raises(UserInputError, match=f"here: label id {label_id} has no name, only 0 to 2 have"):
            name_ids([0, label_id], "here", names)
