# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A training step on a GPU reads nothing back from it: the processor would wait, and then the GPU for it.

Counted on a CPU, where tensors say that they are on a GPU, so that the models take its code path.
"""

import traceback
from collections import Counter
from pathlib import Path

import labelwise_cli as cli
import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from transformers import TrainerCallback

from labelwise.trainer.masked_lm import MaskedLMTrainer
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer

from ..tiny_corpus import TINY

WORDS = "--embedding_size 8 --min_frequency 1 --num_train_epochs 1 --word_vectors random"
ENCODER = "--num_train_epochs 1 --per_device_train_batch_size 8 --tune_thresholds none --encoder ENCODER"
# Operators whose result, or its shape, depends on numbers of the device; and methods that copy to the processor.
READING = (
    "_local_scalar_dense",
    "is_nonzero",
    "nonzero",
    "masked_select",
    "_unique",
    "unique_dim",
    "unique_consecutive",
)
COPYING = (torch.Tensor.cpu, torch.Tensor.tolist, torch.Tensor.numpy, torch.Tensor.item)
CUDNN, GRID = "cpu in recurrent.py:_run_packed", "_local_scalar_dense in sentences.py:cut_sentences"
# The library asks once in each step whether a batch has padding, to leave out a mask of ones.
LIBRARY = "_ignore_bidirectional_mask_sdpa"


def _place() -> str:
    """Return file and function, outside torch and this file, that an operator is called from."""
    for frame in reversed(traceback.extract_stack()):
        if "/torch/" not in frame.filename and frame.filename != __file__:
            return f"{Path(frame.filename).name}:{frame.name}"
    return "torch"


class _Operators(TorchDispatchMode):
    def __init__(self, found: Counter) -> None:
        super().__init__()
        self.found = found

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = function.overloadpacket.__name__
        # Packing reads the lengths on the processor.
        if name.startswith(READING) and "_run_packed" not in _place():
            self.found[f"{name} in {_place()}"] += 1
        if name in ("index", "index_put", "index_put_") and any(
            index is not None and index.dtype in (torch.bool, torch.uint8) for index in args[1]
        ):
            self.found[f"{name} by a mask in {_place()}"] += 1
        return function(*args, **(kwargs or {}))


class _Methods(TorchFunctionMode):
    def __init__(self, found: Counter) -> None:
        super().__init__()
        self.found = found

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function in COPYING:
            self.found[f"{function.__name__} in {_place()}"] += 1
        return function(*args, **(kwargs or {}))


class _Count(TrainerCallback):
    """Count in the second step, from the batch on the device to the new weights."""

    def __init__(self) -> None:
        self.found, self.counts, self.patch = Counter(), [], pytest.MonkeyPatch()

    def on_step_begin(self, args, state, control, **kwargs):
        if state.global_step == 1:
            self.counts = [_Operators(self.found), _Methods(self.found)]
            for mode in self.counts:
                mode.__enter__()
            self.patch.setattr(torch.Tensor, "is_cpu", False)

    def on_step_end(self, args, state, control, **kwargs):
        self.patch.undo()
        for mode in reversed(self.counts):
            mode.__exit__(None, None, None)
        self.counts = []


@pytest.fixture
def count(monkeypatch, data, bert, tmp_path):
    """Run a command; return what a step of a trainer reads back."""

    def run(command: str, trainer: type) -> dict[str, int]:
        counting, train = _Count(), trainer.train

        def counted(self, *args, **kwargs):
            self.add_callback(counting)
            return train(self, *args, **kwargs)

        monkeypatch.setattr(trainer, "train", counted)
        command = f"{command.replace('ENCODER', bert)} {data} --output_dir {tmp_path / 'out'} --logging_strategy no"
        assert cli.main(command.split()) == 0
        return {name: number for name, number in counting.found.items() if LIBRARY not in name}

    return run


def test_what_is_counted():
    """The counts find what they are for."""
    found, mask = Counter(), torch.tensor([True, False])
    with _Operators(found), _Methods(found):
        mask.nonzero(), torch.arange(2)[mask], mask.cpu(), mask.tolist(), mask[0].item(), int(mask.sum())
        if mask.any():
            mask.masked_select(mask).unique()
    kinds = Counter(name.partition(" in ")[0] for name in found.elements())
    assert (
        kinds["masked_select"] == kinds["nonzero"] == kinds["index by a mask"] == kinds["cpu"] == kinds["tolist"] == 1
    )
    assert kinds["item"] == 1 and kinds["_local_scalar_dense"] >= 3 and kinds["_unique2"] == 1


@pytest.mark.parametrize("name", ["bert", "lw-encoder", "cnn"])
def test_a_step_reads_nothing_back(count, name):
    assert count(f"train --model {name} {WORDS if name == 'cnn' else ENCODER}", MultiLabelTrainer) == {}


@pytest.mark.parametrize("name", ["bert-mlm", "lm-mtc"])
def test_a_step_of_masked_language_modelling_reads_numbers_of_words(count, name):
    """How many words are predicted is known on the device only: once for the head, and once for its loss."""
    found = count(f"train --model {name} {ENCODER}", MultiLabelTrainer)
    assert found == {
        "nonzero in masked_lm_encoder.py:keep_and_gather": 1,
        "nonzero in masked_words.py:masked_lm_loss": 1,
    }


@pytest.mark.parametrize(("name", "reads"), [("lw-lstm", {CUDNN: 2}), ("lstm", {CUDNN: 2}), ("hlw-lstm", {CUDNN: 4})])
def test_a_step_of_a_recurrent_model_reads_lengths(count, name, reads):
    """cuDNN takes the lengths of packed sequences from the processor; there are two encoders."""
    found = count(f"train --model {name} {TINY} --word_vectors random", MultiLabelTrainer)
    assert found == {**reads, **({GRID: 2} if name == "hlw-lstm" else {})}


def test_pretraining_steps(count):
    shape = "--hidden_size 8 --num_hidden_layers 1 --num_attention_heads 2 --max_length 16 --max_steps 3"
    assert count(f"pretrain-encoder {shape} --min_frequency 1", MaskedLMTrainer) == {}
