# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The label-wise encoder: LW-PT's label-wise attention over the states of a pretrained encoder."""

from typing import TYPE_CHECKING

from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForPreTraining,
    AutoModelForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from ..configuration.configuration_lw_encoder import LabelWiseEncoderConfig
from ..errors import UserInputError
from ..modeling.modeling_lw_encoder import (
    LabelWiseEncoderForPreTraining,
    LabelWiseEncoderForSequenceClassification,
    LabelWiseEncoderModel,
)
from ..modeling.states_encoder import load_states_encoder
from ..tokenization.window_tokenizer import load_window_tokenizer
from ..trainer.encoder_arguments import LabelWiseEncoderTrainingArguments
from .encoder_family import EncoderFamily
from .family import register_family
from .label_wise_pretraining_family import LabelWisePreTrainingFamily

if TYPE_CHECKING:
    from datasets import Dataset

_OF_WINDOWS = ("window_size", "window_overlap", "max_windows")


@register_family
class LabelWiseEncoderFamily(LabelWisePreTrainingFamily, EncoderFamily):
    """Label-wise attention over any pretrained encoder."""

    systems = {"lw-encoder": {}}
    config_class = LabelWiseEncoderConfig
    model_classes = {
        AutoModel: LabelWiseEncoderModel,
        AutoModelForPreTraining: LabelWiseEncoderForPreTraining,
        AutoModelForSequenceClassification: LabelWiseEncoderForSequenceClassification,
    }
    training_arguments = LabelWiseEncoderTrainingArguments

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.num_encoders == 2 and not self.pretrains and self.model_name_or_path is None:
            raise UserInputError(
                "--num_encoders 2: needs --pretraining_steps; without, there are no candidates to read"
            )

    def make_tokenizer(self, texts: list[str], names: list[str], language: str | None) -> PreTrainedTokenizerBase:
        """Load the encoder's tokenizer, for documents as long as all windows."""
        given = {name: value for name, value in self.given_options().items() if name in _OF_WINDOWS}
        with self.as_encoder_error():
            tokenizer, self.window_fields = load_window_tokenizer(self.encoder, **given)
        return tokenizer

    def make_config(self, tokenizer: PreTrainedTokenizerBase, names: list[str]) -> LabelWiseEncoderConfig:
        """Make the configuration of a new model; pre-training needs two sets of context vectors."""
        return self._build_config(
            encoder=AutoConfig.from_pretrained(self.encoder),
            id2label=dict(enumerate(names)),
            num_contexts=2 if self.pretrains else 1,
            **self.window_fields,
        )

    def make_model(
        self, config: LabelWiseEncoderConfig, tokenizer: PreTrainedTokenizerBase, documents: "Dataset", seed: int
    ) -> LabelWiseEncoderForSequenceClassification:
        """Make a classifier over the pretrained encoder."""
        return self._make(LabelWiseEncoderForSequenceClassification, config)

    def make_pretraining_model(
        self, config: LabelWiseEncoderConfig, tokenizer: PreTrainedTokenizerBase, documents: "Dataset", seed: int
    ) -> LabelWiseEncoderForPreTraining:
        """Make a model over the pretrained encoder."""
        return self._make(LabelWiseEncoderForPreTraining, config)

    def _make(self, model_class: type[PreTrainedModel], config: LabelWiseEncoderConfig) -> PreTrainedModel:
        with self.as_encoder_error():
            encoder = load_states_encoder(self.encoder, self.attention_dropout)
        config.encoder = encoder.config
        return model_class.with_encoder(config, encoder)
