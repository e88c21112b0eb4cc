# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`add_labels`: old logits are equal to the bit in every model that labels can join, the others say why they cannot."""

import pytest
import torch
from transformers import AutoModel, AutoTokenizer

import labelwise
from labelwise import UserInputError, add_labels
from labelwise.runs.label_addition import START_LOGIT
from labelwise.tokenization.window_tokenizer import load_window_tokenizer

NAMES = ["bank", "sport", "food"]
ID2LABEL = dict(enumerate(NAMES))
WORDS = {"vocab_size": 43, "embedding_size": 8, "id2label": ID2LABEL, "max_words": 14}
LW_LSTM = {**WORDS, "hidden_size": 12}
# Model, and fields of its configuration.
WORD_MODELS = {
    "lstm": ("LWLSTM", {**LW_LSTM, "label_wise": False}),
    "han mlp": ("LWLSTM", {**LW_LSTM, "label_wise": False, "hierarchical": True, "classifier": "mlp"}),
    "lw-lstm linear": ("LWLSTM", LW_LSTM),
    "lw-lstm mlp": ("LWLSTM", {**LW_LSTM, "classifier": "mlp"}),
    "lw-lstm label_wise": ("LWLSTM", {**LW_LSTM, "classifier": "label_wise", "num_encoders": 2}),
    "hlw-lstm linear": ("LWLSTM", {**LW_LSTM, "hierarchical": True}),
    "hlw-lstm label_wise": ("LWLSTM", {**LW_LSTM, "hierarchical": True, "classifier": "label_wise"}),
    "cnn": ("CNN", WORDS),
    "reg-lstm": ("RegLSTM", {**WORDS, "hidden_size": 12}),
    "br": ("TfidfLinear", {"method": "br", "vocab_size": 43, "num_ngrams": 60, "id2label": ID2LABEL}),
}
ENCODERS = ["lw-encoder", "lw-encoder hierarchical", "lw-encoder two contexts", "bert"]
REFUSED = {
    "han-lg": ("HANLG", LW_LSTM, "its label graph mixes the logits of all labels"),
    "lw-lstm": ("LWLSTM", {**LW_LSTM, "label_graph": True}, "its label graph mixes the logits of all labels"),
    "magnet": ("MAGNET", WORDS, "the features of its labels come from a graph over all of them"),
    "sgm": ("SGM", WORDS, "it emits labels one by one, and each is read by the next"),
    "set-rnn": ("SGM", {**WORDS, "objective": "set"}, "it emits labels one by one, and each is read by the next"),
    "cnn-rnn": ("CNNRNN", WORDS, "it emits labels one by one, and each is read by the next"),
    "cc": (
        "TfidfLinear",
        {**WORDS, "method": "cc", "embedding_size": None},
        "each classifier of its chain reads the decisions on the labels before it",
    ),
    "lp": (
        "TfidfLinear",
        {**WORDS, "method": "lp", "embedding_size": None},
        "its classes are the label sets of its training documents, none of which has a new label",
    ),
}


def make_word_model(name: str, fields: dict) -> torch.nn.Module:
    fields = {key: value for key, value in fields.items() if value is not None}
    config = getattr(labelwise, f"{name}Config")(**fields)
    torch.manual_seed(0)
    return getattr(labelwise, f"{name}ForSequenceClassification")(config).eval()


def move_weights(model: torch.nn.Module) -> torch.nn.Module:
    """Make all weights random, as those of a trained model are."""
    torch.manual_seed(1)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "encoder.embeddings" not in name:
                weight.add_(torch.randn_like(weight), alpha=0.2)
    return model.eval()


@pytest.fixture
def word_batch(word_tokenizer):
    torch.manual_seed(2)
    texts = [" ".join(f"w{i}" for i in torch.randint(0, 40, (length,)).tolist()) for length in (13, 5, 9, 1, 12)]
    return word_tokenizer([text.replace(" ", ". ", 1) for text in texts], padding=True, return_tensors="pt")


@pytest.fixture
def make_encoder_model(bert):
    def make(kind: str):
        if kind == "bert":
            tokenizer = labelwise.LabelTokenizer.from_encoder(bert, NAMES, "none")
            model = labelwise.LMMTCForSequenceClassification.from_encoder(bert, NAMES, "none", mlm_weight=0)
            return move_weights(model), tokenizer
        tokenizer, fields = load_window_tokenizer(bert, window_size=12, window_overlap=2)
        fields["hierarchical"] = "hierarchical" in kind
        fields["num_contexts"] = 2 if "two" in kind else 1
        model = labelwise.LabelWiseEncoderForSequenceClassification.from_encoder(bert, NAMES, **fields)
        return move_weights(model), tokenizer

    return make


TEXTS = ["the cat sat on the mat and a dog chased the cat away", "what joy", "quick brown foxes jump over lazy dogs"]


@torch.no_grad()
def check_bits(model, tokenizer, batch) -> None:
    """Add two labels, then another one; all logits that were there are equal to the bit each time."""
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    old = model(**batch).logits
    first = add_labels(model, tokenizer, ["weather", "art"])
    second = add_labels(first, tokenizer, ["law"])
    assert second.config.label_names == [*NAMES, "weather", "art", "law"]
    assert second.config.label2id["law"] == 5
    assert second.config.label_blocks == [3, 2, 1]
    assert not second.training
    two, three = first(**batch).logits, second(**batch).logits
    assert (two.shape[1], three.shape[1]) == (5, 6)
    assert torch.equal(two[:, :3], old)
    assert torch.equal(three[:, :5], two)
    assert (three[:, 3:].sigmoid() < 0.5).all()  # of a label of which nothing is known
    assert all(torch.equal(weight, model.state_dict()[name]) for name, weight in before.items())


@pytest.mark.parametrize("kind", WORD_MODELS)
def test_old_logits_of_word_models_stay(word_tokenizer, word_batch, kind):
    model = make_word_model(*WORD_MODELS[kind])
    check_bits(move_weights(model) if kind != "br" else model, word_tokenizer, word_batch)


@pytest.mark.parametrize("kind", ENCODERS)
def test_old_logits_over_encoders_stay(make_encoder_model, kind):
    model, tokenizer = make_encoder_model(kind)
    check_bits(model, tokenizer, tokenizer(TEXTS, truncation=True, padding=True, return_tensors="pt"))


def test_labels_of_an_encoder_start_from_their_texts(make_encoder_model):
    model, tokenizer = make_encoder_model("lw-encoder")
    named, described = (
        add_labels(model, tokenizer, labels) for labels in (["a dog", "joy"], {"a dog": "a dog", "joy": "a joy"})
    )
    start = named.lw_encoder.contexts.steps[3:], described.lw_encoder.contexts.steps[3:]
    assert torch.equal(start[0][0], start[1][0])  # to the bit, as all texts are padded to the two words of this one
    assert not torch.allclose(start[0][1], start[1][1])
    assert named.config.label_descriptions is None
    assert described.config.label_descriptions == {"a dog": "a dog", "joy": "a joy"}
    more = add_labels(described, tokenizer, {"anger": "deep anger"})
    assert more.config.label_descriptions == {"a dog": "a dog", "joy": "a joy", "anger": "deep anger"}


def test_new_labels_are_drawn_from_a_seed_and_leave_torchs_generator(word_tokenizer):
    model = make_word_model(*WORD_MODELS["lw-lstm label_wise"])
    torch.manual_seed(5)
    drawn = torch.rand(1)
    torch.manual_seed(5)
    one, same, other = (add_labels(model, word_tokenizer, ["weather"], seed=seed) for seed in (1, 1, 2))
    assert torch.equal(torch.rand(1), drawn)
    for name in ("target_encoder.word_level.context", "candidate_encoder.word_level.context"):
        rows = [new.lw_lstm.get_parameter(name)[3] for new in (one, same, other)]
        assert torch.equal(rows[0], rows[1])
        assert not torch.equal(rows[0], rows[2])
    assert one.head.classifier.bias[3].item() == pytest.approx(START_LOGIT)


def test_generators_of_gpus_are_left(word_tokenizer, monkeypatch):
    seeded = []
    monkeypatch.setattr("torch.cuda.manual_seed_all", seeded.append)
    add_labels(make_word_model(*WORD_MODELS["cnn"]), word_tokenizer, ["weather"])
    assert seeded == [0]  # by `make_word_model`


def test_weights_of_new_representations_start_at_zero_and_learn(word_tokenizer, word_batch):
    model = make_word_model(*WORD_MODELS["lw-lstm linear"])
    new = add_labels(model, word_tokenizer, ["weather"])
    weight = new.head.classifier[1].weight
    assert (weight[:3, 3 * 24 :] == 0).all()
    assert (weight[3] != 0).all()
    new(**word_batch).logits[:, :3].sum().backward()
    assert (weight.grad[:3, 3 * 24 :] != 0).any()


def test_the_word_model_of_binary_relevance_gives_new_labels_no_weight(word_tokenizer, word_batch):
    new = add_labels(make_word_model(*WORD_MODELS["br"]), word_tokenizer, ["weather"])
    assert new(**word_batch).logits[:, 3].tolist() == pytest.approx([START_LOGIT] * 5)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"thresholds": 0.3}, {"thresholds": 0.3}),
        ({"thresholds": [0.1, 0.2, 0.3]}, {"thresholds": [0.1, 0.2, 0.3, 0.5]}),
        (
            {"calibration": {"scale": 2.0, "offset": -0.5, "method": "temperature"}},
            {
                "calibration": {
                    "scale": [2.0, 2.0, 2.0, 1.0],
                    "offset": [-0.5, -0.5, -0.5, 0.0],
                    "method": "temperature",
                }
            },
        ),
        (
            {"calibration": {"scale": [1.5, 2.0, 3.0], "offset": [0.1, 0.2, 0.3]}},
            {"calibration": {"scale": [1.5, 2.0, 3.0, 1.0], "offset": [0.1, 0.2, 0.3, 0.0]}},
        ),
    ],
)
@torch.no_grad()
def test_thresholds_and_calibration(word_tokenizer, word_batch, before, after):
    name, fields = WORD_MODELS["lw-lstm linear"]
    model = make_word_model(name, {**fields, **before})
    new = add_labels(model, word_tokenizer, ["weather"])
    assert {field: getattr(new.config, field) for field in after} == after
    assert {field: getattr(model.config, field) for field in before} == before
    assert torch.equal(new(**word_batch).logits[:, :3], model(**word_batch).logits)


def test_a_saved_model_loads_with_its_blocks(word_tokenizer, word_batch, tmp_path):
    new = add_labels(make_word_model(*WORD_MODELS["hlw-lstm linear"]), word_tokenizer, ["weather"])
    new.save_pretrained(tmp_path)
    loaded = type(new).from_pretrained(tmp_path)
    assert loaded.config.label_blocks == [3, 1]
    outputs = [model(**word_batch, output_attentions=True) for model in (new, loaded)]
    assert torch.equal(outputs[0].logits, outputs[1].logits)
    assert [weights.shape[1] for weights in outputs[0].attentions] == [4, 4]


def test_the_tokenizer_of_bert_names_the_labels(make_encoder_model, tmp_path):
    model, tokenizer = make_encoder_model("bert")
    add_labels(model, tokenizer, ["weather"])
    tokenizer.save_pretrained(tmp_path)
    assert AutoTokenizer.from_pretrained(tmp_path).labels == [*NAMES, "weather"]


@pytest.mark.parametrize("system", REFUSED)
def test_models_that_labels_cannot_join(word_tokenizer, system):
    name, fields, reason = REFUSED[system]
    model = make_word_model(name, fields)
    with pytest.raises(UserInputError) as error:
        add_labels(model, word_tokenizer, ["weather"])
    assert str(error.value) == (
        f"labels cannot join a trained {system} model: {reason}; train a new one with all labels"
    )


@pytest.mark.parametrize("template", ["diff", "compact"])
def test_label_tokens_are_read_by_each_other(bert, template):
    model = labelwise.LMMTCForSequenceClassification.from_encoder(bert, NAMES, template)
    tokenizer = labelwise.LabelTokenizer.from_encoder(bert, NAMES, template)
    with pytest.raises(UserInputError, match="its labels are tokens before the text, which the encoder reads with"):
        add_labels(model, tokenizer, ["weather"])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["bank"], "labels: the model has 'bank' already; leave it out"),
        ([], "labels is empty: give at least one name"),
        ("weather", "labels must be a list of names, not 'weather'"),
        (["a", " a "], "labels: 'a' is named twice"),
        ([" "], "labels: number 1 is ' ', not a name"),
        ({"a": "text"}, "labels: a lw_lstm model reads no descriptions; give a list of names without them"),
    ],
)
def test_wrong_labels(word_tokenizer, labels, message):
    with pytest.raises(UserInputError) as error:
        add_labels(make_word_model(*WORD_MODELS["lstm"]), word_tokenizer, labels)
    assert str(error.value).startswith(message)


def test_descriptions_are_texts(make_encoder_model):
    model, tokenizer = make_encoder_model("lw-encoder")
    with pytest.raises(UserInputError, match="labels: the description of 'joy' is '', not a text"):
        add_labels(model, tokenizer, {"joy": ""})


def test_names_and_descriptions_have_words(make_encoder_model):
    model, tokenizer = make_encoder_model("lw-encoder")
    for labels in (["\u200b"], {"joy": "\u200b"}):
        with pytest.raises(UserInputError, match=r"label '\\u200b' has no word piece in its tokenizer"):
            add_labels(model, tokenizer, labels)


def test_models_without_classifier(word_tokenizer, bert):
    pretrained = labelwise.LWLSTMForPreTraining(labelwise.LWLSTMConfig(**LW_LSTM, num_encoders=2))
    with pytest.raises(UserInputError, match="a LWLSTMForPreTraining has no classifier that labels could join"):
        add_labels(pretrained, word_tokenizer, ["weather"])
    encoder = AutoModel.from_pretrained(bert)
    with pytest.raises(UserInputError, match="labels cannot join a bert model, which is not a labelwise model"):
        add_labels(encoder, word_tokenizer, ["weather"])
