# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train` and `pretrain-encoder` in two processes: the weights of one process, to rounding.

Gradient descent without momentum: Adam makes steps of any size of gradients that differ by rounding alone.
"""

import json
import subprocess
import sys

import labelwise_cli as cli
import pytest
from accelerate import FullyShardedDataParallelPlugin
from accelerate.commands.config.config_args import load_config_from_file
from safetensors.torch import load_file

from ...resuming import results_of, weights_of
from ...tiny_corpus import PRETRAINING, TINY
from ...two_processes import CONFIGURATIONS, run_in_two_processes

DESCENT = f"{TINY.replace('2e-2', '1e-1')} --dropout 0 --optim sgd --warmup_steps 0"


def halved(options: str) -> str:
    return options.replace("batch_size 8", "batch_size 4")


def assert_close(one, two, bound: float = 2e-6) -> None:
    first, second = weights_of(one), weights_of(two)
    assert first.keys() == second.keys()
    assert max((first[name] - second[name]).abs().max().item() for name in first) < bound


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [f"--model lw-lstm {DESCENT}", f"--model hlw-lstm {DESCENT} {PRETRAINING}"],
    ids=["lw-lstm", "pretraining"],
)
def test_weights_of_one_process(data, tmp_path, options):
    """Two processes with half the batch each learn what one learns; they write one folder and print once."""
    options = f"train {data} {options}"
    run = run_in_two_processes(f"{halved(options)} --output_dir two", tmp_path)
    assert len([line for line in run.stdout.splitlines() if line.startswith('{"validation"')]) == 1
    assert cli.main(f"{options} --output_dir {tmp_path / 'one'}".split()) == 0
    one, two = results_of(tmp_path / "one"), results_of(tmp_path / "two")
    assert (one["num_processes"], two["num_processes"]) == (1, 2)
    assert one["documents"] == two["documents"]
    assert_close(tmp_path / "one", tmp_path / "two")
    assert one["metrics"]["test"] == pytest.approx(two["metrics"]["test"], abs=1e-5)


@pytest.mark.slow
def test_parameters_without_a_gradient(data, bert, tmp_path):
    """The head of the masked language model, after the epochs with one."""
    options = f"--model lm-mtc --encoder {bert} --mlm_epochs 1 --num_train_epochs 2 --activation_checkpointing"
    run_in_two_processes(f"train {data} {options} --per_device_train_batch_size 4 --output_dir out", tmp_path)
    assert results_of(tmp_path / "out")["epochs"] == 2


@pytest.mark.slow
def test_an_encoder_from_scratch(data, tmp_path):
    """What is masked and dropped differs, as each process draws it."""
    shape = "--hidden_size 8 --num_hidden_layers 1 --num_attention_heads 2 --max_length 16 --max_steps 4"
    command = f"pretrain-encoder {data} {shape} --min_frequency 1 --per_device_train_batch_size 4 --output_dir out"
    run = run_in_two_processes(command, tmp_path)
    (line,) = run.stdout.splitlines()
    assert json.loads(line)["perplexity"] > 1
    assert results_of(tmp_path / "out")["num_processes"] == 2


# Two processes that train a classifier, each on half of the documents, with its weights sharded.
SHARDED = """
import json, sys
import torch
from safetensors.torch import save_file
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
import labelwise
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder, out, texts, labels = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4])
sharded = len(sys.argv) == 5
model, rank, processes = AutoModelForSequenceClassification.from_pretrained(folder).eval(), 0, 1
if sharded:
    torch.distributed.init_process_group("gloo")
    rank, processes = torch.distributed.get_rank(), 2
    for module in model.modules():
        if isinstance(module, torch.nn.ModuleList):
            for layer in module:
                fully_shard(layer, mesh=init_device_mesh("cpu", (2,)))
    fully_shard(model, mesh=init_device_mesh("cpu", (2,)))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
batch = AutoTokenizer.from_pretrained(folder)(texts, padding=True, truncation=True, return_tensors="pt")
batch = {**batch, "labels": torch.tensor(labels)}
for _ in range(3):
    model(**{name: values[rank::processes] for name, values in batch.items()}).loss.backward()
    optimizer.step()
    optimizer.zero_grad()
weights = {name: (w.full_tensor() if sharded else w).detach().clone() for name, w in model.named_parameters()}
if rank == 0:
    save_file(weights, out)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bert", "lw-encoder"])
def test_sharded_weights(data, bert, tmp_path, name):
    """Accelerate shards on accelerators only: here, torch's `fully_shard`, which it calls, does so on a CPU."""
    folder = tmp_path / "model"
    command = f"train --model {name} --encoder {bert} {data} --max_steps 1 --tune_thresholds none"
    assert cli.main(f"{command} --output_dir {folder}".split()) == 0
    texts = ["the money and the loan", "a ball", "soup and bread", "the team lost money"]
    given = [json.dumps(texts), json.dumps([[1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 1]])]
    (tmp_path / "sharded.py").write_text(SHARDED)
    script = [str(tmp_path / "sharded.py"), str(folder)]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    subprocess.run([*launcher, *script, str(tmp_path / "two.safetensors"), *given], check=True)
    subprocess.run([sys.executable, *script, str(tmp_path / "one.safetensors"), *given, "alone"], check=True)
    one, two = (load_file(tmp_path / f"{number}.safetensors") for number in ("one", "two"))
    assert one.keys() == two.keys()
    assert max((one[name] - two[name]).abs().max().item() for name in one) < 2e-6


def test_configurations():
    """Accelerate reads them, and those of FSDP name what it knows."""
    for name, kind in (("ddp", "MULTI_GPU"), ("fsdp", "FSDP")):
        configuration = load_config_from_file(str(CONFIGURATIONS / f"{name}.yaml"))
        assert configuration.distributed_type == kind
    settings = {name.removeprefix("fsdp_"): value for name, value in configuration.fsdp_config.items()}
    settings["fsdp_version"] = settings.pop("version")
    settings["auto_wrap_policy"] = settings["auto_wrap_policy"].lower()
    settings["cpu_offload"] = settings.pop("offload_params")
    FullyShardedDataParallelPlugin(**settings)
