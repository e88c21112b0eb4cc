# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Families of models that read words: their vocabulary, and the number of words they read."""

from dataclasses import dataclass, field
from typing import Any

from transformers import AutoModelForSequenceClassification

from ..configuration.configuration_multi_label import WordConfig
from ..runs.model_size import check_size
from ..runs.options import check_numbers
from ..tokenization.tokenization_word import WordTokenizer
from .family import Family


@dataclass(kw_only=True)
class WordFamily(Family):
    """A family whose tokenizer is a `WordTokenizer`, learned from the training split."""

    of_new_models = ("segmenter", "vocab_size", "min_frequency")

    segmenter: str | None = field(
        default=None,
        metadata={
            "help": "How text is cut into words; by default jieba for Chinese corpora, regex for others.",
            "choices": ["regex", "jieba"],
        },
    )
    vocab_size: int = field(default=50000, metadata={"help": "Maximum number of words of the vocabulary."})
    min_frequency: int = field(default=2, metadata={"help": "Minimum number of times that a word occurs."})

    def __post_init__(self) -> None:
        super().__post_init__()
        check_numbers(self, ["min_frequency"], lambda number: number > 0, "> 0")
        check_numbers(self, ["vocab_size"], lambda number: number > 3, "> 3, for padding, unknown words, sentences")

    def limits(self) -> dict[str, Any]:
        """Return how much of a document the tokenizer keeps, as settings of `WordTokenizer`."""
        return {"max_words": self.draft_config.max_words}

    def make_tokenizer(self, texts: list[str], names: list[str], language: str | None) -> WordTokenizer:
        """Learn the words of the training split."""
        return WordTokenizer.train_from_iterator(
            texts,
            vocab_size=self.vocab_size,
            min_frequency=self.min_frequency,
            segmenter=self.segmenter or ("jieba" if language == "zh" else "regex"),
            **self.limits(),
        )

    def make_config(self, tokenizer: WordTokenizer, names: list[str]) -> WordConfig:
        """Make the configuration of a new model from the options, the vocabulary and the labels."""
        config = self._build_config(
            vocab_size=len(tokenizer),
            pad_token_id=tokenizer.pad_token_id,
            sep_token_id=tokenizer.sep_token_id,
            id2label=dict(enumerate(names)),
        )
        check_size(lambda: self.model_classes[AutoModelForSequenceClassification](config))
        return config

    @classmethod
    def check_tokenizer(cls, tokenizer: WordTokenizer, config: WordConfig) -> None:
        if not isinstance(tokenizer, WordTokenizer):
            raise ValueError(f"it is a {type(tokenizer).__name__}, no WordTokenizer")
        super().check_tokenizer(tokenizer, config)
        if len(tokenizer) != config.vocab_size:
            raise ValueError(f"it has {len(tokenizer)} words, and the model {config.vocab_size}")
        for name in ("pad_token_id", "sep_token_id"):
            if getattr(tokenizer, name) != getattr(config, name):
                raise ValueError(f"{name} is {getattr(tokenizer, name)}, and {getattr(config, name)} in config.json")
        backend = tokenizer.backend_tokenizer
        if tokenizer.unk_token != backend.model.unk_token:
            raise ValueError(f"unk_token is {tokenizer.unk_token!r}, and {backend.model.unk_token!r} in tokenizer.json")
        if backend.normalizer is None or backend.pre_tokenizer is None:
            raise ValueError("tokenizer.json lacks what cuts a text into words")
