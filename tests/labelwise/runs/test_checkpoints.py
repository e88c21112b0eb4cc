# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Folders of runs that were stopped, moved or changed."""

import shutil

import labelwise_cli as cli
import pytest
from safetensors.torch import load_file
from transformers import AutoConfig, Trainer
from transformers.utils import SAFE_WEIGHTS_NAME

from labelwise import LMMTCForSequenceClassification
from labelwise.errors import UserInputError
from labelwise.runs.checkpoints import check_resumed, delete_checkpoints, find_last_checkpoint
from labelwise.runs.locking import lock_folder

from ...tiny_corpus import TINY

WORD_FAMILIES = ["cnn", "cnn_rnn", "han_lg", "lw_lstm", "magnet", "reg_lstm", "sgm", "tfidf_linear"]


def test_last_whole_checkpoint(tmp_path):
    state, weights = '{"global_step": 1}', SAFE_WEIGHTS_NAME
    for step in (1, 2, 10):
        (tmp_path / f"checkpoint-{step}").mkdir()
        (tmp_path / f"checkpoint-{step}" / weights).write_bytes(b"weights")
        (tmp_path / f"checkpoint-{step}" / "trainer_state.json").write_text(state)
    assert find_last_checkpoint(tmp_path).name == "checkpoint-10"
    (tmp_path / "checkpoint-10" / weights).unlink()  # its removal was cut off
    assert find_last_checkpoint(tmp_path).name == "checkpoint-2"
    (tmp_path / "checkpoint-2" / "trainer_state.json").write_text(state[:5])  # its writing was
    assert find_last_checkpoint(tmp_path).name == "checkpoint-1"
    shutil.rmtree(tmp_path / "checkpoint-10")
    (tmp_path / "checkpoint-1" / "trainer_state.json").unlink()
    assert find_last_checkpoint(tmp_path) is None


def test_a_run_whose_checkpoints_are_being_deleted_is_resumed_or_finished(tmp_path, monkeypatch):
    """The last checkpoint goes first, as a whole."""
    for name in ("checkpoint-9", "checkpoint-10", "pretraining/checkpoint-3"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "trainer_state.json").write_text('{"global_step": 1}')
    delete, left = shutil.rmtree, []

    def killed(folder, *args, **kwargs):
        left.append(find_last_checkpoint(tmp_path))
        raise KeyboardInterrupt

    for _ in range(3):
        with lock_folder("--output_dir", tmp_path), pytest.raises(KeyboardInterrupt):
            monkeypatch.setattr(shutil, "rmtree", killed)
            delete_checkpoints(tmp_path)
        monkeypatch.setattr(shutil, "rmtree", delete)
    with lock_folder("--output_dir", tmp_path):
        assert not any(path.is_dir() for path in tmp_path.iterdir() if path.name != "pretraining")
    assert [path and path.name for path in left] == ["checkpoint-10", "checkpoint-9", None]


def test_what_a_run_had_saved_is_told_apart(make_encoder, tmp_path):
    """Of every family: its own is taken, another shape or family is refused."""
    folder = make_encoder("bert")
    labels = dict(enumerate(["bank", "food"]))
    configs = [AutoConfig.for_model(model_type, id2label=labels) for model_type in WORD_FAMILIES]
    configs.append(LMMTCForSequenceClassification.from_encoder(folder, list(labels.values())).config)
    for config in configs:
        config.save_pretrained(tmp_path / config.model_type)
    for config in configs:
        for path in tmp_path.iterdir():
            if path.name == config.model_type:
                check_resumed(path, config)
            else:
                with pytest.raises(
                    UserInputError, match=f"another model_type, {path.name} and not {config.model_type};"
                ):
                    check_resumed(path, config)
    config.template = "same"
    with pytest.raises(UserInputError, match="another template, diff and not same;"):
        check_resumed(tmp_path / "lm_mtc", config)


def test_a_run_goes_on_in_another_place(data, tmp_path, monkeypatch):
    """It ends with the weights of its best epoch, wherever they were when it stopped."""
    first, second = tmp_path / "first", tmp_path / "second"
    command = f"train {data} {TINY} --learning_rate 1e-7 --output_dir"  # so slow that no epoch is better than the first

    def stop(trainer):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_load_best_model", stop)
        assert cli.main([*command.split(), str(first)]) == 130
    best = load_file(first / "checkpoint-6" / SAFE_WEIGHTS_NAME)
    first.rename(second)
    assert cli.main([*command.split(), str(second), "--resume"]) == 0
    found = load_file(second / SAFE_WEIGHTS_NAME)
    assert all(found[name].equal(best[name]) for name in best)
