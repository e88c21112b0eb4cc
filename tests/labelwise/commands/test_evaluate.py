# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise evaluate`: one JSON object with the numbers of the training run."""

import json
import shutil

import labelwise_cli as cli
import pandas as pd
import pytest
from transformers import AutoConfig

from labelwise.analysis import drawing
from labelwise.trainer.metrics_names import FURTHER_METRICS

from ...tiny_corpus import make_documents, write_jsonl


@pytest.mark.parametrize("name", ["model", "pretrained"])
@pytest.mark.parametrize("split", ["validation", "test"])
def test_equals_what_training_measured(request, capsys, files, tmp_path, monkeypatch, name, split):
    folder = request.getfixturevalue(name)
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    command = f"evaluate --model_name_or_path {folder} --{split}_file {files / split}.jsonl --split {split}"
    assert cli.main([*command.split(), "--output_file", "m.json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    results = json.loads((folder / "results.json").read_text())
    expected = (results["metrics_at_tuned_thresholds"] or results["metrics"])[split]
    assert json.loads(line) == {**expected, "threshold": AutoConfig.from_pretrained(folder).thresholds}
    assert json.loads((tmp_path / "m.json").read_text()) == json.loads(line)
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


def test_labels_of_the_file_may_be_fewer_and_in_another_order(capsys, model, files, tmp_path):
    rows = [row for row in make_documents(30, 9) if "bank" not in row["labels"]]
    file = write_jsonl(tmp_path / "part.jsonl", rows)
    capsys.readouterr()
    assert cli.main(f"evaluate --model_name_or_path {model} --test_file {file}".split()) == 0
    before = json.loads(capsys.readouterr().out)
    for row in rows:
        row["labels"].reverse()
    write_jsonl(file, rows)
    assert cli.main(f"evaluate --model_name_or_path {model} --test_file {file}".split()) == 0
    assert json.loads(capsys.readouterr().out) == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--model_name_or_path MODEL", "name the data"),
        ("--model_name_or_path MODEL --test_file TEST --split nosuch", "has no nosuch documents; it has test"),
        ("--model_name_or_path MODEL --validation_file TEST", "has no test documents; it has validation"),
        ("--model_name_or_path MODEL --test_file nowhere.jsonl", "no such file"),
        ("--model_name_or_path MODEL --test_file TEST --output_file no/such/m.json", "there is no folder"),
        ("--model_name_or_path MODEL --test_file TEST --batch_size 0", "--batch_size 0"),
        ("--model_name_or_path MODEL --dataset support_tickets", "labels that the model does not have"),
        ("--test_file TEST", "required: --model_name_or_path"),
        ("--model_name_or_path FOLDER --test_file TEST", "contains no model"),
    ],
)
def test_wrong_options(refused, model, files, options, told):
    options = options.replace("MODEL", str(model)).replace("FOLDER", str(files))
    assert told in refused(f"evaluate {options.replace('TEST', str(files / 'test.jsonl'))}")


def test_label_that_the_model_does_not_have(refused, model, tmp_path):
    file = write_jsonl(tmp_path / "test.jsonl", [{"text": "a", "labels": ["bank"]}, {"text": "b", "labels": ["novel"]}])
    message = refused(f"evaluate --model_name_or_path {model} --test_file {file}")
    assert "line 2: 'novel': 1 label (1 time in all) is not among the 3 of the model; correct them, or" in message


# Further metrics, and the report on each label


@pytest.fixture
def evaluate(capsys, model, files):
    """Run `evaluate` on the test file; give the object that it prints and what it says on standard error."""

    def run(options: str = "", folder=model, data=f"--test_file {files / 'test.jsonl'}"):
        capsys.readouterr()
        assert cli.main(f"evaluate --model_name_or_path {folder} {data} {options}".split()) == 0
        out, error = capsys.readouterr()
        return json.loads(out), error

    return run


def test_further_metrics(evaluate):
    six, _ = evaluate()
    found, _ = evaluate("--metrics all")
    assert list(found) == [*list(six)[:-1], *FURTHER_METRICS, "threshold"] and six.items() <= found.items()
    some, _ = evaluate("--metrics lrap psp_at_1")
    assert some == {name: found[name] for name in [*list(six)[:-1], "lrap", "psp_at_1", "threshold"]}


def test_psp_without_the_counts_of_training_labels(evaluate, model, files, tmp_path, refused):
    whole, _ = evaluate("--metrics all")
    folder = shutil.copytree(model, tmp_path / "model", ignore=shutil.ignore_patterns("results.json"))
    found, error = evaluate("--metrics all", folder)
    assert found == {name: value for name, value in whole.items() if not name.startswith("psp")}
    (told,) = [line for line in error.splitlines() if "psp" in line]
    assert told.startswith("psp_at_1, psp_at_3, psp_at_5 are left out") and "(--train_file)" in told
    assert "psp_at_3 cannot be computed" in refused(
        f"evaluate --model_name_or_path {folder} --test_file {files / 'test.jsonl'} --metrics psp_at_3"
    )
    data = " ".join(f"--{split}_file {files / split}.jsonl" for split in ("train", "validation", "test"))
    assert evaluate("--metrics all", folder, data)[0] == whole


def test_labels_with_one_class_are_null(evaluate, tmp_path):
    file = write_jsonl(tmp_path / "one.jsonl", [{"text": "money", "labels": ["bank"]}] * 2)
    found, _ = evaluate("--metrics all", data=f"--test_file {file}")
    assert found["macro_roc_auc"] is found["macro_average_precision"] is None
    assert found["micro_roc_auc"] is not None


def test_report(evaluate, model, tmp_path):
    six, _ = evaluate()
    found, error = evaluate(f"--report {tmp_path / 'new' / 'report'}")
    assert found == six  # standard output is the same
    folder = tmp_path / "new" / "report"
    assert sorted(path.name for path in folder.iterdir()) == ["report.csv", "report.png", "report.svg"]
    table = pd.read_csv(folder / "report.csv")
    assert sorted(table["label"]) == ["bank", "food", "sport"]
    assert table["f1"].mean() == pytest.approx(six["macro_f1"], rel=1e-5)
    assert table["threshold"].tolist() == pytest.approx([six["threshold"]] * 3, rel=1e-5)
    lines = [line.split() for line in error.splitlines()]
    (header,) = [number for number, words in enumerate(lines) if words[:2] == ["label", "documents"]]
    assert [words[0] for words in lines[header + 1 : header + 4]] == table["label"].tolist()


def test_without_matplotlib_only_the_picture_is_missing(evaluate, tmp_path, monkeypatch):
    folder = tmp_path / "report"
    evaluate(f"--report {folder}")
    monkeypatch.setattr(drawing, "find_spec", lambda name: None)
    found, error = evaluate(f"--report {folder}")
    assert "no picture: figures need packages that are missing: pip install 'labelwise[figures]'" in error
    assert found == evaluate()[0]
    assert [path.name for path in folder.iterdir()] == ["report.csv"]  # no picture of an earlier report


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--metrics f2", "--metrics: f2 is no further metric; give all, or some of micro_precision, micro_recall"),
        ("--report TEST", "is a file; name a folder"),
    ],
)
def test_wrong_options_of_metrics_and_report(refused, model, files, options, told):
    test = files / "test.jsonl"
    command = f"evaluate --model_name_or_path {model} --test_file {test} {options}".replace("TEST", str(test))
    assert told in refused(command)
