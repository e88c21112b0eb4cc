# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --streaming`: documents that are read while they are needed."""

import json
import random
from itertools import chain, islice

import labelwise_cli as cli
import pyarrow
import pyarrow.parquet
import pytest
from datasets import ClassLabel, Dataset, Features, List, Value

from labelwise.errors import UserInputError
from labelwise.runs.data import DataArguments
from labelwise.runs.streaming import Passes, StreamCollator, open_stream
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer

from ...resuming import assert_same_weights, interrupt, results_of, weights_of
from ...tiny_corpus import TINY_LSTM, make_documents
from ...two_processes import run_in_two_processes

STEPS = "--max_steps 12 --eval_strategy steps --save_strategy steps --eval_steps 3 --save_steps 3"
OPTIONS = f"{TINY_LSTM} {STEPS} --streaming --shuffle_buffer 20"


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """A folder with 60 documents in three files of Parquet."""
    folder = tmp_path_factory.mktemp("shards")
    for number in range(3):
        Dataset.from_list(make_documents(20, number)).to_parquet(folder / f"part-{number}.parquet")
    return folder


def command(shards, files, out, options: str = OPTIONS) -> str:
    return f"train --train_file {shards} --validation_file {files / 'validation.jsonl'} {options} --output_dir {out}"


@pytest.mark.slow
def test_resumed_equals_undisturbed(shards, files, tmp_path, monkeypatch):
    """The documents are read in another order than that of the files, and more than once."""
    read, call = [], StreamCollator.__call__

    def note(self, rows):
        read.append([row["text"] for row in rows])
        return call(self, rows)

    monkeypatch.setattr(StreamCollator, "__call__", note)
    assert cli.main(command(shards, files, tmp_path / "whole").split()) == 0
    undisturbed, read[:] = read[:12], []
    assert len({*chain(*undisturbed)}) > 20 and sum(map(len, undisturbed)) == 96
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", after=8)
        assert cli.main(command(shards, files, tmp_path / "out").split()) == 130
    read.clear()
    assert cli.main([*command(shards, files, tmp_path / "out").split(), "--resume"]) == 0
    assert read[:12] == undisturbed
    assert_same_weights(tmp_path / "whole", tmp_path / "out")


@pytest.mark.slow
def test_two_processes_learn_as_one(shards, files, tmp_path):
    """Each takes its own documents of a batch, whose lengths differ."""
    options = f"{OPTIONS.replace('2e-2', '1e-1')} --dropout 0 --optim sgd"
    run_in_two_processes(command(shards, files, "two", options.replace("batch_size 8", "batch_size 4")), tmp_path)
    assert cli.main(command(shards, files, tmp_path / "one", options).split()) == 0
    one, two = weights_of(tmp_path / "one"), weights_of(tmp_path / "two")
    assert max((one[name] - two[name]).abs().max().item() for name in one) < 2e-6


@pytest.mark.slow
def test_what_is_recorded(shards, files, tmp_path, capsys):
    assert cli.main(command(shards, files, tmp_path / "out").split()) == 0
    told = capsys.readouterr().err
    assert "60 training documents" in told and "log-odds, comes from the first 20" in told
    results = results_of(tmp_path / "out")
    assert results["documents"] == {"train": 60, "validation": 16}
    assert results["epochs"] == pytest.approx(12 * 8 / 60)
    rows = [row for number in range(3) for row in make_documents(20, number)]
    counts = {name: sum(name in row["labels"] for row in rows) for name in ("bank", "food", "sport")}
    assert results["label_counts"] == counts
    config = json.loads((tmp_path / "out" / "config.json").read_text())
    assert list(config["label2id"]) == ["bank", "food", "sport"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("--max_steps 12", ""), "--streaming: needs --max_steps"),
        (
            ("--eval_strategy steps --save_strategy steps --eval_steps 3 --save_steps 3", ""),
            "--streaming: has no epochs",
        ),
        (("--streaming", ""), "--shuffle_buffer 20: needs --streaming"),
        (("--streaming", "--streaming --loss weighted_bce"), "--loss weighted_bce: needs all training documents"),
        (
            ("--per_device_train_batch_size 8", "--tokens_per_batch 60"),
            "--tokens_per_batch: needs all training documents",
        ),
        (("--streaming", "--streaming --pretraining_steps 3"), "--pretraining_steps: needs all training documents"),
        (("--streaming", "--streaming --label_separator ,"), "--label_separator: --streaming reads Parquet"),
        (("--streaming", "--streaming --label_names bank food"), "the label 'sport' is none of those"),
    ],
)
def test_what_cannot_be_streamed(refused, shards, files, change, told):
    options = OPTIONS.replace(*change)
    assert told in refused(command(shards, files, "out", options))


def test_files_that_cannot_be_streamed(refused, files, tmp_path):
    def told(rows: list[dict]) -> str:
        Dataset.from_list(rows).to_parquet(tmp_path / "a.parquet")
        return refused(command(tmp_path / "a.parquet", files, "out"))

    assert "'labels' is string; --streaming reads lists of label names" in told([{"text": "a", "labels": "bank"}])
    assert "no column 'labels'; there are: text" in told([{"text": "a"}])
    assert "'labels' is missing (null) in a row" in told(
        [{"text": "a", "labels": ["bank"]}, {"text": "b", "labels": None}]
    )
    assert "train.jsonl is not a Parquet file" in refused(command(files / "train.jsonl", files, "out"))


def write_ids(path, ids: list[list[int]], names: list[str]) -> None:
    """Write documents with label ids, which `datasets` names in the metadata of the file."""
    texts = [f"text {number}" for number in range(len(ids))]
    plain = Features({"text": Value("string"), "labels": List(Value("int64"))})
    rows = Dataset.from_dict({"text": texts, "labels": ids}, features=plain)
    named = Features({"text": Value("string"), "labels": List(ClassLabel(names=names))})
    table = rows.data.table.replace_schema_metadata(named.arrow_schema.metadata)
    pyarrow.parquet.write_table(table, path)


def test_ids_with_names(files, tmp_path):
    """`labelwise datasets --to_parquet` writes label ids, with their names in the metadata."""
    write_ids(tmp_path / "a.parquet", [[2, 0], [], [2]], ["sport", "food", "bank"])
    write_ids(tmp_path / "b.parquet", [[0]], ["sport", "food", "bank"])
    data = DataArguments(train_file=str(tmp_path), validation_file=str(files / "validation.jsonl"))
    stream = open_stream(data, None, 10)
    assert stream.counts == {"sport": 2, "food": 0, "bank": 2} and list(stream.counts) == ["sport", "food", "bank"]
    assert [row["labels"] for row in stream._rows()] == [["bank", "sport"], [], ["bank"], ["sport"]]
    assert list(open_stream(data, ["bank", "sport", "food"], 10).counts) == ["bank", "sport", "food"]

    write_ids(tmp_path / "b.parquet", [[0]], ["food", "sport", "bank"])
    with pytest.raises(UserInputError, match=r"b\.parquet: names the ids of 'labels' differently from .*a\.parquet"):
        open_stream(data, None, 10)
    write_ids(tmp_path / "b.parquet", [[3]], ["sport", "food", "bank"])
    with pytest.raises(UserInputError, match=r"b\.parquet: 'labels' has an id without a name"):
        open_stream(data, None, 10)


@pytest.mark.slow
def test_shuffled_by_the_seed(shards, files, tmp_path, monkeypatch):
    orders, call = [], StreamCollator.__call__
    monkeypatch.setattr(StreamCollator, "__call__", lambda self, rows: orders[-1].append(rows) or call(self, rows))
    for seed in random.sample(range(100), 2):
        orders.append([])
        assert cli.main(command(shards, files, tmp_path / str(seed), f"{OPTIONS} --seed {seed}").split()) == 0
    assert orders[0][:12] != orders[1][:12]


def test_each_pass_has_another_order(shards, files):
    data = DataArguments(train_file=str(shards), validation_file=str(files / "validation.jsonl"))
    rows = open_stream(data, None, 20)._rows()

    def read(seed: int) -> list[list[str]]:
        texts = [row["text"] for row in islice(Passes(rows, 20, seed), 180)]
        return [texts[:60], texts[60:120], texts[120:]]

    passes = read(seed=42)
    assert read(seed=42) == passes and read(seed=43)[0] != passes[0]
    assert sorted(passes[0]) == sorted(passes[1]) == sorted(passes[2])
    assert passes[0] != passes[1] != passes[2] != passes[0]


def test_row_groups_that_were_read_leave_the_memory(files, tmp_path):
    """A file of 20 groups of rows, 20 MB in memory, is read to its end with a few of them at a time."""
    rows = [{"text": f"{row} {'word ' * 2000}", "labels": ["bank"]} for row in range(2000)]
    Dataset.from_list(rows).to_parquet(tmp_path / "train.parquet", batch_size=100)
    data = DataArguments(train_file=str(tmp_path / "train.parquet"), validation_file=str(files / "validation.jsonl"))
    before, largest = pyarrow.total_allocated_bytes(), 0
    for _ in open_stream(data, None, 100)._rows():
        largest = max(largest, pyarrow.total_allocated_bytes() - before)
    assert largest < 8 * 2**20
