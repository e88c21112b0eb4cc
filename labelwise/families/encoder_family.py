# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Families over a pretrained encoder, which the option --encoder names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

from transformers import AutoConfig, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase, TrainerCallback

from ..configuration.configuration_encoder import EncoderConfig, attention_dropouts, set_attention_dropout
from ..errors import UserInputError
from ..runs.options import check_numbers
from ..runs.progress import logger
from ..tokenization.encoder_tokenizer import positions_of
from ..trainer.partial_training import train_last_layers
from ..trainer.training_arguments import MultiLabelTrainingArguments
from .from_encoder_family import FromEncoderFamily
from .saved_encoders import check_encoder

if TYPE_CHECKING:
    from datasets import Dataset


@dataclass(kw_only=True)
class EncoderFamily(FromEncoderFamily):
    """A family whose models are made of a pretrained encoder.

    Attributes:
        encoder_class (`type`): The Auto class of the encoder.
        adds_tokens (`bool`): Whether its embedding gets as many rows as there are tokens.
    """

    encoder_class: ClassVar[type]
    adds_tokens: ClassVar[bool] = False

    attention_dropout: float | None = field(
        default=None,
        metadata={
            "help": "Share that the encoder drops of its attention weights; by default its own on a GPU, and 0 on a "
            "CPU, where dropping any takes longer."
        },
    )
    train_layers: int | None = field(
        default=None,
        metadata={
            "help": "Number of the encoder's last layers to train, with what is above them and what is new; 0 for none."
        },
    )
    lora_rank: int | None = field(
        default=None,
        metadata={
            "help": "Train low-rank adapters (LoRA) of this rank in place of the encoder's weights, with alpha twice "
            "the rank; the saved model has them in its weights."
        },
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        check_numbers(self, ["attention_dropout"], lambda share: 0 <= share < 1, ">= 0 and < 1")
        check_numbers(self, ["train_layers"], lambda number: number >= 0, ">= 0")
        check_numbers(self, ["lora_rank"], lambda rank: rank > 0, "> 0")
        given = {
            "freeze_encoder": self.freeze_encoder,
            "train_layers": self.train_layers is not None,
            "lora_rank": self.lora_rank is not None,
        }
        names = [f"--{name}" for name, is_given in given.items() if is_given]
        if len(names) > 1:
            raise UserInputError(f"{' and '.join(names)} say what of the encoder is trained: pass one of them")
        if self.lora_rank is not None and find_spec("peft") is None:
            raise UserInputError(
                f'--lora_rank {self.lora_rank} needs a package that is missing: pip install "labelwise[lora]" (peft)'
            )

    def check_files(self) -> None:
        if self.encoder is not None and self.model_name_or_path is None:
            with self.as_encoder_error():
                check_encoder(self.encoder, self.encoder_class, self.config_class, self.adds_tokens)

    def adapt_to_run(self, training_args: MultiLabelTrainingArguments, resumed: PreTrainedConfig | None) -> None:
        """Drop no attention weights on a CPU, where torch has a fast code path only without, unless it was asked for.

        An encoder that is never trained keeps its own, as does the checkpoint that a run resumes from.
        """
        if self.attention_dropout is not None or not (self.trains_encoder or self.pretrains):
            return
        with self.as_encoder_error():
            own = attention_dropouts(AutoConfig.from_pretrained(self.encoder, trust_remote_code=False))
        if isinstance(resumed, EncoderConfig):
            self.attention_dropout = resumed.attention_dropout
        elif training_args.device.type == "cpu" and any(own.values()):
            self.attention_dropout = 0.0
            logger.info(
                f"training on a CPU with attention dropout 0, which is faster than the encoder's {max(own.values())}; "
                f"--attention_dropout {max(own.values())} keeps it"
            )

    @classmethod
    def check_length(cls, length: int, name: str, config: EncoderConfig) -> None:
        """Check that the encoder of a trained model reads as many tokens.

        Raises:
            ValueError: It reads fewer.
        """
        if length > (reads := positions_of(config.encoder)):
            raise ValueError(f"{name} is {length}, and its encoder reads {reads}")

    def adapt_config(self, config: EncoderConfig, documents: "Dataset") -> None:
        """Give a trained checkpoint another attention dropout, if one was asked for."""
        if self.attention_dropout is not None:
            try:
                set_attention_dropout(config.encoder, self.attention_dropout)
            except ValueError as error:
                raise UserInputError(f"--model_name_or_path {self.model_name_or_path}: {error}") from error

    def encoders_of(self, model: PreTrainedModel) -> Sequence[PreTrainedModel]:
        """Return the pretrained encoders of a model, without heads of their own."""
        raise NotImplementedError

    @property
    def trains_a_part(self) -> bool:
        """`True` if the options exclude a part of the encoder from training, its embeddings among it."""
        return self.train_layers is not None or self.lora_rank is not None

    def freeze(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        """Train the last layers of the encoder only, or adapters, if one was asked for."""
        for encoder in self.encoders_of(model):
            if self.train_layers is not None:
                try:
                    train_last_layers(encoder, self.train_layers)
                except ValueError as error:
                    raise UserInputError(f"--train_layers {self.train_layers}: {error}") from error
            if self.lora_rank is not None:
                from ..trainer.adapters import add_adapters

                try:
                    add_adapters(encoder, self.lora_rank)
                except ValueError as error:
                    raise UserInputError(f"--lora_rank {self.lora_rank}: {error}") from error

    def callbacks(self) -> list[TrainerCallback]:
        """Return the callbacks of a trainer, in pre-training too."""
        if self.lora_rank is None:
            return []
        from ..trainer.adapters import MergeAdapters

        return [MergeAdapters()]

    def trainer_arguments(self, tokenizer: PreTrainedTokenizerBase, config: EncoderConfig) -> dict[str, Any]:
        return {"callbacks": self.callbacks()}
