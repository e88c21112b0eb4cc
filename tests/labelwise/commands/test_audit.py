# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise audit`: planted faults are found, and the files are whole."""

import csv
import json
import random
from pathlib import Path

import labelwise_cli as cli
import pytest

from labelwise.analysis import label_errors

from ...tiny_corpus import make_documents, write_jsonl

FILES = [
    "audit.html",
    "audit.json",
    "duplicates.csv",
    "incomplete.csv",
    "label_frequencies.png",
    "label_pairs.csv",
    "label_pairs.png",
    "labels.csv",
    "lengths.png",
    "near_equal_label_names.csv",
]
HOSTILE = "<script>alert(1)</script> money loan credit, said the bank, on a day in May"


def numbered(documents: list[dict], seed: int) -> list[dict]:
    """Documents that are all different: each has words of its own."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(4 * len(documents))]
    return [
        {"text": f"{document['text']} {' '.join(words[4 * i : 4 * i + 4])}", "labels": document["labels"]}
        for i, document in enumerate(documents)
    ]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> tuple[str, list[int]]:
    """Options that name files with planted faults, and the training documents whose labels were flipped."""
    folder = tmp_path_factory.mktemp("planted")
    documents = numbered(make_documents(240, 0), 0)
    flipped = list(range(0, 200, 20))
    for row in flipped:
        label = ["bank", "sport", "food"][row % 3]
        document = documents[row]
        document["labels"] = [name for name in document["labels"] if name != label] + (
            [] if label in document["labels"] else [label]
        )
    train, test = documents[:200], documents[200:]
    train.append({"text": HOSTILE, "labels": ["bank"]})
    train.append({"text": HOSTILE.replace(" ", "  "), "labels": ["food"]})  # a conflict
    train.append({"text": HOSTILE.replace("May", "June"), "labels": ["Bank"]})  # almost the same, near-equal name
    test.append({"text": train[7]["text"], "labels": train[7]["labels"]})  # a test document of training
    write_jsonl(folder / "train.jsonl", train)
    write_jsonl(folder / "test.jsonl", test)
    write_jsonl(folder / "validation.jsonl", numbered(make_documents(20, 2), 2))
    return " ".join(f"--{split}_file {folder / split}.jsonl" for split in ("train", "validation", "test")), flipped


def audit(options: str, folder: Path) -> dict:
    assert cli.main(f"audit {options} --output_dir {folder}".split()) == 0
    return json.loads((folder / "audit.json").read_text("utf-8"))


def read(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_planted_faults(corpus, tmp_path, capsys):
    numbers = audit(f"{corpus[0]} --max_length 6 --min_documents 5", tmp_path / "out")
    out, report = capsys.readouterr()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    assert json.loads(out) == {**numbers, "files": [str(tmp_path / "out" / name) for name in FILES]}
    assert report.rstrip().endswith(str(tmp_path / "out" / "audit.html"))
    checks = numbers["checks"]
    assert checks["train"]["documents"] == 203
    assert checks["train"]["same_text"] == 1
    assert checks["train"]["conflict"] == 2
    assert checks["train"]["near_conflict"] == 1
    assert checks["test"]["same_text_in_train"] == 1
    assert checks["all"]["documents_cut"] > 200
    assert numbers["rare_labels"] == ["Bank"]
    assert numbers["near_equal_label_names"][0] == {
        "label": "Bank",
        "other": "bank",
        "difference": "equal but for case, spaces and punctuation",
    }
    assert numbers["command"].startswith("labelwise audit --train_file")
    assert "Evaluation documents with the text of a training document" in report
    groups = read(tmp_path / "out" / "duplicates.csv")
    assert [row["differ"] for row in groups] == ["True"] * 3 + ["False"] * 2
    assert groups[0]["text"] == HOSTILE
    page = (tmp_path / "out" / "audit.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; money loan" in page
    assert page.count("data:image/png;base64,") == 3


def test_flipped_labels_are_found_out_of_fold(corpus, tmp_path, capsys):
    pytest.importorskip("cleanlab", reason="label errors need the extra `audit`")
    options, flipped = corpus
    numbers = audit(f"{options} --out_of_fold br --num_folds 3", tmp_path)
    rows = [row for row in read(tmp_path / "label_errors.csv") if row["split"] == "train"]
    found = {int(row["id"]) - 1 for row in rows} - {200, 201, 202}  # whose labels are planted too
    hits = set(flipped) & found
    assert len(hits) >= len(flipped) / 2  # chance: 3 % of all
    assert len(hits) >= 0.7 * len(found)
    assert numbers["checks"]["all"]["scored_documents"] == numbers["checks"]["all"]["documents"]
    assert "br, by 3-fold cross-validation" in numbers["label_errors"]["scores"]
    assert (tmp_path / "label_errors.png").exists()
    assert "Likely label errors, the surest first:" in capsys.readouterr().err
    audit(options, tmp_path)  # the report of fewer things leaves nothing of the earlier one
    assert not (tmp_path / "label_errors.csv").exists()
    assert not (tmp_path / "label_errors.png").exists()


def test_model(model, data, tmp_path):
    pytest.importorskip("cleanlab", reason="label errors need the extra `audit`")
    numbers = audit(f"{data} --model_name_or_path {model}", tmp_path)
    assert numbers["length_unit"] == "words"
    assert numbers["length_limit"] == "500 words"  # the model's
    checks = numbers["checks"]
    assert [checks[split]["scored_documents"] for split in ("train", "validation", "test")] == [0, 16, 16]
    assert "outside the training split" in numbers["label_errors"]["scores"]


def test_no_texts(corpus, tmp_path):
    audit(f"{corpus[0]} --no_texts", tmp_path)
    assert "text" not in read(tmp_path / "duplicates.csv")[0]
    for path in tmp_path.glob("*.[chj]*"):
        assert "money loan credit" not in path.read_text("utf-8")


def test_without_matplotlib(corpus, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(__import__("sys").modules, "labelwise.analysis.audit_figures", None)
    audit(corpus[0], tmp_path)
    assert "no pictures: a package is missing: pip install 'labelwise[figures]'" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.png"))
    assert "<img" not in (tmp_path / "audit.html").read_text("utf-8")


def test_missing_cleanlab(refused, data, monkeypatch):
    monkeypatch.setattr(label_errors, "find_spec", lambda name: None)
    told = refused(f"audit {data} --out_of_fold br --output_dir out")
    assert 'pip install "labelwise[audit]"' in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--output_dir out --max_length 0", "--max_length 0: must be > 0"),
        ("--output_dir out --num_folds 1", "--num_folds 1: must be > 1"),
        ("--output_dir out --near_duplicate_similarity 0.3", "must be >= 0.5 and <= 1"),
        ("--output_dir out --max_length 5 --model_name_or_path ns/m", "a model has its own limit"),
        ("--output_dir out --out_of_fold nothing", "nothing"),
        ("--output_dir out --model_name_or_path nowhere", "nowhere is neither a folder nor a Hub id"),
        ("--max_length 5", "required: --output_dir"),
        ("--output_dir out --unseen_labels miss", "--unseen_labels miss: an audit counts no misses of a model"),
    ],
)
def test_wrong_options(refused, data, options, told):
    pytest.importorskip("cleanlab", reason="label errors need the extra `audit`")
    assert told in refused(f"audit {data} {options}")


@pytest.mark.slow
def test_reuters(tmp_path, real_data):
    numbers = audit(f"--dataset reuters21578 --data_dir {real_data / 'reuters21578'} --no_texts", tmp_path)
    assert numbers["checks"]["all"]["documents"] == 10_789
    assert numbers["checks"]["all"]["conflict"] == 56
    assert len(numbers["labels"]) == 90
    assert numbers["near_equal_label_names"] == []
