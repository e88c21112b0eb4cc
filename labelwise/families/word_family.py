# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options of all models that read words: which words, and how many of them."""

from dataclasses import dataclass, field, fields
from typing import ClassVar

from labelwise import WordTokenizer
from labelwise.configuration.configuration_multi_label import WordConfig
from labelwise.datasets_scripts import CORPORA
from labelwise.families.base import ModelArguments
from labelwise.runs.data import DataArguments
from labelwise.runs.options import check_numbers
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.training_arguments import MultiLabelTrainingArguments


@dataclass
class WordModelArguments(ModelArguments):
    """A family is a subclass `Arguments` that names its classes, adds the fields of its configuration and makes its
    model."""

    max_words: int = field(default=500, metadata={"help": "Words read of a document (not hierarchical models)."})
    segmenter: str | None = field(
        default=None,
        metadata={"help": "How text is cut into words; jieba for Chinese corpora.", "choices": ["regex", "jieba"]},
    )
    vocab_size: int = field(default=50000, metadata={"help": "Words of the vocabulary at most."})
    min_frequency: int = field(default=2, metadata={"help": "Times that a word of the vocabulary occurs at least."})

    training_arguments = MultiLabelTrainingArguments
    trainer_class: ClassVar[type[MultiLabelTrainer]] = MultiLabelTrainer
    pretraining_steps = 0
    config_class: ClassVar[type[WordConfig]]

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["max_words", "min_frequency"], lambda number: number > 0, "above 0")
        check_numbers(self, ["vocab_size"], lambda number: number > 3, "above 3, for padding, unknown words, sentences")

    def limits(self) -> dict:
        """How much of a document the tokenizer keeps, as settings of `WordTokenizer`."""
        return {"max_words": self.max_words}

    def shape(self) -> dict:
        """Fields of the configuration whose values are not those of the options of the same name."""
        return {}

    def make_tokenizer(self, data_args: DataArguments, texts: list[str], names: list[str]) -> WordTokenizer:
        """The words of the training split, cut and limited as the architecture reads them."""
        corpus = CORPORA.get(data_args.dataset)
        segmenter = self.segmenter or ("jieba" if corpus is not None and corpus.LANGUAGE == "zh" else "regex")
        return WordTokenizer.train_from_iterator(
            texts, vocab_size=self.vocab_size, min_frequency=self.min_frequency, segmenter=segmenter, **self.limits()
        )

    def make_config(self, tokenizer: WordTokenizer, names: list[str]) -> WordConfig:
        """The configuration of a new model: the options that it has a field for, then `shape`, then the corpus's."""
        known = {part.name for part in fields(self.config_class)}
        settings = {part.name: getattr(self, part.name) for part in fields(self) if part.name in known}
        settings |= self.shape()
        settings |= {
            "vocab_size": len(tokenizer),
            "pad_token_id": tokenizer.pad_token_id,
            "sep_token_id": tokenizer.sep_token_id,
            "id2label": dict(enumerate(names)),
        }
        return self.config_class(**settings)

    def adapt_config(self, config: WordConfig, documents) -> None:
        """A checkpoint keeps its configuration."""

    def train_collator(self, tokenizer: WordTokenizer, config: WordConfig) -> tuple[None, list]:
        """Training batches are like any others."""
        return None, []
