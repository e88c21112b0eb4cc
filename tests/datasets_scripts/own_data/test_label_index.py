# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts.own_data.label_index import LabelIndex
from labelwise.datasets_scripts.own_data.options import LabelOptions
from labelwise.errors import UserInputError


@pytest.fixture
def index(read_rows):
    """`index(splits, model_labels=None, columns=None, **options)`: names, what training lacks, and labels by split.

    The labels of a row are names; "?" is before unknown ones, "+" before those that no training document has.
    """

    def make(splits, model_labels=None, columns=None, names=None, **options):
        readers = {split: read_rows(rows, split, columns, names, **options) for split, rows in splits.items()}
        parsed = LabelOptions(**options)
        fixed = LabelIndex.fixed_names(readers, parsed, model_labels)
        found = LabelIndex(fixed, model_labels, parsed)
        reading = None
        for reader in readers.values():
            reading = found.add(reader, reading)
        found.finish()
        labels = {}
        for split in readers:
            ids, kept = found.resolve(split)
            marked = [
                (ids.labels, "", found.names),
                (ids.unknown, "?", found.names),
                (ids.unseen, "+", [*found.missed]),
            ]
            rows = [[mark + names[i] for lists, mark, names in marked for i in lists[row]] for row in kept]
            labels[split] = [" ".join(row) for row in rows]
        return found.names, [*found.missed], labels

    return make


def train(found):
    """Return the names of the labels, and the labels of training."""
    names, missed, labels = found
    assert missed == []
    return names, labels["train"]


def messages(caplog):
    return [record.getMessage() for record in caplog.records]


def test_names_of_training_are_sorted(index):
    assert train(index({"train": [["b", "a"], [], ["c"], ["a", "b"]]})) == (["a", "b", "c"], ["a b", "", "c", "a b"])
    assert train(index({"train": [[10, 2], [1]]})) == (["1", "2", "10"], ["2 10", "1"])


def test_the_order_of_given_names_stays(index):
    assert train(index({"train": [["b", "a"], ["c"]]}, label_names=["c", "d", "b", "a"]))[1] == ["b a", "c"]
    assert train(index({"train": [[0], [2, 1]]}, label_names=["z", "y", "x"])) == (["z", "y", "x"], ["z", "y x"])
    assert train(index({"train": [[0, 1, 1]]}, label_names=["z", "y", "x"])) == (["z", "y", "x"], ["y x"])
    assert train(index({"train": [["b", "a"]]}, names=["b", "c", "a"])) == (["b", "c", "a"], ["b a"])


def test_rows_of_0_and_1_have_numbers_as_names(index):
    rows = [[0, 1, 1], [1, None, 0]]
    assert train(index({"train": rows})) == (["0", "1", "2"], ["1 2", "0 ?1"])
    with pytest.raises(UserInputError, match="are one 0 or 1 per label: give the 3 label_names in their order"):
        index({"train": ["[0, 1, 1]", "[1, 0, 0]"]})


def test_columns_of_0_and_1(index):
    rows = [{"text": "x", "a": "1", "b": "0"}, {"text": "y", "a": "", "b": "1"}, {"text": "z", "a": " ", "b": None}]
    options = {"columns": ["b", "a"], "label_columns": ["b", "a"]}
    assert train(index({"train": rows}, **options)) == (["b", "a"], ["a", "b ?a", "?b ?a"])
    assert train(index({"train": rows}, **options, missing_labels="negative"))[1] == ["a", "b", ""]
    assert train(index({"train": rows}, **options, missing_labels="drop"))[1] == ["a", "b ?a"]


def test_labels_that_no_object_names_are_unknown(index):
    rows = [{"a": 1, "b": 0}, {"c": 0}, {}]
    assert train(index({"train": rows})) == (["a", "b", "c"], ["a ?c", "?a ?b", "?a ?b ?c"])
    assert train(index({"train": rows}, missing_labels="negative"))[1] == ["a", "", ""]


@pytest.mark.parametrize(
    ("missing_labels", "labels", "told"),
    [
        ("negative", ["a", "", "", "b"], "no label applies"),
        ("drop", ["a", "b"], "they are left out"),
        ("unknown", ["a", "?a ?b", "?a ?b", "b"], "their labels are unknown"),
    ],
)
def test_missing_labels(index, caplog, missing_labels, labels, told):
    rows = [["a"], None, {"text": "no labels"}, ["b"]]
    assert train(index({"train": rows}, missing_labels=missing_labels)) == (["a", "b"], labels)
    assert messages(caplog)[0] == f"train: the labels of 2 of 4 rows are missing: {told}"


def test_missing_labels_are_an_error_by_default(index):
    told = r"train row 2: the labels are missing, as in 2 of 3 rows of train; correct them, or set missing_labels neg"
    with pytest.raises(UserInputError, match=told):
        index({"train": [["a"], " ", None]})


def test_an_empty_list_is_not_missing(index):
    assert train(index({"train": [["a"], []]}))[1] == ["a", ""]
    assert train(index({"train": ["['a']", "[]"]}))[1] == ["a", ""]


def test_a_label_that_is_repeated_counts_once(index, caplog):
    assert train(index({"train": [["a", "a "], ["b"], ["b", "a", "b"]]}))[1] == ["a", "b", "a b"]
    assert messages(caplog) == ["train: 2 rows name a label twice; it counts once"]


def test_unknown_labels_have_the_format_of_labels(index, caplog):
    rows = [{"text": "x", "labels": "a", "unknown_labels": "b; c"}, {"text": "y", "labels": "b", "unknown_labels": ""}]
    assert train(index({"train": rows}, label_separator=";")) == (["a", "b", "c"], ["a ?b ?c", "b"])
    assert messages(caplog) == [
        "train: label_separator ';' occurs in the labels of none of 2 rows",
        "train: 2 labels of 1 document are unknown; losses and metrics leave them out",
    ]
    rows = [{"text": "x", "labels": [1], "unknown_labels": [0]}, {"text": "y", "labels": [2]}]
    assert train(index({"train": rows}, label_names=["p", "q", "r"]))[1] == ["q ?p", "r"]


@pytest.mark.parametrize("unknown", [7, [7], ["b", 7]])
def test_numbers_of_unknown_labels_beside_names(index, unknown):
    rows = [{"text": "x", "labels": ["a"], "unknown_labels": unknown}, {"text": "y", "labels": ["b"]}]
    with pytest.raises(UserInputError, match=r"row 1, unknown_labels: .*7\]? is a number beside names; give names, or"):
        index({"train": rows})
    assert train(index({"train": rows}, label_format="names"))[0] == ["7", "a", "b"]


def test_a_label_that_applies_and_is_unknown(index):
    rows = [{"text": "x", "labels": ["a", "b"], "unknown_labels": ["c", "b"]}]
    with pytest.raises(UserInputError, match="row 1: label 'b' is in labels and in unknown_labels; remove one"):
        index({"train": rows})


# Labels that no training document has

UNSEEN = {"train": [["a"], ["b"]], "test": [["a", "x"], ["y", "x", "x"], ["b"]]}


def test_unseen_labels_are_counted_in_one_error(index):
    told = "test row 1: 'x', 'y': 2 labels (3 times in all) are not among the 2 of training; correct them, or set"
    with pytest.raises(UserInputError) as error:
        index(UNSEEN)
    assert str(error.value) == f"{told} unseen_labels ignore or miss"


@pytest.mark.parametrize(
    ("choice", "told"), [("ignore", "they are left out"), ("miss", "each counts as a label that the model missed")]
)
def test_unseen_labels_may_be_told_only(index, caplog, choice, told):
    names, missed, labels = index(UNSEEN, unseen_labels=choice)
    assert (names, missed, labels["test"]) == (["a", "b"], ["x", "y"], ["a +x", "+y +x", "b"])
    what = "2 labels (3 times in all) are not among the 2 of training: 'x', 'y'"
    assert messages(caplog)[-1] == f"test: {what}; {told}"


def test_a_split_of_unseen_labels_alone_is_refused(index):
    with pytest.raises(UserInputError, match=r"'x': 1 label .* of training, and no other label is in test; correct"):
        index({"train": [["a"], ["b"]], "test": [["x"], []]}, unseen_labels="ignore")


def test_labels_of_training_outside_of_the_given_names(index):
    for choice in ("error", "ignore", "miss"):
        with pytest.raises(UserInputError, match=r"train row 2: 'c': .* not among the 2 of label_names; correct them$"):
            index({"train": [["a"], ["c"]]}, label_names=["a", "b"], unseen_labels=choice)


def test_an_unknown_label_may_be_unseen_too(index):
    rows = [{"text": "x", "labels": ["a"], "unknown_labels": ["x", "b"]}]
    with pytest.raises(UserInputError, match="'x': 1 label"):
        index({"train": [["a"], ["b"]], "test": rows})
    assert index({"train": [["a"], ["b"]], "test": rows}, unseen_labels="miss")[1:] == (
        [],
        {"train": ["a", "b"], "test": ["a ?b"]},
    )


# Labels of an existing model

MODEL = ["z", "m", "a"]


def test_labels_of_a_model_give_the_order(index):
    assert index({"test": [["a", "z"], [], ["m"]]}, MODEL) == (MODEL, [], {"test": ["z a", "", "m"]})
    assert index({"test": [[2, 0], [1]]}, MODEL)[2] == {"test": ["z a", "m"]}
    with pytest.raises(
        UserInputError, match=r"test row 1: 'q': 1 label .* not among the 3 of the model; correct them, "
    ):
        index({"test": [["q"]]}, MODEL)


def test_labels_may_be_added_to_a_model_in_training_alone(index):
    advice = r"; correct them, or add them with labelwise add-labels \(in Python: add_labels\)$"
    with pytest.raises(UserInputError, match=r"'q': 1 label .* not among the 3 of the model" + advice):
        index({"train": [["a"], ["q"]]}, MODEL)
    with pytest.raises(UserInputError, match=r"of the model; correct them, or set unseen_labels ignore or miss$"):
        index({"test": [["a"], ["q"]]}, MODEL)


def test_numbers_refer_to_the_names_that_the_user_gives(index):
    assert index({"test": [[2, 0], [1]]}, MODEL, label_names=["m", "a", "z"])[2] == {"test": ["z m", "a"]}
    assert index({"test": [[0, 1, 1]]}, MODEL, label_names=["m", "a", "z"])[2] == {"test": ["z a"]}


def test_rows_of_0_and_1_for_a_model(index, caplog):
    assert index({"test": [[0, 1, 1], [1, 1, 0]]}, MODEL)[2] == {"test": ["m a", "z m"]}
    assert "test, column 'labels': the numbers are read in the order of the model's labels" in messages(caplog)


def test_labels_of_a_model_without_a_column_are_unknown(index, caplog):
    rows = [{"text": "x", "a": 1, "z": 0}, {"text": "y", "a": None, "z": 1}]
    found = index({"test": rows}, MODEL, columns=["a", "z"], label_columns=["a", "z"])
    assert found == (MODEL, [], {"test": ["a ?m", "z ?m ?a"]})
    assert messages(caplog)[0] == "test: 1 label has no column, so it is unknown: m"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["a"], []], ["a ?z ?m", "?z ?m"]),
        ([["a"], ["z", "a"], []], ["a ?m", "z a ?m", "?m"]),
        ([{"a": 1, "z": 0}, {"m": 0, "a": 0}], ["a ?m", "?z"]),  # objects say what they know
        ([[0, 1, 0]], ["m"]),  # so do rows of 0 and 1
    ],
)
def test_labels_that_no_row_names_may_be_unknown(index, caplog, rows, expected):
    found = index({"test": rows}, MODEL, unnamed_labels="unknown")[2]["test"]
    assert [set(row.split()) for row in found] == [set(row.split()) for row in expected]
    if rows == [["a"], []]:
        assert messages(caplog)[0] == "test: 2 labels are in no row, so they are unknown: z, m"


# What cannot be learned


def test_no_label_at_all(index):
    with pytest.raises(UserInputError, match="train: no training document has a label; check the column 'labels'"):
        index({"train": [[], []]})


def test_labels_without_training(index):
    with pytest.raises(UserInputError, match="the labels are unknown: give a train split to take them from, or label_"):
        index({"test": [["a"]]})
    assert index({"test": [["a"]]}, label_names=["b", "a"]) == (["b", "a"], [], {"test": ["a"]})


def test_other_splits_are_read_like_training_where_both_fit(index):
    rows = {"train": [[0, 1], [1, 0], [1, 1]], "test": [[0, 1], [1, 0]]}
    assert index(rows)[2]["test"] == ["1", "0"]
    rows = {"train": [[0], [1], [0, 1]], "test": [[0, 1], [1, 0]]}
    assert index(rows)[2]["test"] == ["0 1", "0 1"]
