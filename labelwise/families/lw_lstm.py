# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LSTM, HAN, LW-LSTM and HLW-LSTM, with label-wise pre-training (LW-PT, Liu et al., 2020)."""

from typing import TYPE_CHECKING, Any

from transformers import AutoModel, AutoModelForPreTraining, AutoModelForSequenceClassification, PreTrainedConfig

from ..configuration.configuration_lw_lstm import LWLSTMConfig
from ..errors import UserInputError
from ..modeling.modeling_lw_lstm import LWLSTMForPreTraining, LWLSTMForSequenceClassification, LWLSTMModel
from ..tokenization.tokenization_word import WordTokenizer
from ..trainer.training_arguments import LWLSTMTrainingArguments
from .embedding_family import EmbeddingFamily
from .family import register_family
from .label_wise_pretraining_family import LabelWisePreTrainingFamily

if TYPE_CHECKING:
    from datasets import Dataset


@register_family
class LWLSTMFamily(LabelWisePreTrainingFamily, EmbeddingFamily):
    """The LW-PT family: the four settings of `LWLSTMConfig`'s two switches."""

    systems = {
        "lstm": {"hierarchical": False, "label_wise": False},
        "han": {"hierarchical": True, "label_wise": False},
        "lw-lstm": {"hierarchical": False, "label_wise": True},
        "hlw-lstm": {"hierarchical": True, "label_wise": True},
    }
    config_class = LWLSTMConfig
    training_arguments = LWLSTMTrainingArguments
    model_classes = {
        AutoModel: LWLSTMModel,
        AutoModelForPreTraining: LWLSTMForPreTraining,
        AutoModelForSequenceClassification: LWLSTMForSequenceClassification,
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model_name_or_path is not None:  # options are compared with its configuration
            return
        by_sentence = self.draft_config.hierarchical
        for name in ("max_words",) if by_sentence else ("max_sentences", "max_words_per_sentence"):
            if getattr(self, name) is not None:
                raise UserInputError(
                    f"--{name} {getattr(self, name)}: --model {self.system} reads "
                    + ("--max_sentences of --max_words_per_sentence" if by_sentence else "--max_words, not sentences")
                    + "; leave it out"
                )

    def limits(self) -> dict[str, Any]:
        return sentence_limits(self.draft_config) if self.draft_config.hierarchical else super().limits()

    def make_config(self, tokenizer: WordTokenizer, names: list[str]) -> LWLSTMConfig:
        """Make the configuration of a new model; pre-training needs two encoders."""
        config = super().make_config(tokenizer, names)
        config.num_encoders = 2 if self.pretrains else 1
        return config

    def adapt_config(self, config: LWLSTMConfig, documents: "Dataset") -> None:
        """Give a pre-trained checkpoint, which has no classifier yet, the classifier of the options."""
        if self.is_pretrained_only(config):
            config.classifier, config.label_graph = self.draft_config.classifier, self.draft_config.label_graph

    def make_pretraining_model(
        self, config: LWLSTMConfig, tokenizer: WordTokenizer, documents: "Dataset", seed: int
    ) -> LWLSTMForPreTraining:
        """Make a model with word vectors."""
        model = LWLSTMForPreTraining(config)
        self.init_word_vectors(model, tokenizer, documents, seed)
        return model

    @classmethod
    def refuses_labels(cls, config: LWLSTMConfig) -> str | None:
        return "its label graph mixes the logits of all labels" if config.label_graph else None


def sentence_limits(config: PreTrainedConfig) -> dict[str, Any]:
    """Return the limits of a hierarchical model's tokenizer: words per sentence, and sentences."""
    return {
        "mark_sentences": True,
        "max_sentences": config.max_sentences,
        "max_words_per_sentence": config.max_words_per_sentence,
    }
