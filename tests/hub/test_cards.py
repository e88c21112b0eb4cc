# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Model cards: valid metadata, nothing but what the run found, and readable whatever the names are."""

import re
from pathlib import Path

import pytest
from huggingface_hub import ModelCard, metadata_load
from huggingface_hub.repocard_data import model_index_to_eval_results
from transformers import BertConfig

from labelwise import LMMTCConfig, LWLSTMConfig
from labelwise.configuration.configuration_multi_label import MultiLabelConfig
from labelwise.hub.cards import make_card, update_card, write_card

SCORES = {"micro_f1": 0.5, "macro_f1": 0.25}
TUNING = {
    "mode": "per-label",
    "metric": "macro_f1",
    "documents": 769,
    "folds": 5,
    "seed": 0,
    "score_at_0.5": 0.25,
    "tuned_score": 0.375,
    "cross_validated_score": 0.3125,
    "optimism": 0.0625,
    "expected_gain": 0.0625,
    "micro_f1": {"at_0.5": 0.5, "tuned": 0.4375, "cross_validated": 0.40625},
    "macro_f1": {"at_0.5": 0.25, "tuned": 0.375, "cross_validated": 0.3125},
    "dataset": "reuters21578",
    "command": ["labelwise", "tune-thresholds", "--model_name_or_path", "out"],
}


def results(**changes) -> dict:
    facts = {
        "dataset": "reuters21578",
        "documents": {"train": 7000, "validation": 769, "test": 3019},
        "vocab_size": 20000,
        "metrics": {"validation": SCORES, "test": {"micro_f1": 0.75, "macro_f1": 0.125}},
        "pretraining": None,
        "seed": 7,
        "split_seed": 0,
        "command": ["labelwise", "train", "--label_separator", "; ", "--output_dir", "out"],
        "wall_time_seconds": 61.4,
        "machine": "a machine, 2 cores",
        "versions": {"torch": "2.13.0"},
    }
    return {**facts, **changes}


def two_labels(**settings) -> LWLSTMConfig:
    return LWLSTMConfig(id2label={0: "earn", 1: "acq {x}"}, **settings)


def test_card(tmp_path):
    folder = tmp_path / "news-tagger"
    folder.mkdir()
    write_card(folder, two_labels(hierarchical=True), results())
    assert [path.name for path in folder.iterdir()] == ["README.md"]
    card = ModelCard.load(folder / "README.md")
    assert card.data.library_name == "transformers"
    assert card.data.pipeline_tag == "text-classification"
    assert card.data.language == "en"
    for words in (
        "# news-tagger",
        "HLW-LSTM",
        "One encoder.",
        "2 labels apply to a text: those whose probability is above 0.5.",
        'pipeline("multi-label-classification", model="news-tagger")',
        'from_pretrained("news-tagger", trust_remote_code=True)',
        "| micro-F1 | 0.5000 | 0.7500 |",
        "7,000 train, 769 validation, 3,019 test",
        "newswire stories of 1987",
        "At threshold 0.5, seed 7",
        "0.5 for every label, as in the papers",
        "labelwise train --label_separator '; ' --output_dir out",
        "61 seconds on a machine, 2 cores; torch 2.13.0",
        "`earn`, `acq {x}`",
        "20,000 tokens",
    ):
        assert words in card.text, words


def test_model_index(tmp_path):
    """What the Hub shows: every metric of every split, at 0.5 and at the tuned thresholds."""
    tuned = {"validation": {"micro_f1": 0.625, "macro_f1": 0.375}, "test": {"micro_f1": 0.875, "macro_f1": 0.25}}
    write_card(tmp_path, two_labels(), results(metrics_at_tuned_thresholds=tuned, threshold_tuning=TUNING))
    metadata = metadata_load(tmp_path / "README.md")
    name, found = model_index_to_eval_results(metadata["model-index"])
    assert name == tmp_path.name
    assert {one.task_type for one in found} == {"text-classification"}
    assert {(one.dataset_type, one.dataset_name) for one in found} == {("reuters21578", "reuters21578")}
    assert {(one.dataset_split, one.metric_type, one.metric_name): one.metric_value for one in found} == {
        ("validation", "micro_f1", "micro-F1 at threshold 0.5"): 0.5,
        ("validation", "macro_f1", "macro-F1 at threshold 0.5"): 0.25,
        ("test", "micro_f1", "micro-F1 at threshold 0.5"): 0.75,
        ("test", "macro_f1", "macro-F1 at threshold 0.5"): 0.125,
        ("validation", "micro_f1", "micro-F1 at tuned thresholds"): 0.625,
        ("validation", "macro_f1", "macro-F1 at tuned thresholds"): 0.375,
        ("test", "micro_f1", "micro-F1 at tuned thresholds"): 0.875,
        ("test", "macro_f1", "macro-F1 at tuned thresholds"): 0.25,
    }
    assert ModelCard.load(tmp_path / "README.md").data.to_dict() == metadata


def test_tuned_thresholds():
    tuned = {"validation": {"micro_f1": 0.625, "macro_f1": 0.375}, "test": {"micro_f1": 0.875, "macro_f1": 0.25}}
    facts = results(threshold_tuning=TUNING, metrics_at_tuned_thresholds=tuned)
    text = make_card("ns/name", two_labels(thresholds=[0.3, 0.62345678]), facts).text
    for words in (
        "# ns/name",
        'model="ns/name")',
        "above the label's own threshold, from 0.3 to 0.6235.",
        "| metric | validation | test | validation, tuned | test, tuned |",
        "| macro-F1 | 0.2500 | 0.1250 | 0.3750 | 0.2500 |",
        "One per label, with the best macro-F1 on 769 validation documents of `reuters21578`.",
        "| macro-F1 | 0.2500 | 0.3750 | 0.3125 |",
        "| micro-F1 | 0.5000 | 0.4375 | 0.4062 |",
        "tuned on 4 of 5 parts",
        "Optimism in macro-F1, tuned minus cross-validated: 0.0625.",
        "Expected gain on new documents, against 0.5: +0.0625.",
        "labelwise tune-thresholds --model_name_or_path out",
        "`earn` (0.3), `acq {x}` (0.6235)",
    ):
        assert words in text, words
    by_training = make_card("a", two_labels(), results(threshold_tuning={**TUNING, "command": facts["command"]})).text
    assert by_training.count("--label_separator") == 1


def test_calibration():
    calibration = {"scale": 2.0, "offset": 0.0}
    errors = {"before": 0.2, "after": 0.01, "cross_validated": 0.0125}
    record = {
        "method": "temperature",
        "documents": 769,
        "dataset": "reuters21578",
        **{name: {"expected_calibration_error": error, "log_loss": 0.1} for name, error in errors.items()},
    }
    text = make_card("a", two_labels(calibration=calibration), results(calibration=record)).text
    assert "are calibrated (temperature) on 769 documents of `reuters21578`" in text
    assert "expected calibration error was 0.2000 before, and is 0.0100 now, 0.0125 cross-validated." in text
    assert "At threshold 0.5, before calibration, seed 7:" in text
    assert "calibrated; there is no record" in make_card("a", two_labels(calibration=calibration), results()).text
    assert "Its probabilities are not calibrated" in make_card("a", two_labels(), results()).text


def test_thresholds_of_unknown_origin():
    assert "Set by hand" in make_card("a", two_labels(thresholds=0.3), results()).text


@pytest.mark.parametrize(
    ("switches", "name"),
    [((False, False), "LSTM:"), ((True, False), "HAN:"), ((False, True), "LW-LSTM:"), ((True, True), "HLW-LSTM:")],
)
def test_card_names_the_model(switches, name):
    hierarchical, label_wise = switches
    config = LWLSTMConfig(hierarchical=hierarchical, label_wise=label_wise)
    text = make_card("a", config, results(metrics={"validation": SCORES})).text
    assert f"\n{name}" in text
    assert "| metric | validation |\n|---|---|\n| micro-F1 | 0.5000 |" in text


@pytest.mark.parametrize(
    ("pretraining", "told"),
    [
        ({}, "It was pre-trained."),
        ({"eval_accuracy": 0.9}, "pre-trained, after which it identified the positive candidate in 90.0%"),
        ({"eval_accuracy": 0.9, "step": 3000}, "in 3,000 iterations, after which"),
    ],
)
def test_card_tells_of_the_pretraining(pretraining, told):
    assert told in make_card("a", two_labels(num_encoders=2), results(pretraining=pretraining)).text
    assert "It was pre-trained" not in make_card("a", two_labels(num_encoders=2), results()).text


def test_a_family_without_a_description_gets_a_plain_sentence():
    config = MultiLabelConfig(id2label={0: "a"})
    assert "A multi-label text classifier of the type" in make_card("a", config, results()).text


@pytest.mark.parametrize(("template", "told"), [("diff", "three tokens of its own"), ("none", "the paper's baseline")])
def test_card_of_lm_mtc(template, told):
    text = make_card("a", LMMTCConfig(encoder=BertConfig(), template=template), results()).text
    assert "LM-MTC over a bert encoder" in text
    assert told in text
    assert "Song et al., 2021" in text


@pytest.mark.parametrize(
    ("dataset", "described"),
    [
        ("reuters21578/random-80-20", True),
        ("reuters21578/train.jsonl", False),  # a folder of that name
        ("ns/name", False),
        ("/data/a `b` | c.csv", False),
    ],
)
def test_data(tmp_path, dataset, described):
    write_card(tmp_path, two_labels(), results(dataset=dataset))
    card = ModelCard.load(tmp_path / "README.md")
    assert ("newswire stories" in card.text) == described
    assert card.data.language == ("en" if described else None)
    name = dataset if described or dataset.startswith("reuters21578") else dataset.rpartition("/")[2]
    assert {one.dataset_name for one in card.data.eval_results} == {name}


ODD = ["a|b", "`", "``x", "<script>alert(1)</script>", "two\nlines", "---", "# head", "{x}", "\x1b[31m", "粮食", " "]


def test_odd_names(tmp_path):
    """No name ends its code, its line or the header, and each can be read back."""
    folder = tmp_path / 'a"b`c<i>_d_'
    folder.mkdir()
    write_card(folder, LWLSTMConfig(id2label=dict(enumerate(ODD))), results(machine="x\n\n# y | <b>"))
    card = ModelCard.load(folder / "README.md")
    assert len(card.data.eval_results) == 4
    (line,) = re.findall(r"^## Labels\n\n(.*)\n\n## Limits$", card.text, re.M)
    spans = re.findall(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", line)
    found = [text[1:-1] if text.startswith(" ") and text.strip() else text for _, text in spans]
    assert [text.encode().decode() for text in found] == [
        {"two\nlines": r"two\nlines", "\x1b[31m": r"\x1b[31m", " ": "   "}.get(name, name) for name in ODD
    ]
    assert "<script>" not in re.sub(r"(`+).*?\1", "", line)
    assert r'# a"b\`c\<i\>\_d\_' in card.text
    assert r"on x \# y \| \<b\>; torch" in card.text
    blocks = re.findall(r"^```python\n(.*?)^```$", card.text, re.M | re.S)
    assert len(blocks) == 2
    assert all(r'"a\"b`c<i>_d_"' in block for block in blocks)
    for block in blocks:
        compile(block, "card", "exec")


def test_a_command_cannot_end_its_block():
    text = make_card("a", two_labels(), results(command=["labelwise", "train", "--text_column", "x\n```\n# y"])).text
    assert "\n````\nlabelwise train --text_column 'x\n```\n# y'\n````\n" in text


def test_five_thousand_labels(tmp_path):
    config = LWLSTMConfig(id2label={i: f"label number {i}" for i in range(5000)}, thresholds=[0.25] * 5000)
    write_card(tmp_path, config, results())
    text = (tmp_path / "README.md").read_text()
    assert "5,000 labels" in text
    assert "`label number 99` (0.25), and 4,900 more: `id2label` in `config.json`" in text
    assert len(text) < 10_000


def test_only_our_own_card_is_written_anew(tmp_path):
    card = tmp_path / "README.md"
    update_card(tmp_path, two_labels(), results())
    written = card.read_text()
    update_card(tmp_path, two_labels(), results(seed=8))
    assert "seed 8" in card.read_text()
    mine = re.sub("<!-- Written by labelwise.*-->\n", "", written).replace("seed 7", "seed seven")
    card.write_text(mine)
    update_card(tmp_path, two_labels(), results(seed=8))
    assert card.read_text() == mine


def test_a_card_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    write_card(tmp_path, two_labels(), results())
    before = (tmp_path / "README.md").read_text()

    def full(self, *args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_card(tmp_path, two_labels(), results(seed=8))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"README.md": before}
