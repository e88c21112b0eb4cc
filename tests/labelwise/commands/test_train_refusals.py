# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train` on wrong input: one line that says what, where and what to do, and nothing written."""

import json
import re
import shutil
from pathlib import Path

import labelwise_cli as cli
import pytest

from ...tiny_corpus import PRETRAINING, TINY, make_documents, write_jsonl


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", "name the data: --dataset, or --train_file"),
        ("--dataset reuters21578 --train_file TRAIN", "--dataset and files are both given; leave one out"),
        ("--dataset nosuch", "unknown dataset 'nosuch'; known: aapd"),
        ("--dataset reuters21578", "needs data_dir"),
        ("--dataset reuters21578 --data_dir nowhere", "is not a folder"),
        ("--dataset support_tickets --config_name nosuch", "unknown configuration 'nosuch'"),
        ("--train_file nowhere.jsonl", "nowhere.jsonl: no such file; check the path"),
        ("--test_file TRAIN", "give a train_file"),
        ("--train_file TRAIN --text_column body", "train.jsonl line 1: no column 'body'; there are: text, labels"),
        ("--train_file TRAIN --label_column topics", "no column 'topics'"),
        ("--train_file TRAIN --nosuch 1", "unknown option --nosuch"),
        ("--train_file TRAIN --model nosuch", "--model nosuch: must be one of cnn, cnn-rnn, lstm"),
        ("--train_file TRAIN --hidden_size wide", "invalid int value: 'wide'"),
        ("--train_file TRAIN --eval_strategy never", "--eval_strategy never: must be one of no, steps, epoch"),
        ("--train_file TRAIN --save_strategy no", "load_best_model_at_end"),
        (
            "--train_file TRAIN --keep_checkpoints --save_strategy no --load_best_model_at_end false",
            "--keep_checkpoints: needs a --save_strategy but no",
        ),
        ("--train_file TRAIN --report_to nosuch", "nosuch"),
        ("--train_file TRAIN --lr_scheduler_type nosuch", "nosuch"),
        ("--train_file TRAIN --loss dice", "argument --loss: invalid choice: 'dice'"),
        ("--train_file TRAIN --optim nosuch", "nosuch"),
        ("--train_file TRAIN --overwrite --resume", "pass one of them"),
        ("--train_file TRAIN --hidden_size 0", "--hidden_size 0: must be >"),
        ("--train_file TRAIN --embedding_size -8", "--embedding_size -8"),
        ("--train_file TRAIN --num_hidden_layers 0", "--num_hidden_layers 0"),
        ("--train_file TRAIN --max_words 0", "--max_words 0"),
        ("--train_file TRAIN --max_sentences 0", "--max_sentences 0"),
        ("--train_file TRAIN --max_words_per_sentence -1", "--max_words_per_sentence -1"),
        ("--train_file TRAIN --min_frequency 0", "--min_frequency 0"),
        ("--train_file TRAIN --vocab_size 2", "--vocab_size 2: must be > 3"),
        ("--train_file TRAIN --dropout 2", "--dropout 2.0: must be >= 0 and < 1"),
        ("--train_file TRAIN --dropout nan", "--dropout nan"),
        ("--train_file TRAIN --pretraining_steps -5", "--pretraining_steps -5: must be >= 0"),
        ("--train_file TRAIN --pretraining_batch_size 0", "--pretraining_batch_size 0"),
        ("--train_file TRAIN --candidates 1", "--candidates 1: must be >= 2"),
        ("--train_file TRAIN --pretraining_steps 3 --candidates 99", "at least 98 do not"),
        ("--train_file TRAIN --classifier label_wise --model lstm", "needs a representation per label"),
        ("--train_file TRAIN --num_train_epochs -1", "--num_train_epochs -1"),
        ("--train_file TRAIN --num_train_epochs inf", "--num_train_epochs inf"),
        ("--train_file TRAIN --per_device_train_batch_size 0", "--per_device_train_batch_size 0"),
        ("--train_file TRAIN --per_device_eval_batch_size 0", "--per_device_eval_batch_size 0"),
        ("--train_file TRAIN --gradient_accumulation_steps 0", "--gradient_accumulation_steps 0"),
        ("--train_file TRAIN --learning_rate nan", "--learning_rate nan"),
        ("--train_file TRAIN --learning_rate_decay 0", "--learning_rate_decay 0"),
        ("--train_file TRAIN --dataloader_num_workers -1", "--dataloader_num_workers -1"),
        ("--train_file TRAIN --seed -1", "--seed -1: must be >= 0 and < 2**32"),
        ("--train_file TRAIN --split_seed -1", "--split_seed -1"),
        ("--train_file TRAIN --word_vectors nowhere.txt", "neither skip-gram nor random nor a file"),
        ("--train_file TRAIN --candidates 4", "--candidates 4: needs --pretraining_steps"),
        ("--train_file TRAIN --pretraining_batch_size 4", "--pretraining_batch_size 4: needs --pretraining_steps"),
        ("--train_file TRAIN --config_name en", "--config_name en: is for --dataset, not for files"),
        ("--train_file TRAIN --data_dir FILES", "is for --dataset, not for files"),
        ("--train_file TRAIN --hidden_size 100000000", "the weights of this model need"),
        ("--train_file TRAIN --hidden_size 9000000000000000000", "need more than torch can count"),
        ("--train_file TRAIN --hidden_size 99999999999999999999", "must be < 2**63"),
        ("--train_file TRAIN --embedding_size 1000000000", "the weights of this model need"),
        ("--train_file TRAIN --model magnet --num_graph_layers 1000000000", "must be >= 1 and <= 1000"),
        ("--train_file TRAIN --model_name_or_path nowhere", "nowhere is neither a folder nor a Hub id"),
        ("--train_file TRAIN --model_name_or_path FILES", "contains no model (no config.json)"),
    ],
)
def test_options(refused, files, model, options, told):
    options = options.replace("TRAIN", str(files / "train.jsonl")).replace("FILES", str(files))
    assert told in refused(f"train {TINY} {options} --output_dir out")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--pretraining_steps 3", "leave out --model_name_or_path"),
        ("--vocab_size 9", "--vocab_size 9: is of new models"),
        ("--min_frequency 1", "--min_frequency 1: is of new models"),
        ("--segmenter jieba", "--segmenter jieba: is of new models"),
    ],
)
def test_options_of_a_new_model_beside_a_checkpoint(refused, data, model, options, told):
    assert told in refused(f"train {data} --model_name_or_path {model} {options} --output_dir out")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "contains no documents"),
        (b'{"text": "a", "labels": []}\n' * 3, "no training document has a label"),
        (b'{"text": "a", "labels": ["x"]}\n{"text": \n', "line 2: broken JSON"),
        (b'{"text": "a", "labels": ["x"]}\n{"text": "caf\xe9", "labels": []}\n', "line 2: byte 44 is not UTF-8"),
        (b'{"text": "a", "labels": ["x", 1.5]}\n', 'line 1: the labels ["x", 1.5] are numbers, but those of'),
        (b'{"text": "a", "labels": []}\n{"text": "b"}\n', "line 2: the labels are missing, as in 1 of 2 rows of"),
        (b'{"text": 3, "labels": ["x"]}\n', "line 1: the text is of type int"),
        (b'{"text": "a", "labels": ["x"]}\n', "1 training document is too few"),
    ],
)
def test_training_file(refused, tmp_path, content, told):
    (tmp_path / "train.jsonl").write_bytes(content)
    assert told in refused(f"train --train_file {tmp_path / 'train.jsonl'} {TINY} --output_dir out")


@pytest.mark.parametrize("split", ["validation", "test"])
def test_label_that_training_never_saw(refused, files, tmp_path, split):
    rows = [*make_documents(3, 7), {"text": "a new one", "labels": ["novel"]}]
    other = write_jsonl(tmp_path / "other.jsonl", rows)
    message = refused(f"train --train_file {files / 'train.jsonl'} --{split}_file {other} {TINY} --output_dir out")
    told = "'novel': 1 label (1 time in all) is not among the 3 of training; correct them, or set unseen_labels"
    assert f"other.jsonl line 4: {told} ignore or miss" in message


@pytest.mark.parametrize("loss", ["weighted_bce", "distribution_balanced"])
@pytest.mark.parametrize("pretraining", ["", PRETRAINING])
def test_label_of_every_document_cannot_be_weighed(refused, files, tmp_path, loss, pretraining):
    rows = [{**row, "labels": [*row["labels"], "text"]} for row in make_documents(20, 0)]
    train, validation = (write_jsonl(tmp_path / f"{name}.jsonl", rows) for name in ("train", "validation"))
    command = f"train --train_file {train} --validation_file {validation} --loss {loss} {TINY} {pretraining}"
    assert "every training document has text: remove these labels" in refused(f"{command} --output_dir out")


def test_batches_of_too_few_tokens_are_refused_before_pre_training(refused, files, tmp_path):
    options = f"{TINY.replace('--per_device_train_batch_size 8', '')} {PRETRAINING} --tokens_per_batch 3"
    told = refused(f"train --train_file {files / 'train.jsonl'} {options} --output_dir {tmp_path / 'out'}")
    assert re.search("--tokens_per_batch 3: the longest document has [0-9]+ tokens; use at least that", told)
    assert not (tmp_path / "out").exists()


def spoil(folder: Path, what: str) -> None:
    """Makes a trained model unusable."""
    weights, config = folder / "model.safetensors", folder / "config.json"
    settings = json.loads(config.read_text())
    if what == "no weights":
        weights.unlink()
    elif what == "weights cut off":
        weights.write_bytes(weights.read_bytes()[:-100])
    elif what == "weights of another shape":
        config.write_text(json.dumps({**settings, "hidden_size": 4}))
    elif what == "config cut off":
        config.write_text(config.read_text()[:100])
    elif what == "config with a wrong type":
        config.write_text(json.dumps({**settings, "hidden_size": "wide"}))
    elif what == "another model type":
        config.write_text(json.dumps({"model_type": "bert"}))
    elif what == "unknown model type":
        config.write_text(json.dumps({"model_type": "nosuch"}))
    elif what == "no tokenizer":
        (folder / "tokenizer.json").unlink()
        (folder / "tokenizer_config.json").unlink()
    elif what == "no tokenizer.json":
        (folder / "tokenizer.json").unlink()
    elif what == "tokenizer cut off":
        (folder / "tokenizer.json").write_text("{")


SPOILT = {
    "no weights": "model.safetensors",
    "weights cut off": "cannot be loaded",
    "weights of another shape": "cannot be",
    "config cut off": "cannot be loaded",
    "config with a wrong type": "hidden_size",
    "another model type": "is a bert model, not a labelwise model",
    "unknown model type": "nosuch",
    "no tokenizer": "tokenizer",
    "no tokenizer.json": "tokenizer",
    "tokenizer cut off": "tokenizer",
}


@pytest.mark.parametrize("what", SPOILT)
@pytest.mark.parametrize("command", ["train", "evaluate", "predict"])
def test_spoilt_model(refused, files, model, tmp_path, what, command):
    spoilt = shutil.copytree(model, tmp_path / "spoilt")
    spoil(spoilt, what)
    options = {
        "train": f"--train_file {files / 'train.jsonl'} --output_dir out",
        "evaluate": f"--test_file {files / 'test.jsonl'}",
        "predict": f"--input {files / 'test.jsonl'}",
    }
    message = refused(f"{command} --model_name_or_path {spoilt} {options[command]}")
    assert str(spoilt) in message
    assert SPOILT[what] in message


def test_vectors_of_another_width(refused, files, tmp_path, data):
    (tmp_path / "vectors.txt").write_text("money 1 2 3\nball 4 5 6\n")
    message = refused(f"train {data} {TINY} --word_vectors {tmp_path / 'vectors.txt'} --output_dir out")
    assert "3" in message
    assert "8" in message


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_folder_with_a_model(refused, data, model):
    before = snapshot(model)
    assert "already contains a model; pass --overwrite" in refused(f"train {data} {TINY} --output_dir {model}")
    assert snapshot(model) == before


@pytest.mark.parametrize("folder", ["checkpoint-6", "pretraining"])
def test_folder_with_an_unfinished_run(refused, data, tmp_path, folder):
    (tmp_path / "out" / folder).mkdir(parents=True)
    assert "unfinished run; pass --resume" in refused(f"train {data} {TINY} --output_dir {tmp_path / 'out'}")
    assert [path.name for path in tmp_path.glob("out/**/*")] == [folder]


def test_overwrite_removes_nothing_before_the_input_is_known_to_fit(refused, data, pretrained, tmp_path):
    out = shutil.copytree(pretrained, tmp_path / "out")
    before = snapshot(out)
    (tmp_path / "vectors.txt").write_text("money 1 2 3\nball 4 5 6\n")
    refused(f"train {data} {TINY} --word_vectors {tmp_path / 'vectors.txt'} --overwrite --output_dir {out}")
    assert snapshot(out) == before


def test_overwrite_does_not_delete_what_it_starts_from(refused, data, pretrained):
    before = snapshot(pretrained)
    start = pretrained / "pretraining"
    message = refused(f"train {data} --overwrite --model_name_or_path {start} --output_dir {pretrained}")
    assert "--overwrite would delete" in message
    assert snapshot(pretrained) == before


@pytest.mark.parametrize("path", ["file", "file/below"])
def test_folder_that_is_a_file(refused, data, tmp_path, path):
    (tmp_path / "file").write_text("mine")
    assert "file is a file; name a folder" in refused(f"train {data} {TINY} --output_dir {tmp_path / path}")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "--output_dir '': is empty"),
        ("x" * 300, "no folder can have this name (File name too long)"),
        ("a/" * 3000, "no folder can have this name (File name too long)"),
        ("a\0b", "'a\\x00b': is no UTF-8 text, or contains a NUL character"),
        ("caf\udce9", "is no UTF-8 text"),
    ],
)
def test_folder_that_cannot_be(data, capsys, tmp_path, monkeypatch, name, told):
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert cli.main(["train", *data.split(), *TINY.split(), "--output_dir", name]) == 2
    printed = capsys.readouterr().err
    assert told in printed.splitlines()[-1]
    assert "Traceback" not in printed
    assert list(tmp_path.iterdir()) == []


def test_folder_without_permission(refused, data, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)  # whoever runs the tests may be allowed everything
    assert "no permission to write" in refused(f"train {data} {TINY} --output_dir {tmp_path / 'out'}")


def test_resume_with_another_shape(refused, data, pretrained, tmp_path):
    out = shutil.copytree(pretrained, tmp_path / "out")
    (out / "results.json").unlink()  # as if it had been stopped after its pre-training
    before = snapshot(out)
    options = TINY.replace("--hidden_size 8", "--hidden_size 4")
    command = f"train --model hlw-lstm {data} {options} {PRETRAINING} --freeze_encoder --resume"
    message = refused(f"{command} --output_dir {out}")
    assert "another hidden_size, 8 and not 4" in message
    assert snapshot(out) == before


def test_missing_output_folder_is_made(data, tmp_path):
    assert cli.main(f"train {data} {TINY} --output_dir {tmp_path / 'a' / 'b'}".split()) == 0
    assert (tmp_path / "a" / "b" / "config.json").is_file()
