# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What labels attended to in a text.

LW-LSTM and HLW-LSTM: the weights of Eqs. 5, 8 and 11 of LW-PT. LM-MTC: the last layer's attention of the label's mask
token. Attention says what a label's representation is made of; it is no proof of why the label holds.

Shapes: K labels asked for, W words of the text, M sentences, T tokens.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..modeling.modeling_lm_mtc import LMMTCForSequenceClassification
from ..modeling.modeling_lw_lstm import LWLSTMModel
from ..modeling.thresholding import predict_labels
from ..tokenization.tokenization_word import WordTokenizer
from ..tokenization.word_pipeline import WORD_BREAK, segment


@dataclass
class Explanation:
    """What labels attended to in one text.

    Attributes:
        text (`str`): The text.
        attention (`str`): Which attention the weights are, in words.
        labels (`list[str]`): The labels asked for.
        probabilities (`list[float]`): Of each.
        holds (`list[bool]`): Whether the model predicts each.
        spans (`list[tuple[int, int]]`): Where each word of the text starts and ends in it, in order.
        sentence_of_word (`np.ndarray` of shape `(words,)`): Number of its sentence; -1 for a word that was cut off.
        weights_KW (`np.ndarray` of shape `(labels, words)`): Share of the attention of each word; 0 where it was cut
            off. Shares of a label sum to 1 over the text (LW-LSTM and its kin) or to what the text gets (LM-MTC). Where
            a model has two encoders, the mean of theirs.
        sentence_weights_KM (`np.ndarray` of shape `(labels, sentences)`, *optional*): Share of each sentence, for
            models that read sentences.
    """

    text: str
    attention: str
    labels: list[str]
    probabilities: list[float]
    holds: list[bool]
    spans: list[tuple[int, int]]
    sentence_of_word: np.ndarray
    weights_KW: np.ndarray
    sentence_weights_KM: np.ndarray | None

    def verdict(self, row: int) -> str:
        """What the model says about a label, in words."""
        return f"{'predicted' if self.holds[row] else 'not predicted'}, probability {self.probabilities[row]:.3f}"

    def sentences(self) -> Iterator[tuple[int, list[int]]]:
        """The text sentence by sentence: the number of each, and its words. Words that were cut off stay behind those
        before them; a model that reads no sentences has one."""
        numbers = np.maximum.accumulate(self.sentence_of_word).clip(min=0).tolist()
        for number, words in groupby(range(len(numbers)), key=numbers.__getitem__):
            yield number, list(words)


def explain(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, label_ids: Sequence[int] = ()
) -> Explanation:
    """Reads off what labels attended to.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        text (`str`): Valid Unicode.
        label_ids (`Sequence[int]`, *optional*): The labels; those that the model predicts when not given.

    Raises:
        ValueError: The model has no such attention, the text holds no words, or no label is given and none predicted.
    """
    with torch.inference_mode():
        if isinstance(model.base_model, LWLSTMModel):
            return _explain_word_attention(model, tokenizer, text, label_ids)
        if isinstance(model, LMMTCForSequenceClassification) and model.config.label_positions:
            return _explain_label_tokens(model, tokenizer, text, label_ids)
    raise ValueError(
        "no attention from labels to words; models that have one: lw-lstm, hlw-lstm, lm-mtc, and lstm, han, han-lg, "
        "where all labels share it"
    )


def _explain_word_attention(model, tokenizer, text: str, label_ids: Sequence[int]) -> Explanation:
    # Not truncated: where that cuts sentence by sentence, there are no offsets. The model cuts at the same limits.
    encoded = tokenizer(text, return_offsets_mapping=True, return_tensors="pt", verbose=False)
    if not encoded["offset_mapping"].any():  # the [UNK] of a text without words stands nowhere in it
        raise ValueError("the text holds no words")
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
    for i in range(0, len(outputs.attentions), levels):  # an encoder at a time
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


def _explain_label_tokens(model, tokenizer, text: str, label_ids: Sequence[int]) -> Explanation:
    model.set_attn_implementation("eager")  # the fast ones do not keep their weights
    whole = tokenizer(text, return_offsets_mapping=True, verbose=False)
    encoded = tokenizer(text, truncation=True, return_tensors="pt")
    words_read = {word for word in encoded.word_ids(0) if word is not None}
    if not words_read:
        raise ValueError("the text holds no words")
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


def _or_predicted(label_ids: Sequence[int], model, outputs) -> Sequence[int]:
    label_ids = label_ids or predict_labels(outputs.logits[0], model.config.thresholds).nonzero().flatten().tolist()
    if not label_ids:
        raise ValueError("the model predicts no label for this text; name those to explain")
    return label_ids


def _answers(model, outputs, label_ids: Sequence[int]) -> tuple[list[str], list[float], list[bool]]:
    logits_L = outputs.logits[0].float()
    probabilities, holds = logits_L.sigmoid().tolist(), predict_labels(logits_L, model.config.thresholds).tolist()
    return (
        [model.config.id2label[index] for index in label_ids],
        [probabilities[index] for index in label_ids],
        [holds[index] for index in label_ids],
    )


def _spans_in(text: str, offsets: Iterable[Sequence[int]], tokenizer) -> list[tuple[int, int]]:
    """Offsets of the tokenizer as offsets of the text."""
    breaks = [0] * (len(text) + 1)
    # CODEPATH: jieba's cuts are written into the text that the backend reads, one character each.
    if isinstance(tokenizer, WordTokenizer) and tokenizer.segmenter == "jieba":
        (segmented,) = segment([text], "jieba")
        breaks = list(accumulate((c == WORD_BREAK for c in segmented), initial=0))
    spans = []
    for start, end in offsets:
        start, end = start - breaks[start], end - breaks[end]
        while end < len(text) and unicodedata.combining(text[end]):  # the backend points at the letter it joined
            end += 1
        while start < end and text[start].isspace():  # some encoders count the space before a word to it
            start += 1
        spans.append((start, end))
    return spans
