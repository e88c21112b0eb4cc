# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model lstm|han|lw-lstm|hlw-lstm`: shape and pre-training of a new model."""

from dataclasses import dataclass, field

from labelwise import LWLSTMConfig, LWLSTMForPreTraining, LWLSTMForSequenceClassification, WordTokenizer
from labelwise.datasets_scripts import UserInputError
from labelwise.families.embedding_family import EmbeddingModelArguments
from labelwise.runs.options import check_numbers

# The four corners of LWLSTMConfig.
MODELS = {
    "lstm": {"hierarchical": False, "label_wise": False},
    "han": {"hierarchical": True, "label_wise": False},
    "lw-lstm": {"hierarchical": False, "label_wise": True},
    "hlw-lstm": {"hierarchical": True, "label_wise": True},
}


@dataclass
class Arguments(EmbeddingModelArguments):
    """Options of the LW-PT family."""

    hidden_size: int = field(default=256, metadata={"help": "Width of a recurrent state per direction."})
    num_hidden_layers: int | None = field(
        default=None, metadata={"help": "Layers of a recurrent module; 2, or 1 for the hierarchical models."}
    )
    rnn_type: str = field(default="lstm", metadata={"help": "Recurrent cell.", "choices": ["lstm", "gru"]})
    classifier: str = field(
        default="linear", metadata={"help": "Classifier on top.", "choices": ["linear", "mlp", "label_wise"]}
    )
    label_graph: bool = field(default=False, metadata={"help": "Learn a label by label matrix over the logits."})
    max_sentences: int = field(default=40, metadata={"help": "Sentences read of a document (han, hlw-lstm)."})
    max_words_per_sentence: int = field(default=20, metadata={"help": "Words read of a sentence (han, hlw-lstm)."})
    pretraining_steps: int = field(default=0, metadata={"help": "Iterations of label-wise pre-training; 0 for none."})
    pretraining_batch_size: int = field(default=128, metadata={"help": "Target documents of such an iteration."})
    candidates: int = field(default=3, metadata={"help": "Candidates per target, the positive one included."})

    config_class = LWLSTMConfig
    classifier_class = LWLSTMForSequenceClassification

    @property
    def architecture(self) -> dict[str, bool]:
        """The switches of LWLSTMConfig that `model` names."""
        return MODELS[self.model]

    def __post_init__(self):
        super().__post_init__()
        limits = ["max_sentences", "max_words_per_sentence", "pretraining_batch_size"]
        check_numbers(self, ["hidden_size", "num_hidden_layers", *limits], lambda number: number > 0, "above 0")
        check_numbers(self, ["pretraining_steps"], lambda number: number >= 0, "0 or above")
        check_numbers(self, ["candidates"], lambda number: number >= 2, "2 or above: a positive and a negative one")
        if self.model_name_or_path and self.pretraining_steps:
            raise UserInputError(
                "--pretraining_steps pre-trains a new model; leave out --model_name_or_path, or the steps"
            )
        if self.classifier == "label_wise" and not self.architecture["label_wise"]:
            raise UserInputError(f"--classifier label_wise needs a representation per label: not --model {self.model}")

    def limits(self) -> dict:
        """Words, or words by sentences."""
        if not self.architecture["hierarchical"]:
            return super().limits()
        return {
            "mark_sentences": True,
            "max_sentences": self.max_sentences,
            "max_words_per_sentence": self.max_words_per_sentence,
        }

    def shape(self) -> dict:
        """The corner, its layers, and an encoder more for pre-training."""
        return {
            **self.architecture,
            "num_hidden_layers": self.num_hidden_layers or (1 if self.architecture["hierarchical"] else 2),
            "num_encoders": 2 if self.pretraining_steps else 1,
        }

    def adapt_config(self, config: LWLSTMConfig, documents) -> None:
        """Gives a checkpoint that has no classifier yet, a pre-trained one, that of the options."""
        if config.architectures == ["LWLSTMForPreTraining"]:
            config.classifier, config.label_graph = self.classifier, self.label_graph

    def make_model(self, config: LWLSTMConfig, tokenizer: WordTokenizer, documents, seed: int, pretrains: bool = False):
        """As for all models of words; one for pre-training when `pretrains`."""
        model_class = LWLSTMForPreTraining if pretrains else LWLSTMForSequenceClassification
        return super().make_model(config, tokenizer, documents, seed, model_class)
