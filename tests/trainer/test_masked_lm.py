# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The documents of a corpus as sequences, and the loss that an encoder is trained with."""

import datasets
import pytest
import torch
from transformers import BertForMaskedLM

from labelwise.trainer.bert_from_scratch import make_bert, train_tokenizer
from labelwise.trainer.masked_lm import MaskedLMCollator, MaskedLMTrainer, cut
from labelwise.trainer.masked_lm_arguments import MaskedLMTrainingArguments

TEXTS = ["Money for a loan, money for a bank", "a match and a team", "the team lost money"] * 2


@pytest.fixture(params=["word", "wordpiece"])
def tokenizer(request):
    return train_tokenizer(TEXTS, request.param, vocab_size=60, min_frequency=2, max_length=16)


def make_model(tokenizer) -> BertForMaskedLM:
    return make_bert(tokenizer, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)


def test_cut(tokenizer):
    long = "a match and " * 20
    rows = cut(datasets.Dataset.from_dict({"text": [TEXTS[1], "", long]}), tokenizer)["input_ids"][:]
    assert rows[0] == tokenizer(TEXTS[1])["input_ids"]
    assert all(row[0] == tokenizer.cls_token_id and row[-1] == tokenizer.sep_token_id for row in rows)
    assert {len(row) for row in rows[1:-1]} == {16}
    assert [i for row in rows[1:] for i in row[1:-1]] == tokenizer(long, add_special_tokens=False)["input_ids"]


def test_sequences_begin_anywhere(tokenizer):
    torch.manual_seed(0)
    rows = [{"input_ids": tokenizer(text)["input_ids"]} for text in ["a match", "a team and money"] * 100]
    positions = MaskedLMCollator(tokenizer)(rows)["position_ids"]
    length = positions.shape[1]
    assert (positions.diff(dim=1) == 1).all()
    assert set(positions[:, 0].tolist()) == set(range(16 - length + 1))
    full = MaskedLMCollator(tokenizer)([{"input_ids": [2] * 16}])
    assert full["position_ids"].tolist() == [list(range(16))]


def test_special_tokens_spelled_out():
    tokenizer = train_tokenizer(TEXTS, "wordpiece", vocab_size=60, min_frequency=2, max_length=16)
    (row,) = cut(datasets.Dataset.from_dict({"text": ["a [SEP] [MASK] team"]}), tokenizer)["input_ids"]
    assert row.index(tokenizer.sep_token_id) == len(row) - 1
    assert tokenizer.mask_token_id not in row


def test_no_words_no_sequences(tokenizer):
    assert cut(datasets.Dataset.from_dict({"text": ["", " "]}), tokenizer)["input_ids"][:] == []


def make_trainer(tokenizer, folder, **settings) -> MaskedLMTrainer:
    sequences = cut(datasets.Dataset.from_dict({"text": TEXTS * 4}), tokenizer)
    args = MaskedLMTrainingArguments(str(folder), report_to="none", **settings)
    torch.manual_seed(0)
    return MaskedLMTrainer(make_model(tokenizer), args, tokenizer, 0.3, train_dataset=sequences, eval_dataset=sequences)


def test_perplexity_is_over_words_whatever_the_batches(tokenizer, tmp_path):
    trainer = make_trainer(tokenizer, tmp_path, per_device_eval_batch_size=4)
    torch.manual_seed(1)
    first = trainer.evaluate()["eval_perplexity"]
    torch.manual_seed(2)
    assert trainer.evaluate()["eval_perplexity"] == first
    losses, numbers = [], []
    for batch in trainer.get_eval_dataloader():
        trainer.model.eval()
        losses.append(trainer.model(**batch).loss.item())
        numbers.append((batch["labels"] != -100).sum().item())
    mean = sum(loss * number for loss, number in zip(losses, numbers, strict=True)) / sum(numbers)
    assert first == pytest.approx(torch.tensor(mean).exp().item(), rel=1e-4)


def test_loss_of_a_batch_without_masks_is_zero(tokenizer, tmp_path):
    trainer = make_trainer(tokenizer, tmp_path)
    ids = torch.tensor([tokenizer("a team")["input_ids"]])
    batch = {"input_ids": ids, "labels": torch.full_like(ids, -100)}
    assert trainer.compute_loss(trainer.model, batch, num_items_in_batch=torch.tensor(0)).item() == 0


def test_accumulated_gradients_are_those_of_one_batch(tokenizer, tmp_path, monkeypatch):
    """Every word weighs the same, whichever small batch it is in."""
    norms = []
    for size, accumulation in ((8, 1), (2, 4)):
        trainer = make_trainer(
            tokenizer,
            tmp_path / str(size),
            per_device_train_batch_size=size,
            gradient_accumulation_steps=accumulation,
            max_steps=1,
            eval_strategy="no",
            save_strategy="no",
            load_best_model_at_end=False,
            logging_steps=1,
            max_grad_norm=1e9,
        )
        full = torch.randint(5, len(tokenizer), (8, 16), generator=torch.Generator().manual_seed(0))
        trainer.train_dataset = datasets.Dataset.from_dict({"input_ids": full.tolist()})  # they begin at 0, all of them
        trainer.data_collator.mlm_probability = 1.0
        trainer.data_collator.mask_replace_prob, trainer.data_collator.random_replace_prob = 1.0, 0.0
        trainer.model.config.hidden_dropout_prob = 0.0
        for module in trainer.model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        trainer.model.bert.encoder.layer[0].attention.self.dropout_prob = 0.0
        trainer.train()
        norms.append(trainer.state.log_history[0]["grad_norm"])
    assert norms[0] == pytest.approx(norms[1], rel=1e-3)
