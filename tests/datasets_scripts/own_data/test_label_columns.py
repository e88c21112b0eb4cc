# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts.own_data.label_columns import Columns, find_columns, list_columns
from labelwise.datasets_scripts.own_data.options import LabelOptions
from labelwise.datasets_scripts.own_data.reading import Source
from labelwise.datasets_scripts.own_data.sources import Record
from labelwise.errors import UserInputError


def source(*rows, name="a.csv"):
    return Source(name, lambda: (Record(f"line {i}", row) for i, row in enumerate(rows, start=2)))


def test_columns_that_contain_only_0_and_1():
    rows = [
        {"text": "1", "id": "1", "b": "1", "a": 0, "x": "1", "blank": "", "unknown_labels": "1", "": "1"},
        {"text": "0", "id": "0", "b": "", "a": None, "x": "2", "blank": None, "late": True},
    ]
    others = {"x": "'x', which has '2' at line 3"}
    assert list_columns(source(*rows), LabelOptions()) == Columns(["b", "a", "late"], others, [], has_unnamed=True)


def test_columns_that_nearly_contain_only_0_and_1_are_described():
    rows = [{"text": "x", "a": 0, "b": 1, "c": 1}] * 20 + [{"text": "x", "a": 2, "b": 1, "c": "?"}]
    others = {"a": "'a', which has 2 at line 22", "c": "'c', which has '?' at line 22"}
    assert list_columns(source(*rows), LabelOptions()) == Columns(["b"], others, [*others.values()])
    assert list_columns(source(*rows[15:]), LabelOptions()).nearly == []
    long = list_columns(source({"text": "x", "a": "word " * 100}), LabelOptions()).others["a"]
    assert long.startswith("'a', which has 'word word") and long.endswith("…' at line 2") and len(long) < 100


def find(model_labels=None, label_columns="auto", **splits):
    """Return the label columns by split; the rows of a split `test` are those of test.csv."""
    options = LabelOptions(label_columns=label_columns, unseen_labels=splits.pop("unseen_labels", "error"))
    sources = {split: source(*rows, name=f"{split}.csv") for split, rows in splits.items()}
    return find_columns(sources, options, model_labels)


def test_label_columns_are_found_and_told(caplog):
    rows = [{"text": "x", "a": "0", "b, c": "1", "n": "7"}, {"text": "y", "a": "yes", "b, c": "0", "n": "0"}]
    assert find(train=rows) == {"train": ["a", "b, c"]}
    assert caplog.messages == ["train.csv: the label columns are a, 'b, c' (label_columns sets them)"]


def test_columns_that_are_nearly_label_columns_are_told(caplog):
    rows = [{"text": "x", "a": "0", "b": "1"}] * 10 + [{"text": "x", "a": "0", "b": "?"}]
    assert find(train=rows) == {"train": ["a"]}
    assert caplog.messages[0] == "train.csv: not read as label columns: 'b', which has '?' at line 12"


@pytest.mark.parametrize("model_labels", [None, ["a"]])
def test_a_column_of_0_and_1_without_a_name_is_told(caplog, model_labels):
    def rows(*unnamed):
        return [{"": value, "text": "x", "a": i % 2} for i, value in enumerate(unnamed)]

    assert find(model_labels, train=rows("1", "0", "1"), test=rows(1, None)) == {"train": ["a"], "test": ["a"]}
    what = "a column of 0 and 1 without a name is left out; if it is a label, name it in the header"
    told = [f"train.csv: {what}", f"test.csv: {what}"]
    assert [line for line in caplog.messages if "without a name" in line] == told
    caplog.clear()
    find(model_labels, train=rows(0, 1, 2), test=rows("", None))  # the index of pandas; a comma at the end of all rows
    assert "without a name" not in caplog.text
    find_columns({"train": source(*rows(1, 0), name="a.xlsx")}, LabelOptions(label_columns="auto"), model_labels)
    formula = "its name may be a formula without a stored value: open and save the file in Excel"
    assert f"a.xlsx: {what} ({formula})" in caplog.messages


TRAIN = [{"text": "x", "id": 1, "a": 0, "late": 1, "stars": 1, "blank": ""}, {"text": "y", "a": 1, "stars": 5}]


@pytest.mark.parametrize("name", ["roof", "blank"])
def test_a_column_of_0_and_1_that_training_has_not_is_a_label(name):
    found = {"train": ["a", "late"], "test": ["a", "late", name]}
    assert find(train=TRAIN, test=[{"text": "x", "a": 0, "late": 0, name: 1}]) == found
    assert find(train=TRAIN, test=[{"text": "x"}, {"text": "x", name: "no"}]) == found


@pytest.mark.parametrize(
    "row", [{"stars": 1}, {"year": 2026}, {"score": 0.5}, {"id": 1}, {"note": ""}, {"text": "1", "unknown_labels": "1"}]
)
def test_other_columns_are_no_labels(row):
    """Those that training has, with other values, and those that contain something else."""
    assert find(train=TRAIN, validation=[{"text": "x", "a": 0, **row}])["validation"] == ["a", "late"]


def test_label_columns_of_a_model_are_those_with_its_names():
    rows = [{"text": "x", "a": "7", "c": "1", "n": "2"}]
    assert find(["c", "b", "a"], test=rows) == {"test": ["c", "a"]}
    with pytest.raises(UserInputError, match="no column has the name of a label of the model; name the columns"):
        find(["b"], test=rows)


def test_columns_beside_those_of_a_model_count_only_if_the_user_says_so(caplog):
    rows = [{"text": "x", "a": "0", "roof": "1"}]
    what = "columns of 0 and 1 that are no labels of the model are left out: roof"
    assert find(["a", "b"], test=rows) == {"test": ["a"]}
    assert caplog.messages[1:] == [f"test.csv: {what} (unseen_labels miss counts them)"]
    for choice in ("miss", "ignore"):
        caplog.clear()
        assert find(["a", "b"], train=rows, test=rows, unseen_labels=choice) == {"train": ["a"], "test": ["a", "roof"]}
        assert caplog.messages[1:] == [f"train.csv: {what}"]


def test_no_label_columns():
    with pytest.raises(UserInputError, match="label_columns auto: no column contains only 0 and 1; name the columns"):
        find(train=[{"text": "x", "a": "7"}])


def test_columns_that_are_given_are_not_looked_for():
    assert find(label_columns=["a", "b"], train=[], test=[]) == {"train": ["a", "b"], "test": ["a", "b"]}
    assert find(label_columns=None, train=[]) is None
