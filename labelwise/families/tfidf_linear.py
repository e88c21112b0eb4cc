# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model br|cc|lp`: the linear classifiers over TF-IDF."""

import random
from dataclasses import dataclass, field

from labelwise import TfidfLinearConfig, WordTokenizer
from labelwise.datasets_scripts import UserInputError
from labelwise.families.word_family import WordModelArguments
from labelwise.runs.options import check_numbers
from labelwise.trainer.linear_trainer import LinearTrainer, make_linear_model
from labelwise.trainer.training_arguments import LinearTrainingArguments


@dataclass
class Arguments(WordModelArguments):
    """Options of the linear classifiers."""

    # Commands on record name it: tables gave it to all rows of words.
    embedding_size: int = field(default=256, metadata={"help": "No effect: these models have no word vectors."})
    max_words: int = field(default=100_000, metadata={"help": "Words read of a document."})
    min_df: int = field(default=2, metadata={"help": "Documents that a word or a pair of words stands in at least."})
    chain_order: str = field(
        default="index",
        metadata={"help": "Order in which cc decides the labels; random by --seed.", "choices": ["index", "random"]},
    )

    training_arguments = LinearTrainingArguments
    trainer_class = LinearTrainer
    config_class = TfidfLinearConfig

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["min_df", "embedding_size"], lambda number: number > 0, "above 0")
        if self.model_name_or_path:
            raise UserInputError(
                "linear models are fitted from the start: leave out --model_name_or_path, pass --model"
            )
        if self.freeze_encoder:
            raise UserInputError("linear models have no encoder: leave out --freeze_encoder")

    def shape(self) -> dict:
        """How label sets are made of two-class problems; `make_model` draws a random order."""
        return {"method": self.model, "chain_order": None}

    def make_model(self, config: TfidfLinearConfig, tokenizer: WordTokenizer, documents, seed: int):
        """A model that knows the n-grams and the label sets of the training documents, and no weights yet."""
        if config.method == "cc" and self.chain_order == "random":
            config.chain_order = random.Random(seed).sample(range(config.num_labels), config.num_labels)
        return make_linear_model(config, documents, tokenizer.unk_token_id, self.min_df)

    def freeze(self, model) -> None:
        """Nothing is trained by gradients."""
