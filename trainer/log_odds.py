# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The start of a new classifier: its biases are the log-odds of the labels. Shapes: N documents, L labels."""

import datasets
import numpy as np
import torch
from transformers import PreTrainedModel

from ..modeling.heads import set_label_biases
from .sparse_labels import count_labels_of

# The losses that start at the log-odds, which are better constants than 0; the others, which give positives more
# weight, start at 0 (`docs/lab/starts.md`).
LOG_ODDS_LOSSES = ("bce", "focal", "zlpr")


def label_log_odds(labels: torch.Tensor | np.ndarray, label_smoothing_factor: float = 0.0) -> torch.Tensor:
    """Return the log-odds of each label, log(p / (1 - p)): the constant logit of the least binary cross-entropy.

    Half a document is added to the positives and half to the negatives (Haldane-Anscombe), so that those of a label in
    none or in all of the documents are finite. With label smoothing, p is the share that the smoothed labels have.

    Args:
        labels (array of shape `(documents, num_labels)`): 1 where a label is set, 0 where not, -100 where it is
            unknown, which is not counted.
        label_smoothing_factor (`float`, *optional*, defaults to 0.0): As in `MultiLabelTrainingArguments`.

    Returns:
        `torch.FloatTensor` of shape `(num_labels,)`: 0 for a label that is unknown everywhere.

    References:
        - J. B. S. Haldane. The Estimation and Significance of the Logarithm of a Ratio of Frequencies. Annals of Human
          Genetics 1956.

    Example:

    ```python
    >>> import torch
    >>> from labelwise.trainer.log_odds import label_log_odds

    >>> label_log_odds(torch.tensor([[1, 0], [1, 0], [1, -100]]))  # log(3.5 / 0.5), log(0.5 / 2.5)
    tensor([ 1.9459, -1.6094])

    ```"""
    labels_NL = torch.as_tensor(labels)
    return _log_odds((labels_NL == 1).sum(dim=0), (labels_NL == 0).sum(dim=0), label_smoothing_factor)


def _log_odds(positives_L: torch.Tensor, negatives_L: torch.Tensor, label_smoothing_factor: float) -> torch.Tensor:
    positives_L, negatives_L = positives_L.double() + 0.5, negatives_L.double() + 0.5
    uniform_L = label_smoothing_factor * (positives_L + negatives_L) / 2
    kept = 1 - label_smoothing_factor
    return torch.log((kept * positives_L + uniform_L) / (kept * negatives_L + uniform_L)).float()


def start_at_log_odds(
    model: PreTrainedModel, documents: datasets.Dataset, loss: str = "bce", label_smoothing_factor: float = 0.0
) -> bool:
    """Start a new classifier at the log-odds of the labels, instead of learning these in its first steps.

    `labelwise train` and `MultiLabelClassifier` call it. Call it on a new model before `Trainer` or `MultiLabelTrainer`
    trains it, as the biases are overwritten.

    Only the biases change. They become the log-odds with the model's own loss, with focal loss, whose paper starts so
    (section 3.3), and with ZLPR, which is binary cross-entropy for a single label. With the other losses they become 0:
    these give positive labels so much more weight that 0 is a better constant on GoEmotions, and the best one with
    `weighted_bce`, where the odds times the weight, negatives / positives, are 1.

    Args:
        model (`PreTrainedModel`): A classifier of this package.
        documents (`datasets.Dataset`): The training split, with a column `labels` as for `label_log_odds`.
        loss (`str`, *optional*, defaults to `"bce"`), label_smoothing_factor (`float`, *optional*, defaults to 0.0): As
            in `MultiLabelTrainingArguments`.

    Returns:
        `bool`: `False` if the classifier has no bias for each label, and stays as it is: MAGNET has none, LM-MTC with
        `label_head="shared"` one for all, SGM, set-RNN and CNN-RNN have a softmax over the steps of a sequence, and
        linear models are fitted.

    References:
        - T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár. Focal Loss for Dense Object Detection. ICCV 2017.

    Example:

    ```python
    >>> model = CNNForSequenceClassification(config)
    >>> start_at_log_odds(model, documents["train"])
    True
    >>> Trainer(model, args, train_dataset=documents["train"], processing_class=tokenizer).train()
    ```"""
    logits_L = torch.zeros(model.config.num_labels)
    if loss in LOG_ODDS_LOSSES:
        logits_L = _log_odds(*map(torch.from_numpy, count_labels_of(documents)), label_smoothing_factor)
    return set_label_biases(model.head, logits_L)
