# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""WordMaskingCollator: which words are masked, how, and what the model is told about it."""

import pytest
import torch
from transformers import AutoTokenizer

from labelwise.trainer.word_masking import WordMaskingCollator

TEXT = "the cat sat on the mat and a dog chased the cat away what joy it was"
NUMBER = 400


@pytest.fixture(scope="module")
def tokenizer(bert):
    return AutoTokenizer.from_pretrained(bert)


def collate(tokenizer, **options):
    words = TEXT.split()
    rows = [{**tokenizer(" ".join(words[: i % 17])), "labels": [1, 0]} for i in range(NUMBER)]
    plain = tokenizer.pad(rows, return_tensors="pt")
    torch.manual_seed(0)
    return WordMaskingCollator(tokenizer, **options)(rows), plain


def test_words_are_masked_as_in_bert(tokenizer):
    batch, plain = collate(tokenizer)
    predicted = batch["mlm_targets"] != -100
    special = torch.isin(plain["input_ids"], torch.tensor(tokenizer.all_special_ids))
    assert not (predicted & special).any()
    assert predicted.sum() / (~special).sum() == pytest.approx(0.15, abs=0.02)
    assert batch["mlm_targets"][predicted].equal(plain["input_ids"][predicted])
    assert batch["input_ids"][~predicted].equal(plain["input_ids"][~predicted])
    shown = batch["input_ids"][predicted]
    assert (shown == tokenizer.mask_token_id).float().mean() == pytest.approx(0.8, abs=0.06)
    assert (shown == plain["input_ids"][predicted]).float().mean() == pytest.approx(0.1, abs=0.05)
    assert batch["labels"].equal(plain["labels"]) and batch["attention_mask"].equal(plain["attention_mask"])


def test_share_of_the_words(tokenizer):
    batch, plain = collate(tokenizer, mlm_probability=0.5)
    special = torch.isin(plain["input_ids"], torch.tensor(tokenizer.all_special_ids))
    assert (batch["mlm_targets"] != -100).sum() / (~special).sum() == pytest.approx(0.5, abs=0.03)


def test_a_tokenizer_without_a_mask_token(bert):
    tokenizer = AutoTokenizer.from_pretrained(bert)
    tokenizer.mask_token = None
    with pytest.raises(ValueError, match="no mask token"):
        WordMaskingCollator(tokenizer)
