# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Exported folders are called as the classifiers that they were exported from."""

import json
import shutil
import sys

import pytest
import torch
from transformers import pipeline
from transformers.exporters.base import EXPORT_MANIFEST_FILE

from labelwise import LWLSTMForSequenceClassification, UserInputError
from labelwise.hub.export import export_model
from labelwise.hub.export_record import MANIFEST_NAME
from labelwise.hub.exported_classifier import ExportedClassifier

pytestmark = pytest.mark.filterwarnings("ignore:.*LeafSpec.*:FutureWarning")
LABELS = ["joy", "anger", "cat", "who knows"]
TEXTS = ["w1 w2. w3", "", "w5 w9 " * 20, "nothing known", "w7 w8 w9. w1"]


@pytest.fixture(scope="module")
def trained(make_config, word_tokenizer, tmp_path_factory):
    """A model whose thresholds cut its own probabilities in two, and its folder."""
    torch.manual_seed(0)
    model = LWLSTMForSequenceClassification(make_config(id2label=dict(enumerate(LABELS)))).eval()
    batch = word_tokenizer(TEXTS, padding=True, truncation=True, return_tensors="pt")
    model.config.thresholds = model(**batch).logits.sigmoid().mean(dim=0).tolist()
    folder = tmp_path_factory.mktemp("trained")
    model.save_pretrained(folder)
    word_tokenizer.save_pretrained(folder)
    return model, folder


@pytest.fixture(scope="module")
def exported(trained, word_tokenizer, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    export_model(trained[0], word_tokenizer, folder)
    return folder


def test_the_name_of_the_manifest_is_the_librarys():
    assert MANIFEST_NAME == EXPORT_MANIFEST_FILE


def test_logits_are_the_models(trained, exported, word_tokenizer):
    model, classifier = trained[0], ExportedClassifier.from_pretrained(exported)
    assert classifier.config.to_dict()["thresholds"] == model.config.thresholds
    for texts in (TEXTS, TEXTS[:1]):
        batch = word_tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
        found = classifier(**batch, token_type_ids=torch.zeros_like(batch["input_ids"])).logits
        torch.testing.assert_close(found, model(**batch).logits, atol=1e-4, rtol=0)


def test_the_pipeline_takes_both(trained, exported):
    of_model, of_export = (
        pipeline("multi-label-classification", model=str(folder))(TEXTS, batch_size=2)
        for folder in (trained[1], exported)
    )
    assert any(answer["labels"] for answer in of_model)
    for one, other in zip(of_export, of_model, strict=True):
        assert one["labels"] == other["labels"]
        assert one["scores"] == pytest.approx(other["scores"], abs=1e-5)


def test_a_pipeline_of_an_export_is_displayed(trained, exported):
    of_model, of_export = (
        repr(pipeline("multi-label-classification", model=str(folder))) for folder in (trained[1], exported)
    )
    assert of_export == of_model.replace("LWLSTMForSequenceClassification", "ExportedClassifier")


def test_what_needs_torch_is_refused(exported):
    with pytest.raises(UserInputError, match="bfloat16: is for models of torch"):
        ExportedClassifier.from_pretrained(exported, dtype=torch.bfloat16)
    with pytest.raises(UserInputError, match="an export runs on the CPU"):
        ExportedClassifier.from_pretrained(exported).to("meta")


@pytest.fixture
def copied(exported, tmp_path):
    return shutil.copytree(exported, tmp_path / "copied")


@pytest.mark.parametrize(
    ("name", "damage", "told"),
    [
        ("model.onnx", lambda path: path.write_bytes(path.read_bytes()[:-8]), "its SHA-256 changed"),
        ("model.onnx", lambda path: path.unlink(), "model.onnx: No such file"),
        ("export.json", lambda path: path.write_text("{"), "is corrupted, or of an export by an earlier version"),
        ("export.json", lambda path: path.write_text('{"export_format": "onnx"}'), "an earlier version"),
    ],
)
def test_a_corrupted_folder(copied, name, damage, told):
    damage(copied / name)
    with pytest.raises(UserInputError, match=told) as raised:
        ExportedClassifier.from_pretrained(copied)
    assert "export the model again" in str(raised.value)


def test_a_configuration_of_another_model(copied):
    path = copied / "config.json"
    config = json.loads(path.read_text())
    config |= {"id2label": {"0": "x", "1": "y"}, "label2id": {"x": 0, "y": 1}, "thresholds": 0.5}
    path.write_text(json.dumps(config))
    with pytest.raises(UserInputError, match=r"config.json is not of its graph"):
        ExportedClassifier.from_pretrained(copied)


def test_a_missing_package(exported, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(UserInputError, match=r"pip install 'labelwise\[onnx\]'"):
        ExportedClassifier.from_pretrained(exported)
