# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options of all models that read words: which words, which word vectors, and what a new model starts from."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import ClassVar

from transformers import PreTrainedModel

from labelwise import WordTokenizer
from labelwise.configuration.configuration_multi_label import WordConfig
from labelwise.datasets_scripts import CORPORA, DataError
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.training_arguments import MultiLabelTrainingArguments
from labelwise.trainer.word_vectors import init_embeddings, load_word_vectors, train_skip_gram

from .arguments import check_numbers
from .data import DataArguments
from .model import ModelArguments


@dataclass
class WordModelArguments(ModelArguments):
    """A family is a subclass `Arguments` that names its classes, and adds the fields of its configuration."""

    embedding_size: int = field(default=256, metadata={"help": "Width of a word vector."})
    max_words: int = field(default=500, metadata={"help": "Words read of a document (not hierarchical models)."})
    dropout: float = field(default=0.2, metadata={"help": "Share of what is dropped in training."})
    segmenter: str | None = field(
        default=None,
        metadata={"help": "How text is cut into words; jieba for Chinese corpora.", "choices": ["regex", "jieba"]},
    )
    vocab_size: int = field(default=50000, metadata={"help": "Words of the vocabulary at most."})
    min_frequency: int = field(default=2, metadata={"help": "Times that a word of the vocabulary occurs at least."})
    word_vectors: str = field(
        default="skip-gram", metadata={"help": "`skip-gram` (on the training split), `random`, or a vector file."}
    )
    train_embeddings: bool = field(
        default=False, metadata={"help": "Train the word vectors on; without it, only `random` ones are trained."}
    )

    training_arguments = MultiLabelTrainingArguments
    trainer_class: ClassVar[type[MultiLabelTrainer]] = MultiLabelTrainer
    pretraining_steps = 0
    config_class: ClassVar[type[WordConfig]]
    classifier_class: ClassVar[type[PreTrainedModel]]

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["embedding_size", "max_words", "min_frequency"], lambda number: number > 0, "above 0")
        check_numbers(self, ["dropout"], lambda share: 0 <= share < 1, "from 0 to below 1")
        check_numbers(self, ["vocab_size"], lambda number: number > 3, "above 3, for padding, unknown words, sentences")
        if self.word_vectors not in ("skip-gram", "random") and not Path(self.word_vectors).is_file():
            raise DataError(f"--word_vectors {self.word_vectors}: neither `skip-gram` nor `random` nor a file")

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

    def make_model(self, config: WordConfig, tokenizer: WordTokenizer, documents, seed: int, model_class=None):
        """A new model with the word vectors that were asked for.

        Args:
            config (`WordConfig`): Its shape.
            tokenizer (`WordTokenizer`): Its words.
            documents (`datasets.Dataset`): The tokenized training split, which Skip-gram learns from.
            seed (`int`): Of Skip-gram.
            model_class (`type[PreTrainedModel]`, *optional*): Another class than the classifier.

        Returns:
            `PreTrainedModel`: In training mode.

        Raises:
            DataError: The vectors do not fit the embedding.
        """
        model = (model_class or self.classifier_class)(config)
        if self.word_vectors == "random":
            return model
        if self.word_vectors == "skip-gram":
            special = {tokenizer.pad_token, tokenizer.sep_token}
            words = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
            sentences = [[words[i] for i in ids if words[i] not in special] for ids in documents["input_ids"]]
            vectors = train_skip_gram(sentences, config.embedding_size, seed=seed)
        else:
            vectors = load_word_vectors(self.word_vectors)
        init_embeddings(model.get_input_embeddings(), tokenizer.get_vocab(), vectors)
        return model

    def freeze(self, model) -> None:
        """Takes learned word vectors from training, unless they are to be trained on."""
        if not self.train_embeddings and self.word_vectors != "random":
            model.get_input_embeddings().requires_grad_(False)

    def train_collator(self, tokenizer: WordTokenizer, config: WordConfig) -> tuple[None, list]:
        """Training batches are like any others."""
        return None, []
