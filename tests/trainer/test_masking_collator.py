# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LabelMaskingCollator: what is masked, how often, and what the model is told about it."""

import pytest
import torch
from transformers import Trainer, TrainingArguments

from labelwise import LabelMaskingCollator, LabelTokenizer, LMMTCForSequenceClassification
from labelwise.trainer.masking_collator import StopMLM

LABELS = [f"label {i}" for i in range(5)]
TEXT = "the cat sat on the mat and a dog chased the cat away what joy it was"
NUMBER = 600


@pytest.fixture(scope="module", params=["diff", "same", "shared_answers", "compact"])
def tokenizer(request, bert):
    return LabelTokenizer.from_encoder(bert, LABELS, request.param)


def documents(tokenizer, number=NUMBER):
    """Of different lengths, with labels that are on half the time."""
    labels = torch.rand(number, 5, generator=torch.Generator().manual_seed(0)).lt(0.5).int().tolist()
    words = TEXT.split()
    encoded = [tokenizer(" ".join(words[:length])) for length in range(14)]
    return [{**encoded[i % 14], "labels": row} for i, row in enumerate(labels)]


def collate(tokenizer, seed=0, number=NUMBER, **options):
    """The batch, its ids before anything was masked, and the ids at the labels' positions after."""
    rows = documents(tokenizer, number)
    torch.manual_seed(seed)
    batch = LabelMaskingCollator(tokenizer, **options)(rows)
    plain = tokenizer.pad(rows, return_tensors="pt")
    first = plain["attention_mask"].argmax(dim=1, keepdim=True)
    positions = first + torch.tensor(tokenizer.label_positions)
    return batch, plain, batch["input_ids"].gather(1, positions)


def assert_labels_are_told(tokenizer, batch, plain, shown):
    """-100 exactly where a label is visible, YES and NO as it is; returns what is masked."""
    answers = {name: torch.tensor(ids) for name, ids in tokenizer.answer_ids().items()}
    masked = shown == answers["mask"]
    expected = torch.where(plain["labels"] == 1, answers["yes"], answers["no"])
    assert shown.equal(torch.where(masked, answers["mask"], expected))
    assert batch["labels"].equal(plain["labels"].masked_fill(~masked, -100))
    return masked


@pytest.mark.parametrize("side", ["right", "left"])
class TestLabels:
    @pytest.fixture(autouse=True)
    def padding(self, tokenizer, side):
        tokenizer.padding_side = side

    def test_all(self, tokenizer):
        batch, plain, shown = collate(tokenizer, labels="all", mlm_targets=None)
        assert assert_labels_are_told(tokenizer, batch, plain, shown).all()
        assert batch["input_ids"].equal(plain["input_ids"]) and "mlm_targets" not in batch

    @pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
    def test_each_with_a_probability(self, tokenizer, probability):
        batch, plain, shown = collate(tokenizer, labels="each", label_probability=probability)
        masked = assert_labels_are_told(tokenizer, batch, plain, shown).float()
        assert masked.mean().item() == pytest.approx(probability, abs=0.03)
        assert (masked.mean(dim=0) - probability).abs().max() < 0.07

    def test_some(self, tokenizer):
        """As often 1 as 2, 3, 4 or 5 of them, and each label as often as any other."""
        batch, plain, shown = collate(tokenizer, labels="some")
        masked = assert_labels_are_told(tokenizer, batch, plain, shown)
        shares = masked.sum(dim=1).bincount(minlength=6) / NUMBER
        assert shares[0] == 0 and (shares[1:] - 0.2).abs().max() < 0.06
        assert (masked.float().mean(dim=0) - 0.6).abs().max() < 0.07

    def test_some_visible_labels_are_shown_wrong(self, tokenizer):
        batch, plain, shown = collate(tokenizer, flip_probability=0.2)
        answers = {name: torch.tensor(ids) for name, ids in tokenizer.answer_ids().items()}
        visible = shown != answers["mask"]
        wrong = visible & (shown == torch.where(plain["labels"] == 1, answers["no"], answers["yes"]))
        right = visible & (shown == torch.where(plain["labels"] == 1, answers["yes"], answers["no"]))
        assert (wrong ^ right).equal(visible)
        assert (wrong.sum() / visible.sum()).item() == pytest.approx(0.2, abs=0.04)
        assert batch["labels"].equal(plain["labels"].masked_fill(visible, -100))

    def test_nothing_else_changes(self, tokenizer):
        batch, plain, _ = collate(tokenizer, mlm_targets=None)
        changed = batch["input_ids"] != plain["input_ids"]
        assert changed.any() and set(batch) == set(plain)
        first = plain["attention_mask"].argmax(dim=1, keepdim=True)
        at_labels = torch.zeros_like(changed).scatter(1, first + torch.tensor(tokenizer.label_positions), True)
        assert not (changed & ~at_labels).any()
        assert batch["attention_mask"].equal(plain["attention_mask"])

    def test_words(self, tokenizer):
        batch, plain, _ = collate(tokenizer, number=3 * NUMBER, mlm_targets="words")
        assert_words_are_masked(tokenizer, batch, plain)


def assert_words_are_masked(tokenizer, batch, plain):
    special = torch.tensor([*tokenizer.added_tokens_decoder, *tokenizer.all_special_ids])
    words = ~torch.isin(plain["input_ids"], special)
    predicted = batch["mlm_targets"] != -100
    assert not (predicted & ~words).any()
    assert batch["mlm_targets"][predicted].equal(plain["input_ids"][predicted])
    before, after = plain["input_ids"][predicted], batch["input_ids"][predicted]
    assert (len(before) / words.sum()).item() == pytest.approx(0.15, abs=0.01)
    masked, same = after == tokenizer.mask_token_id, after == before
    assert masked.float().mean().item() == pytest.approx(0.8, abs=0.03)
    assert same.float().mean().item() == pytest.approx(0.1, abs=0.03)
    assert (after[~masked & ~same] < tokenizer.vocab_size).all() and len(after[~masked & ~same].unique()) > 40
    assert batch["input_ids"][words & ~predicted].equal(plain["input_ids"][words & ~predicted])


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("labels", ["all", "each", "some"])
class TestMLMTargets:
    """A seed masks the same labels and words whatever the MLM predicts."""

    def split_targets(self, tokenizer, batch):
        """The targets at the labels' positions, and the others."""
        positions = batch["attention_mask"].argmax(dim=1, keepdim=True) + torch.tensor(tokenizer.label_positions)
        targets = batch["mlm_targets"]
        return targets.gather(1, positions), targets.scatter(1, positions, -100)

    def test_labels(self, tokenizer, labels, side):
        """The YES or NO of each masked label, one by one; no word is masked."""
        tokenizer.padding_side = side
        batch, plain, shown = collate(tokenizer, labels=labels, mlm_targets="labels", flip_probability=0.3)
        at_labels, elsewhere = self.split_targets(tokenizer, batch)
        assert elsewhere.eq(-100).all()
        answers = tokenizer.answer_ids()
        for row, shown_in_row in enumerate(shown.tolist()):
            for i, token in enumerate(shown_in_row):
                answer = answers["yes" if plain["labels"][row, i] == 1 else "no"][i]
                assert at_labels[row, i] == (answer if token == answers["mask"][i] else -100)
        without, _, _ = collate(tokenizer, labels=labels, mlm_targets=None, flip_probability=0.3)
        assert batch["input_ids"].equal(without["input_ids"]) and batch["labels"].equal(without["labels"])

    def test_both(self, tokenizer, labels, side):
        tokenizer.padding_side = side
        both, _, _ = collate(tokenizer, labels=labels)
        alone = {targets: collate(tokenizer, labels=labels, mlm_targets=targets)[0] for targets in ("labels", "words")}
        at_labels, elsewhere = self.split_targets(tokenizer, both)
        assert at_labels.equal(self.split_targets(tokenizer, alone["labels"])[0])
        assert elsewhere.equal(alone["words"]["mlm_targets"]) and elsewhere.ne(-100).any()
        assert both["input_ids"].equal(alone["words"]["input_ids"])
        assert both["labels"].equal(alone["words"]["labels"])


@pytest.mark.parametrize("name", ["labels", "mlm_targets"])
def test_wrong_choices_are_refused(tokenizer, name):
    with pytest.raises(ValueError, match=f"`{name}` must be one of .*, not 'tokens'"):
        LabelMaskingCollator(tokenizer, **{name: "tokens"})


def test_unknown_labels_are_no_targets(tokenizer):
    rows = [{**row, "labels": [-100, *row["labels"][1:]]} for row in documents(tokenizer, 50)]
    batch = LabelMaskingCollator(tokenizer, labels="all", mlm_targets="labels")(rows)
    positions = batch["attention_mask"].argmax(dim=1, keepdim=True) + torch.tensor(tokenizer.label_positions)
    assert (batch["mlm_targets"].gather(1, positions) != -100).tolist() == [[False, True, True, True, True]] * 50


def test_words_of_every_tokenizer(encoder):
    tokenizer = LabelTokenizer.from_encoder(encoder, LABELS)
    batch, plain, shown = collate(tokenizer, number=2 * NUMBER, mlm_targets="words")
    assert_labels_are_told(tokenizer, batch, plain, shown)
    assert_words_are_masked(tokenizer, batch, plain)


def test_without_label_tokens_only_words_are_masked(bert):
    tokenizer = LabelTokenizer.from_encoder(bert, LABELS, "none")
    batch, plain, _ = collate(tokenizer, number=3 * NUMBER, flip_probability=0.5)
    assert batch["labels"].equal(plain["labels"])
    assert_words_are_masked(tokenizer, batch, plain)
    with pytest.raises(ValueError, match="template 'none' has no label tokens"):
        LabelMaskingCollator(tokenizer, mlm_targets="labels")


@pytest.mark.parametrize("labels", ["all", "each", "some"])
def test_the_seed_decides(tokenizer, labels):
    def run(seed):
        return collate(tokenizer, seed, labels=labels, flip_probability=0.1)[0]

    one, again, other = run(1), run(1), run(2)
    assert all(one[name].equal(again[name]) for name in one)
    assert not one["input_ids"].equal(other["input_ids"])


def test_documents_are_left_as_they_were(tokenizer):
    rows = documents(tokenizer, 8)
    LabelMaskingCollator(tokenizer)(rows)
    assert rows == documents(tokenizer, 8)


def test_a_label_that_is_not_known_is_never_shown(tokenizer):
    rows = [{**row, "labels": [-100, *row["labels"][1:]]} for row in documents(tokenizer, 50)]
    batch = LabelMaskingCollator(tokenizer, label_probability=0.0)(rows)
    first = batch["attention_mask"].argmax(dim=1, keepdim=True)
    shown = batch["input_ids"].gather(1, first + torch.tensor(tokenizer.label_positions))
    is_mask = shown == torch.tensor(tokenizer.answer_ids()["mask"])
    assert is_mask[:, 0].all() and not is_mask[:, 1:].any()
    assert batch["labels"].eq(-100).all()
    assert batch["mlm_targets"].gather(1, first + torch.tensor(tokenizer.label_positions)).eq(-100).all()


def test_float_labels(tokenizer):
    rows = documents(tokenizer, 8)
    torch.manual_seed(0)
    expected = LabelMaskingCollator(tokenizer)(rows)
    torch.manual_seed(0)
    found = LabelMaskingCollator(tokenizer)([{**row, "labels": [float(x) for x in row["labels"]]} for row in rows])
    assert found["labels"].dtype == torch.float and found["labels"].equal(expected["labels"].float())
    assert found["input_ids"].equal(expected["input_ids"])


def test_the_mlm_lasts_for_so_many_epochs_only(bert, tmp_path):
    """What `--mlm_epochs` does, through a plain training loop of Trainer."""
    tokenizer = LabelTokenizer.from_encoder(bert, ["a", "b"])
    model = LMMTCForSequenceClassification.from_encoder(bert, ["a", "b"])
    collator = LabelMaskingCollator(tokenizer, mlm_probability=1.0)
    documents = [{**tokenizer("the money and the ball"), "labels": [1, 0]} for _ in range(4)]
    masked = []

    def collate(rows):
        batch = collator(rows)
        masked.append("mlm_targets" in batch)
        return batch

    arguments = TrainingArguments(tmp_path, num_train_epochs=3, per_device_train_batch_size=4, use_cpu=True)
    Trainer(
        model, arguments, train_dataset=documents, data_collator=collate, callbacks=[StopMLM(collator, epochs=2)]
    ).train()
    assert masked == [True, True, False]
