# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The attention dropout of an encoder: 0 on a CPU and told, its own on a GPU, or what was asked for."""

import json
from types import SimpleNamespace

import pytest
import torch
from labelwise_cli import main
from transformers import AutoConfig

from labelwise import LabelTokenizer, LMMTCForSequenceClassification, MultiLabelTrainer
from labelwise.configuration.configuration_encoder import attention_dropouts, set_attention_dropout
from labelwise.families.lm_mtc import LMMTCFamily

from ...resuming import assert_same_weights, interrupt

SETTINGS = "--num_train_epochs 2 --per_device_train_batch_size 8 --learning_rate 1e-3 --use_cpu"
TOLD = "training on a CPU with attention dropout 0, which is faster than the encoder's 0.1; --attention_dropout 0.1"


def train(data, out, options) -> int:
    return main(f"train {data} {SETTINGS} {options} --output_dir {out}".split())


def saved(out) -> float:
    return json.loads((out / "config.json").read_text())["encoder"]["attention_probs_dropout_prob"]


@pytest.mark.parametrize("model", ["bert", "bert-mlm", "lm-mtc"])
def test_none_on_a_cpu_unless_asked(bert, data, tmp_path, capsys, model):
    shares = []
    with pytest.MonkeyPatch.context() as patch:
        step = MultiLabelTrainer.training_step

        def keep(self, *args, **kwargs):
            layers = self.model.lm_mtc.encoder.bert.encoder.layer
            shares.append(layers[0].attention.self.dropout.p)
            return step(self, *args, **kwargs)

        patch.setattr(MultiLabelTrainer, "training_step", keep)
        options = f"--model {model} --encoder {bert} --max_steps 1"
        assert train(data, tmp_path / "default", options) == 0
        assert TOLD in capsys.readouterr().err
        assert train(data, tmp_path / "asked", f"{options} --attention_dropout 0.1") == 0
        assert "attention dropout" not in capsys.readouterr().err
    assert shares == [0.0, 0.1]
    assert [saved(tmp_path / "default"), saved(tmp_path / "asked")] == [0.0, 0.1]


def test_a_checkpoint_keeps_its_own_unless_asked(bert, data, tmp_path, capsys):
    asked = f"--model bert --encoder {bert} --max_steps 1 --attention_dropout 0.2"
    assert train(data, tmp_path / "first", asked) == 0
    source = f"--model_name_or_path {tmp_path / 'first'} --max_steps 1"
    assert train(data, tmp_path / "on", source) == 0
    assert "attention dropout" not in capsys.readouterr().err
    assert train(data, tmp_path / "other", f"{source} --attention_dropout 0") == 0
    assert [saved(tmp_path / "on"), saved(tmp_path / "other")] == [0.2, 0.0]


@pytest.mark.parametrize("first", ["", "--attention_dropout 0.1"])
def test_a_resumed_run_keeps_its_own(bert, data, tmp_path, monkeypatch, capsys, first):
    """As one has that began on a GPU, or with an older version."""
    whole, out, options = tmp_path / "whole", tmp_path / "out", f"--model bert --encoder {bert}"
    assert train(data, whole, f"{options} {first}") == 0
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 9)
        assert train(data, out, f"{options} {first}") == 130
    assert train(data, out, f"{options} --attention_dropout 0.3 --resume") == 2
    told = capsys.readouterr().err
    assert f"had another attention_dropout, {0.1 if first else 0.0} and not 0.3; repeat its options" in told
    assert train(data, out, f"{options} --resume") == 0
    assert_same_weights(whole, out)
    assert saved(out) == saved(whole) == (0.1 if first else 0.0)


def test_the_encoders_own_on_a_gpu_or_frozen(bert):
    on_gpu = LMMTCFamily(encoder=bert)
    on_gpu.adapt_to_run(SimpleNamespace(device=torch.device("cuda")), None)
    frozen = LMMTCFamily(encoder=bert, freeze_encoder=True)
    frozen.adapt_to_run(SimpleNamespace(device=torch.device("cpu")), None)
    assert on_gpu.attention_dropout is None and frozen.attention_dropout is None


def test_nothing_is_told_where_the_encoder_drops_none(make_encoder, data, tmp_path, capsys):
    folder = make_encoder("modernbert")
    assert train(data, tmp_path / "out", f"--model bert --encoder {folder} --max_steps 1") == 0
    assert "attention dropout" not in capsys.readouterr().err


def test_every_encoder_takes_it(encoder):
    tokenizer = LabelTokenizer.from_encoder(encoder, ["a", "b"])
    batch = {**tokenizer("the cat sat on the mat", return_tensors="pt"), "labels": torch.tensor([[1, 0]])}

    def losses(share):
        model = LMMTCForSequenceClassification.from_encoder(encoder, ["a", "b"], attention_dropout=share).train()
        for module in model.modules():
            if isinstance(module, torch.nn.Dropout) and module.p != share:
                module.p = 0.0  # all other dropout
        return {model(**batch).loss.item() for _ in range(4)}

    assert len(losses(0.0)) == 1
    assert len(losses(0.77)) > 1


@pytest.mark.parametrize(
    ("model_type", "names"),
    [
        ("bert", ["attention_probs_dropout_prob"]),
        ("deberta-v2", ["attention_probs_dropout_prob"]),
        ("distilbert", ["attention_dropout"]),
        ("modernbert", ["attention_dropout"]),
        ("reformer", ["local_attention_probs_dropout_prob", "lsh_attention_probs_dropout_prob"]),
        ("fnet", []),
    ],
)
def test_fields_of_encoders(model_type, names):
    config = AutoConfig.for_model(model_type)
    assert sorted(attention_dropouts(config)) == names
    if names:
        set_attention_dropout(config, 0.25)
        assert attention_dropouts(config) == dict.fromkeys(names, 0.25)
    else:
        with pytest.raises(ValueError, match="a fnet encoder has no attention dropout: leave out attention_dropout"):
            set_attention_dropout(config, 0.0)


@pytest.mark.parametrize("share", ["1", "-0.1", "nan"])
def test_refusals(bert, data, tmp_path, capsys, share):
    assert train(data, tmp_path / "out", f"--model bert --encoder {bert} --attention_dropout {share}") == 2
    assert "must be >= 0 and < 1" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
