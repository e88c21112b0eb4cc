# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LM-MTC (Song et al., 2021) and its BERT baselines: label tokens and masked language modelling over an encoder."""

from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from transformers import AutoModel, AutoModelForMaskedLM, AutoModelForSequenceClassification, PreTrainedModel

from ..configuration.configuration_lm_mtc import LMMTCConfig
from ..errors import UserInputError
from ..modeling.modeling_lm_mtc import LMMTCForSequenceClassification, LMMTCModel
from ..runs.options import check_numbers
from ..runs.progress import logger
from ..tokenization.tokenization_label import LabelTokenizer
from ..trainer.encoder_arguments import LMMTCTrainingArguments
from ..trainer.head_learning_rate import label_token_ids
from ..trainer.partial_training import train_rows
from .encoder_family import EncoderFamily
from .family import register_family

if TYPE_CHECKING:
    from datasets import Dataset

_NOTHING_TO_TRAIN = "the MLM trains the encoder, which --freeze_encoder leaves as it is"


@register_family
class LMMTCFamily(EncoderFamily):
    """LM-MTC and the BERT baselines, which are the same model without a template."""

    systems = {
        "lm-mtc": {},
        "bert": {"template": "none", "mlm_weight": 0},
        "bert-mlm": {"template": "none"},
    }
    encoder_class = AutoModelForMaskedLM
    adds_tokens = True
    config_class = LMMTCConfig
    model_classes = {AutoModel: LMMTCModel, AutoModelForSequenceClassification: LMMTCForSequenceClassification}
    training_arguments = LMMTCTrainingArguments
    of_new_models = ("encoder", "max_length", "label_start")

    label_start: str = field(
        default="mean",
        metadata={
            "help": "Start of the label tokens: the encoder's mean embedding, or that of the label's name.",
            "choices": ["mean", "name"],
        },
    )
    label_masking: str | None = field(
        default=None,
        metadata={
            "help": "Labels masked in training: each by itself, by default; a random number; or all.",
            "choices": ["all", "each", "some"],
        },
    )
    label_mask_probability: float | None = field(
        default=None, metadata={"help": "Share of labels that --label_masking each masks; 0.5 by default."}
    )
    flip_probability: float | None = field(
        default=None, metadata={"help": "Share of the visible labels that are shown wrong; 0 by default."}
    )
    mlm_probability: float | None = field(
        default=None, metadata={"help": "Share of the words that the MLM predicts; 0.15 by default."}
    )
    mlm_targets: str | None = field(
        default=None,
        metadata={
            "help": "What the MLM predicts: YES or NO tokens of masked labels, masked words, or both, the default; "
            "without label tokens (bert-mlm), words alone.",
            "choices": ["labels", "words", "both"],
        },
    )
    mlm_epochs: float | None = field(
        default=None, metadata={"help": "Number of epochs, a whole number, after which the MLM stops."}
    )
    max_length: int | None = field(
        default=None,
        metadata={"help": "Number of tokens read, template included; by default as many as the encoder reads."},
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        shares = ["label_mask_probability", "flip_probability", "mlm_probability"]
        check_numbers(self, shares, lambda share: 0 <= share <= 1, ">= 0 and <= 1")
        check_numbers(self, ["max_length"], lambda number: number > 0, "> 0")
        # The MLM stops where an epoch begins. A float, as commands and records have 2.0.
        check_numbers(self, ["mlm_epochs"], lambda number: number > 0 and number % 1 == 0, "> 0 and whole")
        if self.model_name_or_path is None:
            self._check_used(self.draft_config)

    def make_tokenizer(self, texts: list[str], names: list[str], language: str | None) -> LabelTokenizer:
        """Extend the encoder's tokenizer by the label tokens."""
        with self.as_encoder_error():
            tokenizer = LabelTokenizer.from_encoder(self.encoder, names, self.draft_config.template)
        if self.max_length is None:
            return tokenizer
        if self.max_length > tokenizer.model_max_length:
            raise UserInputError(
                f"--max_length {self.max_length}: the encoder reads {tokenizer.model_max_length} tokens; lower it, or "
                "leave it out"
            )
        try:
            return LabelTokenizer.from_encoder(self.encoder, names, self.draft_config.template, self.max_length)
        except ValueError as error:  # the template leaves no room
            raise UserInputError(f"--max_length {self.max_length}: {error}") from error

    def make_config(self, tokenizer: LabelTokenizer, names: list[str]) -> None:
        """Leave the configuration to `make_model`, which reads the encoder's."""

    def adapt_config(self, config: LMMTCConfig, documents: "Dataset") -> None:
        """Give a trained checkpoint another weight of the MLM or attention dropout, if one was asked for."""
        super().adapt_config(config, documents)
        if self.mlm_weight is not None:
            config.mlm_weight = self.mlm_weight
        self._check_used(config)

    def _check_used(self, config: LMMTCConfig) -> None:
        """Refuse the options of masking that the model, or another option, leaves nothing to do."""
        if config.template == "none":
            reason = "a model without label tokens"
            self._refuse(["label_masking", "label_mask_probability", "flip_probability"], f"{reason} masks no labels")
            if self.label_start != type(self).label_start:
                raise UserInputError(f"--label_start {self.label_start}: {reason} has none to start; leave it out")
            if self.mlm_targets in ("labels", "both"):
                self._refuse(["mlm_targets"], f"{reason} has only words to predict")
        if not self.trains_encoder:
            options = ["mlm_targets", "mlm_probability", "mlm_epochs", *(["mlm_weight"] if self.mlm_weight else [])]
            self._refuse(options, _NOTHING_TO_TRAIN)
        if config.mlm_weight == 0:
            reason = "the model has no MLM (mlm_weight 0)"
            self._refuse(["mlm_targets", "mlm_probability", "mlm_epochs"], reason)
        if self.label_masking in ("all", "some"):
            self._refuse(["label_mask_probability"], f"--label_masking {self.label_masking} has no share")
        if self.label_masking == "all":
            self._refuse(["flip_probability"], "--label_masking all leaves no label visible")
        if self.mlm_targets == "labels":
            self._refuse(["mlm_probability"], "--mlm_targets labels predicts no words")

    def _refuse(self, names: list[str], reason: str) -> None:
        for name in names:
            if getattr(self, name) is not None:
                raise UserInputError(f"--{name} {getattr(self, name)}: {reason}; leave it out")

    def make_model(
        self, config: None, tokenizer: LabelTokenizer, documents: "Dataset", seed: int
    ) -> LMMTCForSequenceClassification:
        """Make a classifier over the pretrained encoder."""
        settings = {**self.given_options(), **self.systems[self.system]}
        template = settings.pop("template", self.draft_config.template)
        settings["attention_dropout"] = self.attention_dropout
        with self.as_encoder_error():
            return LMMTCForSequenceClassification.from_encoder(
                self.encoder, tokenizer.labels, template, self.label_start, **settings
            )

    def encoders_of(self, model: LMMTCForSequenceClassification) -> list[PreTrainedModel]:
        return [model.lm_mtc.encoder.base_model]

    def freeze(self, model: LMMTCForSequenceClassification, tokenizer: LabelTokenizer) -> None:
        """Train the label tokens, which are new rows of the encoder's embeddings, whatever part of it is trained."""
        super().freeze(model, tokenizer)
        if self.trains_a_part and model.config.template != "none":
            train_rows(model.get_input_embeddings().weight, label_token_ids(tokenizer))

    def trainer_arguments(self, tokenizer: LabelTokenizer, config: LMMTCConfig) -> dict[str, Any]:
        """Mask labels and words in training batches, if there are any to mask, and stop the MLM after `mlm_epochs`."""
        arguments = super().trainer_arguments(tokenizer, config)
        has_mlm = config.mlm_weight > 0 and self.trains_encoder
        if config.mlm_weight and not has_mlm:
            logger.info(f"training without MLM: {_NOTHING_TO_TRAIN}")
        if not has_mlm and (config.template == "none" or self.label_masking == "all"):
            return arguments
        from ..trainer.masking_collator import LabelMaskingCollator, StopMLM

        given = {
            "labels": self.label_masking,
            "label_probability": self.label_mask_probability,
            "flip_probability": self.flip_probability,
            "mlm_probability": self.mlm_probability,
            "mlm_targets": self.mlm_targets,
        }
        settings = {name: value for name, value in given.items() if value is not None}
        if not has_mlm:
            settings["mlm_targets"] = None
        collator = LabelMaskingCollator(tokenizer, **settings)
        if self.mlm_epochs is not None:
            arguments["callbacks"].append(StopMLM(collator, self.mlm_epochs))
        return {"train_data_collator": collator, **arguments}

    @classmethod
    def check_tokenizer(cls, tokenizer: LabelTokenizer, config: LMMTCConfig) -> None:
        if not isinstance(tokenizer, LabelTokenizer):
            raise ValueError(f"it is a {type(tokenizer).__name__}, no LabelTokenizer")
        if tokenizer.mask_token is None:
            raise ValueError("mask_token is missing")
        super().check_tokenizer(tokenizer, config)
        cls.check_length(tokenizer.model_max_length, "model_max_length", config)
        pairs = {
            "labels": (tokenizer.labels, config.label_names),
            "template": (tokenizer.template, config.template),
            "label_positions": (tokenizer.label_positions, config.label_positions or []),
        }
        for name, ids in tokenizer.answer_ids().items():
            pairs[f"{name}_token_ids"] = ids, getattr(config, f"{name}_token_ids") or []
        for name, (own, expected) in pairs.items():
            if own != expected:
                raise ValueError(f"its {name} are {own}, and {expected} in config.json")

    @classmethod
    def refuses_labels(cls, config: LMMTCConfig) -> str | None:
        if config.template == "none":
            return None
        return "its labels are tokens before the text, which the encoder reads with the text and each other"

    @classmethod
    def start_labels(
        cls, model: LMMTCForSequenceClassification, tokenizer: LabelTokenizer, texts: Sequence[str], labels: slice
    ) -> None:
        """Name the labels in the tokenizer too; without a template, it only saves the names."""
        tokenizer.labels = tokenizer.init_kwargs["labels"] = model.config.label_names
