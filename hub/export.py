# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Export of a trained model as an ONNX graph, for programs without Python."""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.exporters.exporter_onnx import OnnxConfig, OnnxExporter
from transformers.exporters.utils import register_patch

from ..configuration.configuration_label_sequences import LabelSequenceConfig
from ..configuration.configuration_lw_encoder import LabelWiseEncoderConfig

# Most bytes of weights to keep in the file of the graph, a protobuf, whose limit is 2 GiB.
_LARGEST_GRAPH = 1 << 30


def export_onnx(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: str | Path) -> None:
    """Write `model.onnx`, the library's manifest of the export (`export.json`), the configuration and the tokenizer.

    No code is written, because readers of a graph run none. Weights of more than 1 GiB are in `model.onnx.data`, beside
    the graph, which reads it.

    The inputs of the graph are `input_ids` and `attention_mask` (and the encoder's `token_type_ids`, if any) of any
    batch size and length, padded on the right; its output is `logits` of shape `(batch, num_labels)`. Its metadata
    contain, as JSON, `labels`, the names in the order of the logits, and `thresholds`, a number or one per label: a
    label is predicted if the sigmoid of its logit is above its threshold. A calibration is a part of the graph.

    The graph of a label-wise encoder reads documents of any length, as the model does, up to `config.max_windows`. Its
    shapes follow the width of the batch, and not the length of each document: every document costs as many windows, as
    wide, as the longest of its batch, while the model leaves out windows without text. Send texts of like length
    together.

    Args:
        model (`PreTrainedModel`): A classifier.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        folder (`str` or `Path`): Folder to write to.

    Raises:
        ImportError: The packages of `pip install labelwise[onnx]` are missing.
        ValueError: The model decides label by label, while a graph makes one pass (Eq. 6 of LM-MTC); or it emits labels
            one by one, by a search whose length depends on the document.
    """
    config = model.config
    if config.model_type == "lm_mtc" and config.label_by_label:
        raise ValueError("a graph predicts all labels in one pass: set config.label_by_label = False")
    if isinstance(config, LabelSequenceConfig):
        raise ValueError(f"a {config.model_type} model emits labels one by one, which a graph of one pass cannot do")
    # Two texts of different lengths, because a dimension of size 1 would become a constant; the number of windows too.
    repeats = config.window_size if isinstance(config, LabelWiseEncoderConfig) else 1
    texts = ["One short text.", "Another text, which is longer than the first one. " * repeats]
    inputs = dict(tokenizer(texts, padding=True, truncation=True, return_tensors="pt"))
    with redirect_stdout(io.StringIO()):  # torch prints its progress
        exported = OnnxExporter().export(model.eval(), inputs, config=OnnxConfig(dynamic=True))
    exported.program.metadata_props.update(
        labels=json.dumps(config.label_names),
        thresholds=json.dumps(config.thresholds),
    )
    exported.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    folder = Path(folder)
    weights = folder / "model.onnx.data"
    if weights.stat().st_size <= _LARGEST_GRAPH:
        import onnx_ir

        onnx_ir.save(exported.program, folder / "model.onnx")
        weights.unlink()
    for module in folder.glob("*.py"):
        module.unlink()
    for settings in (folder / "config.json", folder / "tokenizer_config.json"):
        kept = json.loads(settings.read_text("utf-8"))
        kept.pop("auto_map", None)
        settings.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8")


@register_patch("onnx", "labelwise.modeling.recurrent._run_direction")
def _as_onnx_operator(original: Callable) -> Callable:
    """Return a recurrent layer as an ONNX operator; torch's own would be unrolled to the length of the sample."""

    def run_direction(rnn: nn.RNNBase, input_RTE: torch.Tensor, suffix: str) -> torch.Tensor:
        # Order of the gates in torch: input, forget, cell, output; and reset, update, new.
        operator, gates = ("LSTM", (0, 3, 1, 2)) if isinstance(rnn, nn.LSTM) else ("GRU", (1, 0, 2))

        def in_onnx_order(name: str) -> torch.Tensor:
            parts = getattr(rnn, f"{name}_{suffix}").chunk(len(gates))
            return torch.cat([parts[gate] for gate in gates])

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
