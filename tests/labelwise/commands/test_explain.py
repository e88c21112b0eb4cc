# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise explain`: a page, a picture and numbers."""

import csv
import io
import json
import sys

import labelwise_cli as cli
import pytest

FILES = ["explanation.csv", "explanation.html", "explanation.json", "explanation.png"]


def explain(model, folder, *options: str) -> None:
    assert cli.main(["explain", "--model_name_or_path", str(model), "--output_dir", str(folder), *options]) == 0


def read(folder) -> list[dict]:
    with (folder / "explanation.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_files(capsys, model, tmp_path):
    folder = tmp_path / "new" / "out"
    capsys.readouterr()
    explain(model, folder, "--text", "The ball, a loan.", "--labels", "bank", "food", "sport")
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [str(folder / name) for name in FILES]
    assert sorted(path.name for path in folder.iterdir()) == FILES
    rows = read(folder)
    assert [row["word"] for row in rows] == ["The", "ball", ",", "a", "loan", "."] * 3
    assert [row["label"] for row in rows[::6]] == ["bank", "food", "sport"]
    for start in (0, 6, 12):
        assert sum(float(row["share"]) for row in rows[start : start + 6]) == pytest.approx(1, abs=1e-5)
    assert (folder / "explanation.png").read_bytes().startswith(b"\x89PNG")
    saved = json.loads((folder / "explanation.json").read_text("utf-8"))
    assert [label["label"] for label in told["labels"]] == ["bank", "food", "sport"]
    page = (folder / "explanation.html").read_text("utf-8")
    for label, in_file, row in zip(told["labels"], saved["labels"], rows[::6], strict=True):
        assert label["trust"].startswith("attention agrees with leaving words out: ")
        words = label.pop("words")
        assert [abs(number) for _, number in words] == sorted((abs(number) for _, number in words), reverse=True)
        assert words[0][0] == max(in_file["entries"], key=lambda entry: entry["share"])["word"]
        assert len(words) == 5
        assert label == {name: value for name, value in in_file.items() if name != "entries"}
        assert (row["trust"], row["agreement"]) == (label["trust"], str(label["agreement"]))
        assert label["trust"] in page
    assert [entry["word"] for entry in saved["labels"][0]["entries"]] == [row["word"] for row in rows[:6]]


def test_sentences(pretrained, tmp_path):
    explain(pretrained, tmp_path, "--text", "The ball. A loan.", "--labels", "bank")
    rows = read(tmp_path)
    assert [row["sentence"] for row in rows] == ["0"] * 3 + ["1"] * 3
    assert float(rows[0]["sentence_share"]) + float(rows[3]["sentence_share"]) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("name", "told"), [("cc", "exact: "), ("cnn", "measured: ")])
def test_models_without_attention(capsys, data, tmp_path, name, told):
    shape = "--embedding_size 8 --num_train_epochs 1 --word_vectors random" if name == "cnn" else ""
    assert cli.main(f"train --model {name} {data} --output_dir {tmp_path / name} {shape}".split()) == 0
    capsys.readouterr()
    explain(tmp_path / name, tmp_path / "out", "--text", "The ball, a loan.", "--labels", "bank", "sport")
    labels = json.loads(capsys.readouterr().out)["labels"]
    assert all(label["trust"].startswith(told) for label in labels)
    rows = read(tmp_path / "out")
    if name == "cc":
        for label in labels:
            added = [float(row["contribution"]) for row in rows if row["label"] == label["label"]]
            assert sum(added) == pytest.approx(label["logit"], abs=1e-5)
    else:
        assert [row["word"] for row in rows] == ["The", "ball", ",", "a", "loan", "."] * 2
        assert all(row["drop"] for row in rows)


def test_text_from_a_file_or_standard_input(model, tmp_path, monkeypatch):
    (tmp_path / "text.txt").write_bytes("\ufeffThe ball\r\na café".encode())
    explain(model, tmp_path / "a", "--text_file", str(tmp_path / "text.txt"), "--labels", "bank")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("The ball\r\na café".encode())))
    explain(model, tmp_path / "b", "--text", "-", "--labels", "bank")
    assert [row["word"] for row in read(tmp_path / "a")] == ["The", "ball", "a", "café"]
    assert read(tmp_path / "a") == read(tmp_path / "b")


@pytest.mark.parametrize("missing", ["font", "package"])
def test_no_picture(capsys, model, tmp_path, monkeypatch, missing):
    explain(model, tmp_path, "--text", "ball", "--labels", "bank")
    if missing == "font":
        monkeypatch.setattr("labelwise.analysis.explanation_figure.find_fonts", lambda text: (["DejaVu Sans"], "动"))
    else:
        monkeypatch.setitem(sys.modules, "labelwise.analysis.explanation_figure", None)
    capsys.readouterr()
    explain(model, tmp_path, "--text", "动", "--labels", "bank")
    told = "no font of this machine has 1" if missing == "font" else "pip install 'labelwise[figures]'"
    assert "no explanation.png" in (err := capsys.readouterr().err)
    assert told in err
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES[:3]  # nor that of the text before
    assert "动" in (tmp_path / "explanation.html").read_text("utf-8")


def test_a_disk_that_is_full(capsys, model, tmp_path, monkeypatch):
    explain(model, tmp_path, "--text", "ball", "--labels", "bank")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("labelwise.analysis.explanation_figure.Figure.savefig", full)
    options = ["--output_dir", str(tmp_path), "--text", "goal", "--labels", "bank"]
    assert cli.main(["explain", "--model_name_or_path", str(model), *options]) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.endswith(f"--output_dir {tmp_path} cannot be written: No space left on device")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--output_dir out --labels bank", "name the text: either --text or --text_file"),
        ("--output_dir out --text a --text_file b", "name the text"),
        ("--output_dir out --text_file nowhere.txt", "--text_file nowhere.txt cannot be read: No such file"),
        ("--output_dir out --text_file MODEL", "cannot be read: Is a directory"),
        ("--output_dir out --text_file MODEL/model.safetensors", "not UTF-8"),
        ("--output_dir out --text \u200b --labels bank", "cannot explain --text: the text contains no words"),
        ("--output_dir out --text a --labels sprot", "--labels sprot: none of the model's 3 labels; did you mean sp"),
        ("--output_dir MODEL/config.json --text a", "is a file; name a folder"),
        ("--text a", "required: --output_dir"),
    ],
)
def test_wrong_options(refused, model, options, told):
    assert told in refused(f"explain --model_name_or_path {model} {options.replace('MODEL', str(model))}")


def test_nothing_is_replaced_where_one_file_cannot_be(model, refused, tmp_path):
    folder = tmp_path / "out"
    (folder / "explanation.html").mkdir(parents=True)
    (folder / "explanation.csv").write_text("mine")
    command = f"explain --model_name_or_path {model} --text money --labels bank --output_dir {folder}"
    assert "explanation.html: is a folder" in refused(command)
    assert (folder / "explanation.csv").read_text() == "mine"
    assert {path.name for path in folder.iterdir()} == {"explanation.html", "explanation.csv"}
