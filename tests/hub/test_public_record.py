# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Records without the folders of the user's machine."""

import pytest

from labelwise.hub.public_record import public_command, public_record

ARGUMENTS = [
    ("--train_file /home/ann/acme/train.jsonl", "--train_file train.jsonl"),
    ("--train_file=/home/ann/acme/train.jsonl", "--train_file=train.jsonl"),
    ("--train-file acme/train.jsonl", "--train-file train.jsonl"),
    ("--train_f acme/train.jsonl", "--train_f train.jsonl"),
    ("--test_file ~/test.csv", "--test_file test.csv"),
    ("--validation_file C:\\Users\\ann\\v.csv", "--validation_file v.csv"),
    ("--output_dir ../ann/out", "--output_dir out"),
    ("--output_dir /", "--output_dir ."),
    ("--data_dir ann/reuters", "--data_dir reuters"),
    ("--label_descriptions ann/about.json", "--label_descriptions about.json"),
    ("--encoder /home/ann/enc", "--encoder enc"),
    ("--encoder runs/ann/enc", "--encoder enc"),
    ("--encoder HERE/enc", "--encoder enc"),
    ("--encoder google/bert", "--encoder google/bert"),
    ("--encoder bert-base-uncased", "--encoder bert-base-uncased"),
    ("--model_name_or_path ann/tagger", "--model_name_or_path ann/tagger"),
    ("--model lw-lstm --hidden_size 8", "--model lw-lstm --hidden_size 8"),
    ("--run_name ann@example.org", "--run_name ***"),
    ("--run_name of:/home/ann/x", "--run_name of:x"),
    ("--run_name https://example.org/a/b", "--run_name https://example.org/a/b"),
    ("--text_column a/b", "--text_column a/b"),
    ("--dataset ns/name --config_name a", "--dataset ns/name --config_name a"),
]


@pytest.mark.parametrize(("given", "expected"), ARGUMENTS)
def test_commands(tmp_path, monkeypatch, given, expected):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here" / "enc").mkdir(parents=True)
    assert public_command(["labelwise", "train", *given.replace("HERE", "here").split()])[2:] == expected.split()


def test_a_path_with_spaces():
    command = ["labelwise", "train", "--train_file", "/home/ann/my data/a b.csv", "--encoder=/home/ann/an encoder"]
    assert public_command(command)[2:] == ["--train_file", "a b.csv", "--encoder=an encoder"]


def test_a_call():
    call = "MultiLabelClassifier(model='lm-mtc', encoder='/home/ann/my enc', word_vectors=PosixPath('/home/ann/v.txt'))"
    assert public_command([f"{call}.fit(texts, labels, label_names=['a/b'])"]) == [
        "MultiLabelClassifier(model='lm-mtc', encoder='my enc', word_vectors=PosixPath('v.txt'))"
        ".fit(texts, labels, label_names=['a/b'])"
    ]


@pytest.mark.parametrize(
    ("dataset", "command", "expected"),
    [
        ("/home/ann/train.jsonl", "--train_file /home/ann/train.jsonl", "train.jsonl"),
        ("acme/train.jsonl", "--train_file acme/train.jsonl", "train.jsonl"),
        ("/home/ann/toxic", "--train_file /home/ann/toxic", "own toxic"),  # not the corpus of that name
        ("ns/name/configuration", "--dataset ns/name --config_name configuration", "ns/name/configuration"),
        ("toxic", "--dataset=toxic", "toxic"),
    ],
)
def test_names_of_data(dataset, command, expected):
    words = ["labelwise", "train", *command.split()]
    part = {"dataset": dataset, "command": words}
    found = public_record({**part, "threshold_tuning": part, "additions": [part], "model": "/home/ann/out"})
    assert found["model"] == "out"
    for record in (found, found["threshold_tuning"], *found["additions"]):
        assert record["dataset"] == expected
        assert record["command"] == public_command(words)


def test_labels_of_any_name():
    counts = {"command": 3, "dataset": 2, "/home": 1}
    record = {"label_counts": counts, "command": ["labelwise"], "dataset": "in-memory data"}
    assert public_record(record) == record
