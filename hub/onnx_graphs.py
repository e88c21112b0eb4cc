# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""ONNX graphs of classifiers: recurrent layers as operators, weights as constants, and quantization."""

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import torch
from torch import nn
from transformers import PreTrainedModel
from transformers.exporters import OnnxRuntimeDynamicConfig, OnnxRuntimeQuantizer
from transformers.exporters.base import ExportedModel
from transformers.exporters.configs import ExportFormat
from transformers.exporters.exporter_onnx import OnnxConfig, OnnxExporter
from transformers.exporters.utils import register_patch

if TYPE_CHECKING:
    import onnx_ir

    from ..modeling.heads import LabelWiseLinear

# Operators that rearrange weights.
_REARRANGING = ("Concat", "Gather", "Slice", "Transpose", "Unsqueeze")


def trace_onnx(model: PreTrainedModel, inputs: dict[str, torch.Tensor]) -> ExportedModel:
    """Return a classifier as an ONNX graph of any batch size and length.

    Args:
        model (`PreTrainedModel`): A classifier.
        inputs (`dict[str, torch.Tensor]`): A batch of it.

    Raises:
        ImportError: The packages of `pip install labelwise[onnx]` are missing.
    """
    with redirect_stdout(io.StringIO()):  # torch prints its progress
        exported = OnnxExporter().export(model.eval(), inputs, config=OnnxConfig(dynamic=True))
    _fold_weights(exported.program)
    return exported


def quantize_onnx(graph: "onnx_ir.Model", inputs: dict[str, torch.Tensor]) -> "onnx_ir.Model":
    """Return a graph whose weights are 8-bit integers, and whose activations become such as it runs.

    Matrices and LSTMs have a scale for each output channel, embeddings one for the whole table. ONNX Runtime has no GRU
    of integers, so that GRUs stay as they are.

    Args:
        graph (`onnx_ir.Model`): From `trace_onnx`.
        inputs (`dict[str, torch.Tensor]`): The batch that it was traced with.

    Raises:
        ImportError: The packages of `pip install labelwise[onnx]` are missing.
    """
    graph.metadata_props["onnx.infer"] = "onnxruntime.quant"  # else it advises to fold constants first, as was done
    quantizer = OnnxRuntimeQuantizer(OnnxRuntimeDynamicConfig(per_channel=True))
    return quantizer.quantize(graph, inputs, ExportFormat.ONNX)


def _fold_weights(graph: "onnx_ir.Model") -> None:
    """Compute what depends on weights alone, which the exporter leaves to each run for large ones; in place."""
    from onnx_ir.passes.common import RemoveUnusedNodesPass
    from onnxscript.optimizer import fold_constants

    def rearranges_weights(node: "onnx_ir.Node") -> bool:
        constant = all(value is None or value.const_value is not None for value in node.inputs)
        return constant and node.op_type in _REARRANGING

    fold_constants(graph, should_fold=rearranges_weights, output_size_limit=sys.maxsize)
    RemoveUnusedNodesPass()(graph)


@register_patch("onnx", "labelwise.modeling.recurrent._run_direction")
def _as_onnx_operator(original: Callable) -> Callable:
    """Return a recurrent layer as an ONNX operator; torch's own would be unrolled to the length of the sample."""

    def run_direction(rnn: nn.RNNBase, input_RTE: torch.Tensor, suffix: str) -> torch.Tensor:
        # Order of the gates in torch: input, forget, cell, output; and reset, update, new.
        operator, gates = ("LSTM", (0, 3, 1, 2)) if isinstance(rnn, nn.LSTM) else ("GRU", (1, 0, 2))
        rows = torch.arange(len(gates) * rnn.hidden_size).view(len(gates), -1)[list(gates)].flatten()

        def in_onnx_order(name: str) -> torch.Tensor:
            return getattr(rnn, f"{name}_{suffix}")[rows]

        biases = torch.cat([in_onnx_order("bias_ih"), in_onnx_order("bias_hh")])
        weights = [in_onnx_order("weight_ih"), in_onnx_order("weight_hh"), biases]
        attributes = {"hidden_size": rnn.hidden_size}
        if operator == "GRU":
            attributes["linear_before_reset"] = 1  # torch multiplies by the reset gate after the weights
        num_rows, num_steps, _ = input_RTE.shape
        hidden_T1RH = torch.onnx.ops.symbolic(
            operator,
            [input_RTE.transpose(0, 1), *(weight[None] for weight in weights)],
            attributes,
            dtype=input_RTE.dtype,
            shape=(num_steps, 1, num_rows, rnn.hidden_size),
            version=14,
        )
        return hidden_T1RH[:, 0].transpose(0, 1)

    return run_direction


@register_patch("onnx", "labelwise.modeling.heads.LabelWiseLinear.forward")
def _as_matrix_products(original: Callable) -> Callable:
    """Return a label-wise classifier as matrix products: OpenVINO adds a bias behind a sum as one number for each text
    instead of one for each label.
    """

    def forward(
        self: "LabelWiseLinear", representation_BQW: torch.Tensor, labels: slice | torch.LongTensor = slice(None)
    ) -> torch.Tensor:
        logits_BL11 = representation_BQW[..., None, :] @ self.weight[labels][..., None]
        return logits_BL11[..., 0, 0] + self.bias[labels]

    return forward
