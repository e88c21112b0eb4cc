# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents whose labels depend on their last words: windows read these, truncation does not."""

import random

import pytest
import torch
from datasets import ClassLabel, Dataset, Features, List, Value

from labelwise import (
    LabelWiseEncoderForSequenceClassification,
    LabelWiseEncoderTrainingArguments,
    MultiLabelMetrics,
    MultiLabelTrainer,
    preprocess,
)
from labelwise.tokenization.window_tokenizer import load_window_tokenizer

WORDS = ["money", "ball", "joy"]
FILLER = ["the", "cat", "sat", "on", "the", "mat", "and", "a", "dog", "chased", "it", "away"]


def make_documents(number: int) -> Dataset:
    """Documents of 40 to 50 words, whose labels are the words among their last ten."""
    draw = random.Random(number)
    labels = [[i for i in range(3) if draw.random() < 0.5] for _ in range(number)]
    texts = []
    for row in labels:
        ending = [WORDS[i] for i in row] + draw.choices(FILLER, k=7)
        draw.shuffle(ending)
        texts.append(" ".join(draw.choices(FILLER, k=draw.randint(33, 40)) + ending))
    features = Features({"text": Value("string"), "labels": List(ClassLabel(names=WORDS))})
    return Dataset.from_dict({"text": texts, "labels": labels}, features)


def train(bert, tmp_path, hierarchical, max_windows) -> float:
    torch.manual_seed(0)
    windows = {"window_size": 16, "max_windows": max_windows}
    tokenizer, _ = load_window_tokenizer(bert, **windows)
    fields = {**windows, "hierarchical": hierarchical, "dropout": 0.0}
    model = LabelWiseEncoderForSequenceClassification.from_encoder(bert, WORDS, **fields)
    args = LabelWiseEncoderTrainingArguments(
        str(tmp_path), num_train_epochs=8, learning_rate=3e-3, head_learning_rate=3e-2, per_device_train_batch_size=16
    )
    sets = {
        name: preprocess(make_documents(n), tokenizer) for name, n in (("train_dataset", 300), ("eval_dataset", 50))
    }
    trainer = MultiLabelTrainer(model, args, processing_class=tokenizer, **sets)
    trainer.train()
    test = trainer.predict(preprocess(make_documents(100), tokenizer))
    return MultiLabelMetrics().compute(predictions=test.predictions, references=test.label_ids)["micro_f1"]


@pytest.mark.slow
@pytest.mark.parametrize("hierarchical", [False, True])
def test_windows_beat_truncation(bert, tmp_path, hierarchical):
    windows = train(bert, tmp_path / "windows", hierarchical, max_windows=6)
    truncated = train(bert, tmp_path / "truncated", hierarchical, max_windows=1)
    assert windows > 0.95
    assert truncated < 0.75
