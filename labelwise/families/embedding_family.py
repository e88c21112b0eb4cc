# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Families of models that embed words: the word vectors they start from, and whether these are trained."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from transformers import AutoModelForSequenceClassification, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ..configuration.configuration_multi_label import EmbeddingConfig
from ..errors import UserInputError
from ..runs.options import check_numbers
from ..runs.progress import logger
from ..tokenization.tokenization_word import WordTokenizer
from ..trainer.training_arguments import MultiLabelTrainingArguments
from ..trainer.word_vectors import SKIP_GRAM_EPOCHS
from .family import GradientFamily
from .word_family import WordFamily

if TYPE_CHECKING:
    from datasets import Dataset

# Of --max_minutes: what Skip-gram may take of it at most.
_SHARE_OF_TIME = 0.25


@dataclass(kw_only=True)
class EmbeddingFamily(WordFamily, GradientFamily):
    """A family of models with word embeddings."""

    of_new_models = (*WordFamily.of_new_models, "word_vectors")

    word_vectors: str = field(
        default="skip-gram",
        metadata={"help": "skip-gram (learned from the training split), random, or a word2vec or GloVe text file."},
    )
    skip_gram_epochs: int | None = field(
        default=None,
        metadata={
            "help": f"Passes of skip-gram over the training split; {SKIP_GRAM_EPOCHS} by default, or "
            "as many as take a quarter of --max_minutes."
        },
    )
    train_embeddings: bool = field(
        default=False,
        metadata={"help": "Train the word vectors too; otherwise only random ones of a new model are trained."},
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.skip_gram_seconds: float | None = None
        self.is_resumed = False
        if self.word_vectors not in ("skip-gram", "random") and not Path(self.word_vectors).is_file():
            raise UserInputError(f"--word_vectors {self.word_vectors}: neither skip-gram nor random nor a file")
        check_numbers(self, ["skip_gram_epochs"], lambda number: number > 0, "> 0")
        if self.skip_gram_epochs is not None and (self.word_vectors != "skip-gram" or self.model_name_or_path):
            source = "model_name_or_path" if self.model_name_or_path else "word_vectors"
            raise UserInputError(
                f"--skip_gram_epochs {self.skip_gram_epochs}: with --{source} {getattr(self, source)}, no vectors are "
                "learned by skip-gram; leave it out"
            )

    def adapt_to_run(self, training_args: MultiLabelTrainingArguments, resumed: PreTrainedConfig | None) -> None:
        self.is_resumed = resumed is not None
        if training_args.max_minutes is not None and self.skip_gram_epochs is None:
            self.skip_gram_seconds = 60 * training_args.max_minutes * _SHARE_OF_TIME

    def make_model(
        self, config: EmbeddingConfig, tokenizer: WordTokenizer, documents: "Dataset", seed: int
    ) -> PreTrainedModel:
        """Make a new classifier with its word vectors, in training mode."""
        model = self.model_classes[AutoModelForSequenceClassification](config)
        self.init_word_vectors(model, tokenizer, documents, seed)
        return model

    def init_word_vectors(
        self, model: PreTrainedModel, tokenizer: WordTokenizer, documents: "Dataset", seed: int
    ) -> None:
        """Write the word vectors that were asked for into a new model. A resumed run reads them from its checkpoint.

        Raises:
            UserInputError: The vectors do not fit the embedding.
        """
        from ..trainer.word_vector_cache import cached_skip_gram
        from ..trainer.word_vectors import init_embeddings, load_word_vectors

        if self.word_vectors == "random" or self.is_resumed:
            return
        if self.word_vectors == "skip-gram":
            special = {tokenizer.pad_token, tokenizer.sep_token}
            words = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
            sentences = [[words[i] for i in ids if words[i] not in special] for ids in documents["input_ids"]]
            epochs = self.skip_gram_epochs or SKIP_GRAM_EPOCHS
            vectors = cached_skip_gram(
                sentences, model.config.embedding_size, seed=seed, epochs=epochs, seconds=self.skip_gram_seconds
            )
        else:
            vectors = load_word_vectors(self.word_vectors)
        init_embeddings(model.get_input_embeddings(), tokenizer.get_vocab(), vectors)

    def freeze(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        """Exclude word vectors from training, unless `train_embeddings`; random ones of a new model are trained."""
        continues = self.model_name_or_path is not None
        if self.train_embeddings or (self.word_vectors == "random" and not continues):
            return
        model.get_input_embeddings().requires_grad_(False)
        if continues and not self.freeze_encoder:  # which excludes them anyway
            logger.info(
                "word vectors stay as the checkpoint has them; `labelwise train --train_embeddings` trains them"
            )
