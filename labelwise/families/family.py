# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Base classes of the families of models, and their registration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from huggingface_hub.errors import StrictDataclassError
from transformers import AutoModelForPreTraining, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ..configuration.published_code import register_models
from ..errors import UserInputError
from ..trainer.argument_checks import check_types
from ..trainer.training_arguments import MultiLabelTrainingArguments
from .configuration_options import add_configuration_options, explain_invalid_field
from .saved_tokenizers import check_tokenizer

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict
    from transformers import Trainer

    from ..trainer.multi_label_trainer import MultiLabelTrainer

# By `model_type` of the configuration.
FAMILIES: dict[str, type["Family"]] = {}

DEFAULT_MODEL = "lw-lstm"


@dataclass(kw_only=True)
class Family:
    """A family: its options as fields, its classes as class attributes, and the steps of a training as methods.

    The fields of the configuration are options too: `register_family` adds them, with the defaults, ranges and
    descriptions of the configuration. A subclass declares only further options.

    Attributes:
        systems (`dict[str, dict]`): The names that `--model` takes, and the fields of the configuration that each sets.
        config_class (`type[PreTrainedConfig]`): The configuration.
        model_classes (`dict[type, type[PreTrainedModel]]`): The model for each Auto class.
        training_arguments (`type[TrainingArguments]`): The settings of the training.
        takes_descriptions (`bool`): Whether a label can start from its description.
        model_name_or_path (`str`, *optional*), freeze_encoder (`bool`): As in `GradientFamily`; none here.
    """

    systems: ClassVar[dict[str, dict[str, Any]]]
    config_class: ClassVar[type[PreTrainedConfig]]
    model_classes: ClassVar[dict[type, type[PreTrainedModel]]]
    training_arguments: ClassVar[type[MultiLabelTrainingArguments]] = MultiLabelTrainingArguments
    takes_descriptions: ClassVar[bool] = False
    # Options that only a new model reads, as a checkpoint brings what they make.
    of_new_models: ClassVar[tuple[str, ...]] = ()
    # Fields of the configuration that are options; `register_family` sets them.
    configuration_options: ClassVar[tuple[str, ...]] = ()

    model_name_or_path = None
    freeze_encoder = False

    model: str | None = field(default=None, metadata={"help": f"System to train; {DEFAULT_MODEL} by default."})

    def __post_init__(self) -> None:
        """Check the options, before anything is read; subclasses extend it."""
        check_types(self)
        if self.system not in self.systems:
            raise UserInputError(f"--model {self.system}: must be one of {', '.join(system_names())}")
        for option in fields(self):
            choices, value = option.metadata.get("choices"), getattr(self, option.name)
            # Those of the configuration are checked with its ranges.
            if choices and option.name not in self.configuration_options and value not in (None, *choices):
                raise UserInputError(f"--{option.name} {value}: must be one of {', '.join(choices)}")
        for name in self.systems[self.system].keys() & self.given_options().keys():
            raise UserInputError(
                f"--{name} {getattr(self, name)}: --model {self.system} sets it to {self.systems[self.system][name]}"
            )
        if self.model_name_or_path is not None:
            for name in self.of_new_models:
                if (value := getattr(self, name)) != getattr(type(self), name):
                    raise UserInputError(
                        f"--{name} {value}: is of new models; --model_name_or_path {self.model_name_or_path} brings "
                        "its own; leave it out"
                    )
        # Checks the ranges; what follows from the data comes later.
        self.draft_config = self._build_config()

    @property
    def system(self) -> str:
        """Name of the system; the family's first one where only a checkpoint names it."""
        if self.model is not None:
            return self.model
        return DEFAULT_MODEL if DEFAULT_MODEL in self.systems else next(iter(self.systems))

    def given_options(self) -> dict[str, Any]:
        """Return the options that are fields of the configuration, as far as they were given."""
        values = {name: getattr(self, name) for name in self.configuration_options}
        return {name: value for name, value in values.items() if value is not None}

    def _build_config(self, **derived_fields: Any) -> PreTrainedConfig:
        try:
            return self.config_class(**{**self.given_options(), **self.systems[self.system], **derived_fields})
        except (ValueError, StrictDataclassError) as error:
            raise UserInputError(explain_invalid_field(error, self.given_options())) from error

    # The steps of a training, in their order

    def check_files(self) -> None:
        """Check the files that an option names, before the documents are read.

        Raises:
            UserInputError: One is missing or corrupted, or they do not fit together.
        """

    def make_tokenizer(self, texts: list[str], names: list[str], language: str | None) -> PreTrainedTokenizerBase:
        """Make the tokenizer of a new model.

        Args:
            texts (`list[str]`): The texts of the training split.
            names (`list[str]`): The names of the labels.
            language (`str`, *optional*): Language of the corpus where it is known, such as `"zh"`.
        """
        raise NotImplementedError

    def make_config(self, tokenizer: PreTrainedTokenizerBase, names: list[str]) -> PreTrainedConfig | None:
        """Make the configuration of a new model; `None` where `make_model` does."""
        raise NotImplementedError

    def adapt_to_run(self, training_args: MultiLabelTrainingArguments, resumed: PreTrainedConfig | None) -> None:
        """Choose what of a new model follows the device that it is trained on, or the time of its training.

        Args:
            training_args (`MultiLabelTrainingArguments`): Settings of the training.
            resumed (`PreTrainedConfig`, *optional*): Configuration of the checkpoint that a run resumes from, whose
                choices stay.
        """

    def adapt_config(self, config: PreTrainedConfig, documents: "Dataset") -> None:
        """Change the configuration of a checkpoint before training continues from it.

        Args:
            config (`PreTrainedConfig`): Changed in place.
            documents (`datasets.Dataset`): The tokenized training split.
        """

    def make_model(
        self, config: PreTrainedConfig | None, tokenizer: PreTrainedTokenizerBase, documents: "Dataset", seed: int
    ) -> PreTrainedModel:
        """Make a new classifier.

        Args:
            config (`PreTrainedConfig`, *optional*): From `make_config`.
            tokenizer (`PreTrainedTokenizerBase`): From `make_tokenizer`.
            documents (`datasets.Dataset`): The tokenized training split.
            seed (`int`): Seed of further random choices; torch's generator is seeded already.

        Raises:
            UserInputError: An option does not fit the data.
        """
        raise NotImplementedError

    def freeze(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        """Exclude weights from training, in pre-training too; `freeze_encoder` is done elsewhere.

        Raises:
            UserInputError: An option does not fit the model.
        """

    @property
    def trains_encoder(self) -> bool:
        """`True` if anything below what is new in the model is trained."""
        return not self.freeze_encoder

    @property
    def pretrains(self) -> bool:
        """`True` if a pre-training comes before the fine-tuning."""
        return False

    def make_pretrainer(
        self,
        output_dir: str,
        config: PreTrainedConfig,
        tokenizer: PreTrainedTokenizerBase,
        documents: "DatasetDict",
        training_args: MultiLabelTrainingArguments,
    ) -> "Trainer":
        """Make the trainer of the pre-training, if `pretrains`.

        The fine-tuning starts from the model that it saves.

        Args:
            output_dir (`str`): Folder of the pre-training.
            config (`PreTrainedConfig`), tokenizer (`PreTrainedTokenizerBase`): From `make_config`, `make_tokenizer`.
            documents (`datasets.DatasetDict`): The tokenized splits.
            training_args (`MultiLabelTrainingArguments`): Settings of the fine-tuning, to share.
        """
        raise NotImplementedError

    def trainer_class(self) -> type["MultiLabelTrainer"]:
        """Return the trainer of the fine-tuning."""
        from ..trainer.multi_label_trainer import MultiLabelTrainer

        return MultiLabelTrainer

    def trainer_arguments(self, tokenizer: PreTrainedTokenizerBase, config: PreTrainedConfig) -> dict[str, Any]:
        """Return further keyword arguments of the trainer, such as `train_data_collator` and `callbacks`."""
        return {}

    # Labels that join a trained model

    @classmethod
    def refuses_labels(cls, config: PreTrainedConfig) -> str | None:
        """Return why no label can join a trained model without a change of the other labels' scores; `None` if labels
        can, in blocks of `config.label_blocks`."""
        return "its family does not say how labels join a trained model"

    @classmethod
    def start_labels(
        cls, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], labels: slice
    ) -> None:
        """Start the labels that joined a model, where they do not start as those of a new model do.

        Args:
            model (`PreTrainedModel`): In evaluation mode, changed in place.
            tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
            texts (`Sequence[str]`): The description of each label where `takes_descriptions`, else its name.
            labels (`slice`): Their ids.
        """

    # Checkpoints

    @classmethod
    def check_tokenizer(cls, tokenizer: PreTrainedTokenizerBase, config: PreTrainedConfig) -> None:
        """Check that the tokenizer of a trained model fits its configuration; subclasses extend it.

        Raises:
            ValueError: It does not; the message says why, about "its" tokenizer.
        """
        check_tokenizer(tokenizer, config.vocab_size)

    @classmethod
    def is_pretrained_only(cls, config: PreTrainedConfig) -> bool:
        """Return whether a configuration is of a pre-trained encoder that has no classifier yet."""
        pretrained = cls.model_classes.get(AutoModelForPreTraining)
        return pretrained is not None and config.architectures == [pretrained.__name__]

    @classmethod
    def system_of(cls, config: PreTrainedConfig) -> str:
        """Return the name of the system that a configuration is of; of several, the most specific one."""

        def matches(settings: Mapping[str, Any]) -> bool:
            return all(getattr(config, name) == value for name, value in settings.items())

        names = [name for name, settings in cls.systems.items() if matches(settings)]
        return max(names, key=lambda name: len(cls.systems[name]), default=next(iter(cls.systems)))


@dataclass(kw_only=True)
class GradientFamily(Family):
    """A family that is trained by gradient descent, and can start from a checkpoint."""

    model_name_or_path: str | None = field(
        default=None, metadata={"help": "Checkpoint to start from, pre-trained or trained; its own sizes are kept."}
    )
    freeze_encoder: bool = field(
        default=False,
        metadata={
            "help": "Train only the classifier, as in the +PT rows; for an lw-encoder without label-wise pre-training, "
            "its context vectors too. By default, train everything."
        },
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.freeze_encoder and not self.starts_pretrained:
            raise UserInputError(
                f"--freeze_encoder: the encoder of a new {self.system} is random; pre-train it by --pretraining_steps "
                "where the system has it, start from a checkpoint by --model_name_or_path, or leave it out"
            )

    @property
    def starts_pretrained(self) -> bool:
        """`True` if only the classifier, or less, is new in the model that is trained."""
        return self.model_name_or_path is not None or self.pretrains


def register_family(family: type[Family]) -> type[Family]:
    """Register a family with the Auto classes, the command line, `MultiLabelClassifier` and the cards.

    Use it as the decorator of a subclass of `Family`.

    Returns:
        `type[Family]`: The family with the fields of its configuration as options.
    """
    family = add_configuration_options(dataclass(kw_only=True)(family))
    register_models(family.config_class, family.model_classes)
    FAMILIES[family.config_class.model_type] = family
    return family


def system_names() -> list[str]:
    """Return all names that `--model` takes."""
    return [name for family in FAMILIES.values() for name in family.systems]


def family_of_model(model: str | None) -> type[Family]:
    """Return the family of a system.

    Raises:
        UserInputError: There is no such system.
    """
    model = DEFAULT_MODEL if model is None else model
    for family in FAMILIES.values():
        if model in family.systems:
            return family
    raise UserInputError(f"--model {model}: must be one of {', '.join(system_names())}")
