# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise pretrain-encoder`: a plain BERT folder, which `labelwise train` starts from."""

import json
import shlex
from pathlib import Path

import pytest
import torch
from labelwise_cli import main
from transformers import AutoModelForMaskedLM, AutoModelForSequenceClassification, AutoTokenizer, BertForMaskedLM

from labelwise.hub.public_record import public_command
from labelwise.trainer.masked_lm import MaskedLMTrainer

from ...file_modes import modes_of, usual_mode
from ...resuming import interrupt, results_of
from ...tiny_corpus import write_jsonl

SHAPE = "--hidden_size 16 --num_hidden_layers 1 --num_attention_heads 2 --max_length 16"
TINY = f"{SHAPE} --vocab_size 100 --num_train_epochs 2 --per_device_train_batch_size 2"
NUMBERS = [str(i) for i in range(1, 15)]


def pretrain(options: str) -> int:
    return main(["pretrain-encoder", *shlex.split(options)])


@pytest.fixture(scope="module")
def numbers(tmp_path_factory) -> str:
    """Options that name documents which count from 1 to 14, and so fill a sequence each; in each, a 0 is in place of
    one number, or all batches would be alike, and so their masks in an epoch."""
    folder = tmp_path_factory.mktemp("numbers")
    for split, number in {"train": 30, "validation": 10}.items():
        texts = [" ".join("0" if i == k % 14 else word for i, word in enumerate(NUMBERS)) for k in range(number)]
        rows = [{"text": text, "labels": ["odd" if k % 2 else "even"]} for k, text in enumerate(texts)]
        write_jsonl(folder / f"{split}.jsonl", rows)
    return f"--train_file {folder}/train.jsonl --validation_file {folder}/validation.jsonl"


@pytest.fixture(scope="module")
def encoder(numbers, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("numbers") / "enc"
    options = "--num_train_epochs 12 --learning_rate 1e-2 --keep_checkpoints"
    assert pretrain(f"{numbers} {TINY} {options} --output_dir {out}") == 0
    return out


def test_it_learns(encoder):
    """A number is known by where it stands, but for the 0; by chance it would be one of 15."""
    results = results_of(encoder)
    assert results["perplexity"] < 2
    assert results["tokenizer"] == "word"
    assert results["vocab_size"] == 5 + 15
    assert results["unknown_share"] == 0


def test_plain_transformers_folder(encoder):
    config = json.loads((encoder / "config.json").read_text())
    assert config["model_type"] == "bert"
    assert modes_of(encoder) == {usual_mode(encoder)}  # the checkpoints' too
    assert list(encoder.glob("checkpoint-*/model.safetensors"))
    assert "auto_map" not in config
    assert not list(encoder.glob("*.py"))
    assert not list(encoder.glob("*.bin"))
    model, tokenizer = AutoModelForMaskedLM.from_pretrained(encoder), AutoTokenizer.from_pretrained(encoder)
    assert type(model) is BertForMaskedLM
    assert tokenizer.tokenize("3 12  99") == ["3", "12", "[UNK]"]
    batch = tokenizer("1 2 [MASK] 4 5", return_tensors="pt")
    found = model(**batch).logits[0, 3].argmax()
    assert tokenizer.decode(found) == "3"


def test_the_best_epoch_is_what_is_measured(encoder):
    """The masks of validation are the same at every measurement."""
    states = [json.loads(path.read_text()) for path in encoder.glob("checkpoint-*/trainer_state.json")]
    best = max(states, key=lambda state: state["global_step"])["best_metric"]
    assert results_of(encoder)["perplexity"] == pytest.approx(best)


@pytest.mark.parametrize("options", ["--model bert", "--model bert-mlm", "--model lm-mtc --label_start name"])
def test_train_starts_from_it(encoder, numbers, tmp_path, options):
    out = tmp_path / "out"
    command = f"train {options} --encoder {encoder} {numbers} --num_train_epochs 1 --output_dir {out}"
    assert main(command.split()) == 0
    batch = AutoTokenizer.from_pretrained(out)(["1 2 3"], return_tensors="pt")
    assert AutoModelForSequenceClassification.from_pretrained(out)(**batch).logits.shape == (1, 2)


def test_natural_text_gets_pieces(data, tmp_path):
    out = tmp_path / "out"
    assert pretrain(f"{data} {TINY} --output_dir {out}") == 0
    tokenizer = AutoTokenizer.from_pretrained(out)
    assert tokenizer.tokenize("MONEY, teams") == ["money", "[UNK]", "team", "##s"]
    assert results_of(out)["tokenizer"] == "wordpiece"
    assert "test" not in results_of(out)["documents"]
    card = (out / "README.md").read_text()
    assert "Perplexity of 15% of the validation documents' words" in card
    assert shlex.join(public_command(results_of(out)["command"])) in card
    assert pretrain(f"{data} {TINY} --tokenizer word --output_dir {tmp_path / 'words'}") == 0
    assert "bread." in AutoTokenizer.from_pretrained(tmp_path / "words").get_vocab()


def weights_of(folder: Path) -> dict[str, torch.Tensor]:
    return AutoModelForMaskedLM.from_pretrained(folder).state_dict()


@pytest.mark.parametrize("steps", [3, 20])
def test_resumed_run_ends_as_if_never_stopped(numbers, tmp_path, monkeypatch, steps):
    """Stopped in its first epoch, and in its second."""
    command = f"{numbers} {TINY}"
    assert pretrain(f"{command} --output_dir {tmp_path / 'whole'}") == 0
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        interrupt(patch, MaskedLMTrainer, "training_step", steps)
        assert pretrain(f"{command} --output_dir {out}") == 130
    assert not (out / "results.json").exists()
    assert pretrain(f"{command} --output_dir {out} --resume") == 0
    expected, found = weights_of(tmp_path / "whole"), weights_of(out)
    assert all(torch.equal(found[name], expected[name]) for name in expected)
    assert results_of(out)["perplexity"] == results_of(tmp_path / "whole")["perplexity"]


def test_resume_refuses_other_words(encoder, numbers, tmp_path, capsys):
    lines = Path(numbers.split()[1]).read_text().replace("9", "900")
    (tmp_path / "other.jsonl").write_text(lines)
    other = numbers.replace(numbers.split()[1], str(tmp_path / "other.jsonl"))
    assert pretrain(f"{other} {TINY} --output_dir {encoder} --resume") == 2
    assert "had another vocabulary" in capsys.readouterr().err


def test_nothing_is_written_over(encoder, numbers, capsys):
    before = (encoder / "model.safetensors").read_bytes()
    assert pretrain(f"{numbers} {TINY} --output_dir {encoder}") == 2
    assert "already contains a model" in capsys.readouterr().err
    assert (encoder / "model.safetensors").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            "--hidden_size 10 --num_attention_heads 4",
            "--hidden_size 10: it must be a multiple of --num_attention_heads 4",
        ),
        ("--num_attention_heads 0", "--num_attention_heads 0: must be > 0"),
        ("--vocab_size 5", "> 5, to include BERT's special tokens"),
        ("--vocab_size 10 --tokenizer wordpiece", "the special tokens plus the characters"),
        ("--max_length 7", ">= 8"),
        ("--mlm_probability 0", "> 0 and <= 1"),
        (
            "--keep_checkpoints --save_strategy no --load_best_model_at_end false",
            "--keep_checkpoints: needs a --save_strategy but no",
        ),
        ("--min_frequency 1000000", "no word of the training texts occurs 1,000,000 times"),
        ("--learning_rate 0", "--learning_rate 0.0: must be >"),
        ("--overwrite --resume", "pass one of them"),
        ("--template diff", "unknown option --template"),
        ("--push_to_hub true", "needs --hub_model_id"),
    ],
)
def test_refusals(refused, numbers, options, told):
    assert told in refused(f"pretrain-encoder {numbers} {options} --output_dir out")


@pytest.mark.parametrize(
    ("train", "validation", "told"),
    [
        (["1 2"] * 9, ["1 2 1 2"], "4 tokens of the vocabulary"),
        (["1 2"] * 9, [" "], "0 tokens of the vocabulary"),
        (["1 2"] * 9, ["8 9 " * 100], "0 tokens of the vocabulary"),
        ([" "], ["1 2"], "no word of the training texts"),
        (["1 2"], [], "validation.jsonl"),
    ],
)
def test_too_little_text(refused, tmp_path, train, validation, told):
    for split, texts in {"train": train, "validation": validation}.items():
        write_jsonl(tmp_path / f"{split}.jsonl", [{"text": text, "labels": ["a"]} for text in texts])
    files = f"--train_file {tmp_path}/train.jsonl --validation_file {tmp_path}/validation.jsonl"
    assert told in refused(f"pretrain-encoder {files} --output_dir out")


def test_published_when_it_is_whole(hub, numbers, tmp_path):
    options = f"--output_dir {tmp_path / 'out'} --push_to_hub true --hub_model_id ann/enc --num_train_epochs 1"
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    assert pretrain(f"{numbers} {TINY} {options}") == 0
    files = hub.repos["model", "ann/enc"].files
    expected = {"README.md", "config.json", "model.safetensors", "results.json", "tokenizer.json"}
    assert expected <= files.keys()
    assert not any("checkpoint" in path or path.endswith((".bin", ".txt")) for path in files)
    assert 'model="ann/enc"' in files["README.md"].decode()
