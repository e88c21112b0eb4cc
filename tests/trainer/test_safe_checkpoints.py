# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Checkpoints that are corrupted or tampered with, or whose folder is gone."""

import errno
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import labelwise_cli as cli
import pytest
import torch

from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.safe_checkpoints import refuse_corrupted

from ..resuming import interrupt
from ..tiny_corpus import PRETRAINING, TINY


class Planted:
    """A pickle that makes a folder when it is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def plant(path: Path) -> None:
    path.write_bytes(pickle.dumps(Planted(path.with_name("planted"))))


def replace(path: Path) -> None:
    torch.save([1, 2], path)


@pytest.fixture(scope="module")
def stopped(data, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("stopped") / "out"
    with pytest.MonkeyPatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 9)
        assert cli.main(f"train {data} {TINY} --output_dir {out}".split()) == 130
    return out


@pytest.mark.parametrize(
    ("name", "corrupt"),
    [
        ("model.safetensors", truncate),
        ("optimizer.pt", truncate),
        ("optimizer.pt", plant),
        ("optimizer.pt", replace),
        ("scheduler.pt", plant),
        ("scheduler.pt", replace),
        ("rng_state.pth", truncate),
        ("rng_state.pth", plant),
    ],
)
def test_corrupted(data, stopped, refused, tmp_path, name, corrupt):
    out = shutil.copytree(stopped, tmp_path / "out")
    corrupt(out / "checkpoint-6" / name)
    told = refused(f"train {data} {TINY} --resume --output_dir {out}")
    assert f"--resume: {out}/checkpoint-6 is corrupted (" in told
    assert "delete it to resume from the checkpoint before it, or pass --overwrite to start again" in told
    assert not (out / "checkpoint-6" / "planted").exists()


@pytest.mark.parametrize("state", ["[1]", '{"nosuch": 1}'])
def test_a_state_that_is_none_is_no_checkpoint(data, stopped, tmp_path, state):
    out = shutil.copytree(stopped, tmp_path / "out")
    (out / "checkpoint-6" / "trainer_state.json").write_text(state)
    assert cli.main(f"train {data} {TINY} --resume --output_dir {out}".split()) == 0


@pytest.mark.parametrize("step", [2, 8])
def test_a_folder_that_vanishes(data, refused, tmp_path, monkeypatch, step):
    """Before the first checkpoint, and before the second one."""
    out, train_step, steps = tmp_path / "out", MultiLabelTrainer.training_step, iter(range(step))

    def training_step(*args, **kwargs):
        if next(steps, None) is None and out.exists():
            shutil.rmtree(out)
        return train_step(*args, **kwargs)

    monkeypatch.setattr(MultiLabelTrainer, "training_step", training_step)
    told = refused(f"train {data} {TINY} --output_dir {out}")
    assert told == f"--output_dir {out}: the folder was deleted or replaced during training; train again"
    assert not out.exists()


def test_overwritten_runs_save_checkpoints_of_their_pretraining(data, tmp_path):
    command = f"train {data} {TINY} {PRETRAINING.replace('steps 3', 'steps 101')} --output_dir {tmp_path / 'out'}"
    for options in ("", "--overwrite"):
        assert cli.main(f"{command} {options} --keep_checkpoints".split()) == 0
    assert [path.name for path in (tmp_path / "out" / "pretraining").glob("checkpoint-*")] == ["checkpoint-101"]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
        MemoryError(),
        PermissionError(errno.EACCES, "Permission denied", "optimizer.pt"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
)
def test_errors_of_the_machine_say_nothing_of_a_checkpoint(tmp_path, error):
    with pytest.raises(type(error)) as found, refuse_corrupted(tmp_path):
        raise error
    assert found.value is error
