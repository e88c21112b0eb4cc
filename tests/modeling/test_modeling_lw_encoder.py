# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The label-wise encoder against a slow, obvious version: one document, one window and one label at a time."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from labelwise import (
    LabelWiseEncoderConfig,
    LabelWiseEncoderForPreTraining,
    LabelWiseEncoderForSequenceClassification,
    LabelWiseEncoderModel,
)
from labelwise.modeling import modeling_lw_encoder
from labelwise.tokenization.window_tokenizer import load_window_tokenizer

from .test_windows import by_hand as cut_by_hand

LABELS = ["joy", "anger", "fear"]
# Lengths in tokens, special tokens included: no token, no text, one window, several, more than are read.
LENGTHS = [0, 2, 9, 10, 11, 25, 60]
WINDOWS = {"window_size": 10, "window_overlap": 3, "max_windows": 6}
CASES = {
    "flat": {},
    "hierarchical": {"hierarchical": True},
    "two sets of contexts": {"num_contexts": 2},
    "two encoders": {"num_contexts": 2, "num_encoders": 2, "hierarchical": True},
}


@pytest.fixture(scope="module", params=["bert", "modernbert"])
def folder(request, make_encoder):
    return make_encoder(request.param)


@pytest.fixture(params=CASES.values(), ids=CASES)
def model(request, folder):
    torch.manual_seed(0)
    model = LabelWiseEncoderForSequenceClassification.from_encoder(folder, LABELS, **WINDOWS, **request.param)
    for parameter in [
        *model.head.parameters(),
        *(p for part in model.base_model.context_sets for p in part.parameters()),
    ]:
        nn.init.normal_(parameter)
    for copy in model.base_model.encoders[1:]:  # away from the first
        for parameter in copy.parameters():
            parameter.data.add_(torch.randn_like(parameter), alpha=0.1)
    return model.double()


def make_batch(lengths=LENGTHS, width=60):
    torch.manual_seed(1)
    ids = torch.randint(5, 60, (len(lengths), width))
    mask = (torch.arange(width) < torch.tensor(lengths)[:, None]).long()
    return {"input_ids": ids * mask, "attention_mask": mask}


def label_states(encoder, contexts, ids, config):
    """Q_k of one document, each token's state from the window in whose middle it is more."""
    windows = cut_by_hand(len(ids), config.window_size, config.window_overlap, (1, 1), config.max_windows)
    if not windows:
        return torch.zeros(config.num_labels, config.hidden_size, dtype=torch.float64)
    states = []
    for window in windows:
        mask = torch.ones(1, len(window))
        states.append(encoder(input_ids=ids[window][None], attention_mask=mask).last_hidden_state[0])
    half = config.window_overlap // 2
    parts = [[] for _ in windows]
    for token in sorted({token for window in windows for token in window}):
        holders = [number for number, window in enumerate(windows) if token in window]
        number = holders[0]
        if token == len(ids) - 1:  # the last special token
            number = holders[-1]
        elif token > 0 and len(holders) == 2 and windows[holders[1]].index(token) - 1 >= half:
            number = holders[1]
        parts[number].append(states[number][windows[number].index(token)])
    found = []
    for label in range(config.num_labels):

        def summary(vectors, context):
            vectors = torch.stack(vectors)
            return torch.softmax(vectors @ context, dim=0) @ vectors

        if config.hierarchical:
            vectors = [summary(part, contexts.steps[label]) for part in parts if part]
            found.append(summary(vectors, contexts.parts[label]))
        else:
            found.append(summary([state for part in parts for state in part], contexts.steps[label]))
    return torch.stack(found)


def slow_logits(model, batch):
    base, config = model.base_model, model.config
    rows = []
    for ids, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        ids = ids[mask.bool()]
        sets = [
            label_states(base.encoders[-1 if i else 0], contexts, ids, config)
            for i, contexts in enumerate(base.context_sets)
        ]
        rows.append((torch.cat(sets, dim=-1) * model.head.weight).sum(dim=-1) + model.head.bias)
    return torch.stack(rows)


def test_logits_and_gradients_are_those_of_the_slow_version(model):
    batch = make_batch()
    weights = torch.randn(len(LENGTHS), len(LABELS), dtype=torch.float64)
    found = model(**batch).logits
    (found * weights).sum().backward()
    gradients = {name: parameter.grad for name, parameter in model.named_parameters()}
    model.zero_grad(set_to_none=True)
    expected = slow_logits(model, batch)
    torch.testing.assert_close(found, expected, atol=1e-10, rtol=1e-10)
    (expected * weights).sum().backward()
    # ModernBERT's rotary embeddings are in 32 bits, whatever the model is in.
    close = 1e-9 if model.config.encoder.model_type == "bert" else 1e-6
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(gradients[name], parameter.grad, atol=close, rtol=close, msg=name)


def test_neither_padding_nor_batch_mates_matter(model):
    batch = make_batch()
    with torch.no_grad():
        together = model(**batch).logits
        for row, length in enumerate(LENGTHS):
            for width in {max(length, 1), 60}:
                alone = {name: value[row : row + 1, :width] for name, value in batch.items()}
                torch.testing.assert_close(model(**alone).logits[0], together[row], atol=1e-10, rtol=1e-10)
            left = {name: value[row : row + 1].roll(60 - length, dims=1) for name, value in batch.items()}
            torch.testing.assert_close(model(**left).logits[0], together[row], atol=1e-10, rtol=1e-10)


def test_labels_in_blocks_are_those_at_once(model, monkeypatch):
    batch = {**make_batch(), "labels": torch.randint(0, 2, (len(LENGTHS), len(LABELS)))}
    at_once = model(**batch)
    at_once.loss.backward()
    gradients = {name: parameter.grad for name, parameter in model.named_parameters()}
    model.zero_grad(set_to_none=True)
    monkeypatch.setattr(modeling_lw_encoder, "LABELS_AT_ONCE", 2)
    blocks = model(**batch)
    blocks.loss.backward()
    torch.testing.assert_close(blocks.logits, at_once.logits, atol=1e-12, rtol=1e-12)
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(gradients[name], parameter.grad, atol=1e-10, rtol=1e-10, msg=name)


@pytest.mark.parametrize("subset", [[2, 0], [2, 0, 1]])
def test_logits_of_some_labels_are_calibrated_as_theirs(model, subset):
    model.config.calibration = {"scale": [1.0, 2.0, 0.5], "offset": [0.1, 0.2, 0.3]}
    batch = make_batch()
    torch.testing.assert_close(
        model(**batch, class_subset=torch.tensor(subset)).logits, model(**batch).logits[:, subset]
    )


def test_attentions_weigh_the_states(model):
    batch = make_batch()
    with torch.no_grad():
        outputs = model.base_model(**batch, output_attentions=True, output_hidden_states=True)
    config = model.config
    levels = 1 + config.hierarchical
    assert len(outputs.attentions) == levels * config.num_contexts and len(outputs.hidden_states) == config.num_encoders
    for i in range(config.num_contexts):
        tokens, *parts = outputs.attentions[i * levels : (i + 1) * levels]
        states = outputs.hidden_states[-1 if i else 0]
        if not parts:
            torch.testing.assert_close(tokens[1:].sum(dim=-1), torch.ones(len(LENGTHS) - 1, 3).double())
            found = tokens @ states
            expected = outputs.last_hidden_state[..., i * config.hidden_size : (i + 1) * config.hidden_size]
            torch.testing.assert_close(found, expected)
        else:
            torch.testing.assert_close(parts[0][1:].sum(dim=-1), torch.ones(len(LENGTHS) - 1, 3).double())
        assert tokens[0].eq(0).all()


def test_pre_training_scores_are_products_of_representations(folder):
    torch.manual_seed(0)
    settings = {**WINDOWS, "num_contexts": 2, "hierarchical": True}
    model = LabelWiseEncoderForPreTraining.from_encoder(folder, LABELS, **settings).double()
    targets, candidates = make_batch([25, 9, 60]), make_batch([11, 25, 2, 60, 9, 10])
    class_ids, labels = torch.tensor([2, 0, 1]), torch.tensor([1, 0, 1])
    found = model(
        targets["input_ids"],
        candidates["input_ids"].view(3, 2, -1),
        class_ids,
        targets["attention_mask"],
        candidates["attention_mask"].view(3, 2, -1),
        labels,
    )
    width = model.config.hidden_size
    with torch.no_grad():
        of_targets = model.base_model(**targets).last_hidden_state[torch.arange(3), class_ids, :width]
        repeated = class_ids.repeat_interleave(2)
        of_candidates = model.base_model(**candidates).last_hidden_state[torch.arange(6), repeated, width:]
    expected = (of_targets[:, None] * of_candidates.view(3, 2, -1)).sum(dim=-1)
    torch.testing.assert_close(found.logits, expected)
    torch.testing.assert_close(found.loss, nn.functional.cross_entropy(expected, labels))


def test_a_pre_trained_model_becomes_a_classifier_with_a_new_head(folder, tmp_path):
    pretrained = LabelWiseEncoderForPreTraining.from_encoder(folder, LABELS, num_contexts=2)
    pretrained.save_pretrained(tmp_path)
    model, report = LabelWiseEncoderForSequenceClassification.from_pretrained(tmp_path, output_loading_info=True)
    assert report["missing_keys"] == {"head.weight", "head.bias"}
    for name, parameter in pretrained.base_model.state_dict().items():
        assert model.base_model.state_dict()[name].equal(parameter), name


@pytest.mark.parametrize("lengths", [LENGTHS, [2, 9, 10]])
def test_states_of_frozen_encoders_take_the_place_of_the_ids(model, monkeypatch, lengths):
    batch = make_batch(lengths, max(lengths))
    model.requires_grad_(True)
    for encoder in model.base_model.encoders:
        encoder.requires_grad_(False)
    part = model.frozen_part()
    assert (part.per_token, part.modules) == (True, model.base_model.encoders)
    states = part.represent(**batch)
    assert states.shape == (len(lengths), max(lengths), 16 * model.config.num_encoders)
    states[batch["attention_mask"] == 0] = 7.0  # padding is not read
    expected = model(**batch, output_attentions=True)
    found = model(token_states=states, attention_mask=batch["attention_mask"], output_attentions=True)
    torch.testing.assert_close(found.logits, expected.logits)
    for one, other in zip(found.attentions, expected.attentions, strict=True):
        torch.testing.assert_close(one, other)
    monkeypatch.setattr(modeling_lw_encoder, "LABELS_AT_ONCE", 2)
    found = model(token_states=states, attention_mask=batch["attention_mask"])
    torch.testing.assert_close(found.logits, expected.logits)


def test_what_a_frozen_encoder_leaves_to_train(folder):
    """Over a raw encoder, context vectors and head; after label-wise pre-training, the head."""
    raw = LabelWiseEncoderForSequenceClassification.from_encoder(folder, LABELS)
    pretrained = LabelWiseEncoderForSequenceClassification.from_encoder(folder, LABELS, num_contexts=2)
    assert raw.frozen_part() is pretrained.frozen_part() is None
    trained = []
    for model in (raw, pretrained):
        model.freeze_encoder()
        trained.append({name for name, parameter in model.named_parameters() if parameter.requires_grad})
    assert trained == [{"lw_encoder.contexts.steps", "head.weight", "head.bias"}, {"head.weight", "head.bias"}]
    assert [model.frozen_part().per_token for model in (raw, pretrained)] == [True, False]


def test_pre_training_needs_contexts_of_candidates(folder):
    with pytest.raises(ValueError, match="set num_contexts=2"):
        LabelWiseEncoderForPreTraining.from_encoder(folder, LABELS)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"window_size": 10, "window_overlap": 8}, "window_overlap 8: must be >= 0 and < 8"),
        ({"window_overlap": -1}, "window_overlap -1: must be >= 0"),
        ({"num_encoders": 2, "num_contexts": 1}, "set num_contexts=2"),
    ],
)
def test_wrong_settings(settings, told):
    with pytest.raises(ValueError, match=told):
        LabelWiseEncoderConfig(**settings)


def test_two_encoders_start_equal(folder):
    model = LabelWiseEncoderModel.from_encoder(folder, LABELS, num_contexts=2, num_encoders=2)
    first, second = model.encoders
    assert all(one.equal(other) for one, other in zip(first.parameters(), second.parameters(), strict=True))
    assert not any(one is other for one, other in zip(first.parameters(), second.parameters(), strict=True))


def test_tokenizer_of_windows(folder):
    tokenizer, fields = load_window_tokenizer(folder, **WINDOWS)
    assert fields == {**WINDOWS, "num_special_tokens": [1, 1]}
    config = LabelWiseEncoderConfig(**fields)
    assert tokenizer.model_max_length == config.max_tokens == 10 + 5 * 5
    text = " ".join(["cat"] * 200)
    encoded = tokenizer(text, truncation=True)
    assert [*encoded] == ["input_ids", "attention_mask"] and len(encoded["input_ids"]) == 35
    (cut,) = [cut_by_hand(35, 10, 3, (1, 1), 6)]
    assert len(cut) == 6 and cut[-1][-2] == 33  # the last window is full
    assert tokenizer.mask_token_id not in tokenizer(f"a {tokenizer.mask_token} b")["input_ids"]
    assert load_window_tokenizer(folder)[1]["window_size"] == 64
    with pytest.raises(ValueError, match="window_size 65: it reads 64 tokens"):
        load_window_tokenizer(folder, 65)


def test_a_copy_of_the_model_is_independent(model):
    other = deepcopy(model)
    batch = make_batch()
    with torch.no_grad():
        other.head.bias.add_(1)
        torch.testing.assert_close(other(**batch).logits, model(**batch).logits + 1)
