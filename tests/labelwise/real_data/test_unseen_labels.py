# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels that only validation or test documents have."""

import json

import pandas as pd
import pytest

from labelwise import MultiLabelClassifier, UserInputError

from .made_up import (
    NAMES,
    TEST,
    TRAIN,
    Row,
    evaluate,
    listening,
    new_classifier,
    texts_of,
    train,
    with_labels,
    write_jsonl,
)

# Three documents of the other file have a label that no training document has.
UNSEEN = {0: ["rare"], 5: ["rare", "odd"], 11: ["odd"]}
RESULT = {"labels": 2, "occurrences": 4}


def other_labels(rows: list[Row] = TEST) -> list[list[str]]:
    return [[*row.labels, *UNSEEN.get(i, [])] for i, row in enumerate(rows)]


@pytest.fixture
def files(tmp_path):
    """A training file, and one in which three documents have further labels."""
    train_file = write_jsonl(tmp_path / "a.jsonl", with_labels(TRAIN, [row.labels for row in TRAIN]))
    return train_file, write_jsonl(tmp_path / "b.jsonl", with_labels(TEST, other_labels()))


def by_hand(counts: bool) -> dict[str, float]:
    """Metrics of a model that is right about all labels that it knows, with and without those that it misses."""
    hits = sum(len(row.labels) for row in TEST)
    if not counts:
        return dict.fromkeys(["micro_f1", "macro_f1", "subset_accuracy", "micro_jaccard"], 1.0) | {"hamming_loss": 0.0}
    return {
        "micro_f1": 2 * hits / (2 * hits + 4),
        "macro_f1": 3 / 5,  # F1 is 0 for both
        "subset_accuracy": 9 / 12,
        "micro_jaccard": hits / (hits + 4),
        "hamming_loss": 4 / (12 * 5),
    }


TOLD = "2 labels (4 times in all) are not among the 3 of {}"
DONE = {"ignore": "they are left out", "miss": "each counts as a label that the model missed"}


@pytest.mark.parametrize("split", ["validation", "test"])
def test_an_error_by_default(command, tmp_path, files, split):
    words = ["--train_file", str(files[0]), f"--{split}_file", str(files[1]), "--output_dir", str(tmp_path / "out")]
    told = command("train", "--model", "br", *words)
    assert told.error.startswith(f"{files[1]} line 1: 'rare', 'odd': {TOLD.format('training')}; ")
    assert "set unseen_labels ignore or miss" in told.error
    assert not (tmp_path / "out").exists()
    if split == "validation":
        with pytest.raises(UserInputError, match="set unseen_labels ignore or miss"):
            MultiLabelClassifier("br").fit(files[0], validation=files[1])


@pytest.mark.parametrize("choice", DONE)
@pytest.mark.parametrize("split", ["validation", "test"])
def test_training_goes_on(command, tmp_path, files, split, choice):
    model = train(command, tmp_path, files[0], **{f"{split}_file": files[1]}, unseen_labels=choice)
    assert model.names == NAMES
    (told,) = model.told.lines_with("are not among")
    assert told == f"{files[1]}: {TOLD.format('training')}: 'rare', 'odd'; {DONE[choice]}"
    measured = model.printed[split]
    assert {name: measured[name] for name in by_hand(True)} == pytest.approx(by_hand(choice == "miss"))
    assert model.printed["unseen_labels"][split] == {"counted_as": choice, **RESULT}
    results = json.loads((model.folder / "results.json").read_text("utf-8"))
    assert results["metrics"] == {name: model.printed[name] for name in results["metrics"]}
    assert results["unseen_labels"][split] == {"counted_as": choice, **RESULT}


@pytest.mark.parametrize("choice", DONE)
def test_evaluate(command, tmp_path, files, choice):
    folder = train(command, tmp_path, files[0]).folder
    told = command("evaluate", "--model_name_or_path", str(folder), "--test_file", str(files[1]))
    assert "set unseen_labels ignore or miss" in told.error and TOLD.format("the model") in told.error
    measured = evaluate(command, folder, files[1], unseen_labels=choice)
    assert {name: measured[name] for name in by_hand(True)} == pytest.approx(by_hand(choice == "miss"))
    assert measured["unseen_labels"] == {"counted_as": choice, **RESULT}
    assert "unseen_labels" not in evaluate(command, folder, files[0], unseen_labels=choice)


@pytest.mark.parametrize("choice", DONE)
@pytest.mark.parametrize("form", ["path", "lists", "frame", "labels frame", "objects"])
def test_front_door(files, form, choice):
    names = [*NAMES, "rare", "odd"]
    states = [[int(name in labels) for name in names] for labels in other_labels()]
    test = {
        "path": (files[1],),
        "lists": (texts_of(TEST), other_labels()),
        "frame": (pd.DataFrame(with_labels(TEST, other_labels())),),
        "labels frame": (texts_of(TEST), pd.DataFrame(states, columns=names)),
        "objects": (texts_of(TEST), [dict(zip(names, row, strict=True)) for row in states]),
    }[form]
    classifier = new_classifier().fit(files[0])
    with pytest.raises(UserInputError, match="set unseen_labels ignore or miss"):
        classifier.evaluate(*test)
    with listening() as told:
        measured = classifier.evaluate(*test, unseen_labels=choice)
    assert {name: measured[name] for name in by_hand(True)} == pytest.approx(by_hand(choice == "miss"))
    assert measured["unseen_labels"] == {"counted_as": choice, **RESULT}
    assert any(line.endswith(DONE[choice]) and TOLD.format("the model") in line for line in told)


@pytest.mark.parametrize("choice", DONE)
def test_fit_with_a_validation_split(files, choice):
    classifier = new_classifier()
    classifier.fit(files[0], validation=(texts_of(TEST), other_labels()), unseen_labels=choice)
    assert classifier.classes_.tolist() == NAMES
    measured = classifier.results_["metrics"]["validation"]
    assert {name: measured[name] for name in by_hand(True)} == pytest.approx(by_hand(choice == "miss"))


def test_thresholds_per_label(command, tmp_path, files):
    """A label of no training document has no threshold, and needs none."""
    options = {"validation_file": files[1], "unseen_labels": "miss", "tune_thresholds": "per-label"}
    model = train(command, tmp_path, files[0], **options)
    assert len(json.loads((model.folder / "config.json").read_text())["thresholds"]) == 3
    measured = model.printed["at_tuned_thresholds"]["validation"]
    assert {name: measured[name] for name in by_hand(True)} == pytest.approx(by_hand(True))
    found = evaluate(command, model.folder, files[1], unseen_labels="miss")
    assert {name: found[name] for name in by_hand(True)} == pytest.approx(by_hand(True))


@pytest.mark.parametrize("form", ["columns", "rows of 0 and 1"])
@pytest.mark.parametrize("choice", DONE)
def test_label_columns_that_the_model_has_not(command, tmp_path, files, form, choice):
    folder = train(command, tmp_path, files[0]).folder
    names = ["odd", *NAMES, "rare"]
    states = [[int(name in labels) for name in names] for labels in other_labels()]
    if form == "columns":
        pd.DataFrame(states, columns=names).assign(text=texts_of(TEST)).to_csv(tmp_path / "b.csv", index=False)
        file, options = tmp_path / "b.csv", {"label_columns": names}
    else:
        file, options = write_jsonl(tmp_path / "c.jsonl", with_labels(TEST, states)), {"label_names": names}
    measured = evaluate(command, folder, file, unseen_labels=choice, **options)
    assert {name: measured[name] for name in by_hand(True)} == pytest.approx(by_hand(choice == "miss"))
    assert measured["unseen_labels"] == {"counted_as": choice, **RESULT}


@pytest.fixture
def tables(tmp_path):
    """A training and a test file with a column of 0 and 1 per label; two are in the test file only."""
    tables = []
    for name, rows, labels, names in (
        ("a.csv", TRAIN, [row.labels for row in TRAIN], NAMES),
        ("b.csv", TEST, other_labels(), [*NAMES, "rare", "odd"]),
    ):
        states = [[int(name in of_row) for name in names] for of_row in labels]
        table = pd.DataFrame(states, columns=names).assign(text=texts_of(rows), year=2026)
        table.to_csv(tmp_path / name, index=False)
        tables.append(tmp_path / name)
    return tables


def test_columns_that_training_has_not_are_an_error(command, tmp_path, tables):
    """Once, they were left out without a word."""
    words = ["--train_file", str(tables[0]), "--test_file", str(tables[1]), "--label_columns", "auto"]
    told = command("train", "--model", "br", *words, "--output_dir", str(tmp_path / "out"))
    assert told.error.startswith(f"{tables[1]} line 2: 'rare', 'odd': {TOLD.format('training')}; correct them, or name")
    assert told.error.endswith(", or set unseen_labels ignore or miss")
    words[-1:] = NAMES
    assert command("train", "--model", "br", *words, "--output_dir", str(tmp_path / "out")).status == 0


@pytest.mark.parametrize("choice", DONE)
def test_columns_that_training_has_not(command, tmp_path, tables, choice):
    model = train(command, tmp_path, tables[0], test_file=tables[1], label_columns="auto", unseen_labels=choice)
    assert model.names == NAMES
    (told,) = model.told.lines_with("are not among")
    assert told == f"{tables[1]}: {TOLD.format('training')}: 'rare', 'odd'; {DONE[choice]}"
    measured = model.printed["test"]
    assert {name: measured[name] for name in by_hand(True)} == pytest.approx(by_hand(choice == "miss"))
    found = evaluate(command, model.folder, tables[1], label_columns="auto", unseen_labels=choice)
    assert {name: found[name] for name in by_hand(True)} == pytest.approx(by_hand(choice == "miss"))


def test_columns_beside_those_of_a_model_are_told(command, tmp_path, tables):
    """Whether they are labels is unknown: the model may have been trained on named columns."""
    folder = train(command, tmp_path, tables[0], label_columns="auto").folder
    words = ["--test_file", str(tables[1]), "--label_columns", "auto"]
    told = command("evaluate", "--model_name_or_path", str(folder), *words)
    assert told.status == 0 and told.lines_with("no labels of the model") == [
        f"{tables[1]}: columns of 0 and 1 that are no labels of the model are left out: rare, odd "
        "(unseen_labels miss counts them)"
    ]


def test_a_forgotten_separator_is_told_before_the_error(command, tmp_path):
    """Each set of labels is one label then, and some sets are in the test file only."""
    labels = [";".join([*row.labels, f"mail{i % 9}"]) for i, row in enumerate(TRAIN)]
    others = [";".join([*row.labels, f"mail{i % 9}", "x"]) for i, row in enumerate(TEST)]
    train_file = write_jsonl(tmp_path / "a.jsonl", with_labels(TRAIN, labels))
    test_file = write_jsonl(tmp_path / "b.jsonl", with_labels(TEST, others))
    words = ["--train_file", str(train_file), "--test_file", str(test_file), "--output_dir", str(tmp_path / "out")]
    told = command("train", "--model", "br", *words)
    warnings = told.lines_with("if ';' separates several, give label_separator ';'")
    assert [line.split(":")[0] for line in warnings] == [str(train_file), str(test_file)]
    assert told.errors.index(warnings[1]) < told.errors.index("labelwise train: error:")
    assert "are not among" in told.error
    with listening() as lines, pytest.raises(UserInputError, match="are not among"):
        MultiLabelClassifier("br").fit(train_file, validation=test_file)
    assert len([line for line in lines if "label_separator ';'" in line]) == 2


def test_one_rare_label_among_many_stops_nothing(command, tmp_path):
    """A few mails with many labels, one of which is in the test file only."""
    names = [f"topic{i}" for i in range(40)]
    labels = [[names[i % 20], names[20 + i % 20]] for i in range(60)]
    rows = [Row(f"mail {i} about {' and '.join(of_row)}", of_row) for i, of_row in enumerate(labels)]
    train_file = write_jsonl(tmp_path / "a.jsonl", with_labels(rows[:50], labels[:50]))
    test_file = write_jsonl(tmp_path / "b.jsonl", with_labels(rows[50:], [[*labels[50], "rare"], *labels[51:]]))
    model = train(command, tmp_path, train_file, test_file=test_file, unseen_labels="miss")
    assert model.printed["unseen_labels"]["test"] == {"counted_as": "miss", "labels": 1, "occurrences": 1}
    assert len(model.names) == 40


@pytest.mark.parametrize("choice", DONE)
def test_a_file_with_no_label_of_the_model_is_refused(command, tmp_path, files, choice):
    folder = train(command, tmp_path, files[0]).folder
    file = write_jsonl(tmp_path / "c.jsonl", with_labels(TEST, [["other"]] * 12))
    words = ["--model_name_or_path", str(folder), "--test_file", str(file), "--unseen_labels", choice]
    assert "and no other label is in" in command("evaluate", *words).error
