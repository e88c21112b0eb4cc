# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Model cards: valid metadata, and nothing but what the run found."""

import pytest
from huggingface_hub import ModelCard

from labelwise import LWLSTMConfig
from labelwise.hub.cards import write_card

SCORES = {"micro_f1": 0.5, "macro_f1": 0.25}


def results(**changes) -> dict:
    facts = {
        "dataset": "reuters21578",
        "documents": {"train": 7000, "validation": 769, "test": 3019},
        "vocab_size": 20000,
        "metrics": {"validation": SCORES, "test": {"micro_f1": 0.75, "macro_f1": 0.125}},
        "pretraining": None,
        "seed": 7,
        "command": ["labelwise", "train", "--label_separator", "; ", "--output_dir", "out"],
        "wall_time_seconds": 61.4,
        "machine": "a machine, 2 cores",
        "versions": {"torch": "2.13.0"},
    }
    return {**facts, **changes}


def test_card(tmp_path):
    folder = tmp_path / "news-tagger"
    folder.mkdir()
    config = LWLSTMConfig(hierarchical=True, id2label={0: "earn", 1: "acq {x}"})
    write_card(folder, config, results())
    card = ModelCard.load(folder / "README.md")
    assert card.data.library_name == "transformers"
    assert card.data.pipeline_tag == "text-classification"
    found = {(one.dataset_name, one.dataset_split, one.metric_type): one.metric_value for one in card.data.eval_results}
    assert found == {
        ("reuters21578", "validation", "micro_f1"): 0.5,
        ("reuters21578", "validation", "macro_f1"): 0.25,
        ("reuters21578", "test", "micro_f1"): 0.75,
        ("reuters21578", "test", "macro_f1"): 0.125,
    }
    for words in (
        "# news-tagger",
        "HLW-LSTM",
        "One encoder.",
        "2 labels",
        "| micro_f1 | 0.5000 | 0.7500 |",
        "7,000 train, 769 validation, 3,019 test",
        "seed 7",
        "labelwise train --label_separator '; ' --output_dir out",
        "61 seconds on a machine, 2 cores; torch 2.13.0",
        "`earn`, `acq {x}`",
        "20,000 tokens",
    ):
        assert words in card.text, words


@pytest.mark.parametrize(
    ("switches", "name"),
    [((False, False), "LSTM:"), ((True, False), "HAN:"), ((False, True), "LW-LSTM:"), ((True, True), "HLW-LSTM:")],
)
def test_card_names_the_model(tmp_path, switches, name):
    hierarchical, label_wise = switches
    config = LWLSTMConfig(hierarchical=hierarchical, label_wise=label_wise, num_encoders=2, thresholds=[0.3, 0.6])
    write_card(tmp_path, config, results(pretraining={"eval_accuracy": 0.9}, metrics={"validation": SCORES}))
    text = ModelCard.load(tmp_path / "README.md").text
    assert f"\n{name}" in text
    assert "T- and C-Encoder (Eqs. 13-15). Both were pre-trained label-wise (Eq. 3)." in text
    assert "above [0.3, 0.6]" in text
    assert "| metric | validation |\n|---|---|\n| micro_f1 | 0.5000 |" in text
