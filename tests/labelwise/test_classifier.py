# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`MultiLabelClassifier`: the front door, scikit-learn's tools around it, and the command line beside it."""

import json

import datasets
import labelwise_cli as cli
import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, cross_val_predict
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer, pipeline

from labelwise import MultiLabelClassifier, UserInputError

from ..file_modes import modes_of, usual_mode
from ..resuming import assert_same_weights
from ..tiny_corpus import WORDS, make_documents

NAMES = sorted(WORDS)
TEXT = "the money and the loan"
SMALL = {"embedding_size": 8, "min_frequency": 1, "num_train_epochs": 6, "per_device_train_batch_size": 8}
SYSTEMS = {
    "br": {"min_frequency": 1},
    "cnn": {
        **SMALL,
        "num_filters": 8,
        "kernel_sizes": [1, 2],
        "word_vectors": "random",
        "learning_rate": 2e-2,
        "num_train_epochs": 15,
    },
    "lw-lstm": {
        **SMALL,
        "hidden_size": 8,
        "word_vectors": "random",
        "learning_rate": 3e-2,
        "num_train_epochs": 12,
        "pretraining_steps": 3,
        "pretraining_batch_size": 8,
    },
    "lm-mtc": {"num_train_epochs": 6, "per_device_train_batch_size": 8, "learning_rate": 3e-3, "template": "compact"},
}


def columns(rows: list[dict]) -> tuple[list[str], list[list[str]]]:
    return [row["text"] for row in rows], [row["labels"] for row in rows]


def matrix(labels: list[list[str]]) -> np.ndarray:
    return np.array([[int(name in row) for name in NAMES] for row in labels])


TRAIN, VALIDATION, TEST = (columns(make_documents(number, seed)) for number, seed in ((48, 0), (16, 1), (16, 2)))


@pytest.fixture(scope="module")
def options(make_encoder):
    """Options of a system by name, with a small encoder where it needs one."""
    return {**SYSTEMS, "lm-mtc": {**SYSTEMS["lm-mtc"], "encoder": make_encoder("bert")}}


@pytest.fixture(scope="module", params=SYSTEMS)
def fitted(request, options) -> MultiLabelClassifier:
    return MultiLabelClassifier(request.param, **options[request.param]).fit(*TRAIN, validation=VALIDATION)


@pytest.fixture(scope="module")
def linear(options) -> MultiLabelClassifier:
    return MultiLabelClassifier("br", **options["br"]).fit(*TRAIN)


def test_fit_predict_evaluate_save_and_load(fitted, data, tmp_path, capsys):
    assert fitted.classes_.tolist() == NAMES
    assert all(set(labels) <= set(NAMES) for labels in fitted.predict([TEXT, ""]))
    probabilities = fitted.predict_proba(TEST[0])
    assert probabilities.shape == (16, 3)
    measured = fitted.evaluate(*TEST)
    if fitted.get_params()["model"] != "lm-mtc":  # random states of a tiny encoder say little
        assert fitted.predict([TEXT]) == [["bank"]]
        assert measured["micro_f1"] > 0.7

    out = tmp_path / "out"
    fitted.save_pretrained(out)
    assert modes_of(out) == {usual_mode(out)}
    loaded = MultiLabelClassifier.from_pretrained(out)
    assert loaded.get_params() == {"model": fitted.get_params()["model"], "model_name_or_path": str(out)}
    np.testing.assert_allclose(loaded.predict_proba(TEST[0]), probabilities, atol=1e-6)

    model = AutoModelForSequenceClassification.from_pretrained(out).eval()
    batch = AutoTokenizer.from_pretrained(out)(TEST[0], padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        np.testing.assert_allclose(model(**batch).logits.sigmoid(), probabilities, atol=1e-6)
    assert AutoModel.from_pretrained(out) is not None
    tagger = pipeline("text-classification", model=str(out), top_k=None)
    for scores, row in zip(tagger(TEST[0]), probabilities, strict=True):
        assert {score["label"]: score["score"] for score in scores} == pytest.approx(
            dict(zip(NAMES, row, strict=True)), abs=1e-6
        )
    capsys.readouterr()
    test_file = data.split("--test_file ")[1].split()[0]
    assert cli.main(["evaluate", "--model_name_or_path", str(out), "--test_file", test_file]) == 0
    assert json.loads(capsys.readouterr().out) == pytest.approx(measured, abs=1e-6)
    assert "MultiLabelClassifier(" in (out / "README.md").read_text()


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("split", ["given", "cut off"])
def test_the_command_line_gives_the_same_weights(options, files, tmp_path, name, split):
    given = {**options[name], "seed": 7}
    if name != "br":
        given["num_train_epochs"] = 1
    words = [word for key, value in given.items() for word in (f"--{key}", *map(str, np.atleast_1d(value)))]
    data = ["--train_file", str(files / "train.jsonl")]
    fit = {}
    if split == "given":
        data += ["--validation_file", str(files / "validation.jsonl")]
        fit["validation"] = VALIDATION
    command = ["train", "--model", name, *data, *words, "--output_dir", str(tmp_path / "command")]
    assert cli.main(command) == 0
    MultiLabelClassifier(name, **given).fit(*TRAIN, **fit).save_pretrained(tmp_path / "python")
    assert_same_weights(tmp_path / "command", tmp_path / "python")


# scikit-learn


def test_parameters_are_stored_as_given():
    sizes = [3, 4]
    classifier = MultiLabelClassifier("cnn", kernel_sizes=sizes, learning_rate=1e-3)
    assert classifier.get_params() == {"model": "cnn", "kernel_sizes": sizes, "learning_rate": 1e-3}
    assert classifier.get_params()["kernel_sizes"] is sizes
    assert classifier.set_params(model="br", C=2.0) is classifier
    assert classifier.get_params()["model"] == "br"
    copy = clone(classifier)
    assert copy is not classifier and copy.get_params() == classifier.get_params()
    assert repr(MultiLabelClassifier("br", C=2.0)) == "MultiLabelClassifier(C=2.0, model='br')"


def test_cross_val_predict(options):
    texts, labels = TRAIN[0], matrix(TRAIN[1])
    classifier = MultiLabelClassifier("br", **options["br"])
    predicted = cross_val_predict(classifier, texts, labels, cv=3)
    assert predicted.shape == labels.shape
    assert f1_score(labels, predicted, average="micro") > 0.9
    probabilities = cross_val_predict(classifier, texts, labels, cv=3, method="predict_proba")
    assert ((probabilities > 0.5) == predicted).all()


@pytest.mark.parametrize("labels", [TRAIN[1], matrix(TRAIN[1])], ids=["names", "matrix"])
def test_grid_search(options, labels):
    search = GridSearchCV(MultiLabelClassifier("br", **options["br"]), {"C": [1e-4, 1.0]}, cv=3).fit(TRAIN[0], labels)
    assert search.best_params_ == {"C": 1.0}
    assert search.best_estimator_.score(TRAIN[0], labels) > 0.9


def test_not_fitted():
    with pytest.raises(NotFittedError, match="call fit or from_pretrained first"):
        MultiLabelClassifier("br").predict(["a"])
    with pytest.raises(NotFittedError, match="call fit or from_pretrained first"):
        MultiLabelClassifier("br").score(["a"], [["b"]])


# Forms of labels


def test_a_matrix_is_predicted_for_a_matrix(linear, options):
    classifier = MultiLabelClassifier("br", **options["br"]).fit(TRAIN[0], matrix(TRAIN[1]), label_names=NAMES)
    assert classifier.classes_.tolist() == NAMES
    assert classifier.predict([TEXT]).tolist() == [[1, 0, 0]]
    np.testing.assert_array_equal(classifier.predict_proba(TEST[0]), linear.predict_proba(TEST[0]))
    expected = linear.evaluate(*TEST)
    assert classifier.evaluate(TEST[0], matrix(TEST[1])) == expected
    assert classifier.evaluate(*TEST) == expected
    numbered = MultiLabelClassifier("br", **options["br"]).fit(TRAIN[0], matrix(TRAIN[1]))
    assert numbered.classes_.tolist() == ["0", "1", "2"]


@pytest.mark.parametrize("unknown", [-100, None])
def test_unknown_labels_are_left_out(options, unknown):
    """Of half of the documents it is unknown whether they are about food; nothing is learned or measured there."""
    labels = matrix(TRAIN[1]).tolist()
    spoiled = matrix(TRAIN[1]).tolist()
    for number, (row, other) in enumerate(zip(labels, spoiled, strict=True)):
        if number % 2:
            row[1] = unknown
            other[1] = 1 - other[1]
    classifier = MultiLabelClassifier("br", **options["br"]).fit(TRAIN[0], labels, label_names=NAMES)
    assert classifier.evaluate(TRAIN[0], labels, label_names=NAMES)["micro_f1"] > 0.95
    wrong = MultiLabelClassifier("br", **options["br"]).fit(TRAIN[0], spoiled, label_names=NAMES)
    assert classifier.evaluate(*TEST)["micro_f1"] > wrong.evaluate(*TEST)["micro_f1"]


@pytest.mark.parametrize("kind", ["dataset", "frame"])
def test_tables(linear, options, kind):
    def table(split: tuple) -> datasets.Dataset | pd.DataFrame:
        content = {"body": split[0], "topics": split[1]}
        return datasets.Dataset.from_dict(content) if kind == "dataset" else pd.DataFrame(content)

    names = {"text_column": "body", "label_column": "topics"}
    classifier = MultiLabelClassifier("br", **options["br"]).fit(table(TRAIN), **names)
    np.testing.assert_array_equal(classifier.predict_proba(TEST[0]), linear.predict_proba(TEST[0]))
    assert classifier.evaluate(table(TEST), **names) == linear.evaluate(*TEST)


# The rest


def test_options_of_the_training_by_keyword(options, tmp_path):
    classifier = MultiLabelClassifier("cnn", **options["cnn"])
    classifier.fit(*TRAIN, num_train_epochs=1, tune_thresholds="per-label", output_dir=str(tmp_path / "run"), seed=3)
    assert classifier.results_["epochs"] == 1.0
    assert classifier.results_["seed"] == 3
    assert len(classifier.model.config.thresholds) == 3
    assert (tmp_path / "run" / "results.json").is_file()
    assert classifier.get_params()["num_train_epochs"] == 15


def test_checkpoints_are_kept_in_a_folder(options):
    with pytest.raises(UserInputError, match="keep_checkpoints: needs output_dir"):
        MultiLabelClassifier("cnn", **options["cnn"]).fit(*TRAIN, keep_checkpoints=True)


def test_training_continues_from_a_checkpoint(options, tmp_path):
    MultiLabelClassifier("cnn", **options["cnn"]).fit(*TRAIN).save_pretrained(tmp_path)
    classifier = MultiLabelClassifier.from_pretrained(tmp_path)
    before = classifier.predict_proba(TEST[0])
    classifier.fit(*TRAIN, learning_rate=1e-9, num_train_epochs=1)
    np.testing.assert_allclose(classifier.predict_proba(TEST[0]), before, atol=1e-4)


def test_no_training_continues_from_a_linear_model(linear, tmp_path):
    linear.save_pretrained(tmp_path)
    with pytest.raises(UserInputError, match="linear models are fitted from scratch"):
        MultiLabelClassifier.from_pretrained(tmp_path).fit(*TRAIN)


def test_a_linear_model_is_fitted_anew_by_its_system(linear, tmp_path):
    linear.save_pretrained(tmp_path)
    loaded = MultiLabelClassifier.from_pretrained(tmp_path)
    loaded.set_params(model_name_or_path=None, min_frequency=1).fit(*TRAIN, validation=VALIDATION)
    assert loaded.results_["command"] == [
        "MultiLabelClassifier(model='br', min_frequency=1).fit(texts, labels, validation=validation)"
    ]


def test_saved_over_another_model(linear, tmp_path):
    """Nothing of the other one stays but a card that was edited."""
    linear.save_pretrained(tmp_path)
    loaded = MultiLabelClassifier.from_pretrained(tmp_path)
    loaded.results_ = None
    loaded.save_pretrained(tmp_path)
    assert not (tmp_path / "results.json").exists() and not (tmp_path / "README.md").exists()
    (tmp_path / "README.md").write_text("# My own card", "utf-8")
    linear.save_pretrained(tmp_path)
    loaded.save_pretrained(tmp_path)
    assert (tmp_path / "README.md").read_text("utf-8") == "# My own card"
    with pytest.raises(UserInputError, match="save_directory '': is empty; name a folder"):
        linear.save_pretrained("")


def test_push_to_the_hub(hub, linear):
    address = linear.push_to_hub("ann/tickets")
    assert "ann/tickets" in address
    assert {"model.safetensors", "config.json", "README.md", "results.json"} <= set(
        hub.repos["model", "ann/tickets"].files
    )
    loaded = MultiLabelClassifier.from_pretrained("ann/tickets")
    np.testing.assert_array_equal(loaded.predict_proba([TEXT]), linear.predict_proba([TEXT]))


def test_a_revision_of_the_hub(hub, linear, options, tmp_path):
    linear.push_to_hub("ann/tickets")
    other = MultiLabelClassifier("br", **options["br"], C=0.01).fit(*TRAIN)
    other.push_to_hub("ann/tickets", revision="v2")
    loaded = MultiLabelClassifier.from_pretrained("ann/tickets", revision="v2")
    np.testing.assert_array_equal(loaded.predict_proba([TEXT]), other.predict_proba([TEXT]))
    with pytest.raises(UserInputError, match=r"'v3' of ann/tickets cannot be loaded: .*has no such revision"):
        MultiLabelClassifier.from_pretrained("ann/tickets", revision="v3")
    linear.save_pretrained(tmp_path)
    with pytest.raises(UserInputError, match="revision 'v2': is for models of the Hub"):
        MultiLabelClassifier.from_pretrained(tmp_path, revision="v2")


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        ("nosuch", {}, "^model nosuch: must be one of"),
        ("br", {"hidden_size": 8}, "unknown option hidden_size of br, cc, lp"),
        ("cnn", {"num_filter": 8}, "did you mean num_filters"),
        ("cnn", {"num_filters": 0}, "^num_filters 0: must be >= 1"),
        ("cnn", {"num_filters": "many"}, "num_filters"),
        ("lm-mtc", {}, "needs encoder"),
        ("cnn", {"tune_thresholds": "all"}, "must be one of global, per-label"),
        ("cnn", {"learning_rate": -1.0}, "^learning_rate -1.0: must be > 0"),
        ("cnn", {"num_train_epochs": "3"}, "^num_train_epochs '3': must be a number"),
        ("cnn", {"tokens_per_batch": "500"}, "^tokens_per_batch '500': must be a whole number"),
        ("cnn", {"num_filters": 8.5}, "^num_filters 8.5: must be a whole number"),
        ("cnn", {"overwrite": 1}, "^overwrite 1: must be True or False"),
        ("cnn", {"max_minutes": "2"}, "^max_minutes '2': must be a number"),
        ("cnn", {"freeze_encoder": "no"}, "^freeze_encoder 'no': must be True or False"),
        ("cnn", {"loss": "hinge"}, "^loss hinge: must be one of bce, .*; a loss object is `model.loss_function`"),
        ("cnn", {"eval_strategy": "no"}, "^eval_strategy no: .* pass load_best_model_at_end false"),
    ],
)
def test_wrong_options_are_refused_by_fit(model, options, message):
    classifier = MultiLabelClassifier(model, **options)
    with pytest.raises(UserInputError, match=message):
        classifier.fit(*TRAIN)


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (TRAIN[0], TRAIN[1][:-1], "48 texts, but labels of 47"),
        (["a", 3], [["x"], ["y"]], "not a string"),
        (["a", "b"], ["x", None], "train row 2: the labels are missing, as in 1 of 2 rows"),
        (["a", "b"], [["x"], [2]], r"train row 2: the labels \[2\] are numbers, but those of train row 1"),
        (["a", "b"], [[0, 1], [1, 0]], "set label_format ids or indicators"),
        ([], [], "no documents"),
    ],
)
def test_wrong_data_is_refused_by_fit(texts, labels, message):
    with pytest.raises(UserInputError, match=message):
        MultiLabelClassifier("br").fit(texts, labels)


def test_numbers_of_a_prediction_are_named(linear):
    """A threshold after the texts, as in other libraries, would be the size of a batch."""
    with pytest.raises(TypeError, match="positional"):
        linear.predict([TEXT], 0.2)
    assert linear.predict(TEST[0], batch_size=1) == linear.predict(TEST[0])
