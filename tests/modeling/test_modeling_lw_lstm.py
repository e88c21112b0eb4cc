# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LW-LSTM against the equations of the paper, written out as loops over documents, sentences and labels."""

import inspect
import json
import math

import pytest
import torch
from torch import nn
from transformers.utils.generic import find_labels

from labelwise import LWLSTMForPreTraining, LWLSTMForSequenceClassification, LWLSTMModel
from labelwise.modeling import length_chunks, recurrent

from ..bfloat16 import needs_bfloat16

PAD, UNK, SEP = 0, 1, 2
# Fewer, as many, and more words, sentences and words of a sentence than the small configuration reads.
DOCUMENTS = [
    [5, 6, 7, SEP, 8, 9, SEP],
    [10, 11, 12, 13, 14, 15, 16, SEP, 17],
    [20, SEP, 21, SEP, SEP, 22, SEP, 23, 24, SEP, 25, 26, SEP, 27, SEP],
    [30],
    [UNK, UNK, UNK],
    [],
    [SEP, SEP],
    [*range(40, 57), SEP],
]


def pad(documents, width=None):
    width = max(map(len, documents)) if width is None else width
    return torch.tensor([document + [PAD] * (width - len(document)) for document in documents], dtype=torch.long)


@pytest.fixture
def build(make_config):
    """`build(model_class, **settings)`: a model in evaluation mode whose weights all matter."""

    def make(model_class, **settings):
        torch.manual_seed(0)
        model = model_class(make_config(**settings)).eval()
        for name, parameter in model.named_parameters():
            if "context" in name or "norm" in name or "bias" in name:
                nn.init.normal_(parameter)
        return model

    return make


# The equations, word for word


def places_of(config, ids):
    """Where the words that the model is to read stand in the flat ids, by sentence, within the limits."""
    sentences = [[]]
    for place, token in enumerate(ids):
        if token == SEP and config.hierarchical:
            sentences.append([])
        elif token not in (PAD, SEP):
            sentences[-1].append(place)
    limits = (config.max_sentences, config.max_words_per_sentence) if config.hierarchical else (1, config.max_words)
    kept = [sentence for sentence in sentences if sentence]
    return [sentence[: limits[1]] for sentence in kept[: limits[0]]]


def sentences_of(config, ids):
    """D: the words by sentence."""
    return [[ids[place] for place in places] for places in places_of(config, ids)]


def read(level, steps, k):
    """H = BiLSTM(D), alpha_k = softmax(H U_k), Q_k = alpha_k^T H."""
    states = level.rnn(level.layer_norm(steps))[0]
    alpha = torch.softmax(states @ level.context[k], dim=0)
    return alpha @ states, alpha


def represent(model, encoder, ids, k):
    """Q_k: Eqs. 4-6, or 7-12."""
    k = k if model.config.label_wise else 0
    sentences = sentences_of(model.config, ids)
    if not sentences:
        return torch.zeros(2 * model.config.hidden_size)
    vectors = [read(encoder.word_level, model.embeddings(torch.tensor(words)), k)[0] for words in sentences]
    if not model.config.hierarchical:
        return vectors[0]
    return read(encoder.sentence_level, torch.stack(vectors), k)[0]


def encoders_of(model):
    """T-Encoder and C-Encoder, in the order of Eq. 15."""
    return [model.target_encoder, model.candidate_encoder][: model.config.num_encoders]


def represent_all(model, documents):
    """M_k = [Q_k^t; Q_k^c]: Eqs. 13-15."""
    queries = range(model.config.num_labels if model.config.label_wise else 1)
    return torch.stack(
        [
            torch.stack(
                [torch.cat([represent(model, encoder, ids, k) for encoder in encoders_of(model)]) for k in queries]
            )
            for ids in documents
        ]
    )


def assert_same_gradients(model, found, expected):
    weight = torch.randn(found.shape, generator=torch.Generator().manual_seed(1))
    parameters = list(model.parameters())
    for one, other, (name, _) in zip(
        torch.autograd.grad((found * weight).sum(), parameters),
        torch.autograd.grad((expected * weight).sum(), parameters),
        model.named_parameters(),
        strict=True,
    ):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4, msg=lambda text, name=name: f"{name}: {text}")


# Every pair of cell, number of encoders and size of chunks, in each corner.
@pytest.mark.parametrize(
    ("rnn_type", "num_encoders", "budget"), [("lstm", 1, 20), ("lstm", 2, 2**19), ("gru", 2, 20), ("gru", 1, 2**19)]
)
def test_representation_and_gradients_are_those_of_the_equations(
    build, corner, rnn_type, num_encoders, budget, monkeypatch
):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", budget)
    model = build(LWLSTMModel, rnn_type=rnn_type, num_encoders=num_encoders, **corner)
    found = model(pad(DOCUMENTS)).last_hidden_state
    expected = represent_all(model, DOCUMENTS)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    assert_same_gradients(model, found, expected)


def test_one_chunk_of_all_sequences_on_the_packed_road_gives_the_same(build, corner, monkeypatch):
    """What a GPU does, here on the CPU."""
    model = build(LWLSTMModel, num_encoders=2, **corner)
    expected = model(pad(DOCUMENTS)).last_hidden_state
    monkeypatch.setattr(recurrent, "_run_dense", recurrent._run_packed)
    monkeypatch.setattr(torch.compiler, "is_compiling", lambda: True)
    found = model(pad(DOCUMENTS)).last_hidden_state
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    assert_same_gradients(model, found, expected)


def test_one_label_for_each_document_is_that_label_of_all(build, corner):
    model = build(LWLSTMModel, num_encoders=2, **corner)
    ids, grid = model.read_sentences(pad(DOCUMENTS))
    inputs = ids, grid.mask_BMS, model.embeddings
    class_ids = torch.tensor([3, 1, 0, 2, 1, 3, 0, 2])
    for encoder in (model.target_encoder, model.candidate_encoder):
        every = encoder(*inputs)
        one = encoder(*inputs, class_ids)
        expected = every[torch.arange(len(DOCUMENTS)), class_ids if corner["label_wise"] else 0]
        torch.testing.assert_close(one[:, 0], expected, atol=1e-6, rtol=1e-5)


def test_a_label_has_its_own_view_of_a_document_only_when_label_wise(build, corner):
    model = build(LWLSTMModel, **corner)
    representation = model(pad(DOCUMENTS[:3])).last_hidden_state
    assert representation.shape == (3, 4 if corner["label_wise"] else 1, 10)
    if corner["label_wise"]:
        assert not torch.isclose(representation[:, 0], representation[:, 1]).all()


def test_pre_training_loss_is_equation_3(build, corner):
    model = build(LWLSTMForPreTraining, num_encoders=2, **corner)
    targets, class_ids, labels = DOCUMENTS[:3], [2, 0, 3], [1, 0, 2]
    candidates = [[DOCUMENTS[3], DOCUMENTS[1], DOCUMENTS[5]], DOCUMENTS[2:5], [*DOCUMENTS[6:8], DOCUMENTS[0]]]
    width = max(len(document) for group in candidates for document in group)
    output = model(
        pad(targets),
        torch.stack([pad(group, width) for group in candidates]),
        torch.tensor(class_ids),
        labels=torch.tensor(labels),
    )
    body, losses = model.lw_lstm, []
    for row, (target, group, k, positive) in enumerate(zip(targets, candidates, class_ids, labels, strict=True)):
        query = represent(body, body.target_encoder, target, k)  # Eq. 1
        scores = [query @ represent(body, body.candidate_encoder, candidate, k) for candidate in group]  # Eq. 2
        torch.testing.assert_close(output.logits[row], torch.stack(scores), atol=1e-5, rtol=1e-5)
        exponentials = torch.stack(scores).exp().tolist()
        losses.append(-math.log(exponentials[positive] / sum(exponentials)))
    assert output.loss.item() == pytest.approx(sum(losses) / 3, abs=1e-5)


def test_pre_training_without_labels_has_no_loss(build):
    model = build(LWLSTMForPreTraining, num_encoders=2)
    assert model(pad(DOCUMENTS[:1]), pad(DOCUMENTS[1:3])[None], torch.tensor([0])).loss is None


def test_pre_training_needs_two_encoders(make_config):
    with pytest.raises(ValueError, match="num_encoders=2"):
        LWLSTMForPreTraining(make_config(num_encoders=1))


@pytest.mark.parametrize("num_encoders", [1, 2])
def test_classification_is_equations_16_and_17(build, corner, num_encoders):
    model = build(LWLSTMForSequenceClassification, num_encoders=num_encoders, **corner)
    truth = [[int((row >> k) & 1) for k in range(4)] for row in range(len(DOCUMENTS))]
    output = model(pad(DOCUMENTS), labels=torch.tensor(truth))
    layer, losses = model.head.classifier[-1], []
    for row, ids in enumerate(DOCUMENTS):
        flat = represent_all(model.lw_lstm, [ids]).flatten()
        logits = layer.weight @ flat + layer.bias  # W^T M
        torch.testing.assert_close(output.logits[row], logits, atol=1e-5, rtol=1e-5)
        probabilities = [1 / (1 + math.exp(-logit)) for logit in logits.tolist()]
        losses.append(
            -sum(math.log(p) if y else math.log(1 - p) for p, y in zip(probabilities, truth[row], strict=True))
        )
    assert output.loss.item() == pytest.approx(sum(losses) / len(losses), abs=1e-4)


CALIBRATION = {"scale": [1.0, 2.0, 0.5, 3.0], "offset": [0.1, 0.2, 0.3, 0.4]}


@pytest.mark.parametrize("subset", [[3, 1], [3, 1, 0, 2]])
def test_logits_of_some_labels_are_calibrated_as_theirs(build, subset):
    settings = {"label_wise": True, "classifier": "label_wise", "calibration": CALIBRATION}
    model, ids = build(LWLSTMForSequenceClassification, **settings), pad(DOCUMENTS)
    found = model(ids, class_subset=torch.tensor(subset)).logits
    torch.testing.assert_close(found, model(ids).logits[:, subset], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"classifier": "linear"}, "classifier 'linear' reads the representations of all labels"),
        ({"classifier": "label_wise", "label_graph": True}, "its label graph mixes the logits of all labels"),
    ],
)
def test_a_classifier_of_all_labels_refuses_some(build, settings, told):
    model = build(LWLSTMForSequenceClassification, **settings)
    with pytest.raises(ValueError, match=f"no logits of a class_subset alone: {told}"):
        model(pad(DOCUMENTS), class_subset=torch.tensor([2, 0]))


def test_a_weight_on_every_document_of_the_mean(build):
    """The loss of a batch is the mean of its documents' losses: what gradient accumulation relies on."""
    model = build(LWLSTMForSequenceClassification)
    labels = torch.tensor([[1, 0, 0, 1], [0, 1, 1, 0], [0, 0, 0, 0]])
    alone = [model(pad([ids]), labels=labels[row : row + 1]).loss for row, ids in enumerate(DOCUMENTS[:3])]
    torch.testing.assert_close(model(pad(DOCUMENTS[:3]), labels=labels).loss, sum(alone) / 3)


# What must not change the result


def logits_of(model, *args, **kwargs):
    return model(*args, **kwargs).logits


def assert_close(found, expected):
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


@pytest.fixture
def classifier(build, corner):
    return build(LWLSTMForSequenceClassification, num_encoders=2, **corner)


@pytest.fixture
def alone(classifier):
    """The logits of each document by itself, unpadded."""
    return torch.cat([logits_of(classifier, pad([document])) for document in DOCUMENTS])


def test_batch_mates(classifier, alone):
    assert_close(logits_of(classifier, pad(DOCUMENTS)), alone)
    assert_close(logits_of(classifier, pad(DOCUMENTS[::-1])), alone.flip(0))


@pytest.mark.parametrize("given", [True, False], ids=["attention mask", "no attention mask"])
@pytest.mark.parametrize(("left", "right"), [(0, 9), (9, 0), (4, 5)])
def test_padding_on_either_side(classifier, alone, left, right, given):
    ids = nn.functional.pad(pad(DOCUMENTS), (left, right), value=PAD)
    assert_close(logits_of(classifier, ids, ids.ne(PAD).long() if given else None), alone)


@pytest.mark.parametrize("dtype", [torch.bool, torch.float32, torch.int64])
def test_holes_in_the_mask_hide_what_stands_there(classifier, alone, dtype):
    """Words and sentence ends between the tokens that count."""
    generator = torch.Generator().manual_seed(0)
    rows, masks = [], []
    for document in DOCUMENTS:
        row, mask = [], []
        for token in [*document, PAD]:
            noise = [*torch.randint(0, 50, (2,), generator=generator).tolist(), SEP]
            row += [*noise, token]
            mask += [0, 0, 0, int(token != PAD)]
        rows.append(row)
        masks.append(mask)
    assert_close(logits_of(classifier, pad(rows), pad(masks).to(dtype)), alone)


def test_what_lies_beyond_the_limits_is_not_read(classifier):
    config = classifier.config
    if config.hierarchical:
        sentence = list(range(5, 5 + config.max_words_per_sentence))
        document = ([*sentence, SEP] * config.max_sentences)[:-1]
        longer = ([*sentence, 50, 51, SEP] * config.max_sentences) + [52, 53, SEP]
    else:
        document = list(range(5, 5 + config.max_words))
        longer = [SEP, *document[:3], SEP, *document[3:], 50, 51, SEP]
    assert_close(logits_of(classifier, pad([longer, document])), logits_of(classifier, pad([document] * 2)))
    changed = [*document[:-1], 50]
    assert not torch.isclose(logits_of(classifier, pad([changed])), logits_of(classifier, pad([document]))).all()


def test_the_sentence_end_is_never_a_word(classifier):
    classifier.lw_lstm.embeddings.weight.data[SEP] = float("nan")
    output = classifier(pad(DOCUMENTS), output_attentions=True)
    assert output.logits.isfinite().all()


@pytest.mark.parametrize("documents", [[[]], [[], []], [[SEP]], [[UNK]], [[5]], DOCUMENTS], ids=str)
def test_gradients_are_finite(classifier, documents):
    classifier.train()
    output = classifier(pad(documents), labels=torch.ones(len(documents), 4))
    output.loss.backward()
    assert output.logits.isfinite().all()
    assert all(p.grad.isfinite().all() for p in classifier.parameters() if p.grad is not None)


def test_no_tokens_at_all_is_an_empty_document(classifier, alone):
    empty = torch.zeros(2, 0, dtype=torch.long)
    for mask in (None, empty):
        output = classifier(empty, mask, output_attentions=True, output_hidden_states=True)
        assert_close(output.logits, alone[5].expand(2, -1))
        assert output.attentions[0].shape == (2, classifier.config.num_queries, 0)
        assert all(weights.sum() == 0 for weights in output.attentions)


def test_an_empty_document_is_a_zero_representation(classifier):
    assert classifier.lw_lstm(pad([[], [SEP]], 3)).last_hidden_state.eq(0).all()


def test_candidates_may_be_empty(build, corner):
    model = build(LWLSTMForPreTraining, num_encoders=2, **corner)
    output = model(pad([[5, 6]]), pad([[], [7]])[None], torch.tensor([1]), labels=torch.tensor([1]))
    output.loss.backward()
    assert output.logits[0, 0] == 0
    assert all(p.grad.isfinite().all() for p in model.parameters() if p.grad is not None)
    empty = torch.zeros(1, 2, 0, dtype=torch.long)
    assert model(pad([[5, 6]]), empty, torch.tensor([1]), candidate_attention_mask=empty).logits.eq(0).all()


@needs_bfloat16
def test_bfloat16_autocast_stays_near(classifier, alone):
    with torch.autocast("cpu", torch.bfloat16):
        output = classifier(pad(DOCUMENTS), labels=torch.ones(len(DOCUMENTS), 4))
    output.loss.backward()
    assert output.loss.dtype == torch.float32
    torch.testing.assert_close(output.logits.float(), alone, atol=0.1, rtol=0.1)
    assert all(p.grad.isfinite().all() for p in classifier.parameters())


# Attention weights and states


def test_attention_weights_are_those_of_the_equations(build, corner):
    model = build(LWLSTMModel, num_encoders=2, **corner)
    documents = [[PAD, *document] for document in DOCUMENTS]  # padding on the left
    ids = pad(documents)
    attentions = model(ids, output_attentions=True).attentions
    levels = 2 if corner["hierarchical"] else 1
    assert len(attentions) == 2 * levels
    queries = range(model.config.num_queries)
    for number, encoder in enumerate(encoders_of(model)):
        word_weights = attentions[number * levels]
        assert word_weights.shape == (len(documents), len(queries), ids.shape[1])
        assert word_weights[(ids == PAD)[:, None].expand_as(word_weights)].eq(0).all()
        assert word_weights[(ids == SEP)[:, None].expand_as(word_weights)].eq(0).all()
        for row, document in enumerate(documents):
            all_places = places_of(model.config, document)
            sentences = sentences_of(model.config, document)
            for k in queries:
                readings = [read(encoder.word_level, model.embeddings(torch.tensor(words)), k) for words in sentences]
                expected = torch.zeros(ids.shape[1])
                for places, (_, alpha) in zip(all_places, readings, strict=True):
                    expected[places] = alpha
                    assert word_weights[row, k, places].sum().item() == pytest.approx(1, abs=1e-5)
                assert_close(word_weights[row, k], expected)
                if corner["hierarchical"]:
                    sentence_weights = attentions[number * levels + 1][row, k]
                    expected = torch.zeros(len(sentence_weights))
                    if sentences:
                        vectors = torch.stack([vector for vector, _ in readings])
                        expected[: len(sentences)] = read(encoder.sentence_level, vectors, k)[1]
                        assert sentence_weights.sum().item() == pytest.approx(1, abs=1e-5)
                    assert_close(sentence_weights, expected)


def test_hidden_states_are_the_word_states(build, corner):
    model = build(LWLSTMModel, num_encoders=2, **corner)
    output = model(pad(DOCUMENTS), output_hidden_states=True)
    assert len(output.hidden_states) == 2
    for states, encoder in zip(output.hidden_states, encoders_of(model), strict=True):
        assert states.shape[0] == len(DOCUMENTS) and states.shape[-1] == 10
        for row, document in enumerate(DOCUMENTS):
            level, sentences = encoder.word_level, sentences_of(model.config, document)
            for place, words in enumerate(sentences):
                expected = level.rnn(level.layer_norm(model.embeddings(torch.tensor(words))))[0]
                torch.testing.assert_close(states[row, place, : len(words)], expected, atol=1e-5, rtol=1e-5)
                assert states[row, place, len(words) :].eq(0).all()
            assert states[row, len(sentences) :].eq(0).all()


# Initialisation


@pytest.mark.parametrize("rnn_type", ["lstm", "gru"])
def test_a_new_model_starts_as_the_authors_code_does(make_config, corner, rnn_type):
    torch.manual_seed(0)
    config = make_config(rnn_type=rnn_type, hidden_size=12, num_encoders=2, vocab_size=2000, **corner)
    model = LWLSTMForSequenceClassification(config)
    for module in model.modules():
        if not isinstance(module, nn.RNNBase):
            continue
        for name, weight in module.named_parameters():
            if "bias" in name:
                assert weight.eq(0).all()
            elif "weight_hh" in name:  # tall: orthonormal columns
                torch.testing.assert_close(weight.T @ weight, torch.eye(12), atol=1e-5, rtol=0)
            else:
                bound = math.sqrt(6 / sum(weight.shape))
                assert 0.9 * bound < weight.abs().max() <= bound
    for name, parameter in model.named_parameters():
        if "context" in name:  # uniform, as torch starts a linear layer
            assert 0.6 / math.sqrt(24) < parameter.abs().max() <= 1 / math.sqrt(24)
        elif "layer_norm" in name:
            assert parameter.eq(float(name.endswith("weight"))).all()
    classifier = model.head.classifier[-1]
    bound = 1 / math.sqrt(classifier.in_features)
    assert 0.8 * bound < classifier.weight.abs().max() <= bound
    assert classifier.bias.abs().max() <= bound
    embeddings = model.get_input_embeddings().weight
    assert embeddings[PAD].eq(0).all()
    assert embeddings[1:].std().item() == pytest.approx(1.0, abs=0.05)  # initializer_range of the small configuration


def test_the_row_of_padding_stays_zero(build):
    model = build(LWLSTMForSequenceClassification).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    before = model.get_input_embeddings().weight.clone()
    model(pad(DOCUMENTS), labels=torch.ones(len(DOCUMENTS), 4)).loss.backward()
    optimizer.step()
    after = model.get_input_embeddings().weight
    assert after[PAD].eq(0).all()
    assert not after[5].equal(before[5])


def test_a_folder_with_the_fields_of_before(build, tmp_path):
    """Configurations had two fields more, which nothing set."""
    model = build(LWLSTMForSequenceClassification, classifier="mlp")
    model.save_pretrained(tmp_path)
    file = tmp_path / "config.json"
    before = {**json.loads(file.read_text()), "layer_norm_eps": 1e-5, "classifier_hidden_size": None}
    file.write_text(json.dumps(before))
    loaded, report = LWLSTMForSequenceClassification.from_pretrained(tmp_path, output_loading_info=True)
    assert not any(report.values())
    assert_close(logits_of(loaded, pad(DOCUMENTS)), logits_of(model, pad(DOCUMENTS)))


# What transformers.Trainer looks at


@pytest.mark.parametrize("model_class", [LWLSTMForPreTraining, LWLSTMForSequenceClassification])
def test_the_signature_holds_no_trap_for_trainer(model_class):
    parameters = inspect.signature(model_class.forward).parameters
    assert all(parameter.kind is not parameter.VAR_KEYWORD for parameter in parameters.values())
    assert find_labels(model_class) == ["labels"]
