# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`explain`: an explanation of what any model says about a text.

| models | numbers of the words |
|---|---|
| `br`, `cc`, `lp` | what each adds to the label's logit: exact |
| `lstm`, `han`, `lw-lstm`, `hlw-lstm`, `han-lg`, `lw-encoder`, `lm-mtc` | attention, and leaving the word out |
| all others | leaving the word out: what the logit loses |
"""

from collections.abc import Sequence

import torch
from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ..modeling.modeling_tfidf_linear import TfidfLinearForSequenceClassification
from ..modeling.thresholding import predict_labels
from .explanation import Answer, Explanation
from .explanation_attention import explain_attention, has_attention
from .explanation_linear import explain_linear
from .explanation_occlusion import explain_occlusion
from .words_read import read_words


@torch.inference_mode()
def explain(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, label_ids: Sequence[int] = ()
) -> Explanation:
    """Return what the words of a text have to do with labels.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        text (`str`): Valid Unicode.
        label_ids (`Sequence[int]`, *optional*): The labels to explain; default to those that the model predicts.

    Raises:
        ValueError: The text contains no words, or no label is given and none is predicted.
    """
    words = read_words(model, tokenizer, text)
    logits_L = model(words.input_ids[None].to(model.device)).logits[0].float().cpu()
    label_ids = label_ids or predict_labels(logits_L, model.config.thresholds).nonzero().flatten().tolist()
    if not label_ids:
        raise ValueError("the model predicts no label for this text; name the labels to explain")
    answers = _answers(model.config, logits_L, label_ids)
    if isinstance(model, TfidfLinearForSequenceClassification):
        return explain_linear(model, words, answers, label_ids)
    if has_attention(model):
        return explain_attention(model, tokenizer, words, answers, label_ids)
    return explain_occlusion(model, tokenizer, words, answers, label_ids)


def _answers(config: PreTrainedConfig, logits_L: torch.Tensor, label_ids: Sequence[int]) -> list[Answer]:
    probabilities, predicted = logits_L.sigmoid().tolist(), predict_labels(logits_L, config.thresholds).tolist()
    return [Answer(config.id2label[i], float(logits_L[i]), probabilities[i], predicted[i]) for i in label_ids]
