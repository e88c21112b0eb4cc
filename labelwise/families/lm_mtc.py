# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LM-MTC (Song et al., 2021) and its BERT baselines: label tokens and masked language modelling over an encoder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, PreTrainedConfig

from ..configuration.configuration_lm_mtc import LMMTCConfig
from ..errors import UserInputError
from ..modeling.masked_lm_encoder import attention_dropouts, set_attention_dropout
from ..modeling.modeling_lm_mtc import LMMTCForSequenceClassification, LMMTCModel
from ..runs.options import check_numbers
from ..runs.progress import logger
from ..tokenization.tokenization_label import LabelTokenizer
from ..trainer.training_arguments import LMMTCTrainingArguments
from .family import GradientFamily, register_family

if TYPE_CHECKING:
    import torch
    from datasets import Dataset


@register_family
class LMMTCFamily(GradientFamily):
    """LM-MTC and the BERT baselines, which are the same model without a template."""

    systems = {
        "lm-mtc": {},
        "bert": {"template": "none", "mlm_weight": 0},
        "bert-mlm": {"template": "none"},
    }
    config_class = LMMTCConfig
    model_classes = {AutoModel: LMMTCModel, AutoModelForSequenceClassification: LMMTCForSequenceClassification}
    training_arguments = LMMTCTrainingArguments

    encoder: str | None = field(default=None, metadata={"help": "Folder or Hub id of a pretrained encoder."})
    attention_dropout: float | None = field(
        default=None,
        metadata={
            "help": "Share that the encoder drops of its attention weights; by default its own on a GPU, and 0 on a "
            "CPU, where dropping any takes longer."
        },
    )
    label_start: str = field(
        default="mean",
        metadata={
            "help": "Start of the label tokens: the encoder's mean embedding, or that of the label's name.",
            "choices": ["mean", "name"],
        },
    )
    label_masking: str = field(
        default="each", metadata={"help": "Labels masked in training (lm-mtc).", "choices": ["all", "each", "some"]}
    )
    label_mask_probability: float = field(
        default=0.5, metadata={"help": "Share of labels that --label_masking each masks."}
    )
    flip_probability: float = field(default=0.0, metadata={"help": "Share of the visible labels that are shown wrong."})
    mlm_probability: float = field(default=0.15, metadata={"help": "Share of the words that the MLM predicts."})
    mlm_targets: str = field(
        default="both",
        metadata={
            "help": "What the MLM predicts: YES or NO tokens of masked labels, masked words, or both; without label "
            "tokens (bert-mlm), words alone.",
            "choices": ["labels", "words", "both"],
        },
    )
    mlm_epochs: float | None = field(default=None, metadata={"help": "Number of epochs after which the MLM stops."})
    max_length: int | None = field(
        default=None,
        metadata={"help": "Number of tokens read, template included; by default as many as the encoder reads."},
    )

    def __post_init__(self) -> None:
        if self.encoder is None and self.model_name_or_path is None:
            raise UserInputError(f"--model {self.system} needs --encoder, a folder or a Hub id of a pretrained encoder")
        super().__post_init__()
        shares = ["label_mask_probability", "flip_probability", "mlm_probability"]
        check_numbers(self, shares, lambda share: 0 <= share <= 1, ">= 0 and <= 1")
        check_numbers(self, ["attention_dropout"], lambda share: 0 <= share < 1, ">= 0 and < 1")
        check_numbers(self, ["mlm_epochs", "max_length"], lambda number: number > 0, "> 0")
        if self.model_name_or_path is None:
            self._check_mlm_targets(self.draft_config)

    @property
    def starts_pretrained(self) -> bool:
        return True  # from an encoder, if not from a checkpoint

    def make_tokenizer(self, texts: list[str], names: list[str], language: str | None) -> LabelTokenizer:
        """Extend the encoder's tokenizer by the label tokens."""
        if not Path(self.encoder).exists() and self.encoder.count("/") > 1:
            raise UserInputError(f"--encoder {self.encoder}: no such folder")
        with self._as_encoder_error():
            return LabelTokenizer.from_encoder(self.encoder, names, self.draft_config.template, self.max_length)

    @contextmanager
    def _as_encoder_error(self) -> Iterator[None]:
        """Turn an error of loading the encoder into a `UserInputError`."""
        try:
            yield
        except (OSError, ValueError) as error:
            raise UserInputError(f"--encoder {self.encoder}: {error}") from error

    def make_config(self, tokenizer: LabelTokenizer, names: list[str]) -> None:
        """Leave the configuration to `make_model`, which reads the encoder's."""

    def adapt_to_device(self, device: "torch.device", resumed: PreTrainedConfig | None) -> None:
        """Drop no attention weights on a CPU, where torch has a fast code path only without, unless it was asked for.

        A frozen encoder keeps its own, as does the checkpoint that a run resumes from.
        """
        if self.attention_dropout is not None or self.freeze_encoder:
            return
        with self._as_encoder_error():
            own = attention_dropouts(AutoConfig.from_pretrained(self.encoder))
        if isinstance(resumed, LMMTCConfig):
            self.attention_dropout = max(attention_dropouts(resumed.encoder).values(), default=None)
        elif device.type == "cpu" and any(own.values()):
            self.attention_dropout = 0.0
            logger.info(
                f"training on a CPU with attention dropout 0, which is faster than the encoder's {max(own.values())}; "
                f"--attention_dropout {max(own.values())} keeps it"
            )

    def adapt_config(self, config: LMMTCConfig, documents: "Dataset") -> None:
        """Give a trained checkpoint another weight of the MLM or attention dropout, if one was asked for."""
        if self.attention_dropout is not None:
            try:
                set_attention_dropout(config.encoder, self.attention_dropout)
            except ValueError as error:
                raise UserInputError(f"--model_name_or_path {self.model_name_or_path}: {error}") from error
        if self.mlm_weight is not None:
            config.mlm_weight = self.mlm_weight
        self._check_mlm_targets(config)

    def _check_mlm_targets(self, config: LMMTCConfig) -> None:
        """Refuse targets that the model cannot have."""
        if self.mlm_targets == "labels" and config.template == "none":
            raise UserInputError(
                "--mlm_targets labels: a model without label tokens has only words to predict; leave it out"
            )
        if self.mlm_targets != "both" and config.mlm_weight == 0:
            raise UserInputError(f"--mlm_targets {self.mlm_targets}: the model has no MLM (mlm_weight 0); leave it out")

    def make_model(
        self, config: None, tokenizer: LabelTokenizer, documents: "Dataset", seed: int
    ) -> LMMTCForSequenceClassification:
        """Make a classifier over the pretrained encoder."""
        settings = {**self.given_options(), **self.systems[self.system]}
        template = settings.pop("template", self.draft_config.template)
        settings["attention_dropout"] = self.attention_dropout
        with self._as_encoder_error():
            return LMMTCForSequenceClassification.from_encoder(
                self.encoder, tokenizer.labels, template, self.label_start, **settings
            )

    def trainer_arguments(self, tokenizer: LabelTokenizer, config: LMMTCConfig) -> dict[str, Any]:
        """Mask labels and words in training batches, if there are any to mask, and stop the MLM after `mlm_epochs`."""
        if not config.mlm_weight and (config.template == "none" or self.label_masking == "all"):
            return {}
        from ..trainer.masking_collator import LabelMaskingCollator, StopMLM

        collator = LabelMaskingCollator(
            tokenizer,
            self.label_masking,
            self.label_mask_probability,
            self.flip_probability,
            self.mlm_probability,
            self.mlm_targets if config.mlm_weight else None,
        )
        callbacks = [] if self.mlm_epochs is None else [StopMLM(collator, self.mlm_epochs)]
        return {"train_data_collator": collator, "callbacks": callbacks}
