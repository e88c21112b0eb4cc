# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Families with label-wise pre-training (LW-PT, section 2) before the training of the classifier."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase, set_seed

from ..errors import UserInputError
from ..runs.options import check_numbers
from ..trainer.training_arguments import LabelWisePreTrainingArguments, MultiLabelTrainingArguments
from .family import GradientFamily

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict
    from transformers import Trainer

_LARGEST_BATCH = 2**20
# Settings of the fine-tuning that the pre-training shares.
_SHARED_ARGUMENTS = (
    "head_learning_rate",
    "seed",
    "data_seed",
    "bf16",
    "fp16",
    "use_cpu",
    "report_to",
    "disable_tqdm",
    "dataloader_num_workers",
)


@dataclass(kw_only=True)
class LabelWisePreTrainingFamily(GradientFamily):
    """A family whose models can be pre-trained label by label."""

    pretraining_steps: int = field(
        default=0,
        metadata={
            "help": "Number of iterations of label-wise pre-training; 0 for none. Of the training options, it uses "
            f"only these: {', '.join(f'--{name}' for name in _SHARED_ARGUMENTS)}."
        },
    )
    pretraining_learning_rate: float = field(
        default=LabelWisePreTrainingArguments.learning_rate, metadata={"help": "Learning rate of pre-training."}
    )
    pretraining_batch_size: int = field(
        default=128, metadata={"help": "Number of target documents of a pre-training iteration."}
    )
    candidates: int = field(default=3, metadata={"help": "Number of candidates per target, the positive one included."})

    def __post_init__(self) -> None:
        super().__post_init__()
        # The numbers of all documents of a batch are made before any is read.
        check_numbers(
            self,
            ["pretraining_batch_size"],
            lambda number: 0 < number <= _LARGEST_BATCH,
            f"> 0 and <= {_LARGEST_BATCH}",
        )
        check_numbers(self, ["pretraining_steps"], lambda number: number >= 0, ">= 0")
        check_numbers(self, ["pretraining_learning_rate"], lambda rate: 0 < rate < math.inf, "> 0 and finite")
        check_numbers(self, ["candidates"], lambda number: number >= 2, ">= 2: a positive and a negative one")
        if self.model_name_or_path and self.pretraining_steps:
            raise UserInputError(
                "--pretraining_steps pre-trains a new model; leave out --model_name_or_path, or the steps"
            )
        for name in ("pretraining_batch_size", "pretraining_learning_rate", "candidates"):
            if not self.pretrains and getattr(self, name) != getattr(type(self), name):
                raise UserInputError(f"--{name} {getattr(self, name)}: needs --pretraining_steps; leave it out")

    def make_pretraining_model(
        self, config: PreTrainedConfig, tokenizer: PreTrainedTokenizerBase, documents: "Dataset", seed: int
    ) -> PreTrainedModel:
        """Make a new model to pre-train; arguments as of `make_model`."""
        raise NotImplementedError

    @property
    def pretrains(self) -> bool:
        return self.pretraining_steps > 0

    def make_pretrainer(
        self,
        output_dir: str,
        config: PreTrainedConfig,
        tokenizer: PreTrainedTokenizerBase,
        documents: "DatasetDict",
        training_args: MultiLabelTrainingArguments,
    ) -> "Trainer":
        """Make the trainer of label-wise pre-training (LW-PT, section 2)."""
        from ..trainer.label_wise_pretrainer import LabelWisePreTrainer

        args = LabelWisePreTrainingArguments(
            output_dir=output_dir,
            max_steps=self.pretraining_steps,
            learning_rate=self.pretraining_learning_rate,
            num_candidates=self.candidates,
            per_device_train_batch_size=self.pretraining_batch_size,
            save_steps=100,
            save_total_limit=1,
            **{name: getattr(training_args, name) for name in _SHARED_ARGUMENTS},
        )
        set_seed(training_args.seed)
        model = self.make_pretraining_model(config, tokenizer, documents["train"], training_args.seed)
        self.freeze(model, tokenizer)
        return LabelWisePreTrainer(
            model,
            args,
            train_dataset=documents["train"],
            eval_dataset=documents["validation"],
            processing_class=tokenizer,
        )
