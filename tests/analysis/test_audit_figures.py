# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Pictures of an audit."""

import matplotlib
import numpy as np
import pandas as pd
import pytest

from labelwise.analysis.audit_figures import (
    draw_label_errors,
    draw_label_frequencies,
    draw_label_pairs,
    draw_lengths,
    draw_pictures,
)
from labelwise.errors import UserInputError

from .test_audit import audit


def errors_of(counts: dict[tuple[str, bool], int]) -> pd.DataFrame:
    rows = [{"label": label, "given": given} for (label, given), count in counts.items() for _ in range(count)]
    return pd.DataFrame(rows)


def test_pictures_are_the_same_files_each_time():
    found = audit()
    pictures = draw_pictures(found)
    assert list(pictures) == ["lengths", "label_frequencies", "label_pairs"]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures.values())
    assert draw_pictures(found) == pictures


def test_lengths():
    (axes,) = draw_lengths(audit()).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["5 read whole", "1 cut"]


def test_label_frequencies():
    found = audit()
    (axes,) = draw_label_frequencies(found).axes
    assert [text.get_text() for text in axes.get_xticklabels()] == ["a", "b", "B"]
    assert [bar.get_height() for bar in axes.patches] == [3, 2, 0]
    colours = [matplotlib.colors.to_hex(bar.get_facecolor()) for bar in axes.patches]
    assert colours[0] == colours[1] != colours[2]
    found.labels = pd.DataFrame({"label": [str(number) for number in range(500)], "all": 3, "train": 3})
    (axes,) = draw_label_frequencies(found).axes
    assert len(axes.patches) == 500
    assert axes.get_xlabel() == "label, by frequency"


def test_label_pairs():
    axes = draw_label_pairs(audit(min_documents=1)).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["a", "b", "B"]
    shares = axes.collections[0].get_array().reshape(3, 3)
    assert shares[0, 1] == 1 / 3 and shares[1, 0] == 1 / 2  # of one a, it is unknown whether b applies
    found = audit()
    found.together_LL = np.diag([3, 2, 1])
    assert draw_label_pairs(found) is None


def test_label_errors():
    found = audit()
    assert draw_label_errors(found) is None
    found.label_errors = errors_of({("a", True): 2, ("b", False): 3, ("b", True): 1})
    (axes,) = draw_label_errors(found).axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["a", "b"]  # the most below the title
    assert [bar.get_width() for bar in axes.patches] == [0, 3, 2, 1]


def test_names_without_a_font(monkeypatch):
    monkeypatch.setattr("labelwise.analysis.fonts.find_fonts", lambda text: (["DejaVu Sans"], "动"))
    with pytest.raises(UserInputError, match="no font of this machine has 动"):
        draw_label_frequencies(audit())
