# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What every model of this package owes to transformers."""

import re
from copy import deepcopy

import pytest
import torch
from safetensors import safe_open
from torch import nn
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForPreTraining,
    AutoModelForSequenceClassification,
    pipeline,
)

from labelwise import (
    CNNConfig,
    CNNForSequenceClassification,
    CNNModel,
    CNNRNNConfig,
    CNNRNNForSequenceClassification,
    CNNRNNModel,
    HANLGConfig,
    HANLGForSequenceClassification,
    HANLGModel,
    LabelWiseEncoderConfig,
    LabelWiseEncoderForPreTraining,
    LabelWiseEncoderForSequenceClassification,
    LabelWiseEncoderModel,
    LMMTCForSequenceClassification,
    LMMTCModel,
    LWLSTMForPreTraining,
    LWLSTMForSequenceClassification,
    LWLSTMModel,
    MAGNETConfig,
    MAGNETForSequenceClassification,
    MAGNETModel,
    RegLSTMConfig,
    RegLSTMForSequenceClassification,
    RegLSTMModel,
    SGMConfig,
    SGMForSequenceClassification,
    SGMModel,
    StaticConfig,
    StaticForSequenceClassification,
    StaticModel,
    TfidfLinearConfig,
    TfidfLinearForSequenceClassification,
    TfidfLinearModel,
)

LSTM = {
    LWLSTMModel: AutoModel,
    LWLSTMForPreTraining: AutoModelForPreTraining,
    LWLSTMForSequenceClassification: AutoModelForSequenceClassification,
}
LM_MTC = {LMMTCModel: AutoModel, LMMTCForSequenceClassification: AutoModelForSequenceClassification}
LW_ENCODER = {
    LabelWiseEncoderModel: AutoModel,
    LabelWiseEncoderForPreTraining: AutoModelForPreTraining,
    LabelWiseEncoderForSequenceClassification: AutoModelForSequenceClassification,
}
FOR_PRE_TRAINING = (LWLSTMForPreTraining, LabelWiseEncoderForPreTraining)
# Families with one case each: its configuration, small, and its classes.
SMALL = {"vocab_size": 60, "embedding_size": 6, "num_labels": 4, "max_words": 14, "initializer_range": 1.0}
WORDS: dict[str, tuple] = {
    "han-lg": (
        HANLGConfig(hidden_size=5, max_sentences=4, max_words_per_sentence=5, soft_label_weight=0.2, **SMALL),
        {HANLGModel: AutoModel, HANLGForSequenceClassification: AutoModelForSequenceClassification},
    ),
    "magnet": (
        MAGNETConfig(hidden_size=5, num_attention_heads=2, **SMALL),
        {MAGNETModel: AutoModel, MAGNETForSequenceClassification: AutoModelForSequenceClassification},
    ),
    "cnn": (
        CNNConfig(kernel_sizes=[2, 3], num_filters=5, **SMALL),
        {CNNModel: AutoModel, CNNForSequenceClassification: AutoModelForSequenceClassification},
    ),
    "static": (
        StaticConfig(head_size=5, dropout=0.5, **{name: value for name, value in SMALL.items() if name != "max_words"}),
        {StaticModel: AutoModel, StaticForSequenceClassification: AutoModelForSequenceClassification},
    ),
    "reg-lstm": (
        RegLSTMConfig(hidden_size=5, activation_regularization=2.0, temporal_activation_regularization=1.0, **SMALL),
        {RegLSTMModel: AutoModel, RegLSTMForSequenceClassification: AutoModelForSequenceClassification},
    ),
    **{
        name: (
            SGMConfig(hidden_size=5, num_beams=2, **settings, **SMALL),
            {SGMModel: AutoModel, SGMForSequenceClassification: AutoModelForSequenceClassification},
        )
        for name, settings in {"sgm": {}, "sgm-ge": {"global_embedding": True}, "set-rnn": {"objective": "set"}}.items()
    },
    "cnn-rnn": (
        CNNRNNConfig(kernel_sizes=[2, 3], num_filters=5, decoder_hidden_size=7, num_beams=2, **SMALL),
        {CNNRNNModel: AutoModel, CNNRNNForSequenceClassification: AutoModelForSequenceClassification},
    ),
    **{
        name: (
            TfidfLinearConfig(method=name, num_ngrams=60, num_label_sets=6, **SMALL),
            {TfidfLinearModel: AutoModel, TfidfLinearForSequenceClassification: AutoModelForSequenceClassification},
        )
        for name in ("br", "cc", "lp")
    },
}
MODELS = LSTM | LM_MTC | LW_ENCODER
for _, classes in WORDS.values():
    MODELS |= classes
WITHOUT_EMBEDDINGS = (TfidfLinearModel, TfidfLinearForSequenceClassification)
WITHOUT_DROPOUT = (*WITHOUT_EMBEDDINGS, StaticModel)
CORNERS = {
    "lstm": {"hierarchical": False, "label_wise": False},
    "han": {"hierarchical": True, "label_wise": False},
    "lw-lstm": {"hierarchical": False, "label_wise": True},
    "hlw-lstm": {"hierarchical": True, "label_wise": True},
}
TEMPLATES = {
    "diff": ("bert", {"template": "diff"}),
    "same": ("bert", {"template": "same"}),
    "shared_answers": ("bert", {"template": "shared_answers"}),
    "compact": ("bert", {"template": "compact", "label_head": "shared"}),
    "none": ("bert", {"template": "none"}),
    **{family: (family, {"template": "diff"}) for family in ("roberta", "deberta-v2", "electra", "modernbert")},
}
# Encoders, and documents of eight tokens in several windows or in one.
WINDOWS = {
    "windows": ("bert", {"window_size": 5, "window_overlap": 1, "num_encoders": 2}),
    "window parts": ("roberta", {"window_size": 5, "window_overlap": 1, "hierarchical": True}),
    "one window": ("modernbert", {"window_size": 8}),
}
LATER = [(model, case) for case, (_, classes) in WORDS.items() for model in classes]
CASES = [(model, case) for model in LSTM for case in CORNERS] + [
    (model, case) for model in LM_MTC for case in TEMPLATES
]
CASES += [(model, case) for model in LW_ENCODER for case in WINDOWS]
ENCODERS = [case for case in CASES if case[0] not in FOR_PRE_TRAINING]
CASES += LATER
CLASSIFIERS = [case for case in CASES if MODELS[case[0]] is AutoModelForSequenceClassification]

IDS = torch.tensor([[5, 6, 7, 2, 8, 9, 2, 0], [10, 11, 2, 0, 0, 0, 0, 0], [12, 13, 14, 15, 16, 17, 2, 18]])
LABELS = torch.tensor([[1, 0, 0, 1], [0, 0, 0, 0], [0, 1, 0, 0]])


def inputs_of(model_class):
    # A label-wise encoder reads the embedding of padding, which gets no gradient, unless it is told what is padding.
    masks = {"attention_mask": (IDS != 0).long()} if model_class in LW_ENCODER else {}
    if model_class in FOR_PRE_TRAINING:
        candidates = torch.stack([IDS, IDS.flip(0)], dim=1)
        if masks:
            masks["candidate_attention_mask"] = (candidates != 0).long()
        return {
            **masks,
            "input_ids": IDS,
            "candidate_input_ids": candidates,
            "class_ids": torch.tensor([0, 3, 2]),
            "labels": torch.tensor([0, 1, 1]),
        }
    # The template of four labels takes twelve tokens.
    inputs = {"input_ids": torch.cat([IDS, IDS + 10, IDS + 20], dim=1) if model_class in LM_MTC else IDS, **masks}
    if MODELS[model_class] is AutoModelForSequenceClassification:
        inputs["labels"] = LABELS
    if model_class is LMMTCForSequenceClassification:
        inputs["mlm_targets"] = inputs["input_ids"].masked_fill(inputs["input_ids"] < 30, -100)
    return inputs


def tensors(output):
    """All tensors of an output, in order."""
    if isinstance(output, torch.Tensor):
        return [output]
    return [tensor for part in output for tensor in tensors(part)]


def run(model):
    with torch.no_grad():
        return tensors(model(**inputs_of(type(model)), return_dict=False))


def of_each_document(outputs: list[torch.Tensor]) -> torch.Tensor:
    """The logits, or the states: the last that is no loss."""
    return [output for output in outputs if output.dim()][-1]


def assert_equal(ones, others):
    for one, other in zip(ones, others, strict=True):
        assert one.equal(other)


def assert_same(ones, others):
    """Equal but for the last bit: a matrix times a vector depends on where in memory the vector lies."""
    torch.testing.assert_close(ones, others, atol=1e-6, rtol=1e-6)


def make(model_class, config):
    torch.manual_seed(0)
    model = model_class(config).eval()
    for parameter in model.parameters():  # away from the start, so that a new start would show
        if parameter.dim() == 1:
            nn.init.normal_(parameter)
    return model


def gradients(model):
    torch.manual_seed(2)
    output = model.train()(**inputs_of(type(model)), return_dict=False)
    (output[0] if MODELS[type(model)] is not AutoModel else output[0].pow(2).sum()).backward()
    return {name: parameter.grad for name, parameter in model.named_parameters() if parameter.grad is not None}


@pytest.fixture(scope="module")
def configs(make_config, make_encoder):
    """By case: the corners of LW-LSTM, with two encoders; the templates of LM-MTC, and its families of encoders."""
    configs = {name: make_config(num_encoders=2, **corner) for name, corner in CORNERS.items()}
    configs |= {name: config for name, (config, _) in WORDS.items()}
    dropout = {"modernbert": {"embedding_dropout": 0.1}}  # the others have theirs
    encoders = {family: make_encoder(family, **dropout.get(family, {})) for family, _ in TEMPLATES.values()}
    for name, (family, settings) in TEMPLATES.items():
        config = LMMTCForSequenceClassification.from_encoder(encoders[family], list("abcd"), **settings).config
        config.encoder.initializer_range = 0.5  # states that differ visibly
        configs[name] = config
    for name, (family, settings) in WINDOWS.items():
        encoder = AutoConfig.from_pretrained(encoders[family])
        encoder.initializer_range = 0.5
        configs[name] = LabelWiseEncoderConfig(encoder=encoder, num_labels=4, num_contexts=2, **settings)
    return configs


@pytest.fixture
def config(case, configs):
    return deepcopy(configs[case])


@pytest.fixture
def model(model_class, config):
    return make(model_class, config)


@pytest.mark.parametrize(("model_class", "case"), CASES)
class TestEveryModel:
    def test_save_and_load(self, model_class, model, tmp_path):
        model.save_pretrained(tmp_path)
        loaded, report = MODELS[model_class].from_pretrained(tmp_path, output_loading_info=True)
        assert type(loaded) is model_class and not loaded.training
        assert not any(report.values())
        assert loaded.config.to_diff_dict() == AutoConfig.from_pretrained(tmp_path).to_diff_dict()
        assert_same(run(model), run(loaded))

    def test_from_config(self, model_class, model, config):
        found = []
        for _ in range(2):
            torch.manual_seed(3)
            found.append(MODELS[model_class].from_config(config).eval())
        assert type(found[0]) is model_class
        assert_equal(*map(run, found))
        assert not run(found[0])[0].equal(run(model)[0])

    def test_loaded_in_bfloat16(self, model_class, model, tmp_path):
        """Through the meta device, which leaves nothing behind."""
        model.save_pretrained(tmp_path)
        loaded = MODELS[model_class].from_pretrained(tmp_path, dtype=torch.bfloat16)
        assert loaded.dtype == loaded.config.dtype == torch.bfloat16
        assert not any(tensor.is_meta for tensor in [*loaded.parameters(), *loaded.buffers()])
        for one, other in zip(model.parameters(), loaded.parameters(), strict=True):
            assert other.equal(one.bfloat16())
        for one, other in zip(run(model), run(loaded), strict=True):
            torch.testing.assert_close(other.float(), one, atol=0.5, rtol=0.1)
        by_its_old_name = MODELS[model_class].from_pretrained(tmp_path, torch_dtype=torch.bfloat16)
        loaded.save_pretrained(tmp_path)
        by_its_file = MODELS[model_class].from_pretrained(tmp_path, dtype="auto")
        for again in (by_its_old_name, by_its_file):
            assert {parameter.dtype for parameter in again.parameters()} == {torch.bfloat16}
            assert_equal(run(loaded), run(again))

    def test_on_the_meta_device(self, model_class, model, config):
        with torch.device("meta"):
            empty = MODELS[model_class].from_config(config, dtype=torch.bfloat16)
        for one, other in zip(model.parameters(), empty.parameters(), strict=True):
            assert other.is_meta and other.shape == one.shape and other.dtype == torch.bfloat16

    def test_determinism(self, model):
        for training in (False, True):
            found = []
            for _ in range(2):
                torch.manual_seed(1)
                found.append(run(model.train(training)))
            assert_equal(*found)

    def test_dropout_only_in_training(self, model_class, model):
        if model_class in WITHOUT_DROPOUT:
            assert_equal(run(model.train()), run(model.eval()))
            return
        torch.manual_seed(1)
        assert not run(model.train())[0].equal(run(model.eval())[0])

    def test_batch_of_one(self, model_class, model):
        """The logits, or the states, of a document are those that it has among others."""
        inputs = inputs_of(model_class)
        together = of_each_document(run(model))
        for row in range(3):
            with torch.no_grad():
                one = model(**{name: value[row : row + 1] for name, value in inputs.items()}, return_dict=False)
            torch.testing.assert_close(of_each_document(tensors(one))[0], together[row], atol=1e-5, rtol=1e-5)

    def test_return_dict_false(self, model_class, model):
        output = model(**inputs_of(model_class))
        as_tuple = model(**inputs_of(model_class), return_dict=False)
        assert isinstance(as_tuple, tuple)
        assert_equal(tensors(output.to_tuple()), tensors(as_tuple))
        model.config.return_dict = False
        assert isinstance(model(**inputs_of(model_class)), tuple)
        assert not isinstance(model(**inputs_of(model_class), return_dict=True), tuple)

    def test_resize_token_embeddings(self, model_class, model, tmp_path):
        if model_class in WITHOUT_EMBEDDINGS:
            with pytest.raises(NotImplementedError):
                model.resize_token_embeddings(77)
            return
        before = run(model)
        size = model.config.vocab_size + 17
        width = model.get_input_embeddings().weight.shape[1]
        model.resize_token_embeddings(size)
        after = run(model)
        # Not so the loss of a masked language model, which has more to choose from.
        assert of_each_document(after).equal(of_each_document(before))
        assert model.get_input_embeddings().weight.shape == (size, width) and model.config.vocab_size == size
        model.save_pretrained(tmp_path)
        assert_same(after, run(MODELS[model_class].from_pretrained(tmp_path)))

    def test_embeddings_may_be_replaced(self, model_class, model):
        if model_class in WITHOUT_EMBEDDINGS:
            with pytest.raises(NotImplementedError):
                model.get_input_embeddings()
            return
        new = nn.Embedding(9, model.get_input_embeddings().weight.shape[1])
        model.set_input_embeddings(new)
        assert model.get_input_embeddings() is new

    def test_tied_weights(self, model_class, model, tmp_path):
        """The MLM head of LM-MTC's encoders is their embedding; no other model has a head over words."""
        if model_class not in LM_MTC:
            assert model.get_output_embeddings() is None and not model.all_tied_weights_keys
            return
        model.save_pretrained(tmp_path)
        rows = model.get_input_embeddings().weight
        with safe_open(tmp_path / "model.safetensors", "pt") as file:
            assert [file.get_slice(name).get_shape() for name in file.keys()]  # noqa: SIM118 -- no dict.count(list(rows.shape)) == 1
        loaded = MODELS[model_class].from_pretrained(tmp_path)
        loaded.resize_token_embeddings(len(rows) + 3)
        for one in (model, loaded):
            assert one.get_output_embeddings().weight is one.get_input_embeddings().weight

    def test_gradients_reach_every_parameter(self, model_class, model):
        found = gradients(model)
        # The label states of LM-MTC need no MLM head.
        used = model.encoder.base_model if model_class is LMMTCModel else model
        for name, parameter in used.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.isfinite().all() and parameter.grad.ne(0).any(), name
        assert found


@pytest.mark.parametrize(("model_class", "case"), [case for case in CASES if case[0] in LM_MTC | LW_ENCODER])
@pytest.mark.parametrize("reentrant", [False, True])
def test_gradient_checkpointing_changes_nothing(model_class, case, model, reentrant):
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    plain = gradients(model)
    model.zero_grad()
    model.activation_checkpointing_enable({"use_reentrant": reentrant})
    assert model.is_activation_checkpointing
    found = gradients(model)
    assert found.keys() == plain.keys()
    for name in plain:
        torch.testing.assert_close(found[name], plain[name], atol=1e-6, rtol=1e-4, msg=name)
    model.activation_checkpointing_disable()
    assert not model.is_activation_checkpointing


@pytest.mark.parametrize(("model_class", "case"), [case for case in CASES if case[0] not in LM_MTC | LW_ENCODER])
def test_models_of_words_have_no_gradient_checkpointing(model_class, case, model):
    with pytest.raises(ValueError, match="does not support"):
        model.activation_checkpointing_enable()


@pytest.mark.parametrize(("model_class", "case"), ENCODERS)
def test_attentions_and_hidden_states_on_request(model_class, case, model):
    """By argument or by configuration; they change nothing else."""
    model.set_attn_implementation("eager")
    inputs = inputs_of(model_class)
    plain = model(**inputs)
    assert plain.attentions is None and plain.hidden_states is None
    asked = model(**inputs, output_attentions=True, output_hidden_states=True)
    # LM-MTC: two layers, and the embeddings. LW-LSTM: words, and sentences, of two encoders. The label-wise encoder:
    # tokens, and windows, of two sets of contexts over one encoder or two.
    sizes = (2, 3)
    if model_class not in LM_MTC:
        config = model.config
        sizes = (2 * (1 + config.hierarchical), config.num_encoders)
    assert (len(asked.attentions), len(asked.hidden_states)) == sizes
    assert_same([asked[name] for name in plain], [*plain.values()])
    assert len(model(**inputs, output_attentions=True, return_dict=False)) == len(plain) + 1
    model.config.output_attentions = model.config.output_hidden_states = True
    assert_equal(tensors(model(**inputs).to_tuple()), tensors(asked.to_tuple()))
    assert model(**inputs, output_attentions=False).attentions is None


@pytest.mark.parametrize(("model_class", "case"), CLASSIFIERS)
@torch.no_grad()
def test_calibrated_logits(model_class, case, model):
    """A scale and an offset per label or for all, outside training only."""
    logits = model(**inputs_of(model_class)).logits
    scale, offset = [0.5, 1.0, 2.0, 3.0], [-1.0, 0.0, 0.25, 4.0]
    model.config.calibration = {"scale": scale, "offset": offset}
    found = model(**inputs_of(model_class)).logits
    torch.testing.assert_close(found, logits * torch.tensor(scale) + torch.tensor(offset), atol=1e-5, rtol=1e-5)
    model.config.calibration = {"scale": 2.0, "offset": 0.0}
    assert model(**inputs_of(model_class)).logits.equal(2 * logits)

    def train_logits():
        torch.manual_seed(0)
        return model.train()(**inputs_of(model_class)).logits

    calibrated = train_logits()
    model.config.calibration = None
    plain = train_logits()
    assert (calibrated is plain is None) or calibrated.equal(plain)  # models that emit labels search no labels then


@pytest.mark.parametrize(("model_class", "case"), CLASSIFIERS)
def test_labels_of_any_type(model_class, model):
    inputs = inputs_of(model_class)
    expected = model(**inputs | {"labels": LABELS.float()}).loss
    assert expected.dtype == torch.float32
    for dtype in (torch.int64, torch.int32, torch.int8, torch.bool, torch.bfloat16, torch.float64):
        assert model(**inputs | {"labels": LABELS.to(dtype)}).loss.equal(expected), dtype


@pytest.mark.parametrize(("model_class", "case"), CLASSIFIERS)
@pytest.mark.parametrize("labels", [LABELS[:1], LABELS[:, :1], LABELS[:, :2], LABELS[0], LABELS[None], LABELS[0, 0]])
def test_labels_of_another_shape(model_class, model, labels):
    """Label ids, and what torch would spread over the documents."""
    for mode in (model.train(), model.eval()):
        with pytest.raises(ValueError, match=rf"{re.escape(str(tuple(labels.shape)))}, not \(3, 4\): .*`.*multi_hot`"):
            mode(**inputs_of(model_class) | {"labels": labels})


@pytest.mark.parametrize("case", CORNERS)
@pytest.mark.parametrize("model_class", LSTM)
def test_memory_of_the_meta_device_does_not_come_back(model_class, model, tmp_path):
    """A checkpoint that lacks an encoder: what is missing starts as a new model does."""
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


@pytest.mark.parametrize("settings", [{"classifier": name} for name in ("linear", "mlp", "label_wise")], ids=str)
def test_a_pre_trained_model_becomes_a_classifier_with_a_new_head(make_config, corner, tmp_path, settings):
    if settings["classifier"] == "label_wise" and not corner["label_wise"]:
        pytest.skip("this classifier needs a representation per label")
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
