# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Word vectors of a training: learned once for the same texts and settings."""

import shutil

import labelwise_cli as cli
import pytest

from labelwise import LWLSTMForSequenceClassification, MultiLabelTrainer
from labelwise.families.cnn import CNNFamily
from labelwise.families.lw_lstm import LWLSTMFamily
from labelwise.trainer import word_vector_cache
from labelwise.trainer.word_vectors import SKIP_GRAM_EPOCHS, train_skip_gram

from ...resuming import assert_same_weights, interrupt, weights_of
from ...tiny_corpus import PRETRAINING, TINY

CNN = "--model cnn --embedding_size 8 --min_frequency 1 --num_train_epochs 1 --tune_thresholds none"


@pytest.fixture
def learned(tmp_path, monkeypatch):
    """The epochs of each time that vectors are learned; the cache is empty."""
    calls = []

    def train(*args, **kwargs):
        calls.append(kwargs["epochs"])
        return train_skip_gram(*args, **kwargs)

    monkeypatch.setattr("huggingface_hub.constants.HF_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(word_vector_cache, "train_skip_gram", train)
    return calls


def test_a_second_training_reads_the_vectors_and_learns_the_same(data, tmp_path, learned, capsys):
    for folder in ("first", "second"):
        capsys.readouterr()
        assert cli.main(f"train {data} {CNN} --output_dir {tmp_path / folder}".split()) == 0
    assert learned == [SKIP_GRAM_EPOCHS]
    (file,) = (tmp_path / "home" / "labelwise" / "word_vectors").iterdir()
    assert capsys.readouterr().err.count(f"Skip-gram vectors are read from {file}\n") == 1
    assert_same_weights(tmp_path / "first", tmp_path / "second")


def test_pretraining_shares_the_vectors_with_other_models(data, tmp_path, learned):
    shared = f"train {data} {TINY} --skip_gram_epochs 2"
    assert cli.main(f"{shared} --model lw-lstm {PRETRAINING} --output_dir {tmp_path / 'lw'}".split()) == 0
    assert cli.main(f"{shared} --model lstm --output_dir {tmp_path / 'lstm'}".split()) == 0
    assert learned == [2]


@pytest.mark.parametrize("epochs", [2, SKIP_GRAM_EPOCHS])
def test_epochs(data, tmp_path, learned, epochs):
    assert cli.main(f"train {data} {CNN} --output_dir {tmp_path / 'default'}".split()) == 0
    options = f"--skip_gram_epochs {epochs} --output_dir {tmp_path / 'given'}"
    assert cli.main(f"train {data} {CNN} {options}".split()) == 0
    default, given = (weights_of(tmp_path / folder)["cnn.embeddings.weight"] for folder in ("default", "given"))
    assert default.equal(given) == (epochs == SKIP_GRAM_EPOCHS)
    assert learned == [*dict.fromkeys([SKIP_GRAM_EPOCHS, epochs])]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--skip_gram_epochs 0", "--skip_gram_epochs 0: must be > 0"),
        ("--skip_gram_epochs 5 --word_vectors random", "--skip_gram_epochs 5: with --word_vectors random, no vectors"),
        ("--skip_gram_epochs 30 --word_vectors FILE", "--skip_gram_epochs 30: with --word_vectors"),
        ("--skip_gram_epochs 5 --model_name_or_path MODEL", "--skip_gram_epochs 5: with --model_name_or_path"),
        ("--word_vectors random --model_name_or_path MODEL", "--word_vectors random: is of new models"),
    ],
)
def test_refusals(data, files, model, refused, learned, options, message):
    options = options.replace("FILE", str(files / "train.jsonl")).replace("MODEL", str(model))
    assert message in refused(f"train {data} --output_dir out {options}")
    assert learned == []


def test_epochs_of_a_classifier_in_python():
    assert CNNFamily(model="cnn", skip_gram_epochs=5).skip_gram_epochs == 5


@pytest.mark.parametrize(
    ("options", "trained", "told"),
    [
        ({"word_vectors": "random"}, True, False),
        ({}, False, False),
        ({"train_embeddings": True}, True, False),
        ({"model_name_or_path": "out"}, False, True),
        ({"model_name_or_path": "out", "freeze_encoder": True}, False, False),
        ({"model_name_or_path": "out", "train_embeddings": True}, True, False),
    ],
)
def test_word_vectors_that_are_trained(make_config, caplog, options, trained, told):
    """Those of a checkpoint are not, although they may have been random, and a line says so."""
    model = LWLSTMForSequenceClassification(make_config())
    with caplog.at_level("INFO", "labelwise"):
        LWLSTMFamily(**options).freeze(model, None)
    assert model.get_input_embeddings().weight.requires_grad == trained
    assert ("`labelwise train --train_embeddings` trains them" in caplog.text) == told


def test_passes_fit_into_a_quarter_of_the_time(data, tmp_path, learned, monkeypatch):
    """The passes of a run without a limit are read from the cache."""
    asked = []

    def within(sentences, vector_size, seconds):
        asked.append(seconds)
        return 3

    monkeypatch.setattr(word_vector_cache, "skip_gram_epochs_within", within)
    limit = "--max_minutes 4"
    runs = {"limited": limit, "asked": f"{limit} --skip_gram_epochs 2", "whole": "", "cached": limit}
    for folder, options in runs.items():
        assert cli.main(f"train {data} {CNN} {options} --output_dir {tmp_path / folder}".split()) == 0
    assert (learned, asked) == ([3, 2, SKIP_GRAM_EPOCHS], [60.0])
    assert_same_weights(tmp_path / "whole", tmp_path / "cached")


def test_a_resumed_run_learns_none(data, tmp_path, learned, monkeypatch):
    """Not even with an empty cache: they are in its checkpoint."""
    command = f"train {data} {CNN} --num_train_epochs 2 --output_dir"
    assert cli.main(f"{command} {tmp_path / 'whole'}".split()) == 0
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 2)
        assert cli.main(f"{command} {tmp_path / 'out'}".split()) == 130
    shutil.rmtree(tmp_path / "home")
    assert cli.main(f"{command} {tmp_path / 'out'} --resume".split()) == 0
    assert learned == [SKIP_GRAM_EPOCHS]
    assert_same_weights(tmp_path / "whole", tmp_path / "out")
