# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise add-labels`: new labels join trained models of each kind, alone and with documents of their own."""

import json
import random
import shutil

import pytest
import torch
from labelwise_cli import main
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

from labelwise import MultiLabelTrainer
from labelwise.trainer.metrics import MultiLabelMetrics

from ...resuming import assert_same_weights, interrupt
from ...tiny_corpus import WORDS, make_documents, write_jsonl

NEW_WORDS = ["rain", "wind", "snow", "cloud", "storm"]
ENCODER = "--num_train_epochs 8 --per_device_train_batch_size 16 --window_size 64 --learning_rate 3e-3"


def make_new_documents(number: int, seed: int) -> list[dict]:
    """Documents that were read for the label `weather` alone, and are about other things as well."""
    rng = random.Random(seed)
    documents = make_documents(number, seed)
    for document in documents:
        document["labels"] = []
        if rng.random() < 0.5:
            document["text"] += " " + " ".join(rng.sample(NEW_WORDS, 3))
            document["labels"] = ["weather"]
    return documents


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """Folder with labels.json, described.json, train.jsonl and validation.jsonl of a new label."""
    folder = tmp_path_factory.mktemp("new")
    (folder / "labels.json").write_text('["weather"]')
    (folder / "described.json").write_text('{"weather": "rain, wind and snow"}')
    write_jsonl(folder / "train.jsonl", make_new_documents(160, 10))
    write_jsonl(folder / "validation.jsonl", make_new_documents(40, 11))
    return folder


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """Options that name the documents of the old labels, enough to learn them well."""
    folder = tmp_path_factory.mktemp("old")
    files = {"train": make_documents(400, 1), "validation": make_documents(60, 2)}
    return " ".join(f"--{split}_file {write_jsonl(folder / f'{split}.jsonl', rows)}" for split, rows in files.items())


@pytest.fixture(scope="module")
def lw_encoder(bert, old, tmp_path_factory):
    out = tmp_path_factory.mktemp("lw-encoder") / "out"
    assert main(f"train --model lw-encoder --encoder {bert} {old} {ENCODER} --output_dir {out}".split()) == 0
    return out


@pytest.fixture(scope="module")
def lw_lstm(old, tmp_path_factory):
    out = tmp_path_factory.mktemp("lw-lstm") / "out"
    options = "--hidden_size 16 --embedding_size 16 --min_frequency 1 --word_vectors random --num_train_epochs 5"
    command = f"train --model lw-lstm {old} {options} --learning_rate 1e-2 --per_device_train_batch_size 16"
    assert main(f"{command} --output_dir {out}".split()) == 0
    return out


@pytest.fixture(scope="module")
def br(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("br") / "out"
    assert main(f"train --model br {data} --min_frequency 1 --output_dir {out}".split()) == 0
    return out


@torch.no_grad()
def logits_of(folder, texts: list[str]) -> torch.Tensor:
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return model(**tokenizer(texts, truncation=True, padding=True, return_tensors="pt")).logits


TEXTS = [document["text"] for document in make_documents(20, 77)]


@pytest.mark.parametrize("source", ["lw_encoder", "model", "pretrained", "br"])
def test_labels_join_alone(request, new, tmp_path, capsys, source):
    folder = request.getfixturevalue(source)
    command = f"add-labels --model_name_or_path {folder} --labels {new / 'labels.json'} --output_dir {tmp_path / 'out'}"
    capsys.readouterr()
    assert main(command.split()) == 0
    assert json.loads(capsys.readouterr().out) == {"added_labels": ["weather"], "num_labels": 4}
    before, after = logits_of(folder, TEXTS), logits_of(tmp_path / "out", TEXTS)
    assert after.shape == (20, 4)
    assert torch.equal(after[:, :3], before)
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["added_labels"] == {"labels": ["weather"], "command": ["labelwise", *command.split()]}
    assert "weather" in (tmp_path / "out" / "README.md").read_text()


def test_an_edited_card_stays(model, new, tmp_path):
    out = shutil.copytree(model, tmp_path / "out")
    (out / "README.md").write_text("mine")
    command = f"add-labels --model_name_or_path {model} --labels {new / 'labels.json'} --output_dir {out} --overwrite"
    assert main(command.split()) == 0
    assert (out / "README.md").read_text() == "mine"


def test_descriptions_travel(lw_encoder, new, tmp_path):
    command = f"add-labels --model_name_or_path {lw_encoder} --labels {new / 'described.json'}"
    assert main(f"{command} --output_dir {tmp_path / 'out'}".split()) == 0
    config = json.loads((tmp_path / "out" / "config.json").read_text())
    assert config["label_descriptions"] == {"weather": "rain, wind and snow"}
    named = f"add-labels --model_name_or_path {lw_encoder} --labels {new / 'labels.json'}"
    assert main(f"{named} --output_dir {tmp_path / 'named'}".split()) == 0
    described, by_name = (logits_of(tmp_path / name, TEXTS) for name in ("out", "named"))
    assert torch.equal(described[:, :3], by_name[:, :3])
    assert not torch.equal(described[:, 3], by_name[:, 3])


def micro_f1(folder, documents: list[dict], names: list[str]) -> float:
    """Return the micro-F1 of some labels at the thresholds of the model."""
    config = AutoConfig.from_pretrained(folder)
    columns = [config.label2id[name] for name in names]
    thresholds = [config.thresholds[i] for i in columns] if isinstance(config.thresholds, list) else config.thresholds
    logits = logits_of(folder, [document["text"] for document in documents])[:, columns]
    true = [[int(name in document["labels"]) for name in names] for document in documents]
    return MultiLabelMetrics().compute(predictions=logits, references=true, thresholds=thresholds)["micro_f1"]


def add_and_train(folder, new, out, options: str = "", code: int = 0) -> None:
    files = f"--train_file {new / 'train.jsonl'} --validation_file {new / 'validation.jsonl'}"
    command = f"add-labels --model_name_or_path {folder} --labels {new / 'labels.json'} {files} {options}"
    assert main(f"{command} --output_dir {out}".split()) == code


FURTHER = "--num_train_epochs 8 --per_device_train_batch_size 8 --learning_rate 3e-3"
# As by default: a tenth of the rate for the encoder.
SLOW_ENCODER = "--learning_rate 5e-4 --head_learning_rate 5e-3"


@pytest.mark.slow
@pytest.mark.parametrize(("source", "rates"), [("lw_encoder", SLOW_ENCODER), ("lw_lstm", "")])
def test_keep_old_holds_the_old_labels(request, new, tmp_path, source, rates):
    folder, held, free = request.getfixturevalue(source), tmp_path / "held", tmp_path / "free"
    add_and_train(folder, new, held, f"{FURTHER} {rates} --keep_old")
    add_and_train(folder, new, free, FURTHER)
    test, names = make_documents(1000, 5), list(WORDS)
    before = micro_f1(folder, test, names)
    assert before > 0.95
    assert micro_f1(held, test, names) > before - 0.005
    assert micro_f1(free, test, names) < before - 0.05  # what there is to hold
    assert micro_f1(held, make_new_documents(100, 12), ["weather"]) > 0.7
    # The validation documents know nothing of the old labels, whose thresholds stay.
    config = AutoConfig.from_pretrained(held)
    thresholds = config.thresholds if isinstance(config.thresholds, list) else [config.thresholds] * 4
    assert thresholds[:3] == [AutoConfig.from_pretrained(folder).thresholds] * 3
    results = json.loads((held / "results.json").read_text())
    assert results["model"] == str(folder)
    assert results["label_counts"].keys() == {*names, "weather"}


def test_documents_of_all_labels_tune_all_thresholds(lw_lstm, new, old, tmp_path):
    folder = shutil.copytree(lw_lstm, tmp_path / "tuned")
    config = json.loads((folder / "config.json").read_text())
    config |= {"thresholds": [0.9, 0.8, 0.7], "calibration": {"scale": 2.0, "offset": 1.0}}
    (folder / "config.json").write_text(json.dumps(config))
    rows = [json.loads(line) for line in (new / "train.jsonl").read_text().splitlines()]
    rows[0]["labels"].append("sport")
    (tmp_path / "some").mkdir()
    some = write_jsonl(tmp_path / "some" / "train.jsonl", rows)
    files = f"--train_file {some} --validation_file {some}"
    command = f"add-labels --model_name_or_path {folder} --labels {new / 'labels.json'} {files} {FURTHER}"
    assert main(f"{command} --tune_thresholds none --output_dir {tmp_path / 'out'}".split()) == 0
    config = AutoConfig.from_pretrained(tmp_path / "out")
    assert config.label_names == ["bank", "food", "sport", "weather"]
    assert config.thresholds == [0.9, 0.8, 0.5, 0.5]
    assert config.calibration == {"scale": [2.0, 2.0, 1.0, 1.0], "offset": [1.0, 1.0, 0.0, 0.0]}


def test_binary_relevance_fits_the_new_label_alone(br, new, tmp_path):
    add_and_train(br, new, tmp_path / "out")
    before, after = logits_of(br, TEXTS), logits_of(tmp_path / "out", TEXTS)
    assert torch.equal(after[:, :3], before)
    assert after[:, 3].unique().numel() > 1


def test_a_killed_run_is_resumed_with_the_same_weights(lw_lstm, new, tmp_path, monkeypatch):
    options = f"{FURTHER} --num_train_epochs 3 --keep_old"
    add_and_train(lw_lstm, new, tmp_path / "whole", options)
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 30)
        add_and_train(lw_lstm, new, tmp_path / "out", options, code=130)
    add_and_train(lw_lstm, new, tmp_path / "out", f"{options} --resume")
    assert_same_weights(tmp_path / "whole", tmp_path / "out")


NOTHING = "nothing is trained without --train_file or --dataset; leave it out"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--keep_old", f"--keep_old: {NOTHING}"),
        ("--num_train_epochs 2", f"--num_train_epochs: {NOTHING}"),
        ("--loss=focal", f"--loss: {NOTHING}"),
        ("DATA --keep_old --loss focal", "--keep_old keeps scores by binary cross-entropy: leave out --loss focal"),
        (
            "DATA --keep_old --label_smoothing_factor 0.1",
            "--keep_old keeps scores by binary cross-entropy: leave out --label_smoothing_factor 0.1",
        ),
        (
            "DATA --keep_old --unnamed_labels negative",
            "--keep_old: no label of the model is unknown in a training document; leave it out",
        ),
    ],
)
def test_refusals(lw_lstm, new, refused, options, message):
    data = f"--train_file {new / 'train.jsonl'} --validation_file {new / 'validation.jsonl'}"
    command = f"add-labels --model_name_or_path {lw_lstm} --labels {new / 'labels.json'} --output_dir out {options}"
    assert refused(command.replace("DATA", data)) == message


@pytest.mark.parametrize("options", ["", "--keep_old"])
def test_documents_without_any_new_label(lw_lstm, new, tmp_path, refused, options):
    rows = [json.loads(line) for line in (new / "validation.jsonl").read_text().splitlines()]
    train = write_jsonl(tmp_path / "train.jsonl", make_documents(20, 1))
    validation = write_jsonl(tmp_path / "validation.jsonl", rows)
    data = f"--train_file {train} --validation_file {validation}"
    command = f"add-labels --model_name_or_path {lw_lstm} --labels {new / 'labels.json'} {data} --output_dir out"
    told = "no training document has one of the new labels: weather; check their spelling and the file"
    assert refused(f"{command} {options}") == told


def test_binary_relevance_has_nothing_to_keep(br, new, refused):
    data = f"--train_file {new / 'train.jsonl'} --validation_file {new / 'validation.jsonl'}"
    command = f"add-labels --model_name_or_path {br} --labels {new / 'labels.json'} {data} --output_dir out --keep_old"
    assert refused(command) == (
        "--keep_old: binary relevance fits the new labels alone, and no other changes; leave it out"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "FILE: not valid JSON (Expecting value: line 1 column 2 (char 1))"),
        ("7", 'FILE: must be a list of names, or an object {"name": "description", …}'),
        ("[]", "FILE is empty: give at least one name"),
        ('["bank"]', "labels: the model has 'bank' already; leave it out"),
        ('["a", "a"]', "FILE: 'a' is named twice; remove one"),
        ('["a", 3]', "FILE: number 2 is 3, not a name"),
        ('{"a": "x", "a": "y"}', "FILE: 'a' is named twice; remove one"),
        ('{"a": "x"}', "labels: a lw_lstm model reads no descriptions; give a list of names without them"),
    ],
)
def test_wrong_files_of_labels(lw_lstm, tmp_path, refused, text, message):
    file = tmp_path / "labels.json"
    file.write_text(text)
    told = refused(f"add-labels --model_name_or_path {lw_lstm} --labels {file} --output_dir out")
    assert told == message.replace("FILE", f"--labels {file}")


def test_a_missing_file_of_labels(lw_lstm, refused):
    command = f"add-labels --model_name_or_path {lw_lstm} --labels none.json --output_dir out"
    assert refused(command) == "--labels none.json: No such file or directory"


def test_a_model_in_the_folder_stays(lw_lstm, new, tmp_path, refused):
    command = f"add-labels --model_name_or_path {lw_lstm} --labels {new / 'labels.json'} --output_dir {lw_lstm}"
    before = (lw_lstm / "config.json").read_bytes()
    assert "already contains a model; pass --overwrite" in refused(command)
    assert (lw_lstm / "config.json").read_bytes() == before
