# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Explanation by attention: the share of each word in a label's representation, and what leaving it out does.

LW-LSTM, HLW-LSTM and the label-wise encoder: the weights of Eqs. 5, 8 and 11 of LW-PT. LM-MTC: the last layer's
attention of the label's mask token.

Shapes: K labels to explain, W words of the text, M sentences or windows, T tokens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..modeling.modeling_lm_mtc import LMMTCForSequenceClassification
from ..modeling.modeling_lw_encoder import LabelWiseEncoderModel
from ..modeling.modeling_lw_lstm import LWLSTMModel
from .eager_attention import eager_attention
from .explanation import Answer, Explanation
from .leaving_out import FEWEST_PARTS, Agreement, Drops, group_words, leave_out, measure_agreement
from .words_read import WordsRead


@dataclass(kw_only=True)
class AttentionExplanation(Explanation):
    """The attention of labels to words. The shares of a label sum to 1 (LW-LSTM and models like it) or, over a
    pretrained encoder, to the attention to the text without special tokens; those of a model with two encoders, or two
    sets of context vectors, are the mean of both.

    Attributes:
        drops (`Drops`): What the labels' logits lose without each word.
        sentence_drops (`Drops`, *optional*): And without each sentence, for models that read sentences.
    """

    drops: Drops
    sentence_drops: Drops | None = None

    method = "attention"
    title = "What labels attended to"
    caveat = (
        "Attention tells the composition of a label's representation; it does not prove why a label is predicted. How "
        "far to trust it is measured on this text: each word is left out, and how far the label's logit moves, up or "
        "down, is compared with the attention. A rank correlation of 1 is the same order; shuffled attention gets "
        "about 0."
    )

    @staticmethod
    def show(number: float) -> str:
        return f"{number:.1%}"

    def agreement(self, row: int) -> Agreement:
        """Return how far the attention of a label to words agrees with leaving them out."""
        return measure_agreement(self.weights_KW[row], self.drops, row)

    def sentence_agreement(self, row: int) -> Agreement | None:
        """Return the same for sentences, for models that read them."""
        if self.sentence_drops is None:
            return None
        return measure_agreement(self.weights_KW[row], self.sentence_drops, row)

    def trust(self, row: int) -> str:
        words, sentences = self.agreement(row), self.sentence_agreement(row)
        if words.rank_correlation is None:
            few = words.num_parts < FEWEST_PARTS
            why = "there are too few" if few else "all have the same attention, or leaving out any changes nothing"
            return f"attention cannot be compared with leaving words out: {why} ({self.drops.describe_words()})"
        told = (
            f"attention agrees with leaving words out: {words} (rank correlation over {self.drops.describe_words()}; "
            f"{words.num_common} of the {words.top} highest in common)"
        )
        if sentences is not None and sentences.rank_correlation is not None:
            name = self.words.sentence_name
            told += f", with leaving {name}s out: {sentences} (over {sentences.num_parts})"
        return told

    def measures(self, row: int) -> dict[str, Any]:
        words, sentences = self.agreement(row), self.sentence_agreement(row)
        return {
            "agreement": words.rank_correlation,
            "left_out": words.num_parts,
            "top": words.top,
            "top_in_common": words.num_common,
            "sentence_agreement": sentences and sentences.rank_correlation,
            "sentences": sentences and sentences.num_parts,
        }

    def entries(self, row: int) -> Iterator[dict[str, Any]]:
        drop_W = self.drops.of_words()[row]
        for word, (start, end) in enumerate(self.words.spans):
            sentence = int(self.words.sentence_of_word[word])
            is_read = sentence >= 0
            in_sentence = is_read and self.sentence_drops is not None
            yield {
                "word": self.words.word(word),
                "start": start,
                "end": end,
                "share": self.weights_KW[row, word] if is_read else None,
                "drop": drop_W[word] if is_read else None,
                "left_out_with": int(self.drops.part_of_word[word]) if is_read else None,
                "sentence": sentence if in_sentence else None,
                "sentence_share": self.sentence_weights_KM[row, sentence] if in_sentence else None,
                "sentence_drop": self.sentence_drops.drop_KP[row, sentence] if in_sentence else None,
            }

    def highest(self, row: int) -> list[tuple[str, ...]]:
        drop_W = self.drops.of_words()[row]
        numbers = [
            (self.words.word(word), self.show(self.weights_KW[row, word]), f"{drop_W[word]:+.3f}")
            for word in self.most_important(row)
        ]
        return [("Word", "Share", "Logit lost without it"), *numbers]


def has_attention(model: PreTrainedModel) -> bool:
    """Return whether a model has attention from labels to words, or one attention that all labels share."""
    return model.config.has_label_tokens or isinstance(model.base_model, LWLSTMModel | LabelWiseEncoderModel)


def explain_attention(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    words: WordsRead,
    answers: list[Answer],
    label_ids: Sequence[int],
) -> AttentionExplanation:
    """Return the attention of labels to the words of a text, and what leaving words out does.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode that `has_attention`.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        words (`WordsRead`): What it reads.
        answers (`list[Answer]`): What it says about the labels to explain.
        label_ids (`Sequence[int]`): Ids of these labels.
    """
    drops = leave_out(model, tokenizer, words, group_words(words), label_ids)
    common = {"words": words, "answers": answers, "drops": drops}
    if isinstance(model, LMMTCForSequenceClassification):
        return AttentionExplanation(
            **common,
            weights_KW=words.sum_tokens(_attention_of_label_tokens(model, words, label_ids)),
            description="attention from each label's mask token to the words, last layer, mean of all heads; the rest "
            "goes to label tokens and special tokens",
        )
    word_KT, sentence_KM = _attention_of_representations(model, words, label_ids)
    config = model.config
    description = "share of the words in " + ("each label's" if config.label_wise else "the")
    description += " representation" + ("" if config.label_wise else " that all labels share")
    if config.hierarchical:
        name = words.sentence_name
        description += f": a word's weight in its {name} times its {name}'s in the document"
    if config.num_encoders > 1:
        description += ", mean of both encoders"
    # CODEPATH: label-wise pre-training over one encoder, which targets and candidates share, leaves two context sets.
    elif isinstance(model.base_model, LabelWiseEncoderModel) and config.num_contexts > 1:
        description += ", mean of both sets of context vectors"
    if isinstance(model.base_model, LabelWiseEncoderModel):
        description += "; the rest is that of special tokens"
    return AttentionExplanation(
        **common,
        weights_KW=words.sum_tokens(word_KT),
        description=description,
        sentence_weights_KM=sentence_KM,
        sentence_drops=leave_out(model, tokenizer, words, words.sentence_of_word, label_ids)
        if config.hierarchical
        else None,
    )


def _attention_of_representations(
    model: PreTrainedModel, words: WordsRead, label_ids: Sequence[int]
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the shares of tokens, and of sentences where the model reads them, in the labels' representations."""
    attentions = model(words.input_ids[None].to(model.device), output_attentions=True).attentions
    rows = list(label_ids) if model.config.label_wise else [0] * len(label_ids)
    levels = 2 if model.config.hierarchical else 1
    word_weights, sentence_weights = [], []
    for i in range(0, len(attentions), levels):  # one set of context vectors at a time
        word_KT, *sentence_KM = (level[0, rows].cpu().double().numpy() for level in attentions[i : i + levels])
        if sentence_KM:
            word_KT = word_KT * sentence_KM[0][:, words.sentence_of_token]
            sentence_weights.append(sentence_KM[0])
        word_weights.append(word_KT)
    return np.mean(word_weights, axis=0), np.mean(sentence_weights, axis=0) if sentence_weights else None


def _attention_of_label_tokens(model: PreTrainedModel, words: WordsRead, label_ids: Sequence[int]) -> np.ndarray:
    """Return the attention from the labels' mask tokens to all tokens, in the last layer, a mean over heads."""
    with eager_attention(model):
        attentions = model(words.input_ids[None].to(model.device), output_attentions=True).attentions
    positions = [model.config.label_positions[index] for index in label_ids]
    return attentions[-1][0].cpu().double().mean(dim=0)[positions].numpy()
