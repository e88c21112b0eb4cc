# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Attention between the label tokens of LM-MTC (LM-MTC, Fig. 3(b-d))."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import torch
from transformers import DataCollatorWithPadding, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import tqdm

from .drawing import draw_heatmap, new_heatmaps
from .eager_attention import eager_attention
from .label_correlation import label_correlation, order_by_clusters

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@torch.inference_mode()
def label_attention(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: list[str],
    layers: list[int],
    batch_size: int = 16,
) -> dict[int, np.ndarray]:
    """Return the attention between label tokens, a mean over heads and a sum over documents.

    The paper does not say which of a label's three tokens it uses. Here it is `[MASK-i]`, whose representation
    classifies the label, with every label masked, as at inference.

    Args:
        model (`LMMTCForSequenceClassification`): A model with a template, in evaluation mode.
        tokenizer (`LabelTokenizer`): Its tokenizer.
        texts (`list[str]`): The documents.
        layers (`list[int]`): Numbers of the layers, counted from 1.
        batch_size (`int`, *optional*, defaults to 16): Documents per batch.

    Returns:
        `dict[int, np.ndarray]`: For each layer, an array of shape `(num_labels, num_labels)`: the attention of the
        row's label to the column's.
    """
    pad = DataCollatorWithPadding(tokenizer)
    rows = sorted(tokenizer(texts, truncation=True)["input_ids"], key=len, reverse=True)
    positions_L = torch.tensor(model.config.label_positions, device=model.device)
    total = dict.fromkeys(layers, 0)
    for start in tqdm(range(0, len(rows), batch_size), desc="Attending", unit="batch"):
        batch = pad([{"input_ids": row} for row in rows[start : start + batch_size]]).to(model.device)
        with eager_attention(model):
            attentions = model(**batch, output_attentions=True).attentions
        for layer in layers:
            weights_BLL = attentions[layer - 1].mean(dim=1)[:, positions_L][:, :, positions_L]  # Fig. 3(b-d)
            total[layer] += weights_BLL.double().sum(dim=0).cpu().numpy()
    return total


def agreement(attention: np.ndarray, labels: np.ndarray) -> float:
    """Return Spearman's correlation between the attention of label pairs, in both directions, and their correlation.

    The paper concludes from its pictures that the last layer "is closer to the original label correlation"; this is a
    number for it. It is over pairs that occur together in some document: among the others, most pairs of a large label
    set, the correlation ranks by frequency only.

    Args:
        attention (`np.ndarray` of shape `(num_labels, num_labels)`): Attention of a layer.
        labels (`np.ndarray` of shape `(documents, num_labels)`): As in `label_correlation`.

    Returns:
        `float`: From -1 to 1; NaN if fewer than two pairs occur together.
    """
    is_set = labels == 1
    together = np.triu(is_set.T @ is_set, k=1)  # truth values: counts may be too large for the type of `labels`
    correlation = label_correlation(labels, list(range(labels.shape[1]))).to_numpy()
    both_ways = pd.Series((attention + attention.T)[together])
    return both_ways.corr(pd.Series(correlation[together]), method="spearman")


def draw_label_attention(
    correlation: pd.DataFrame, attention: dict[int, pd.DataFrame], agreements: dict[int, float], title: str
) -> "Figure":
    """Draw the correlation of labels, and their attention at each layer beside it.

    Args:
        correlation (`pd.DataFrame`): Correlation between the labels to draw.
        attention (`dict[int, pd.DataFrame]`): Attention at each layer, with the same names.
        agreements (`dict[int, float]`): From `agreement`, over all labels.
        title (`str`): Title of the figure.
    """
    order = order_by_clusters(correlation)
    columns = min(2, 1 + len(attention))
    figure, panels = new_heatmaps(-(-(1 + len(attention)) // columns), columns, list(correlation))
    draw_heatmap(panels[0], correlation.loc[order, order], "correlation (Pearson = Spearman)", around_zero=True)
    panels[0].set(title="correlation of the labels", xlabel="label", ylabel="label")
    for axes, (layer, matrix) in zip(panels[1:], attention.items(), strict=False):
        draw_heatmap(axes, matrix.loc[order, order], "attention, summed over documents")
        how = f"agreement with the correlation {agreements[layer]:.2f}"
        axes.set(title=f"layer {layer}\n{how}", xlabel="label attended to", ylabel="label attending")
    for axes in panels[1 + len(attention) :]:
        axes.set_axis_off()
    figure.suptitle(title)
    return figure
