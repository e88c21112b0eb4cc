# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The line on training documents that are longer than the model reads."""

import json

import labelwise_cli as cli
import pytest

SMALL = "--embedding_size 4 --word_vectors random --num_train_epochs 1 --min_frequency 1"
TOLD = "of 20 training documents reach the limit of what the model reads, set by"


@pytest.fixture
def train(tmp_path, capsys):
    """`train(options)`: standard error of a training on 20 documents, 5 of which have 60 sentences of 3 words."""
    rows = [{"text": "It is late. " * (60 if i % 4 == 0 else 2), "labels": ["a", "b"][i % 2 :]} for i in range(20)]
    for name, part in {"train": rows, "validation": rows[:4]}.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, part)))

    def run(options: str) -> str:
        files = " ".join(f"--{name}_file {tmp_path / name}.jsonl" for name in ("train", "validation"))
        assert cli.main(f"train {files} {options} --output_dir {tmp_path / 'out'}".split()) == 0
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("options", "set_by"),
    [
        (f"--model cnn {SMALL} --max_words 100", "--max_words"),
        (f"--model lw-lstm {SMALL} --hidden_size 4 --max_words 100", "--max_words"),
        (f"--model hlw-lstm {SMALL} --hidden_size 4 --max_sentences 40", "--max_sentences"),
        ("--model br --min_frequency 1 --min_df 1 --max_words 100", "--max_words"),
    ],
)
def test_cut_documents_are_counted(train, options, set_by):
    assert f"5 {TOLD} {set_by}; text beyond it is not read" in train(options)


def test_whole_documents(train, tmp_path):
    with (tmp_path / "train.jsonl").open("a") as file:
        file.write('\n{"text": " ", "labels": []}')
    assert "the limit of what the model reads" not in train(f"--model cnn {SMALL} --max_words 1000")


def test_cut_sentences(train):
    """A sentence has four words, as the full stop is one."""
    options = f"--model hlw-lstm {SMALL} --hidden_size 4 --max_sentences 100 --max_words_per_sentence"
    told = "20 of 20 training documents have sentences of more than 2 words, the limit set by --max_words_per_sentence"
    assert f"{told}; words beyond it, 50.0% of all, are not read" in train(f"{options} 2")
    assert "--max_words_per_sentence" not in train(f"{options} 4 --overwrite")
