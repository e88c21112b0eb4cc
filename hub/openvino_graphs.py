# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""OpenVINO graphs of classifiers, converted from their ONNX graphs."""

import io
import os
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedModel
from transformers.exporters.base import ExportedComponent, ExportedModel
from transformers.exporters.configs import ExportFormat
from transformers.exporters.exporter_onnx import OnnxExporter

# Largest difference of probabilities that rounding explains.
_ROUNDING = 1e-3


def compile_openvino(graph: Any) -> tuple[list[str], Callable[[dict[str, np.ndarray]], np.ndarray]]:
    """Return the names of the inputs of a graph, or of its file, and a function from arrays by name to logits."""
    import openvino

    # By default, OpenVINO multiplies in bfloat16 where the processor has it, and answers depend on the machine.
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
    }
    compiled = openvino.Core().compile_model(graph, "CPU", settings)
    request = compiled.create_infer_request()
    logits = compiled.output("logits")
    return [given.any_name for given in compiled.inputs], lambda arrays: request.infer(arrays)[logits].copy()


def convert_to_openvino(
    exported: ExportedModel, quantize: str | None, model: PreTrainedModel, inputs: dict[str, torch.Tensor]
) -> ExportedModel:
    """Return an ONNX graph as an OpenVINO graph, after a check that it answers as the model does.

    The ONNX graph has recurrent layers as operators; from torch's own, OpenVINO makes graphs of one batch size.

    Args:
        exported (`ExportedModel`): From `trace_onnx`.
        quantize (`str`, *optional*): `"int8"` for weights of 8 bits with a scale for each output channel, embeddings
            too; OpenVINO makes 8-bit integers of activations as it runs, where that is faster. LSTMs stay as they are.
        model (`PreTrainedModel`): The classifier in evaluation mode.
        inputs (`dict[str, torch.Tensor]`): Texts to check, of other numbers and lengths than those that were traced.

    Raises:
        ImportError: The packages of `pip install labelwise[openvino]` are missing.
        ValueError: OpenVINO cannot read the graph, or computes something else.
    """
    import openvino

    component = exported.components["model"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        OnnxExporter.save_program(component.program, path)
        try:
            graph = openvino.Core().read_model(path)
        except RuntimeError as error:
            raise ValueError(
                f"OpenVINO cannot read the graph of a {model.config.model_type} model: take ONNX"
            ) from error
        _check_answers(graph, model, inputs)
        if quantize:
            os.environ["NNCF_CI"] = "1"  # or nncf reports each use to its makers
            with redirect_stdout(io.StringIO()):  # nncf prints a table and its progress
                import nncf

                graph = nncf.compress_weights(graph, mode=nncf.CompressWeightsMode.INT8_ASYM)
        component = ExportedComponent(graph, component.metadata)
        return ExportedModel({"model": component}, ExportFormat.OPENVINO, exported.config)


def _check_answers(graph: Any, model: PreTrainedModel, inputs: dict[str, torch.Tensor]) -> None:
    names, run = compile_openvino(graph)
    found = torch.from_numpy(run({name: inputs[name].numpy() for name in names}))
    with torch.no_grad():
        expected = model(**inputs).logits
    difference = (found.sigmoid() - expected.sigmoid()).abs().max().item()
    if not difference < _ROUNDING:
        raise ValueError(
            f"the graph that OpenVINO makes of a {model.config.model_type} model gives other answers than the model: "
            f"probabilities differ by {difference:.2g}; take ONNX"
        )
