# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Binary relevance, classifier chains and label powerset: linear classifiers over TF-IDF."""

import random
from dataclasses import field
from typing import TYPE_CHECKING

from transformers import AutoModel, AutoModelForSequenceClassification

from ..configuration.configuration_tfidf_linear import TfidfLinearConfig
from ..modeling.modeling_tfidf_linear import TfidfLinearForSequenceClassification, TfidfLinearModel
from ..runs.options import check_numbers
from ..tokenization.tokenization_word import WordTokenizer
from ..trainer.linear_arguments import LinearTrainingArguments
from .family import register_family
from .word_family import WordFamily

if TYPE_CHECKING:
    from datasets import Dataset


@register_family
class TfidfLinearFamily(WordFamily):
    """The linear classifiers. They are fitted from scratch by scikit-learn, and have no encoder to freeze."""

    systems = {"br": {"method": "br"}, "cc": {"method": "cc"}, "lp": {"method": "lp"}}
    config_class = TfidfLinearConfig
    model_classes = {
        AutoModel: TfidfLinearModel,
        AutoModelForSequenceClassification: TfidfLinearForSequenceClassification,
    }
    training_arguments = LinearTrainingArguments

    min_df: int = field(
        default=2, metadata={"help": "Minimum number of documents that contain a word or a pair of words."}
    )
    chain_order: str = field(
        default="index",
        metadata={"help": "Order in which cc decides the labels; random by --seed.", "choices": ["index", "random"]},
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        check_numbers(self, ["min_df"], lambda number: number > 0, "> 0")

    def make_model(
        self, config: TfidfLinearConfig, tokenizer: WordTokenizer, documents: "Dataset", seed: int
    ) -> TfidfLinearForSequenceClassification:
        """Make a model that knows the n-grams and the label sets of the training documents, and has no weights yet."""
        from ..trainer.linear_trainer import make_linear_model

        if config.method == "cc" and self.chain_order == "random":
            config.chain_order = random.Random(seed).sample(range(config.num_labels), config.num_labels)
        return make_linear_model(config, documents, tokenizer.unk_token_id, self.min_df)

    def trainer_class(self) -> type:
        from ..trainer.linear_trainer import LinearTrainer

        return LinearTrainer

    @classmethod
    def refuses_labels(cls, config: TfidfLinearConfig) -> str | None:
        return {
            "br": None,
            "cc": "each classifier of its chain reads the decisions on the labels before it",
            "lp": "its classes are the label sets of its training documents, none of which has a new label",
        }[config.method]
