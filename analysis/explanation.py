# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Explanations: the attention of labels to the words of a text.

LW-LSTM and HLW-LSTM: the weights of Eqs. 5, 8 and 11 of LW-PT. LM-MTC: the last layer's attention of the label's mask
token. Attention tells the composition of a label's representation; it does not prove why the label is predicted.

Shapes: K labels to explain, W words of the text, M sentences, T tokens.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import ModelOutput

from ..modeling.modeling_lm_mtc import LMMTCForSequenceClassification
from ..modeling.modeling_lw_lstm import LWLSTMModel
from ..modeling.thresholding import predict_labels
from ..tokenization.tokenization_word import WordTokenizer
from ..tokenization.word_pipeline import WORD_BREAK, segment


@dataclass
class Explanation:
    """The attention of labels to the words of one text.

    Attributes:
        text (`str`): The text.
        attention (`str`): Description of the attention that the weights are.
        labels (`list[str]`): The explained labels.
        probabilities (`list[float]`): Probability of each label.
        predicted (`list[bool]`): Whether the model predicts each label.
        spans (`list[tuple[int, int]]`): Start and end of each word in the text, in order.
        sentence_of_word (`np.ndarray` of shape `(words,)`): Number of each word's sentence; -1 for words cut off.
        weights_KW (`np.ndarray` of shape `(labels, words)`): Share of each word in the attention; 0 for words cut off.
            The shares of a label sum to 1 (LW-LSTM and models like it) or to the attention to the text (LM-MTC). Models
            with two encoders have the mean of both.
        sentence_weights_KM (`np.ndarray` of shape `(labels, sentences)`, *optional*): Share of each sentence, for
            models that read sentences.
    """

    text: str
    attention: str
    labels: list[str]
    probabilities: list[float]
    predicted: list[bool]
    spans: list[tuple[int, int]]
    sentence_of_word: np.ndarray
    weights_KW: np.ndarray
    sentence_weights_KM: np.ndarray | None

    def verdict(self, row: int) -> str:
        """Return the prediction of a label in words."""
        return f"{'predicted' if self.predicted[row] else 'not predicted'}, probability {self.probabilities[row]:.3f}"

    def sentences(self) -> Iterator[tuple[int, list[int]]]:
        """Yield the number and the words of each sentence; one sentence for models that read none.

        Words cut off follow the words before them.
        """
        numbers = np.maximum.accumulate(self.sentence_of_word).clip(min=0).tolist()
        for number, words in groupby(range(len(numbers)), key=numbers.__getitem__):
            yield number, list(words)


def explain(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, label_ids: Sequence[int] = ()
) -> Explanation:
    """Return the attention of labels to the words of a text.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        text (`str`): Valid Unicode.
        label_ids (`Sequence[int]`, *optional*): The labels to explain; default to those that the model predicts.

    Raises:
        ValueError: The model has no such attention, the text contains no words, or no label is given and none is
            predicted.
    """
    with torch.inference_mode():
        if isinstance(model.base_model, LWLSTMModel):
            return _explain_word_attention(model, tokenizer, text, label_ids)
        if isinstance(model, LMMTCForSequenceClassification) and model.config.label_positions:
            return _explain_label_tokens(model, tokenizer, text, label_ids)
    raise ValueError(
        "no attention from labels to words; models that have one: lw-lstm, hlw-lstm, lm-mtc, and lstm, han, han-lg, "
        "in which all labels share it"
    )


def _explain_word_attention(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, label_ids: Sequence[int]
) -> Explanation:
    # Truncation by sentence returns no offsets. The model truncates to the same limits.
    encoded = tokenizer(text, return_offsets_mapping=True, return_tensors="pt", verbose=False)
    if not encoded["offset_mapping"].any():  # a text without words is an [UNK] without offsets
        raise ValueError("the text contains no words")
    input_ids = encoded["input_ids"]
    _, grid = model.base_model.read_sentences(input_ids.to(model.device))
    mask_MS, position_MS = grid.mask_BMS[0].cpu(), grid.positions_BMS[0].cpu()
    sentence_T = torch.full(input_ids.shape[1:], -1)
    sentence_T[position_MS[mask_MS]] = mask_MS.nonzero()[:, 0]
    num_read = int(position_MS[mask_MS].max()) + 1

    outputs = model(input_ids[:, :num_read].to(model.device), output_attentions=True)
    label_ids = _or_predicted(label_ids, model, outputs)
    config = model.config
    rows = list(label_ids) if config.label_wise else [0] * len(label_ids)
    levels = 2 if config.hierarchical else 1
    weights, sentence_weights = [], []
    for i in range(0, len(outputs.attentions), levels):  # one encoder at a time
        word_KT, *sentence_KM = (level[0, rows].float().cpu() for level in outputs.attentions[i : i + levels])
        if sentence_KM:
            word_KT = word_KT * sentence_KM[0][:, sentence_T[:num_read].clamp(min=0)]
            sentence_weights.append(sentence_KM[0])
        weights.append(torch.nn.functional.pad(word_KT, (0, input_ids.shape[1] - num_read)))

    is_word_T = (input_ids[0] != config.sep_token_id).numpy()
    spans = _spans_in(text, encoded["offset_mapping"][0].tolist(), tokenizer)
    attention = "share of the words in " + ("each label's" if config.label_wise else "the")
    attention += " representation" + ("" if config.label_wise else " that all labels share")
    if config.hierarchical:
        attention += ": a word's weight in its sentence times its sentence's in the document"
    if len(weights) > 1:
        attention += ", mean of both encoders"
    return Explanation(
        text,
        attention,
        *_answers(model, outputs, label_ids),
        [span for span, is_word in zip(spans, is_word_T, strict=True) if is_word],
        sentence_T.numpy()[is_word_T],
        torch.stack(weights).mean(dim=0).numpy()[:, is_word_T],
        torch.stack(sentence_weights).mean(dim=0).numpy() if sentence_weights else None,
    )


def _explain_label_tokens(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, label_ids: Sequence[int]
) -> Explanation:
    model.set_attn_implementation("eager")  # others do not return their weights
    whole = tokenizer(text, return_offsets_mapping=True, verbose=False)
    encoded = tokenizer(text, truncation=True, return_tensors="pt")
    words_read = {word for word in encoded.word_ids(0) if word is not None}
    if not words_read:
        raise ValueError("the text contains no words")
    outputs = model(**encoded.to(model.device), output_attentions=True)
    label_ids = _or_predicted(label_ids, model, outputs)
    positions = [model.config.label_positions[index] for index in label_ids]
    weights_KT = outputs.attentions[-1][0].float().mean(dim=0)[positions].cpu().numpy()

    words: dict[int, list[int]] = {}
    for word, (start, end) in zip(whole.word_ids(0), whole["offset_mapping"], strict=True):
        if word is not None:
            words.setdefault(word, [start, end])[1] = end
    weights_KW = np.zeros((len(label_ids), len(words)), dtype=np.float32)
    columns = {word: column for column, word in enumerate(words)}
    for token, word in enumerate(encoded.word_ids(0)):
        if word is not None:
            weights_KW[:, columns[word]] += weights_KT[:, token]
    return Explanation(
        text,
        "attention from each label's mask token to the words, last layer, mean of all heads; the rest goes to label "
        "tokens and special tokens",
        *_answers(model, outputs, label_ids),
        _spans_in(text, words.values(), tokenizer),
        np.array([0 if word in words_read else -1 for word in words]),
        weights_KW,
        None,
    )


def _or_predicted(label_ids: Sequence[int], model: PreTrainedModel, outputs: ModelOutput) -> Sequence[int]:
    label_ids = label_ids or predict_labels(outputs.logits[0], model.config.thresholds).nonzero().flatten().tolist()
    if not label_ids:
        raise ValueError("the model predicts no label for this text; name the labels to explain")
    return label_ids


def _answers(
    model: PreTrainedModel, outputs: ModelOutput, label_ids: Sequence[int]
) -> tuple[list[str], list[float], list[bool]]:
    """Return name, probability and prediction of each label."""
    logits_L = outputs.logits[0].float()
    probabilities = logits_L.sigmoid().tolist()
    predicted = predict_labels(logits_L, model.config.thresholds).tolist()
    return (
        [model.config.id2label[index] for index in label_ids],
        [probabilities[index] for index in label_ids],
        [predicted[index] for index in label_ids],
    )


def _spans_in(text: str, offsets: Iterable[Sequence[int]], tokenizer: PreTrainedTokenizerBase) -> list[tuple[int, int]]:
    """Return the tokenizer's offsets as offsets in the text."""
    breaks = [0] * (len(text) + 1)
    # The backend reads a text with jieba's cuts, each of which is one character.
    if isinstance(tokenizer, WordTokenizer) and tokenizer.segmenter == "jieba":
        (segmented,) = segment([text], "jieba")
        breaks = list(accumulate((c == WORD_BREAK for c in segmented), initial=0))
    spans = []
    for start, end in offsets:
        start, end = start - breaks[start], end - breaks[end]
        while end < len(text) and unicodedata.combining(text[end]):  # the backend's offset is that of the base letter
            end += 1
        while start < end and text[start].isspace():  # some encoders include the space before a word
            start += 1
        spans.append((start, end))
    return spans
