# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise quickstart` on fewer tickets and with fewer steps."""

import pytest


@pytest.fixture
def small_quickstart(monkeypatch):
    """The embedded corpus, cut to a few tickets, and models to match."""
    import datasets  # not at the top: most tests that have this fixture at hand do not use it

    from labelwise import load_corpus
    from labelwise.commands import quickstart
    from labelwise.runs import data

    def load_few(*args, **kwargs):
        corpus = load_corpus("support_tickets")
        return datasets.DatasetDict({split: rows.select(range(60)) for split, rows in corpus.items()})

    monkeypatch.setattr(quickstart, "load_corpus", load_few)
    monkeypatch.setattr(data, "load_corpus", load_few)
    monkeypatch.setattr(quickstart, "SHAPE", quickstart.SHAPE.replace("64", "8"))
    monkeypatch.setattr(
        quickstart,
        "PRETRAINING",
        "--pretraining_steps 2 --pretraining_batch_size 4 --freeze_encoder --num_train_epochs 1",
    )
    monkeypatch.setattr(quickstart, "FINE_TUNING", "--dataset support_tickets --num_train_epochs 1")
