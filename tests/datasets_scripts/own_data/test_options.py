# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from dataclasses import fields

import pytest

from labelwise.datasets_scripts.own_data.options import FileOptions, LabelOptions, check_names
from labelwise.errors import UserInputError


def test_defaults_name_the_columns_text_and_labels():
    options = LabelOptions()
    assert (options.text_column, options.label_column, options.label_columns) == (["text"], "labels", None)
    assert options.given() == []


def test_one_string_is_a_list_of_one_column():
    options = LabelOptions(text_column="body", label_columns="toxic")
    assert (options.text_column, options.label_columns) == (["body"], ["toxic"])
    assert not options.finds_label_columns
    assert LabelOptions(label_columns="auto").finds_label_columns
    assert not LabelOptions(label_columns=["auto", "toxic"]).finds_label_columns


@pytest.mark.parametrize("name", ["tab", "\\t", "\t"])
def test_names_of_the_tab(name):
    assert FileOptions(delimiter=name).delimiter == "\t"
    assert LabelOptions(label_separator=name).label_separator == "\t"


def test_a_line_end_separates_labels_but_no_cells():
    assert LabelOptions(label_separator="\\n").label_separator == "\n"
    with pytest.raises(UserInputError, match=r"delimiter '\\n': must be one character, or tab"):
        FileOptions(delimiter="\\n")


def test_names_of_labels_are_stripped():
    assert LabelOptions(label_names=("y", " x ")).label_names == ["y", "x"]
    assert LabelOptions(label_columns=[" toxic"]).label_columns == ["toxic"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"text_column": []}, "text_column: no column is named"),
        ({"text_column": ["a", "b", "a"]}, "text_column: 'a' is named twice"),
        ({"text_column": "labels"}, "'labels' is the column of the text and of the labels; name two columns"),
        ({"text_column": ["a", "b"], "label_column": "b"}, "'b' is the column of the text and of the labels"),
        (
            {"label_column": ["a", "b"]},
            r"label_column \['a', 'b'\]: must be the name of one column; label_columns names",
        ),
        ({"label_column": None}, "label_column None: must be the name of one column"),
        ({"text_column": "toxic", "label_columns": ["toxic"]}, "'toxic' is a column of the text and of a label"),
        ({"input_format": "xml"}, "input_format 'xml': must be one of csv, jsonl, json, parquet, xlsx, folder, text"),
        ({"quoting": "all"}, "quoting 'all': must be one of standard, none"),
        ({"delimiter": ";;"}, "delimiter ';;': must be one character, or tab"),
        ({"delimiter": ""}, "delimiter '': must be one character, or tab"),
        ({"delimiter": '"'}, "must be one character, or tab"),
        ({"encoding": "utf-9"}, "encoding utf-9: unknown; give a name such as utf-8 or cp1252"),
        ({"encoding": ""}, "encoding '': unknown; give a name such as utf-8 or cp1252"),
        ({"encoding": "undefined"}, "encoding undefined: unknown; give a name such as utf-8 or cp1252"),
        ({"encoding": "idna"}, "encoding idna: unknown; give a name such as utf-8 or cp1252"),
        ({"label_format": "list"}, "label_format 'list': must be one of names, ids, indicators, strings"),
        ({"missing_labels": "ignore"}, "missing_labels 'ignore': must be one of error, negative, drop, unknown"),
        ({"unseen_labels": "drop"}, "unseen_labels 'drop': must be one of error, ignore, miss"),
        ({"label_separator": ""}, "label_separator is empty; give the character between two labels, or leave it out"),
        ({"label_names": []}, "label_names is empty: give at least one name"),
        ({"label_names": ["a", "b", "a "]}, "label_names: 'a' is named twice; remove one"),
        ({"label_columns": ["a", " "]}, "label_columns: number 2 is ' ', not a name"),
        ({"label_columns": ["a"], "label_column": "tags"}, "give label_column, or label_columns .*, not both"),
        ({"label_columns": ["a"], "label_separator": ";"}, "label_separator is for one column of labels"),
        ({"label_columns": ["a"], "label_format": "ids"}, "label_format is for one column of labels"),
        ({"label_columns": ["a"], "label_names": ["a"]}, "label_names is for one column of labels"),
    ],
)
def test_options_that_are_refused(options, message):
    with pytest.raises(UserInputError, match=message) as error:
        LabelOptions(**options)
    assert "\n" not in str(error.value)


def test_given_options_are_those_that_differ_but_for_the_seed():
    assert LabelOptions(split_seed=3, missing_labels="error").given() == []
    assert LabelOptions(drop_duplicates=True, text_column="body").given() == ["text_column", "drop_duplicates"]


def test_every_option_is_documented():
    assert [part.name for part in fields(LabelOptions) if len(part.metadata.get("help", "")) < 20] == []


def test_given_names():
    assert check_names(("y", " x "), "names") == ["y", "x"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a", "b", "a"], "names: 'a' is named twice"),
        ([], "names is empty: give at least one name"),
        ("abc", "names must be a list of names, not 'abc'"),
        (["a", 3], "names: number 2 is 3, not a name"),
        (["a", " "], "names: number 2 is ' ', not a name"),
    ],
)
def test_wrong_names(names, message):
    with pytest.raises(UserInputError, match=message):
        check_names(names, "names")
