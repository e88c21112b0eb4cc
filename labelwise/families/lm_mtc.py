# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model lm-mtc|bert|bert-mlm`: label tokens and masked language modelling over an encoder."""

from dataclasses import dataclass, field
from pathlib import Path

from labelwise import LabelTokenizer, LMMTCConfig, LMMTCForSequenceClassification
from labelwise.datasets_scripts import UserInputError
from labelwise.families.base import ModelArguments
from labelwise.runs.data import DataArguments
from labelwise.runs.options import check_numbers
from labelwise.trainer.masking_collator import LabelMaskingCollator, StopMLM
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.training_arguments import LMMTCTrainingArguments

TEMPLATES = ["diff", "same", "compact"]


@dataclass
class Arguments(ModelArguments):
    """Options of LM-MTC and of the BERT baselines, which are the same model without a template."""

    encoder: str | None = field(default=None, metadata={"help": "Folder or Hub id of a pretrained encoder."})
    template: str | None = field(
        default=None, metadata={"help": "Tokens of a label (lm-mtc); diff when not given.", "choices": TEMPLATES}
    )
    label_head: str = field(
        default="per_label", metadata={"help": "A weight vector per label, or one.", "choices": ["per_label", "shared"]}
    )
    label_start: str = field(
        default="mean", metadata={"help": "What label tokens start from.", "choices": ["mean", "name"]}
    )
    label_masking: str = field(
        default="each", metadata={"help": "Labels masked in training (lm-mtc).", "choices": ["all", "each", "some"]}
    )
    label_mask_probability: float = field(default=0.5, metadata={"help": "For --label_masking each."})
    flip_probability: float = field(default=0.0, metadata={"help": "Share of visible labels that are shown wrong."})
    mlm_weight: float | None = field(
        default=None,
        metadata={"help": "Lambda, 0 for no MLM; the checkpoint's own, or 0.05 for a new model, when not given."},
    )
    mlm_probability: float = field(default=0.15, metadata={"help": "Share of the words that the MLM predicts."})
    mlm_epochs: float | None = field(default=None, metadata={"help": "Epochs after which the MLM stops."})
    max_length: int | None = field(default=None, metadata={"help": "Tokens read, template included."})

    training_arguments = LMMTCTrainingArguments
    trainer_class = MultiLabelTrainer
    pretraining_steps = 0

    def __post_init__(self):
        super().__post_init__()
        if self.encoder is None and self.model_name_or_path is None:
            raise UserInputError(f"--model {self.model} needs --encoder, a folder or a Hub id of a pretrained encoder")
        shares = ["label_mask_probability", "flip_probability", "mlm_probability"]
        check_numbers(self, shares, lambda share: 0 <= share <= 1, "from 0 to 1")
        check_numbers(self, ["mlm_weight"], lambda number: number >= 0, "0 or above")
        check_numbers(self, ["mlm_epochs", "max_length"], lambda number: number > 0, "above 0")
        if self.model in ("bert", "bert-mlm"):
            if self.template is not None:
                raise UserInputError(
                    f"--template {self.template}: --model {self.model} has no label tokens; take lm-mtc"
                )
            self.template = "none"
        elif self.template is None:
            self.template = "diff"
        if self.model == "bert":
            if self.mlm_weight:
                raise UserInputError(f"--mlm_weight {self.mlm_weight}: --model bert learns no MLM; take bert-mlm")
            self.mlm_weight = 0

    def make_tokenizer(self, data_args: DataArguments, texts: list[str], names: list[str]) -> LabelTokenizer:
        """The encoder's tokenizer with the label tokens."""
        if not Path(self.encoder).exists() and self.encoder.count("/") > 1:
            raise UserInputError(f"--encoder {self.encoder}: there is no such folder")
        try:
            return LabelTokenizer.from_encoder(self.encoder, names, self.template, self.max_length)
        except (OSError, ValueError) as error:
            raise UserInputError(f"--encoder {self.encoder}: {error}") from error

    def make_config(self, tokenizer: LabelTokenizer, names: list[str]) -> None:
        """The encoder brings its own; `make_model` reads it."""

    def adapt_config(self, config: LMMTCConfig, documents) -> None:
        """Gives a trained checkpoint another weight of the MLM, if one was asked for."""
        if self.mlm_weight is not None:
            config.mlm_weight = self.mlm_weight

    def make_model(self, config: None, tokenizer: LabelTokenizer, documents, seed: int):
        """A classifier over the pretrained encoder."""
        try:
            return LMMTCForSequenceClassification.from_encoder(
                self.encoder,
                tokenizer.labels,
                self.template,
                self.label_start,
                label_head=self.label_head,
                **({} if self.mlm_weight is None else {"mlm_weight": self.mlm_weight}),
            )
        except (OSError, ValueError) as error:
            raise UserInputError(f"--encoder {self.encoder}: {error}") from error

    def freeze(self, model) -> None:
        """Everything is trained."""

    def train_collator(self, tokenizer: LabelTokenizer, config: LMMTCConfig) -> tuple[LabelMaskingCollator, list]:
        """Batches with masked labels and words, and what ends the masking of words."""
        collator = LabelMaskingCollator(
            tokenizer,
            self.label_masking,
            self.label_mask_probability,
            self.flip_probability,
            self.mlm_probability if config.mlm_weight else 0.0,
        )
        return collator, [] if self.mlm_epochs is None else [StopMLM(collator, self.mlm_epochs)]
