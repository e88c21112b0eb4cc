# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise figure label-attention`: attention between label tokens, and correlation of labels (LM-MTC, Fig. 3)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ..analysis.label_attention import agreement, draw_label_attention, label_attention
from ..analysis.label_correlation import label_correlation, most_correlated
from ..errors import UserInputError
from ..figures.label_correlation import LabelCorrelationArguments
from ..runs.data import DataArguments
from ..runs.loading import check_label_tokens, load_config_and_tokenizer, load_for_inference
from ..runs.options import check_numbers
from ..trainer.preprocessing import label_matrix
from ..wording import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(kw_only=True)
class LabelAttentionArguments(LabelCorrelationArguments):
    """Model, layers, labels and documents of the figure."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained lm-mtc model."})
    split: str = field(default="test", metadata={"help": "Split to read: train, validation or test."})
    layers: list[int] | None = field(
        default=None, metadata={"help": "Layers, counted from 1; defaults to 2, 6 and the last."}
    )
    batch_size: int = field(default=16, metadata={"help": "Documents per batch."})

    def __post_init__(self) -> None:
        super().__post_init__()
        check_numbers(self, ["batch_size"], lambda number: number > 0, "> 0")
        if self.layers is not None and len(set(self.layers)) < len(self.layers):
            raise UserInputError(f"--layers {' '.join(map(str, self.layers))}: name each layer once")


DESCRIPTION = "attention between label tokens, beside the labels' correlation (LM-MTC, Fig. 3)"
OPTIONS = [LabelAttentionArguments, DataArguments]


def make(args: LabelAttentionArguments, data_args: DataArguments) -> tuple["Figure", pd.DataFrame]:
    """Return the figure and its table: the correlation, and the attention at each layer.

    Raises:
        UserInputError: The model or the data does not exist, the model has no label tokens, or a layer is out of range.
    """
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    check_label_tokens(args.model_name_or_path, config, "label-attention")
    num_layers = config.encoder.num_hidden_layers
    layers = args.layers or sorted(layer for layer in {2, 6, num_layers} if layer <= num_layers)
    wrong = [layer for layer in layers if not 1 <= layer <= num_layers]
    if wrong:
        raise UserInputError(f"--layers {wrong[0]}: {args.model_name_or_path} has layers 1 to {num_layers}")
    names = config.label_names
    documents = data_args.load_split(args.split, names)
    labels = label_matrix(documents)
    correlation = label_correlation(labels, names)
    model = load_for_inference(args.model_name_or_path, config)
    sums = label_attention(model, tokenizer, list(documents["text"]), layers, args.batch_size)
    agreements = {layer: agreement(attention, labels) for layer, attention in sums.items()}
    shown = most_correlated(correlation, args.top or len(names))
    attention = {
        layer: pd.DataFrame(matrix, index=names, columns=names).loc[shown, shown] for layer, matrix in sums.items()
    }
    title = f"Attention between label tokens: {data_args.name}, {args.split}, {counted(len(labels), 'document')}"
    figure = draw_label_attention(correlation.loc[shown, shown], attention, agreements, title)
    panels = {"correlation": correlation.loc[shown, shown]}
    panels |= {f"layer {layer}": matrix for layer, matrix in attention.items()}
    return figure, pd.concat(panels, names=["panel", "label"])
