# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""OpenVINO graphs of classifiers, converted from their ONNX graphs."""

import io
import os
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

from transformers.exporters.base import ExportedComponent, ExportedModel
from transformers.exporters.configs import ExportFormat
from transformers.exporters.exporter_onnx import OnnxExporter


def convert_to_openvino(exported: ExportedModel, quantize: str | None) -> ExportedModel:
    """Return an ONNX graph as an OpenVINO graph.

    The ONNX graph has recurrent layers as operators; from torch's own, OpenVINO makes graphs of one batch size.

    Args:
        exported (`ExportedModel`): From `trace_onnx`.
        quantize (`str`, *optional*): `"int8"` for weights of 8 bits with a scale for each output channel, embeddings
            too; OpenVINO makes 8-bit integers of activations as it runs, where that is faster. LSTMs stay as they are.

    Raises:
        ImportError: The packages of `pip install labelwise[openvino]` are missing.
    """
    import openvino

    component = exported.components["model"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        OnnxExporter.save_program(component.program, path)
        graph = openvino.Core().read_model(path)
        if quantize:
            os.environ["NNCF_CI"] = "1"  # or nncf reports each use to its makers
            with redirect_stdout(io.StringIO()):  # nncf prints a table and its progress
                import nncf

                graph = nncf.compress_weights(graph, mode=nncf.CompressWeightsMode.INT8_ASYM)
        component = ExportedComponent(graph, component.metadata)
        return ExportedModel({"model": component}, ExportFormat.OPENVINO, exported.config)
