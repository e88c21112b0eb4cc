# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The number of threads: fewer only where they are clearly faster, and the same after a run was stopped."""

import shutil

import labelwise_cli as cli
import pytest
import torch
from transformers import TrainerState

from labelwise import MultiLabelClassifier
from labelwise.trainer import threads
from labelwise.trainer.threads import kept_threads, measure_rate, try_threads

from ..resuming import assert_same_weights
from ..tiny_corpus import PRETRAINING, TINY

CNN = "train --model cnn --embedding_size 8 --min_frequency 1 --word_vectors random --num_train_epochs 2"
TOLD = (
    "training with 1 of 2 threads: in a short trial, its slowest step was 7.9 times as fast as with all, as happens "
    "when other programs run"
)


@pytest.fixture(autouse=True)
def two_threads(monkeypatch):
    """A user's process: nothing in the environment, and two threads, as on a machine with two processors."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def trials(monkeypatch):
    """The number of threads of each trial; on this machine, one thread is faster."""
    calls = []

    def trial(available):
        calls.append(available)
        return 1, 7.9

    monkeypatch.setattr(threads, "try_threads", trial)
    return calls


def threads_of(folder):
    """The number of threads in the state of a finished run."""
    state = TrainerState.load_from_json(str(folder / "trainer_state.json"))
    return state.stateful_callbacks["ChooseThreads"]["args"]["number"]


@pytest.mark.parametrize(
    ("rates", "chosen", "speedup"),
    [
        ({2: [100] * 8, 1: [60] * 8}, 2, 1),
        ({2: [100] * 8, 1: [190] * 8}, 2, 1),
        ({2: [100] * 8, 1: [250] * 8}, 1, 2.5),
        ({2: [*[100] * 7, 50], 1: [60] * 8}, 2, 1),
        ({2: [*[100] * 7, 5], 1: [60] * 8}, 1, 12),  # one bad moment: there will be others
        ({2: [5, *[100] * 7], 1: [*[60] * 7, 4]}, 2, 1),  # which a single thread may have too
        ({8: [5] * 8, 4: [40] * 8, 2: [20] * 8, 1: [10] * 8}, 4, 8),
        ({6: [5] * 8, 4: [6] * 8, 2: [20] * 8, 1: [10] * 8}, 2, 4),
        ({6: [5] * 8, 4: [6] * 8, 2: [6] * 8, 1: [6] * 8}, 6, 1),
    ],
)
def test_fewer_threads_must_be_clearly_faster(monkeypatch, rates, chosen, speedup):
    monkeypatch.setattr(threads, "measure_rate", lambda number: rates[number].pop(0))
    assert try_threads(max(rates)) == (chosen, pytest.approx(speedup))
    assert not any(rates.values())


def test_one_thread_needs_no_trial(monkeypatch):
    monkeypatch.setattr(threads, "measure_rate", None)
    assert try_threads(1) == (1, 1)


@pytest.mark.parametrize("number", [1, 2])
def test_work_is_measured_and_draws_nothing(monkeypatch, number):
    monkeypatch.setattr(threads, "_SECONDS", 0.01)
    state = torch.get_rng_state()
    assert measure_rate(number) > 0
    assert torch.get_num_threads() == number
    assert torch.get_rng_state().equal(state)


def test_a_choice_is_told_kept_and_ends_with_the_run(data, tmp_path, trials, capsys):
    assert cli.main(f"{CNN} {data} --max_steps 1 --output_dir {tmp_path / 'out'}".split()) == 0
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "threads" in line]
    assert line == f"{TOLD}; set OMP_NUM_THREADS to choose yourself"
    assert trials == [2]
    assert kept_threads(tmp_path / "out") == 1
    assert torch.get_num_threads() == 2


def test_all_threads_are_not_told(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(threads, "try_threads", lambda available: (available, 1.0))
    assert cli.main(f"{CNN} {data} --max_steps 1 --output_dir {tmp_path / 'out'}".split()) == 0
    assert "threads" not in capsys.readouterr().err
    assert kept_threads(tmp_path / "out") == 2


def test_the_environment_decides(data, tmp_path, trials, monkeypatch, capsys):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert cli.main(f"{CNN} {data} --max_steps 1 --output_dir {tmp_path / 'out'}".split()) == 0
    assert "threads" not in capsys.readouterr().err
    assert trials == [] and kept_threads(tmp_path / "out") == 2


def test_linear_models_need_no_trial(data, tmp_path, trials):
    command = f"train --model br --min_frequency 1 --min_df 1 {data} --output_dir {tmp_path / 'out'}"
    assert cli.main(command.split()) == 0
    assert trials == []


@pytest.mark.parametrize("number", [1, 2])
def test_a_resumed_run_has_the_threads_and_the_bits_of_before(data, tmp_path, monkeypatch, capsys, number):
    monkeypatch.setattr(threads, "try_threads", lambda available: (number, 7.9))
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    command = f"{CNN} {data} --per_device_train_batch_size 16 --save_total_limit 9 --keep_checkpoints"
    assert cli.main(f"{command} --output_dir {whole}".split()) == 0
    shutil.copytree(whole / "checkpoint-3", stopped / "checkpoint-3")
    monkeypatch.setattr(threads, "try_threads", None)
    capsys.readouterr()
    assert cli.main(f"{command} --resume --output_dir {stopped}".split()) == 0
    assert ("training resumes with its 1 of 2 threads" in capsys.readouterr().err) == (number == 1)
    assert threads_of(stopped) == number
    assert_same_weights(whole, stopped)


def test_a_run_of_more_threads_than_this_machine_has_is_tried_anew(data, tmp_path, trials, monkeypatch):
    command = f"{CNN} {data} --save_total_limit 9 --keep_checkpoints --output_dir {tmp_path / 'out'}"
    torch.set_num_threads(4)
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    assert cli.main(command.split()) == 0
    monkeypatch.delenv("OMP_NUM_THREADS")
    shutil.rmtree(max((tmp_path / "out").glob("checkpoint-*")))
    torch.set_num_threads(2)
    assert cli.main(f"{command} --resume".split()) == 0
    assert trials == [2] and threads_of(tmp_path / "out") == 1


def test_fine_tuning_has_the_threads_of_pretraining(data, tmp_path, trials):
    command = f"train {data} {TINY} {PRETRAINING} --word_vectors random --output_dir {tmp_path / 'out'}"
    assert cli.main(command.split()) == 0
    assert trials == [2]
    assert threads_of(tmp_path / "out") == threads_of(tmp_path / "out" / "pretraining") == 1


def test_a_classifier_leaves_the_threads_of_the_process(trials, caplog):
    classifier = MultiLabelClassifier("cnn", embedding_size=8, min_frequency=1, word_vectors="random", max_steps=1)
    classifier.fit(["money and loan", "ball and goal"] * 8, [["bank"], ["sport"]] * 8)
    assert torch.get_num_threads() == 2
    assert trials == [2] and TOLD in caplog.text
