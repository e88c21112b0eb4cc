# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A trained model as an ONNX graph, for programs without Python."""

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.exporters.exporter_onnx import OnnxConfig, OnnxExporter
from transformers.exporters.utils import register_patch

from ..configuration.configuration_label_sequences import LabelSequenceConfig

# Bytes of weights that are kept in the file of the graph: protobuf, which it is written in, ends at 2 GiB.
_LARGEST_GRAPH = 1 << 30


def export_onnx(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: str | Path) -> None:
    """Writes `model.onnx`, the library's manifest of the export (`export.json`), the configuration and the tokenizer,
    without code, for no reader of them runs any.

    Weights of more than 1 GiB stand beside the graph, in `model.onnx.data`, which it reads.

    The graph takes `input_ids` and `attention_mask` (and `token_type_ids` where the encoder has them) of any batch and
    length, padded on the right, and gives `logits` of shape `(batch, num_labels)`. Its metadata hold `labels`, the
    names in the order of the logits, and `thresholds`, a number or one per label, both as JSON: a label holds where the
    sigmoid of its logit is above its threshold.

    Args:
        model (`PreTrainedModel`): A classifier.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        folder (`str` or `Path`): Where to write.

    Raises:
        ImportError: The packages of `pip install labelwise[onnx]` are missing.
        ValueError: The model decides label by label; a graph makes one pass (Eq. 6 of LM-MTC). Or it emits labels one
            by one, by a search whose length depends on the document.
    """
    config = model.config
    if config.model_type == "lm_mtc" and config.label_by_label:
        raise ValueError("a graph decides all labels in one pass: set config.label_by_label = False")
    if isinstance(config, LabelSequenceConfig):
        raise ValueError(f"a {config.model_type} model searches its labels one by one, which no graph of one pass does")
    # Two texts of unlike length, as a dimension of size 1 would be taken for a constant.
    texts = ["One short text.", "Another text, which is longer than the first one."]
    inputs = dict(tokenizer(texts, padding=True, return_tensors="pt"))
    with redirect_stdout(sys.stderr):  # torch tells its steps there, in characters that not every pipe takes
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
def _as_onnx_operator(original):
    """ONNX has the recurrent layers as operators; torch's own would be unrolled for the length of the sample."""

    def run_direction(rnn: nn.RNNBase, input_RTE: torch.Tensor, suffix: str) -> torch.Tensor:
        # torch's order of the gates: input, forget, cell, output; and reset, update, new.
        operator, gates = ("LSTM", (0, 3, 1, 2)) if isinstance(rnn, nn.LSTM) else ("GRU", (1, 0, 2))

        def in_onnx_order(name: str) -> torch.Tensor:
            parts = getattr(rnn, f"{name}_{suffix}").chunk(len(gates))
            return torch.cat([parts[gate] for gate in gates])

        biases = torch.cat([in_onnx_order("bias_ih"), in_onnx_order("bias_hh")])
        weights = [in_onnx_order("weight_ih"), in_onnx_order("weight_hh"), biases]
        attributes = {"hidden_size": rnn.hidden_size}
        if operator == "GRU":
            attributes["linear_before_reset"] = 1  # torch multiplies by the reset gate behind the weights
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
