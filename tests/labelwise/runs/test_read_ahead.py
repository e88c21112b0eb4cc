# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A thread makes one item ahead, in order, and its errors are raised in their turn."""

import itertools
import threading

import pytest

from labelwise.runs.read_ahead import read_ahead


def test_items_come_in_order():
    assert list(read_ahead(iter(range(100)))) == list(range(100))
    assert list(read_ahead([])) == []
    assert list(read_ahead([None, 0, []])) == [None, 0, []]


def test_one_item_is_made_ahead():
    made, second = [], threading.Event()

    def make():
        for number in itertools.count():
            made.append(number)
            if number == 1:
                second.set()
            yield number

    items = read_ahead(make())
    assert next(items) == 0
    assert second.wait(10)
    items.close()
    assert made == [0, 1]


def test_an_error_comes_after_the_items_before_it():
    def make():
        yield "first"
        raise KeyError("second")

    items = read_ahead(make())
    assert next(items) == "first"
    with pytest.raises(KeyError, match="second"):
        next(items)
