# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The ONNX graph gives torch's logits, at any batch and length."""

import json
from platform import machine

import onnx
import onnxruntime
import pytest
import torch

from labelwise import LabelTokenizer, LMMTCForSequenceClassification, LWLSTMForSequenceClassification
from labelwise.hub.export import export_model
from labelwise.hub.exported_classifier import ExportedClassifier

from ..file_modes import modes_of, usual_mode
from ..label_wise_encoders import make_label_wise_encoder
from ..other_families import make_other_family

LABELS = ["joy", "anger", "cat", "who knows"]
THRESHOLDS = [0.5, 0.25, 0.125, 0.75]
CALIBRATION = {"scale": [0.5, 1.0, 2.0, 3.0], "offset": [-1.0, 0.0, 0.25, 4.0]}


# The others give their labels one by one, in a search that no graph contains.
ONE_PASS = ("br", "cc", "lp", "cnn", "reg-lstm", "han-lg", "magnet")


# Encoder and settings of label-wise encoders, whose windows are shorter than the longest texts below.
WINDOWED = {
    "lw-encoder": ("roberta", {}),
    "lw-encoder of deberta": ("deberta-v2", {}),
    "hierarchical lw-encoder": ("bert", {"hierarchical": True, "num_contexts": 2}),
    "hierarchical lw-encoder of modernbert": ("modernbert", {"hierarchical": True}),
}
QUICK = ("lw-lstm", "lm-mtc", "br")

# Without these instructions, sums of two products of 8 bits saturate at 16 on x86.
_EXACT = any(has for name, has in torch.cpu.get_capabilities().items() if "vnni" in name or name == "amx_int8")
INT8_ERROR = 0.05 if _EXACT or machine() in ("arm64", "aarch64") else 0.1


@pytest.fixture(
    params=[
        pytest.param(name, marks=[pytest.mark.slow] * (name not in QUICK))
        for name in ("lw-lstm", "hlw-lstm", "hlw-lstm of gru", "lm-mtc", *WINDOWED, *ONE_PASS)
    ]
)
def classifier(request, make_config, word_tokenizer, make_encoder):
    """A model of each kind and its tokenizer."""
    torch.manual_seed(0)
    if request.param == "lm-mtc":
        folder = make_encoder("bert")
        tokenizer = LabelTokenizer.from_encoder(folder, LABELS)
        model = LMMTCForSequenceClassification.from_encoder(folder, LABELS, thresholds=THRESHOLDS)
        torch.nn.init.normal_(model.head.weight)
        return model, tokenizer
    if request.param in WINDOWED:
        family, settings = WINDOWED[request.param]
        return make_label_wise_encoder(make_encoder(family), LABELS, thresholds=THRESHOLDS, **settings)[::-1]
    if request.param in ONE_PASS:
        model = make_other_family(request.param, word_tokenizer, LABELS)
        if request.param == "magnet":
            torch.nn.init.normal_(model.head.label_embeddings)  # else its logits hardly differ
        model.config.thresholds = THRESHOLDS
        return model, word_tokenizer
    config = make_config(
        hierarchical=request.param != "lw-lstm",
        rnn_type="gru" if request.param.endswith("gru") else "lstm",
        num_encoders=2,
        id2label=dict(enumerate(LABELS)),
        thresholds=THRESHOLDS,
    )
    return LWLSTMForSequenceClassification(config).eval(), word_tokenizer


@pytest.mark.filterwarnings("ignore:.*LeafSpec.*:FutureWarning")
def test_the_graph(classifier, tmp_path):
    """With the calibration in it."""
    model, tokenizer = classifier
    model.config.calibration = CALIBRATION
    batch = tokenizer(["w1 w2. w3", "cat"], padding=True, return_tensors="pt")
    before = model(**batch).logits
    export_model(model, tokenizer, tmp_path)
    assert modes_of(tmp_path) == {usual_mode(tmp_path)}
    files = {"model.onnx", "export.json", "config.json", "tokenizer.json", "tokenizer_config.json"}
    assert {path.name for path in tmp_path.iterdir()} == files  # no code
    assert not any("auto_map" in json.loads(path.read_text("utf-8")) for path in tmp_path.glob("*config.json"))
    torch.testing.assert_close(model(**batch).logits, before, atol=0, rtol=0)  # what tracing swapped is back

    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    metadata = session.get_modelmeta().custom_metadata_map
    assert json.loads(metadata["labels"]) == LABELS
    assert json.loads(metadata["thresholds"]) == THRESHOLDS
    words = ["w1", "w2", "w3.", "cat", "the", "w30", "unheard-of", "w7!", "dog", "w4"]
    batches = [[""], ["", " "]]
    for documents in (1, 2, 7):
        for length in (1, 6, 25):
            texts = [" ".join((words * 5)[i : i + max(1, length - 2 * i)]) for i in range(documents)]
            texts[1:2] = [""] * (documents > 1)  # unlike lengths, and an empty document
            batches.append(texts)
    for texts in batches:
        batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
        inputs = {given.name: batch[given.name].numpy() for given in session.get_inputs()}
        with torch.no_grad():
            expected = model(**batch).logits
        found = torch.from_numpy(session.run(["logits"], inputs)[0])
        torch.testing.assert_close(found, expected, atol=1e-4, rtol=0)
        assert len(texts) < 7 or expected.std(dim=0).max() > 1e-3  # documents differ


# Operators of 8-bit integers that each graph has.
INTEGERS = {
    "lw-lstm": {"DynamicQuantizeLSTM", "DequantizeLinear"},  # of embeddings
    "hlw-lstm": {"DynamicQuantizeLSTM", "DequantizeLinear"},
    "lm-mtc": {"MatMulInteger", "DequantizeLinear"},
    "hierarchical lw-encoder": {"MatMulInteger", "DequantizeLinear"},
    "cnn": {"DequantizeLinear"},
    "br": {"DequantizeLinear"},
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*LeafSpec.*:FutureWarning")
@pytest.mark.parametrize(
    ("classifier", "export_format"),
    [*((name, "onnx") for name in INTEGERS), *((name, "openvino") for name in ("lm-mtc", "cnn", "lw-encoder"))],
    indirect=["classifier"],
)
def test_int8(classifier, export_format, request, tmp_path):
    model, tokenizer = classifier
    model.config.calibration = CALIBRATION if export_format == "onnx" else None
    export_model(model, tokenizer, tmp_path, export_format, "int8")
    if export_format == "onnx":
        operators = {node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node}
        assert INTEGERS[request.node.callspec.params["classifier"]] <= operators
        assert not operators & {"LSTM"}
    record = json.loads((tmp_path / "export.json").read_text("utf-8"))["labelwise"]
    assert record["quantize"] == "int8"
    assert {"labelwise", "torch", export_format} <= record["versions"].keys()
    exported = ExportedClassifier.from_pretrained(tmp_path)
    words = ["w1", "w2", "w3.", "cat", "the", "w30", "unheard-of", "w7!", "dog", "w4"]
    for documents in (1, 2, 7):
        texts = [" ".join((words * 3)[i : i + 1 + 3 * i]) for i in range(documents)]
        batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
        with torch.no_grad():
            expected = model(**batch).logits
        found = exported(**batch).logits
        torch.testing.assert_close(found.sigmoid(), expected.sigmoid(), atol=0.1, rtol=0)
        error = (found - expected).square().mean().sqrt()
        assert error / expected.std() < INT8_ERROR


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*LeafSpec.*:FutureWarning")
@pytest.mark.parametrize(
    ("classifier", "told"), [("hlw-lstm", "gives other answers"), ("br", "cannot read")], indirect=["classifier"]
)
def test_openvino_is_refused_where_it_computes_something_else(classifier, told, tmp_path):
    with pytest.raises(ValueError, match=told):
        export_model(*classifier, tmp_path, "openvino")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*LeafSpec.*:FutureWarning")
def test_large_weights_stand_beside_the_graph(make_config, word_tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr("labelwise.hub.export._LARGEST_GRAPH", 1000)
    model = LWLSTMForSequenceClassification(make_config()).eval()
    export_model(model, word_tokenizer, tmp_path)
    assert (tmp_path / "model.onnx.data").stat().st_size > 1000
    batch = word_tokenizer(["w1 w2"], return_tensors="pt")
    inputs = {name: values.numpy() for name, values in batch.items()}
    (found,) = onnxruntime.InferenceSession(tmp_path / "model.onnx").run(["logits"], inputs)
    torch.testing.assert_close(torch.from_numpy(found), model(**batch).logits, atol=1e-4, rtol=0)


def test_one_pass_only(make_encoder, tmp_path):
    folder = make_encoder("bert")
    model = LMMTCForSequenceClassification.from_encoder(folder, LABELS, label_by_label=True)
    with pytest.raises(ValueError, match="label_by_label"):
        export_model(model, LabelTokenizer.from_encoder(folder, LABELS), tmp_path / "out")
    assert not (tmp_path / "out").exists()
