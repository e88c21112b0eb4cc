# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options of all models that embed words: what their word vectors start from, and whether they are trained on."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from transformers import PreTrainedModel

from labelwise import WordTokenizer
from labelwise.configuration.configuration_multi_label import WordConfig
from labelwise.datasets_scripts import UserInputError
from labelwise.families.word_family import WordModelArguments
from labelwise.runs.options import check_numbers
from labelwise.trainer.word_vectors import init_embeddings, load_word_vectors, train_skip_gram


@dataclass
class EmbeddingModelArguments(WordModelArguments):
    """A family is a subclass, as of `WordModelArguments`, that names its classifier too."""

    embedding_size: int = field(default=256, metadata={"help": "Width of a word vector."})
    dropout: float = field(default=0.2, metadata={"help": "Share of what is dropped in training."})
    word_vectors: str = field(
        default="skip-gram", metadata={"help": "`skip-gram` (on the training split), `random`, or a vector file."}
    )
    train_embeddings: bool = field(
        default=False, metadata={"help": "Train the word vectors on; without it, only `random` ones are trained."}
    )

    classifier_class: ClassVar[type[PreTrainedModel]]

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["embedding_size"], lambda number: number > 0, "above 0")
        check_numbers(self, ["dropout"], lambda share: 0 <= share < 1, "from 0 to below 1")
        if self.word_vectors not in ("skip-gram", "random") and not Path(self.word_vectors).is_file():
            raise UserInputError(f"--word_vectors {self.word_vectors}: neither `skip-gram` nor `random` nor a file")

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
            UserInputError: The vectors do not fit the embedding.
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
