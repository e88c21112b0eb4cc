# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The pooler of LM-MTC's baselines, and an encoder that is loaded once."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoModelForMaskedLM, AutoModelForSequenceClassification

from labelwise import LabelTokenizer, LMMTCConfig, LMMTCForSequenceClassification
from labelwise.modeling.masked_lm_encoder import load_encoder, load_pooler

NAMES = ["a", "b"]
IDS = torch.tensor([[2, 10, 11, 12, 3], [2, 20, 21, 3, 0]])


@pytest.fixture
def with_pooler(make_encoder):
    """The folder of a BERT whose checkpoint has a pooler, as those on the Hub have."""
    folder = make_encoder("bert")
    torch.manual_seed(1)
    encoder = AutoModel.from_pretrained(folder)
    assert encoder.pooler.dense.bias.norm() == 0
    with torch.no_grad():
        encoder.pooler.dense.bias.normal_()
    encoder.save_pretrained(folder)
    return folder


def classifier(folder, template="none", **settings):
    return LMMTCForSequenceClassification.from_encoder(folder, NAMES, template, **settings)


def test_the_classifier_reads_what_berts_own_classifier_reads(with_pooler):
    model = classifier(with_pooler)
    assert model.config.pooler
    berts = AutoModelForSequenceClassification.from_pretrained(with_pooler, num_labels=2).eval()
    with torch.no_grad():
        berts.classifier.weight.copy_(model.head.weight)
        berts.classifier.bias.copy_(model.head.bias)
        mask = (IDS != 0).long()
        found = model(IDS, attention_mask=mask).logits
        torch.testing.assert_close(found, berts(IDS, attention_mask=mask).logits, atol=1e-6, rtol=1e-5)
        raw = classifier(with_pooler, pooler=False)
        raw.head.load_state_dict(model.head.state_dict())
        assert not raw.config.pooler
        assert not torch.allclose(found, raw(IDS, attention_mask=mask).logits, atol=1e-3)


def test_the_pooler_is_saved_and_learns(with_pooler, tmp_path):
    model = classifier(with_pooler).train()
    model(IDS, labels=torch.tensor([[1, 0], [0, 1]])).loss.backward()
    assert model.lm_mtc.pooler.dense.weight.grad.norm() > 0
    model.save_pretrained(tmp_path)
    again = LMMTCForSequenceClassification.from_pretrained(tmp_path)
    assert again(IDS).logits.equal(model.eval()(IDS).logits)


def test_a_folder_from_before_the_pooler_loads_without(with_pooler, tmp_path):
    model = classifier(with_pooler, pooler=False)
    model.save_pretrained(tmp_path)
    file = tmp_path / "config.json"
    fields = json.loads(file.read_text())
    del fields["pooler"]
    file.write_text(json.dumps(fields))
    again = LMMTCForSequenceClassification.from_pretrained(tmp_path)
    assert again.lm_mtc.pooler is None
    assert again(IDS).logits.equal(model(IDS).logits)


def test_encoders_without_a_pooler(encoder):
    """BERT and RoBERTa have none in the checkpoint of a masked language model, the others none at all."""
    assert load_pooler(encoder) is None
    assert not classifier(encoder).config.pooler
    with pytest.raises(ValueError, match="no pooler: leave out --pooler"):
        classifier(encoder, pooler=True)


def test_alberts_pooler_has_another_name(with_pooler, monkeypatch):
    expected = load_pooler(with_pooler).dense

    def load(*arguments, **keywords):
        encoder, report = load_bert(*arguments, **keywords)
        encoder.pooler = encoder.pooler.dense
        return encoder, report

    load_bert = AutoModel.from_pretrained
    monkeypatch.setattr(AutoModel, "from_pretrained", load)
    assert load_pooler(with_pooler).dense.weight.equal(expected.weight)


def test_label_tokens_are_not_pooled(with_pooler):
    assert classifier(with_pooler, "diff").lm_mtc.pooler is None
    with pytest.raises(ValueError, match="pooler needs template 'none'"):
        classifier(with_pooler, "diff", pooler=True)
    with pytest.raises(ValueError, match="pooler needs template 'none'"):
        LMMTCConfig(pooler=True)


@pytest.mark.parametrize("template", ["diff", "same", "none"])
def test_the_loaded_encoder_is_the_models(encoder, template):
    """Nothing in it is drawn anew, neither its weights nor the label tokens that were added."""
    tokenizer = LabelTokenizer.from_encoder(encoder, NAMES, template)
    torch.manual_seed(0)
    loaded = load_encoder(encoder, tokenizer)
    torch.manual_seed(0)
    model = classifier(encoder, template)
    expected, found = loaded.state_dict(), model.lm_mtc.encoder.state_dict()
    assert found.keys() == expected.keys()
    assert all(value.equal(expected[name]) for name, value in found.items())
    assert model.lm_mtc.encoder.config._attn_implementation == loaded.config._attn_implementation


def test_no_second_encoder_is_made(with_pooler, monkeypatch):
    monkeypatch.setattr(AutoModelForMaskedLM, "from_config", None)
    assert classifier(Path(with_pooler)).num_parameters() > 0


def test_weights_of_the_encoder_that_are_missing(make_encoder):
    folder = make_encoder("bert")
    name = "bert.encoder.layer.1.output.dense.weight"
    weights = load_file(f"{folder}/model.safetensors")
    del weights[name]
    save_file(weights, f"{folder}/model.safetensors", {"format": "pt"})
    with pytest.raises(ValueError, match=f"do not fit its config .{name} is missing"):
        classifier(folder)


def test_a_label_without_words(make_encoder):
    with pytest.raises(ValueError, match=r"label '\\u200b' has no word piece in its tokenizer; rename it"):
        LMMTCForSequenceClassification.from_encoder(make_encoder("bert"), ["a", "\u200b"], label_start="name")
