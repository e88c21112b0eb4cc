# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A `Trainer` of multi-label classifiers: multi-label metrics, choice of loss, averaged weights."""

import math
import warnings
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR, LRScheduler
from torch.utils.data import DataLoader
from transformers import PreTrainedModel
from transformers.trainer_utils import BestRun, PredictionOutput, TrainOutput

from ..modeling.frozen_part import FrozenPart
from .batch_metrics import BatchMetrics
from .divergence import DivergenceCheck
from .evaluation_order import EvaluatesLongestFirst
from .frozen_features import delete_features, features_kept
from .head_rate_trainer import HeadLearningRate
from .hyperparameter_search import check_hyperparameters, make_objective, make_search_space
from .losses import check_loss_function, give_model_its_loss
from .losses.label_smoothing import smooth_labels
from .negatives import SampledNegatives, check_negatives
from .partial_training import trains_rows
from .seeded_collator import SeedCollator, SeededCollator
from .stopping import EarlyStopping, TimeLimit, count_evaluated
from .token_batches import NumberEpochs, TokenBatchSampler, count_tokens, token_batch_loader
from .training_arguments import MultiLabelTrainingArguments
from .weight_averaging import AverageWeights


class MultiLabelTrainer(EvaluatesLongestFirst, HeadLearningRate, DivergenceCheck):
    """A `Trainer` for the classifiers of this package, which a plain `Trainer` trains too.

    It adds to the plain one:

    - Metrics: those of `MultiLabelMetrics` at `model.config.thresholds`, batch by batch in evaluations, and
      `micro_f1_plus_macro_f1`, which chooses the best epoch as in the code of LW-PT's authors.
    - Evaluation from the longest document to the shortest (`EvaluatesLongestFirst`).
    - The loss that `args.loss` names, `args.label_smoothing_factor` and `args.learning_rate_decay`.
    - `args.negatives`: training steps over sampled labels (`SampledNegatives`).
    - `args.head_learning_rate`, a learning rate of what is new over a pretrained encoder.
    - `args.early_stopping_patience` and `args.max_minutes`.
    - Batches of `args.tokens_per_batch` tokens. They have different numbers of documents, and each document counts the
      same: the loss of a step is the sum over its documents, divided by the documents that a step has on average.
    - The model's `frozen_part` runs in evaluation mode, and once instead of in each epoch (`features_kept`), unless
      `args.frozen_dropout`.
    - Logs of the parts of a loss: the means of all outputs named `..._loss`, beside `loss`.
    - A collator of training batches.
    - `hyperparameter_search` for the metric that chooses the best epoch.
    - With the callback [`AverageWeights`], averaged weights in place of the trained ones in all that is evaluated,
      predicted and saved.

    Args:
        model (`PreTrainedModel`, *optional*): A classifier whose config has `thresholds`; `model_init` in `kwargs`
            makes it where it is not given.
        args (`MultiLabelTrainingArguments`): Settings.
        train_data_collator (`Callable`, *optional*): Collator of training batches, such as `LabelMaskingCollator`;
            defaults to the collator of evaluation batches.
        kwargs: Passed to `Trainer`.

    Raises:
        ValueError: `args` are missing, or `args.loss` is unknown; or the loss counts labels, and `train_dataset` is no
            `datasets.Dataset`; or `args` name a loss or a decay of the learning rate, and `compute_loss_func` or the
            scheduler of `optimizers` would take its place.
        TypeError: `args` are of another class, or `compute_loss_func` is a loss of this package.
        UserInputError: The model's own loss cannot be replaced; `args.loss` counts labels, and a label is set in none
            or in all of the training documents; negatives are to be sampled for a model or a loss that they do not fit;
            or the time is limited, and documents of evaluation cannot be counted.

    Example:

    ```python
    >>> trainer = MultiLabelTrainer(
    ...     model,
    ...     MultiLabelTrainingArguments("out"),
    ...     train_dataset=documents["train"],
    ...     eval_dataset=documents["validation"],
    ...     processing_class=tokenizer,
    ... )
    >>> trainer.train()
    ```"""

    def __init__(
        self,
        model: PreTrainedModel | None = None,
        args: MultiLabelTrainingArguments | None = None,
        train_data_collator: Callable | None = None,
        **kwargs: Any,
    ) -> None:
        if args is None:
            raise ValueError("MultiLabelTrainer needs args, such as MultiLabelTrainingArguments(output_dir)")
        if not isinstance(args, MultiLabelTrainingArguments):
            raise TypeError(f"args must be MultiLabelTrainingArguments or a subclass, not {type(args).__name__}")
        if args.activation_checkpointing and args.ddp_find_unused_parameters is None:
            # The head of a masked language model has a gradient in some steps only, or in none. The library does not
            # look for such parameters here, which reentrant checkpointing alone needs, and that is not its default.
            is_reentrant = (args.activation_checkpointing_kwargs or {}).get("use_reentrant", False)
            args.ddp_find_unused_parameters = not is_reentrant
        metrics = BatchMetrics(lambda: self.model.config.thresholds)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Label smoothing is not compatible with multi-label")
            super().__init__(model, args, **{"compute_metrics": metrics, **kwargs})
        self.label_smoother = None  # the library's, for classes that exclude each other
        if self.lr_scheduler is not None and args.learning_rate_decay != 1:
            raise ValueError(
                f"learning_rate_decay {args.learning_rate_decay} would replace the scheduler of optimizers: leave out "
                "one of the two"
            )
        check_negatives(args.negatives, args.loss, type(self.model), self.model.config)
        self.sampled_negatives = None
        self._give_model_its_loss()
        self.train_data_collator = train_data_collator or self.data_collator
        if isinstance(self.train_data_collator, SeededCollator):
            self.add_callback(SeedCollator(self.train_data_collator))
        self._loss_parts = defaultdict(list)  # since the last log
        self.token_batches = None
        if args.tokens_per_batch is not None:
            seed = args.seed if args.data_seed is None else args.data_seed
            self.token_batches = TokenBatchSampler(count_tokens(self.train_dataset), args.tokens_per_batch, seed)
            self.add_callback(NumberEpochs(self.token_batches))
            self.loss_is_scaled_for_ga = True  # by `compute_loss`
        averages = [callback for callback in self.callback_handler.callbacks if isinstance(callback, AverageWeights)]
        self.average_weights = averages[0] if averages else None
        if self.average_weights is not None:
            self.average_weights.is_attached = True
        self.early_stopping = None
        if args.early_stopping_patience is not None:
            self.early_stopping = EarlyStopping(args.early_stopping_patience)
            self.add_callback(self.early_stopping)
        self.time_limit = None
        if args.max_minutes is not None:
            self.time_limit = TimeLimit(args.max_minutes, count_evaluated(self.eval_dataset))
            self.add_callback(self.time_limit)

    def _give_model_its_loss(self) -> None:
        check_loss_function(self.compute_loss_func, self.args.loss)
        reduce = self.model.loss_reduction
        if self.args.negatives is not None:
            self.sampled_negatives = SampledNegatives(self.args.negatives, reduce)
            reduce = self.sampled_negatives.reduce
        give_model_its_loss(self.model, self.args, self.train_dataset, reduce)

    def _determine_best_metric(self, metrics: dict[str, float], trial: Any) -> bool:
        """While no label is predicted and F1 is 0, the evaluation of the lowest loss is best."""
        if super()._determine_best_metric(metrics, trial):
            return True
        if self.args.metric_for_best_model is None or "eval_loss" not in metrics:
            return False
        score = metrics[f"eval_{self.args.metric_for_best_model.removeprefix('eval_')}"]
        if not score == self.state.best_metric == 0:
            return False
        best_losses = [
            logged["eval_loss"]
            for logged in self.state.log_history
            if logged["step"] == self.state.best_global_step and "eval_loss" in logged
        ]
        if not best_losses or metrics["eval_loss"] >= best_losses[0]:
            return False
        self.state.best_global_step = self.state.global_step
        return True

    @property
    def stopped_by(self) -> str | None:
        """The argument that stopped training before its last step, or `"callback"`; `None` if nothing did."""
        if self.state.global_step >= self.state.max_steps:
            return None
        if self.time_limit and self.time_limit.is_reached:
            return "max_minutes"
        return "early_stopping_patience" if self.early_stopping and self.early_stopping.is_over else "callback"

    def compute_loss(
        self, model: nn.Module, inputs: dict[str, Any], return_outputs: bool = False, **kwargs: Any
    ) -> torch.Tensor | tuple[torch.Tensor, Any]:
        if model.training and (part := self._still_part) is not None:
            for module in part.modules:  # which `training_step` has set to training, like the head
                module.eval()
        sample = self.sampled_negatives.drawn if model.training and self.sampled_negatives else nullcontext
        with sample(inputs) as inputs:
            if model.training and self.args.label_smoothing_factor:
                inputs = {**inputs, "labels": smooth_labels(inputs["labels"], self.args.label_smoothing_factor)}
            loss, outputs = super().compute_loss(model, inputs, return_outputs=True, **kwargs)
        if model.training and self.token_batches is not None:
            # The gradients of batches are added up, and those of processes averaged. Divided by the documents that a
            # step has on average, not by its own, or a document would count less among many short ones.
            documents_per_step = len(self.train_dataset) / self._steps_per_epoch
            loss = loss * (len(inputs["labels"]) * self.args.world_size / documents_per_step)
        if model.training:
            for name in outputs:
                if name.endswith("_loss"):
                    self._loss_parts[name].append(outputs[name].detach())  # LM-MTC Fig. 4
        return (loss, outputs) if return_outputs else loss

    @property
    def _still_part(self) -> FrozenPart | None:
        """The part of the model that is frozen, and has no dropout either."""
        return None if self.args.frozen_dropout else self.model.frozen_part()

    def _inner_training_loop(self, *args: Any, **kwargs: Any) -> TrainOutput:
        if self.model_init is not None:  # a new model, and in a search other settings
            self._give_model_its_loss()
        self._loss_parts.clear()  # a pruned trial leaves some
        # The weights of the checkpoint that a training resumes from are loaded by now.
        with nullcontext() if self._still_part is None else features_kept(self):
            output = super()._inner_training_loop(*args, **kwargs)
        if self.hp_search_backend is not None and self.args.load_best_model_at_end:
            self.objective = None  # the last epoch's; the search evaluates the best one, which is loaded
        return output

    def hyperparameter_search(
        self,
        hp_space: Callable[[Any], dict[str, Any]] | None = None,
        compute_objective: Callable[[dict[str, float]], float] | None = None,
        n_trials: int = 20,
        direction: str | list[str] | None = None,
        **kwargs: Any,
    ) -> BestRun | list[BestRun]:
        """Search for hyperparameters, as `Trainer.hyperparameter_search`, with defaults of multi-label classification.

        With `args.load_best_model_at_end`, the value of a trial is that of its best epoch.

        Args:
            hp_space (`Callable`, *optional*): Returns the settings of a trial by name; by default, learning rate and
                batch size (`make_search_space`).
            compute_objective (`Callable`, *optional*): Returns the value of a trial from the metrics of an evaluation;
                by default, `args.metric_for_best_model`.
            n_trials (`int`, *optional*, defaults to 20): Number of trials.
            direction (`str` or `list[str]`, *optional*): `"maximize"` or `"minimize"`; by default what is better for
                `args.metric_for_best_model`.
            kwargs: Passed to `Trainer.hyperparameter_search`, such as `backend`.

        Returns:
            `BestRun`: Number, value and hyperparameters of the best trial; of several for several directions.

        Raises:
            UserInputError: `hp_space` names a setting that a trial cannot change.
            RuntimeError: The trainer has no `model_init`, or the backend is not installed.
        """
        choose = hp_space or make_search_space(self.args)
        try:
            return super().hyperparameter_search(
                lambda trial: check_hyperparameters(choose(trial), self.args),
                compute_objective or make_objective(self.args),
                n_trials,
                direction or ("minimize" if self.args.greater_is_better is False else "maximize"),
                **kwargs,
            )
        finally:
            delete_features(self)  # a pruned trial leaves them, as if it were to be resumed

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        if "loss" in logs:
            for name, losses in self._loss_parts.items():
                logs[name] = self.accelerator.gather(torch.stack(losses).mean()).mean().item()
            self._loss_parts.clear()
        super().log(logs, start_time)

    def get_train_dataloader(self) -> DataLoader:
        if self.token_batches is not None:
            return token_batch_loader(self, self.token_batches)
        evaluation_collator, self.data_collator = self.data_collator, self.train_data_collator
        try:
            return super().get_train_dataloader()
        finally:
            self.data_collator = evaluation_collator

    def get_decay_parameter_names(self, model: nn.Module) -> list[str]:
        # Weight decay would move the rows that are not trained too.
        return [name for name in super().get_decay_parameter_names(model) if not trains_rows(model.get_parameter(name))]

    @property
    def _steps_per_epoch(self) -> int:
        args = self.args
        batches = len(self.token_batches or range(0, len(self.train_dataset), args.train_batch_size))
        return math.ceil(batches / (args.gradient_accumulation_steps * args.world_size))

    def create_scheduler(self, num_training_steps: int, optimizer: torch.optim.Optimizer | None = None) -> LRScheduler:
        decay = self.args.learning_rate_decay
        if decay == 1.0:
            return super().create_scheduler(num_training_steps, optimizer)
        # `max_steps` overrides `num_train_epochs`
        by_steps = self.args.max_steps > 0
        steps_per_epoch = self._steps_per_epoch if by_steps else num_training_steps / self.args.num_train_epochs
        self.lr_scheduler = LambdaLR(
            self.optimizer if optimizer is None else optimizer,
            lambda step: decay ** max(0, int(step / steps_per_epoch) - 1),
        )
        return self.lr_scheduler

    def evaluate(self, *args: Any, **kwargs: Any) -> dict[str, float]:
        by_batch = isinstance(self.compute_metrics, BatchMetrics)
        with self._averages_applied(), self.compute_metrics.applied(self.args) if by_batch else nullcontext():
            return super().evaluate(*args, **kwargs)

    def predict(self, *args: Any, **kwargs: Any) -> PredictionOutput:
        with self._averages_applied():
            return super().predict(*args, **kwargs)

    def save_model(self, *args: Any, **kwargs: Any) -> None:
        with self._averages_applied():
            super().save_model(*args, **kwargs)

    def _averages_applied(self) -> AbstractContextManager[None]:
        return nullcontext() if self.average_weights is None else self.average_weights.applied(self.model)

    def _save_optimizer_and_scheduler(self, output_dir: str) -> None:
        super()._save_optimizer_and_scheduler(output_dir)
        if self.average_weights is not None and self.args.should_save:
            self.average_weights.save(self.model, output_dir)

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        super()._load_optimizer_and_scheduler(checkpoint)
        if self.average_weights is not None and checkpoint is not None:
            self.average_weights.load(self.model, checkpoint)

    def _load_best_model(self) -> None:
        super()._load_best_model()
        if self.average_weights is not None:
            self.average_weights.clear()  # or those of the last step would replace those of the best epoch
