# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Export of a trained model as a graph that ONNX Runtime or OpenVINO runs, for programs without Python too."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ..configuration.configuration_label_sequences import LabelSequenceConfig
from ..configuration.configuration_lw_encoder import LabelWiseEncoderConfig
from .export_record import add_to_record, hash_file
from .onnx_graphs import quantize_onnx, trace_onnx

FORMATS = ("onnx", "openvino")
QUANTIZATIONS = ("int8",)

# Most bytes of weights to keep in the file of an ONNX graph, a protobuf, whose limit is 2 GiB.
_LARGEST_GRAPH = 1 << 30
_PACKAGES = {
    "onnx": ("onnx", "onnxruntime", "onnxscript"),
    "openvino": ("nncf", "onnx", "onnxscript", "openvino"),
}


def export_model(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    folder: str | Path,
    export_format: str = "onnx",
    quantize: str | None = None,
) -> None:
    """Write a graph, its configuration and tokenizer, and `export.json`, which says what was exported.

    No code is written, because readers of a graph run none. The graph is `model.onnx`, and `model.onnx.data` beside it
    if the weights are more than 1 GiB; or `openvino_model.xml` and `openvino_model.bin`.

    The inputs of the graph are `input_ids` and `attention_mask` (and the encoder's `token_type_ids`, if any) of any
    batch size and length, padded on the right; its output is `logits` of shape `(batch, num_labels)`. The metadata of
    an ONNX graph contain, as JSON, `labels`, the names in the order of the logits, and `thresholds`, a number or one
    per label: a label is predicted if the sigmoid of its logit is above its threshold. A calibration is a part of the
    graph.

    With 8-bit weights, ONNX Runtime makes 8-bit integers of activations too, with one scale for a batch: probabilities
    of a text depend a little on the texts beside it.

    The graph of a label-wise encoder reads documents of any length, as the model does, up to `config.max_windows`. Its
    shapes follow the width of the batch, and not the length of each document: every document costs as many windows, as
    wide, as the longest of its batch, while the model leaves out windows without text. Send texts of like length
    together.

    Args:
        model (`PreTrainedModel`): A classifier.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        folder (`str` or `Path`): Folder to write to.
        export_format (`str`, *optional*, defaults to `"onnx"`): `"onnx"` or `"openvino"`.
        quantize (`str`, *optional*): `"int8"` for weights of 8 bits.

    Raises:
        ImportError: The packages of `pip install labelwise[onnx]` or `labelwise[openvino]` are missing.
        ValueError: The model decides label by label, while a graph makes one pass (Eq. 6 of LM-MTC); or it emits labels
            one by one, by a search whose length depends on the document; or the graph that
            OpenVINO makes of it gives other answers.
    """
    config, folder = model.config, Path(folder)
    _check_one_pass(config)
    # Two texts of different lengths, because a dimension of size 1 would become a constant; the number of windows too.
    repeats = config.window_size if isinstance(config, LabelWiseEncoderConfig) else 1
    texts = ["One short text.", "Another text, which is longer than the first one. " * repeats]
    inputs = dict(tokenizer(texts, padding=True, truncation=True, return_tensors="pt"))
    exported = trace_onnx(model, inputs)
    if export_format == "openvino":
        from .openvino_graphs import convert_to_openvino

        others = [*texts, " ".join(texts * 3)]
        others = dict(tokenizer(others, padding=True, truncation=True, return_tensors="pt"))
        exported = convert_to_openvino(exported, quantize, model, others)
        exported.save_pretrained(folder)
    else:
        component = exported.components["model"]
        if quantize:
            component.program = quantize_onnx(component.program, inputs)
        component.program.metadata_props.update(
            labels=json.dumps(config.label_names),
            thresholds=json.dumps(config.thresholds),
        )
        exported.save_pretrained(folder)
        _save_in_one_file(component.program, folder)
    tokenizer.save_pretrained(folder)
    for module in folder.glob("*.py"):
        module.unlink()
    for settings in (folder / "config.json", folder / "tokenizer_config.json"):
        kept = json.loads(settings.read_text("utf-8"))
        kept.pop("auto_map", None)
        settings.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8")
    add_to_record(
        folder,
        quantize=quantize,
        labels=config.label_names,
        sha256={path.name: hash_file(path) for path in sorted(folder.glob("*model.*")) if path.suffix != ".json"},
        versions={name: version(name) for name in ("labelwise", "torch", "transformers", *_PACKAGES[export_format])},
    )


def _check_one_pass(config: PreTrainedConfig) -> None:
    if config.model_type == "lm_mtc" and config.label_by_label:
        raise ValueError("a graph predicts all labels in one pass: set config.label_by_label = False")
    if isinstance(config, LabelSequenceConfig):
        raise ValueError(f"a {config.model_type} model emits labels one by one, which a graph of one pass cannot do")


def _save_in_one_file(graph: Any, folder: Path) -> None:
    """Save a graph anew with its weights in it, which the library saves beside it, if they are not too large."""
    import onnx_ir

    weights = folder / "model.onnx.data"
    if weights.stat().st_size <= _LARGEST_GRAPH:
        onnx_ir.save(graph, folder / "model.onnx")
        weights.unlink()
