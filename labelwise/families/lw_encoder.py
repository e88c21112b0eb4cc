# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The label-wise encoder: LW-PT's label-wise attention over the states of a pretrained encoder."""

import json
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForPreTraining,
    AutoModelForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from ..configuration.configuration_encoder import set_attention_dropout
from ..configuration.configuration_lw_encoder import LabelWiseEncoderConfig
from ..configuration.published_code import TokenizerSavedWithCode
from ..errors import UserInputError
from ..modeling.label_start import start_from_texts
from ..modeling.modeling_lw_encoder import (
    LabelWiseEncoderForPreTraining,
    LabelWiseEncoderForSequenceClassification,
    LabelWiseEncoderModel,
)
from ..modeling.states_encoder import load_states_encoder
from ..runs.options import check_numbers
from ..tokenization.window_tokenizer import load_window_tokenizer
from ..trainer.encoder_arguments import LabelWiseEncoderTrainingArguments
from .encoder_family import EncoderFamily
from .family import register_family
from .label_wise_pretraining_family import LabelWisePreTrainingFamily

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import Trainer

_OF_WINDOWS = ("window_size", "window_overlap", "max_windows")


@register_family
class LabelWiseEncoderFamily(LabelWisePreTrainingFamily, EncoderFamily):
    """Label-wise attention over any pretrained encoder."""

    systems = {"lw-encoder": {}}
    encoder_class = AutoModel
    config_class = LabelWiseEncoderConfig
    model_classes = {
        AutoModel: LabelWiseEncoderModel,
        AutoModelForPreTraining: LabelWiseEncoderForPreTraining,
        AutoModelForSequenceClassification: LabelWiseEncoderForSequenceClassification,
    }
    training_arguments = LabelWiseEncoderTrainingArguments
    takes_descriptions = True
    of_new_models = ("encoder", "label_start", "label_descriptions")

    pretraining_learning_rate: float = field(
        default=LabelWiseEncoderTrainingArguments.learning_rate,
        metadata={"help": "Learning rate of pre-training for the encoder."},
    )
    mlm_probability: float | None = field(
        default=None, metadata={"help": "Share of the words that --mlm_weight predicts; 0.15 by default."}
    )
    label_start: str | None = field(
        default=None,
        metadata={
            "help": "Start of context vectors and classifier: the label's name, the default; its description in "
            "--label_descriptions, the default with it; or random.",
            "choices": ["random", "name", "description"],
        },
    )
    label_descriptions: str | None = field(
        default=None, metadata={"help": "JSON file of an object with a description of each label by its name."}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.label_start == "description") != bool(self.label_descriptions) and self.label_start is not None:
            raise UserInputError("--label_start description and --label_descriptions FILE go together: give both")
        self.descriptions = _read_descriptions(self.label_descriptions) if self.label_descriptions else None
        if self.num_encoders == 2 and not self.pretrains and self.model_name_or_path is None:
            raise UserInputError(
                "--num_encoders 2: needs --pretraining_steps; without, there are no candidates to read"
            )
        check_numbers(self, ["mlm_probability"], lambda share: 0 < share < 1, "> 0 and < 1")
        if self.model_name_or_path is None:
            self._check_mlm(self.draft_config)
        if self.mlm_weight and not self.trains_encoder:
            raise UserInputError(
                f"--mlm_weight {self.mlm_weight}: masked words train the encoder, which stays as it is; leave it out"
            )

    def make_tokenizer(self, texts: list[str], names: list[str], language: str | None) -> PreTrainedTokenizerBase:
        """Load the encoder's tokenizer, for documents as long as all windows."""
        given = {name: value for name, value in self.given_options().items() if name in _OF_WINDOWS}
        with self.as_encoder_error():
            tokenizer, self.window_fields = load_window_tokenizer(self.encoder, **given)
        return tokenizer

    def make_config(self, tokenizer: PreTrainedTokenizerBase, names: list[str]) -> LabelWiseEncoderConfig:
        """Make the configuration of a new model; pre-training needs two sets of context vectors."""
        if self.descriptions is not None:
            missing = [name for name in names if name not in self.descriptions]
            unknown = [name for name in self.descriptions if name not in names]
            if missing or unknown:
                raise UserInputError(
                    f"--label_descriptions {self.label_descriptions}: "
                    + (f"no description of {missing[0]!r}" if missing else f"no label is called {unknown[0]!r}")
                )
        with self.as_encoder_error():
            encoder = AutoConfig.from_pretrained(self.encoder, trust_remote_code=False)
            if self.attention_dropout is not None:
                set_attention_dropout(encoder, self.attention_dropout)
        return self._build_config(
            label_descriptions=self.descriptions,
            encoder=encoder,
            id2label=dict(enumerate(names)),
            num_contexts=2 if self.pretrains else 1,
            **self.window_fields,
        )

    def adapt_config(self, config: LabelWiseEncoderConfig, documents: "Dataset") -> None:
        """Give a checkpoint another weight of masked language modelling, if one was asked for."""
        super().adapt_config(config, documents)
        if self.mlm_weight is not None:
            config.mlm_weight = self.mlm_weight
        self._check_mlm(config)

    def _check_mlm(self, config: LabelWiseEncoderConfig) -> None:
        if self.mlm_probability is not None and not config.mlm_weight:
            raise UserInputError(
                f"--mlm_probability {self.mlm_probability}: no word is predicted without --mlm_weight; leave it out"
            )

    def make_model(
        self, config: LabelWiseEncoderConfig, tokenizer: PreTrainedTokenizerBase, documents: "Dataset", seed: int
    ) -> LabelWiseEncoderForSequenceClassification:
        """Make a classifier over the pretrained encoder."""
        return self._make(LabelWiseEncoderForSequenceClassification, config, tokenizer)

    def make_pretraining_model(
        self, config: LabelWiseEncoderConfig, tokenizer: PreTrainedTokenizerBase, documents: "Dataset", seed: int
    ) -> LabelWiseEncoderForPreTraining:
        """Make a model over the pretrained encoder."""
        return self._make(LabelWiseEncoderForPreTraining, config, tokenizer)

    def _make(
        self, model_class: type[PreTrainedModel], config: LabelWiseEncoderConfig, tokenizer: PreTrainedTokenizerBase
    ) -> PreTrainedModel:
        with self.as_encoder_error():
            encoder = load_states_encoder(self.encoder, self.attention_dropout)
        config.encoder = encoder.config
        model = model_class.with_encoder(config, encoder)
        if self.label_start != "random":
            _start_from_texts(model, tokenizer)
        return model

    def encoders_of(self, model: PreTrainedModel) -> list[PreTrainedModel]:
        return model.base_model.encoders

    @property
    def trains_encoder(self) -> bool:
        return super().trains_encoder and self.train_layers != 0

    def trainer_arguments(self, tokenizer: PreTrainedTokenizerBase, config: LabelWiseEncoderConfig) -> dict[str, Any]:
        """Mask words in training batches, if any are predicted."""
        arguments = super().trainer_arguments(tokenizer, config)
        if not config.mlm_weight or not self.trains_encoder:
            return arguments
        from ..trainer.word_masking import WordMaskingCollator

        settings = {} if self.mlm_probability is None else {"mlm_probability": self.mlm_probability}
        try:
            collator = WordMaskingCollator(tokenizer, **settings)
        except ValueError as error:  # a checkpoint has the weight too, so leaving the option out does not help
            raise UserInputError(f"--mlm_weight {config.mlm_weight}: {error}; pass --mlm_weight 0") from error
        return {"train_data_collator": collator, **arguments}

    def make_pretrainer(self, *args: Any) -> "Trainer":
        trainer = super().make_pretrainer(*args)
        for callback in self.callbacks():
            trainer.add_callback(callback)
        return trainer

    @classmethod
    def check_tokenizer(cls, tokenizer: PreTrainedTokenizerBase, config: LabelWiseEncoderConfig) -> None:
        if isinstance(tokenizer, TokenizerSavedWithCode):
            raise ValueError(f"it is a {type(tokenizer).__name__}, which is of no encoder")
        super().check_tokenizer(tokenizer, config)
        cls.check_length(config.window_size, "window_size", config)
        is_special = tokenizer("a", return_special_tokens_mask=True)["special_tokens_mask"]
        around = [is_special.index(0), is_special[::-1].index(0)]
        if around != config.num_special_tokens:
            raise ValueError(f"it adds {around} special tokens, and config.json has {config.num_special_tokens}")

    @classmethod
    def refuses_labels(cls, config: LabelWiseEncoderConfig) -> str | None:
        return None

    @classmethod
    def start_labels(
        cls, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], labels: slice
    ) -> None:
        """Start labels from their names or descriptions."""
        _start_from_texts(model, tokenizer, texts, labels)


def _start_from_texts(*args: Any) -> None:
    try:
        start_from_texts(*args)
    except ValueError as error:
        raise UserInputError(str(error)) from error


def _read_descriptions(path: str) -> dict[str, str]:
    """Read a description of each label by its name."""
    file = Path(path)
    if not file.is_file():
        raise UserInputError(f"--label_descriptions {path}: no such file")
    try:
        found = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise UserInputError(f"--label_descriptions {path}: not valid JSON ({error})") from error
    if not isinstance(found, dict) or not all(isinstance(text, str) and text.strip() for text in found.values()):
        raise UserInputError(f'--label_descriptions {path}: must be an object {{"name": "description", …}}')
    return found
