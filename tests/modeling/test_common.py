# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What every model of this package owes to transformers."""

import pytest
import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForPreTraining,
    AutoModelForSequenceClassification,
    BertConfig,
    pipeline,
)

from labelwise import (
    LMMTCConfig,
    LMMTCForSequenceClassification,
    LMMTCModel,
    LWLSTMForPreTraining,
    LWLSTMForSequenceClassification,
    LWLSTMModel,
)

MODELS = {
    LWLSTMModel: AutoModel,
    LWLSTMForPreTraining: AutoModelForPreTraining,
    LWLSTMForSequenceClassification: AutoModelForSequenceClassification,
    LMMTCModel: AutoModel,
    LMMTCForSequenceClassification: AutoModelForSequenceClassification,
}
CORNERS = [
    {"hierarchical": hierarchical, "label_wise": wise} for wise in (False, True) for hierarchical in (False, True)
]
LM_MTC = [
    {"template": "compact", "label_positions": [1, 2, 3, 4]},
    {"template": "compact", "label_positions": [1, 2, 3, 4], "label_head": "shared"},
    {"template": "none"},
]
CASES = [(model, case) for model in MODELS for case in (LM_MTC if model.config_class is LMMTCConfig else CORNERS)]
IDS = torch.tensor([[5, 6, 7, 2, 8, 9, 2, 0], [10, 11, 2, 0, 0, 0, 0, 0], [12, 13, 14, 15, 16, 17, 2, 18]])


def inputs_of(model_class):
    if model_class is LWLSTMForPreTraining:
        candidates = torch.stack([IDS, IDS.flip(0)], dim=1)
        return {
            "input_ids": IDS,
            "candidate_input_ids": candidates,
            "class_ids": torch.tensor([0, 3, 2]),
            "labels": torch.tensor([0, 1, 1]),
        }
    inputs = {"input_ids": IDS}
    if MODELS[model_class] is AutoModelForSequenceClassification:
        inputs["labels"] = torch.tensor([[1, 0, 0, 1], [0, 0, 0, 0], [0, 1, 0, 0]])
    if model_class is LMMTCForSequenceClassification:
        inputs["mlm_targets"] = IDS.masked_fill(IDS < 8, -100)
    return inputs


def tensors(output):
    """All tensors of an output, in order."""
    if isinstance(output, torch.Tensor):
        return [output]
    return [tensor for part in output for tensor in tensors(part)]


def run(model):
    with torch.no_grad():
        return tensors(model(**inputs_of(type(model)), return_dict=False))


def make(model_class, config):
    torch.manual_seed(0)
    model = model_class(config).eval()
    for parameter in model.parameters():  # away from the start, so that a new start would show
        if parameter.dim() == 1:
            nn.init.normal_(parameter)
    return model


def lm_mtc_config(**settings):
    shape = {"hidden_size": 6, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    size = {"vocab_size": 60, "max_position_embeddings": 10, "type_vocab_size": 1}
    encoder = BertConfig(dtype="float32", initializer_range=0.5, **size, **shape)
    return LMMTCConfig(encoder=encoder, num_labels=4, **settings)


@pytest.mark.parametrize(("model_class", "settings"), CASES)
class TestEveryModel:
    @pytest.fixture
    def config(self, model_class, settings, make_config):
        if model_class.config_class is LMMTCConfig:
            return lm_mtc_config(**settings)
        return make_config(num_encoders=2, **settings)

    @pytest.fixture
    def model(self, model_class, config):
        return make(model_class, config)

    def test_save_and_load(self, model_class, model, tmp_path):
        model.save_pretrained(tmp_path)
        loaded = MODELS[model_class].from_pretrained(tmp_path)
        assert type(loaded) is model_class and not loaded.training
        assert loaded.config.to_diff_dict() == AutoConfig.from_pretrained(tmp_path).to_diff_dict()
        for one, other in zip(run(model), run(loaded), strict=True):
            assert one.equal(other)

    def test_nothing_is_missing_or_left_over(self, model_class, model, tmp_path):
        model.save_pretrained(tmp_path)
        _, report = MODELS[model_class].from_pretrained(tmp_path, output_loading_info=True)
        assert not any(report.values())

    def test_from_config(self, model_class, config):
        found = []
        for _ in range(2):
            torch.manual_seed(3)
            found.append(MODELS[model_class].from_config(config).eval())
        assert type(found[0]) is model_class
        for one, other in zip(*map(run, found), strict=True):
            assert one.equal(other)

    def test_bfloat16(self, model_class, model, tmp_path):
        model.save_pretrained(tmp_path)
        loaded = MODELS[model_class].from_pretrained(tmp_path, dtype=torch.bfloat16)
        assert {parameter.dtype for parameter in loaded.parameters()} == {torch.bfloat16}
        for one, other in zip(run(model), run(loaded), strict=True):
            torch.testing.assert_close(other.float(), one, atol=0.1, rtol=0.1)

    def test_determinism(self, model):
        for training in (False, True):
            found = []
            for _ in range(2):
                torch.manual_seed(1)
                found.append(run(model.train(training)))
            assert all(one.equal(other) for one, other in zip(*found, strict=True))

    def test_dropout_only_in_training(self, model):
        torch.manual_seed(1)
        assert not run(model.train())[0].equal(run(model.eval())[0])

    def test_return_dict_false(self, model_class, model):
        output = model(**inputs_of(model_class))
        as_tuple = model(**inputs_of(model_class), return_dict=False)
        assert isinstance(as_tuple, tuple)
        for one, other in zip(tensors(output.to_tuple()), tensors(as_tuple), strict=True):
            assert one.equal(other)

    def test_return_dict_false_in_the_configuration(self, model_class, model):
        model.config.return_dict = False
        assert isinstance(model(**inputs_of(model_class)), tuple)
        assert not isinstance(model(**inputs_of(model_class), return_dict=True), tuple)

    def test_resize_token_embeddings(self, model_class, model, tmp_path):
        before = run(model)
        model.resize_token_embeddings(77)
        after = run(model)
        assert after[-1].equal(before[-1])  # not so the loss of a masked language model, which has more to choose from
        assert model.get_input_embeddings().weight.shape == (77, 6) and model.config.vocab_size == 77
        model.save_pretrained(tmp_path)
        loaded = MODELS[model_class].from_pretrained(tmp_path)
        for one, other in zip(after, run(loaded), strict=True):
            assert one.equal(other)

    def test_embeddings_may_be_replaced(self, model):
        new = nn.Embedding(9, 6)
        model.set_input_embeddings(new)
        assert model.get_input_embeddings() is new

    def test_gradients_reach_every_parameter(self, model_class, model):
        output = model.train()(**inputs_of(model_class))
        (output[0] if MODELS[model_class] is not AutoModel else output[0].pow(2).sum()).backward()
        # The label states of LM-MTC need no MLM head.
        used = model.encoder.base_model if model_class is LMMTCModel else model
        for name, parameter in used.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.isfinite().all() and parameter.grad.ne(0).any(), name

    def test_memory_of_the_meta_device_does_not_come_back(self, model_class, model, tmp_path):
        """A checkpoint that lacks a level: what is missing starts as a new model does."""
        keep = {name: value for name, value in model.state_dict().items() if "candidate_encoder" not in name}
        model.save_pretrained(tmp_path, state_dict=dict(keep))
        torch.manual_seed(0)
        loaded, report = MODELS[model_class].from_pretrained(tmp_path, output_loading_info=True)
        assert report["missing_keys"] == set(model.state_dict()) - set(keep)
        for name, parameter in loaded.named_parameters():
            if name in keep:
                assert parameter.equal(keep[name]), name
            elif "bias" in name:
                assert parameter.eq(0).all(), name
            elif "layer_norm" in name:
                assert parameter.eq(1).all(), name
            elif "weight_hh" in name:
                torch.testing.assert_close(parameter.T @ parameter, torch.eye(5), atol=1e-5, rtol=0)
            else:
                assert 0.1 < parameter.abs().max() < 1, name


@pytest.mark.parametrize("model_class", [LWLSTMModel, LWLSTMForSequenceClassification])
def test_attentions_and_hidden_states_on_request(make_config, corner, model_class):
    """By argument or by configuration; they change nothing else."""
    model = make(model_class, make_config(**corner))
    plain = model(IDS)
    assert plain.attentions is None and plain.hidden_states is None
    asked = model(IDS, output_attentions=True, output_hidden_states=True)
    assert len(asked.attentions) == 1 + corner["hierarchical"] and len(asked.hidden_states) == 1
    assert asked[0].equal(plain[0])
    assert len(model(IDS, output_attentions=True, return_dict=False)) == 2
    model.config.output_attentions = model.config.output_hidden_states = True
    configured = model(IDS)
    for one, other in zip(tensors(configured.to_tuple()), tensors(asked.to_tuple()), strict=True):
        assert one.equal(other)
    assert model(IDS, output_attentions=False).attentions is None


@pytest.mark.parametrize("settings", [{"classifier": name} for name in ("linear", "mlp", "label_wise")], ids=str)
def test_a_pre_trained_model_becomes_a_classifier_with_a_new_head(make_config, corner, tmp_path, settings):
    config = make_config(num_encoders=2, label_graph=True, **settings, **corner)
    pretrained = make(LWLSTMForPreTraining, config)
    pretrained.save_pretrained(tmp_path)
    torch.manual_seed(0)
    model, report = AutoModelForSequenceClassification.from_pretrained(tmp_path, output_loading_info=True)
    assert report["missing_keys"] and all(name.startswith("head.") for name in report["missing_keys"])
    assert not report["unexpected_keys"] and not report["mismatched_keys"]
    for name, value in pretrained.lw_lstm.state_dict().items():
        assert model.lw_lstm.state_dict()[name].equal(value)
    assert model.head.label_graph.equal(torch.eye(4))
    for name, parameter in model.head.classifier.named_parameters():
        assert 0 < parameter.abs().max() <= 1, name


def test_a_classifier_gives_its_encoder_to_auto_model(make_config, corner, tmp_path):
    model = make(LWLSTMForSequenceClassification, make_config(**corner))
    model.save_pretrained(tmp_path)
    loaded = AutoModel.from_pretrained(tmp_path)
    assert loaded(IDS).last_hidden_state.equal(model.lw_lstm(IDS).last_hidden_state)


def test_tokenizer_and_pipeline(make_config, corner, word_tokenizer, tmp_path):
    names = ["rock", "jazz", "soul"]
    config = make_config(vocab_size=len(word_tokenizer), id2label=dict(enumerate(names)), **corner)
    model = make(LWLSTMForSequenceClassification, config)
    model.save_pretrained(tmp_path)
    word_tokenizer.save_pretrained(tmp_path)
    texts = ["w1 w2. W3 w4! w5", "w6", "nobody knows", ""]
    classify = pipeline("text-classification", model=str(tmp_path), top_k=None)
    for batch_size in (1, 4):
        results = classify(texts, batch_size=batch_size)
        for text, found in zip(texts, results, strict=True):
            logits = model(**word_tokenizer([text], return_tensors="pt")).logits[0]
            expected = dict(zip(names, logits.sigmoid().tolist(), strict=True))
            assert {one["label"]: one["score"] for one in found} == pytest.approx(expected, abs=1e-5)
