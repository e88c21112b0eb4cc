# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The report on each label: its numbers, its text and its picture."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from labelwise import MultiLabelMetrics
from labelwise.analysis.label_report import draw_label_report, format_label_report, make_label_report
from labelwise.trainer.metrics_accumulator import MetricAccumulator

NAMES = ["tax", "law", "sport", "absent", "unknown", "everywhere"]


def draw(documents=60):
    rng = np.random.default_rng(0)
    labels = (rng.random((documents, 6)) < [0.2, 0.5, 0.3, 0, 0.5, 1]).astype(int)
    labels[:, 4] = -100
    labels[:7, 0] = -100
    return rng.normal(size=labels.shape).astype(np.float32) + 1.5 * (labels == 1), labels


def report(logits, labels, thresholds=0.5, names=NAMES):
    accumulator = MetricAccumulator(thresholds, by_label=True)
    accumulator.update(logits, labels)
    return make_label_report(names, thresholds, accumulator)


def test_numbers_are_scikit_learns():
    logits, labels = draw()
    table = report(logits, labels, [0.6, 0.5, 0.5, 0.5, 0.5, 0.4])
    assert table["label"].tolist() == ["everywhere", "law", "sport", "tax", "absent", "unknown"]
    rows = table.set_index("label")
    known = labels[:, 0] >= 0
    predicted = logits[known, 0] > np.log(0.6 / 0.4)
    expected = precision_recall_fscore_support(labels[known, 0], predicted, average="binary")[:3]
    assert rows.loc["tax", ["precision", "recall", "f1"]].tolist() == pytest.approx(expected)
    assert rows.loc["tax", "average_precision"] == average_precision_score(labels[known, 0], logits[known, 0])
    assert rows.loc["tax", ["documents", "threshold"]].tolist() == [(labels[:, 0] == 1).sum(), 0.6]


def test_what_is_not_defined():
    rows = report(*draw()).set_index("label")
    assert rows.loc["absent", ["documents", "precision", "recall", "f1"]].tolist() == [0, 0, 0, 0]
    assert np.isnan(rows.loc["absent", "average_precision"])
    assert np.isnan(rows.loc["everywhere", "average_precision"]) and rows.loc["everywhere", "documents"] == 60
    assert rows.loc["unknown", ["precision", "recall", "f1", "average_precision"]].isna().all()


def test_means_are_the_macro_metrics():
    logits, labels = draw()
    rows = report(logits, labels)
    found = MultiLabelMetrics().compute(predictions=logits, references=labels, metrics="all")
    for column in ("precision", "recall", "f1", "average_precision"):
        assert rows[column].mean() == pytest.approx(found[f"macro_{column}"])


def test_confused_labels_have_names():
    logits = np.array([[-1, 2], [-1, 2], [3, -1]], dtype=np.float32)
    rows = report(logits, np.array([[1, 0], [1, 0], [1, 0]]), names=["one", "two"]).set_index("label")
    assert rows["confused_with"].tolist() == ["two", "one"] and rows["times_confused"].tolist() == [2, 2]


def test_text():
    text = format_label_report(report(*draw()), "out/report.csv")
    lines = text.splitlines()
    assert lines[0].split("  ")[0] == "label" and "average precision" in lines[0] and "F1" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["everywhere", "law", "sport", "tax", "absent", "unknown"]
    assert lines[-1].split()[1:] == ["0", "n/a", "n/a", "n/a", "0.500", "n/a", "0"]
    assert "nan" not in text


def many_labels():
    rng = np.random.default_rng(0)
    labels = (rng.random((40, 70)) < np.linspace(0, 0.6, 70)).astype(int)
    return report(rng.normal(size=labels.shape) + labels, labels, names=[f"label {i}" for i in range(70)])


def test_text_of_many_labels_names_the_file():
    lines = format_label_report(many_labels(), "out/report.csv").splitlines()
    assert len(lines) == 32 and lines[-1] == "… 40 more in out/report.csv"


def test_picture():
    table = report(*draw())
    figure = draw_label_report(table, "corpus, test")
    left, right = figure.axes
    assert left.get_yticklabels()[0].get_text() == "everywhere (60)"
    drawn = {line.get_label(): line.get_xdata() for line in left.lines}
    np.testing.assert_array_equal(drawn["precision"], table["precision"])
    np.testing.assert_array_equal(drawn["F1"], table["f1"])
    np.testing.assert_array_equal(right.lines[0].get_xydata(), table[["documents", "f1"]])


def test_picture_of_many_labels():
    figure = draw_label_report(many_labels(), "corpus, test")
    left, right = figure.axes
    assert left.get_title() == "30 most frequent labels (documents)" and right.get_title() == "all labels (70)"
    assert len(left.get_yticklabels()) == 30 and len(right.lines[0].get_xdata()) == 70
