# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LSTM, HAN, LW-LSTM and HLW-LSTM, with label-wise pre-training (LW-PT, Liu et al., 2020)."""

from dataclasses import field
from typing import TYPE_CHECKING, Any

from transformers import (
    AutoModel,
    AutoModelForPreTraining,
    AutoModelForSequenceClassification,
    PreTrainedConfig,
    set_seed,
)

from ..configuration.configuration_lw_lstm import LWLSTMConfig
from ..errors import UserInputError
from ..modeling.modeling_lw_lstm import LWLSTMForPreTraining, LWLSTMForSequenceClassification, LWLSTMModel
from ..runs.options import check_numbers
from ..tokenization.tokenization_word import WordTokenizer
from ..trainer.training_arguments import LabelWisePreTrainingArguments, MultiLabelTrainingArguments
from .embedding_family import EmbeddingFamily
from .family import register_family

# Settings of the fine-tuning that the pre-training shares.
_SHARED_ARGUMENTS = (
    "learning_rate",
    "seed",
    "data_seed",
    "bf16",
    "fp16",
    "use_cpu",
    "report_to",
    "disable_tqdm",
    "dataloader_num_workers",
)

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict
    from transformers import Trainer


@register_family
class LWLSTMFamily(EmbeddingFamily):
    """The LW-PT family: the four settings of `LWLSTMConfig`'s two switches."""

    systems = {
        "lstm": {"hierarchical": False, "label_wise": False},
        "han": {"hierarchical": True, "label_wise": False},
        "lw-lstm": {"hierarchical": False, "label_wise": True},
        "hlw-lstm": {"hierarchical": True, "label_wise": True},
    }
    config_class = LWLSTMConfig
    model_classes = {
        AutoModel: LWLSTMModel,
        AutoModelForPreTraining: LWLSTMForPreTraining,
        AutoModelForSequenceClassification: LWLSTMForSequenceClassification,
    }

    pretraining_steps: int = field(
        default=0,
        metadata={
            "help": "Number of iterations of label-wise pre-training; 0 for none. Of the options of the training, it "
            f"takes these alone: {', '.join(f'--{name}' for name in _SHARED_ARGUMENTS)}."
        },
    )
    pretraining_batch_size: int = field(
        default=128, metadata={"help": "Number of target documents of a pre-training iteration."}
    )
    candidates: int = field(default=3, metadata={"help": "Number of candidates per target, the positive one included."})

    def __post_init__(self) -> None:
        super().__post_init__()
        check_numbers(self, ["pretraining_batch_size"], lambda number: number > 0, "> 0")
        check_numbers(self, ["pretraining_steps"], lambda number: number >= 0, ">= 0")
        check_numbers(self, ["candidates"], lambda number: number >= 2, ">= 2: a positive and a negative one")
        if self.model_name_or_path and self.pretraining_steps:
            raise UserInputError(
                "--pretraining_steps pre-trains a new model; leave out --model_name_or_path, or the steps"
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

    @property
    def pretrains(self) -> bool:
        return self.pretraining_steps > 0

    def make_pretrainer(
        self,
        output_dir: str,
        config: LWLSTMConfig,
        tokenizer: WordTokenizer,
        documents: "DatasetDict",
        training_args: MultiLabelTrainingArguments,
    ) -> "Trainer":
        """Make the trainer of label-wise pre-training (LW-PT, section 2)."""
        from ..trainer.label_wise_pretrainer import LabelWisePreTrainer

        args = LabelWisePreTrainingArguments(
            output_dir=output_dir,
            max_steps=self.pretraining_steps,
            num_candidates=self.candidates,
            per_device_train_batch_size=self.pretraining_batch_size,
            save_steps=100,
            save_total_limit=1,
            **{name: getattr(training_args, name) for name in _SHARED_ARGUMENTS},
        )
        set_seed(training_args.seed)
        model = LWLSTMForPreTraining(config)
        self.init_word_vectors(model, tokenizer, documents["train"], training_args.seed)
        self.freeze(model)
        return LabelWisePreTrainer(
            model,
            args,
            train_dataset=documents["train"],
            eval_dataset=documents["validation"],
            processing_class=tokenizer,
        )


def sentence_limits(config: PreTrainedConfig) -> dict[str, Any]:
    """Return the limits of a hierarchical model's tokenizer: words per sentence, and sentences."""
    return {
        "mark_sentences": True,
        "max_sentences": config.max_sentences,
        "max_words_per_sentence": config.max_words_per_sentence,
    }
