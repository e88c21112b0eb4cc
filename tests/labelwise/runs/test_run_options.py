# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A run is resumed with the options that its weights come from, and no others."""

import json
import shutil
from pathlib import Path

import labelwise_cli as cli
import pytest

from labelwise import MultiLabelTrainingArguments
from labelwise.families import family_of_model
from labelwise.runs.run_options import RunOptions

from ...tiny_corpus import write_jsonl

CNN = "train --model cnn --embedding_size 8 --min_frequency 1 --word_vectors random --num_train_epochs 2"
TRAINING = "--per_device_train_batch_size 16 --save_total_limit 9 --keep_checkpoints"


@pytest.fixture(scope="module")
def checkpoint(data: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    whole = tmp_path_factory.mktemp("options") / "whole"
    assert cli.main(f"{CNN} {data} {TRAINING} --output_dir {whole}".split()) == 0
    return whole / "checkpoint-3"


def resume(checkpoint: Path, folder: Path, data: str, options: str) -> int:
    shutil.copytree(checkpoint, folder / checkpoint.name)
    return cli.main(f"{CNN} {data} {TRAINING} --resume --output_dir {folder} {options}".split())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--learning_rate 0.5", "another learning_rate, 0.003 and not 0.5"),
        ("--seed 3", "another seed, 42 and not 3"),
        ("--num_train_epochs 1", "another num_train_epochs, 2.0 and not 1.0"),
        ("--loss focal", "another loss, bce and not focal"),
        ("--per_device_train_batch_size 8", "another total_train_batch_size, 16 and not 8"),
        ("--no_train_embeddings", "another train_embeddings, True and not False"),
    ],
)
def test_another_option_is_refused(checkpoint, tmp_path, data, capsys, options, told):
    assert resume(checkpoint, tmp_path, data, options) == 2
    assert f"--resume: the run in {tmp_path / checkpoint.name} had {told}; repeat" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["labels", "order"])
def test_other_documents_are_refused(checkpoint, tmp_path, files, capsys, change):
    """The vocabulary stays the same."""
    documents = [json.loads(line) for line in (files / "train.jsonl").read_text().splitlines()]
    if change == "labels":
        documents[5]["labels"] = [] if documents[5]["labels"] else ["food"]
    else:
        documents[5:7] = documents[6], documents[5]
    changed = write_jsonl(tmp_path / "changed.jsonl", documents)
    data = " ".join(f"--{split}_file {files / split}.jsonl" for split in ("validation", "test"))
    assert resume(checkpoint, tmp_path / "out", f"--train_file {changed} {data}", "") == 2
    told = "had other training documents, or other labels of them; give it the same data, or pass --overwrite"
    assert told in capsys.readouterr().err


def test_what_does_not_change_weights_may_change(checkpoint, tmp_path, data):
    options = "--per_device_train_batch_size 8 --gradient_accumulation_steps 2 --per_device_eval_batch_size 3"
    assert resume(checkpoint, tmp_path, data, f"{options} --logging_steps 1 --disable_tqdm True") == 0


def test_each_process_has_the_same_options(tmp_path):
    """Only the first one saves them, and all compare."""
    family, options = family_of_model("cnn")(model="cnn"), []
    for local_rank in (0, 1):
        args = MultiLabelTrainingArguments(str(tmp_path))
        args.local_rank = local_rank
        options.append(RunOptions(family, args, None).options)
    assert options[0] == options[1]
