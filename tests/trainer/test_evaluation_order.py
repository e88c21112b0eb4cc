# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Evaluation from the longest document to the shortest, and predictions in the order of the documents."""

from itertools import chain

import numpy as np
import pytest
import torch
from torch.utils.data import Dataset
from transformers import set_seed

from labelwise import LWLSTMForSequenceClassification, MultiLabelMetrics, MultiLabelTrainer, MultiLabelTrainingArguments


class Unsized(Dataset):
    """Documents whose lengths nothing tells."""

    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]


@pytest.fixture
def make_trainer(planted_corpus, planted_config, word_tokenizer, tmp_path):
    """A trainer, and the length of each document that its model has read, batch by batch."""

    def make(**options):
        set_seed(0)
        model = LWLSTMForSequenceClassification(planted_config())
        args = MultiLabelTrainingArguments(str(tmp_path / "out"), per_device_eval_batch_size=8, report_to="none")
        trainer = MultiLabelTrainer(
            model, args, eval_dataset=planted_corpus(30, seed=1), processing_class=word_tokenizer, **options
        )
        read = []
        model.register_forward_pre_hook(
            lambda _, args, inputs: read.append(inputs["attention_mask"].sum(dim=1).tolist()), with_kwargs=True
        )
        return trainer, read

    return make


@pytest.fixture
def lengths(planted_corpus):
    return [len(ids) for ids in planted_corpus(30, seed=1)["input_ids"]]


def predict_one_by_one(trainer):
    with torch.no_grad():
        rows = [torch.tensor([ids]) for ids in trainer.eval_dataset["input_ids"]]
        return torch.cat([trainer.model.eval()(input_ids=ids, attention_mask=ids.ne(0)).logits for ids in rows])


def test_batches_are_of_similar_length_and_predictions_in_order(make_trainer, lengths):
    trainer, read = make_trainer()
    for method in (trainer.evaluate, trainer.predict):
        read.clear()
        found = method(trainer.eval_dataset)
        assert [len(batch) for batch in read] == [8, 8, 8, 6]
        assert [*chain(*read)] == sorted(lengths, reverse=True)
    assert found.label_ids.tolist() == trainer.eval_dataset["labels"][:]
    torch.testing.assert_close(torch.from_numpy(found.predictions), predict_one_by_one(trainer))


def test_metrics_are_those_of_any_order(make_trainer):
    sorted_one, _ = make_trainer()
    metrics = MultiLabelMetrics()
    other, _ = make_trainer(
        compute_metrics=lambda found: metrics.compute(predictions=found.predictions, references=found.label_ids)
    )
    for method in ("evaluate", "predict"):
        expected, found = (getattr(trainer, method)(trainer.eval_dataset) for trainer in (other, sorted_one))
        expected, found = (part if method == "evaluate" else part.metrics for part in (expected, found))
        for name, value in expected.items():
            if not name.endswith(("runtime", "per_second", "preparation_time")):
                assert found[name] == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("case", ["metrics", "dataset", "drop_last"])
def test_the_order_stays(make_trainer, lengths, case):
    """With metrics of a user's own, which may match predictions to documents, and where a document is not read."""
    given = []

    def compute_metrics(prediction):
        given.append(prediction.label_ids)
        return {}

    trainer, read = make_trainer(**{"compute_metrics": compute_metrics} if case == "metrics" else {})
    labels = trainer.eval_dataset["labels"][:]
    if case == "dataset":
        trainer.eval_dataset = Unsized(trainer.eval_dataset)
    trainer.args.dataloader_drop_last = case == "drop_last"
    number = 24 if case == "drop_last" else 30
    trainer.evaluate()
    assert [*chain(*read)] == lengths[:number]
    assert all(np.array_equal(part, labels) for part in given)
    assert trainer.predict(trainer.eval_dataset).label_ids.tolist() == labels[:number]
