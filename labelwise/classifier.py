# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`MultiLabelClassifier`: from lists of texts and labels to a model, in the manner of scikit-learn."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from .classifier_checks import check_splits, check_texts
from .errors import UserInputError
from .families import FAMILIES, Family, family_of_model
from .hub.answer_rules import is_empty, read_rules
from .hub.cards import discard_record, update_card
from .runs.data import READING_OPTIONS, DataInMemory, Documents
from .runs.evaluating import evaluate_model, find_training_counts
from .runs.keyword_options import describe_call, keyword_errors, sort_options
from .runs.loading import download_revision, family_of_checkpoint, load_config_and_tokenizer, load_for_inference
from .runs.locking import lock_folder
from .runs.prediction import iterate_logits
from .runs.publishing import PushArguments, push
from .runs.results import load_results, save_results
from .runs.training import TrainArguments, TrainingRun
from .runs.writing import check_folder, make_files


class MultiLabelClassifier(BaseEstimator):
    """Any system of this package, trained on lists of texts and labels.

    It runs the same training as `labelwise train`: the same data, options and seed give the same weights. Parameters
    are stored as given and checked by `fit`, so that `clone`, `cross_val_predict` (with the labels as a 0/1 matrix) and
    `GridSearchCV` of scikit-learn work.

    Args:
        model (`str`, *optional*, defaults to `"lw-lstm"`):
            System to train, as for `labelwise train --model`: `"br"`, `"cnn"`, `"lw-lstm"`, `"lm-mtc"`, …
        options:
            Options of `labelwise train` for the system, such as `pretraining_steps=300`, `encoder="bert-base-uncased"`,
            `hidden_size=128` or `tune_thresholds="global"`, and any field of its `TrainingArguments`, such as
            `num_train_epochs=5` or `seed=1`. `model_name_or_path` starts from a checkpoint.

    Attributes:
        model (`PreTrainedModel`): The trained model, in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        classes_ (`np.ndarray` of shape `(num_labels,)`): Names of the labels, in the order of the probabilities.
        results_ (`dict`, *optional*): The contents of `results.json`: metrics, seed, versions, time.

    Example:

    ```python
    >>> from labelwise import MultiLabelClassifier

    >>> classifier = MultiLabelClassifier("br", min_frequency=1, min_df=1)
    >>> texts = [f"{text} Order {i}." for i in range(4) for text in ("It crashes.", "Refund me.", "Crashes, refund!")]
    >>> classifier.fit(texts, [["bug"], ["billing"], ["bug", "billing"]] * 4)
    >>> classifier.predict(["The app crashes at start."])
    [['bug']]
    ```"""

    def __init__(self, model: str | None = None, **options: Any) -> None:
        self._system = model
        self._options = options

    # Parameters, as scikit-learn wants them

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters as they were given; `deep` has no effect."""
        return {"model": self._system, **self._options}

    def set_params(self, **params: Any) -> "MultiLabelClassifier":
        """Set parameters; `fit` checks them."""
        self._system = params.pop("model", self._system)
        self._options = {**self._options, **params}
        return self

    # Training

    @keyword_errors()
    def fit(
        self,
        texts: Documents,
        labels: Any = None,
        *,
        validation: Documents | tuple | None = None,
        **options: Any,
    ) -> "MultiLabelClassifier":
        """Train on texts and labels.

        Args:
            texts (`Sequence[str]`, `datasets.Dataset`, `pandas.DataFrame` or path):
                The texts; a dataset, a frame or a file has the labels too.
            labels (`Sequence` or array of shape `(documents, num_labels)`, *optional*):
                For each text the names of its labels; or a matrix with 1 where a label applies, 0 where it does not,
                and -100 or `None` where that is unknown. `from_lists` describes all forms.
            validation (`tuple`, `datasets.Dataset`, `pandas.DataFrame` or path, *optional*):
                `(texts, labels)` to choose the epoch and the thresholds on; by default a stratified tenth of `texts`.
            options:
                Further options for this training, which override those of the constructor: options of the system, and
                options that say how the data is read, such as `label_columns="auto"`, `text_column=["title", "body"]`,
                `label_names` (of the columns of a matrix) or `missing_labels="negative"`. With `output_dir`, the run's
                folder, checkpoints included, is kept there.

        Returns:
            `MultiLabelClassifier`: This one.

        Raises:
            UserInputError: An option or the data is wrong; the message says what, where, and what to do.
        """
        given = {**self._options, **options}
        if given.get("model_name_or_path") is None:
            given.pop("model_name_or_path", None)
        family = self._family(given)
        parts = sort_options(family, given)
        splits: dict[str, Any] = {"train": texts if labels is None else (texts, labels)}
        if validation is not None:
            splits["validation"] = validation
        check_splits(splits)
        data = DataInMemory(splits, **parts["data"])
        output_dir = parts["training"].pop("output_dir", None)
        if output_dir is None and parts["run"].get("keep_checkpoints"):
            raise UserInputError("keep_checkpoints: needs output_dir, the folder that they are kept in")
        with TemporaryDirectory() if output_dir is None else nullcontext(output_dir) as folder:
            run = TrainingRun(
                family(model=self._system, **parts["model"]),
                data,
                family.training_arguments(output_dir=str(folder), **parts["training"]),
                TrainArguments(**parts["run"]),
                command=[describe_call(self.get_params(), options, validation is not None)],
            )
            self.results_ = run()
        self._set_model(run.trainer.model.eval(), run.tokenizer)
        self._predicts_matrix = data.is_matrix
        self._reading = parts["data"]
        return self

    def _family(self, given: dict[str, Any]) -> type[Family]:
        source = given.get("model_name_or_path")
        if not source:
            return family_of_model(self._system)
        return family_of_checkpoint(source, self._system)

    def _set_model(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        self._model, self._tokenizer = model, tokenizer
        self.classes_ = np.array(model.config.label_names)

    # Prediction

    @property
    def model(self) -> PreTrainedModel:
        self._check_fitted()
        return self._model

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        self._check_fitted()
        return self._tokenizer

    def __sklearn_is_fitted__(self) -> bool:
        return "_model" in vars(self)

    def _check_fitted(self) -> None:
        if not self.__sklearn_is_fitted__():
            raise NotFittedError("this MultiLabelClassifier is not trained yet: call fit or from_pretrained first")

    def predict(
        self,
        texts: Sequence[str],
        *,
        batch_size: int = 64,
        threshold: float | Mapping[str, float] | None = None,
        min_labels: int = 0,
    ) -> list[list[str]] | np.ndarray:
        """Predict the labels of texts; an empty text has none.

        Args:
            texts (`Sequence[str]`): The texts.
            batch_size (`int`, *optional*, defaults to 64): Number of texts of a batch.
            threshold (`float` or `Mapping[str, float]`, *optional*): Threshold of all labels, or of some by name,
                instead of those of the model.
            min_labels (`int`, *optional*, defaults to 0): Number of labels that a text has at least, the best first.

        Returns:
            `list[list[str]]`: The names of each text's labels; for a classifier that was fitted to a matrix, until it
            is saved and loaded, a matrix of shape `(documents, num_labels)` with 1 where a label is predicted.

        Raises:
            UserInputError: A text is no string, a label is unknown, or a number is out of range.
        """
        rules = read_rules(self.model.config, threshold, min_labels)
        texts = check_texts(texts)
        predicted = rules.decide([is_empty(text) for text in texts], self._logits(texts, batch_size)).numpy()
        if self._predicts_matrix:
            return predicted.astype(int)
        return [self.classes_[row].tolist() for row in predicted]

    def predict_proba(self, texts: Sequence[str], batch_size: int = 64) -> np.ndarray:
        """Return the probability of each label, an array of shape `(documents, num_labels)` in the order of
        `classes_`."""
        return self._logits(check_texts(texts), batch_size).sigmoid().numpy()

    @keyword_errors()
    def evaluate(
        self,
        texts: Documents,
        labels: Any = None,
        *,
        batch_size: int = 64,
        metrics: str | Sequence[str] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Measure the model on texts and labels.

        Args:
            texts, labels: As in `fit`.
            batch_size (`int`, *optional*, defaults to 64): Number of texts of a batch.
            metrics (`str` or `Sequence[str]`, *optional*): Metrics beyond the six, `"all"` or names, as in
                `MultiLabelMetrics`.
            options: Options that say how the data is read, as in `fit`; those of `fit` are kept, but not by
                `save_pretrained`.

        Returns:
            `dict[str, float]`: The metrics of `labelwise evaluate`, and `threshold`.
        """
        self._check_fitted()
        splits = {"test": texts if labels is None else (texts, labels)}
        unknown = [name for name in options if name not in READING_OPTIONS]
        if unknown:
            known = ", ".join(["batch_size", "metrics", *READING_OPTIONS])
            raise UserInputError(f"unknown option {unknown[0]}; known: {known}")
        check_splits(splits)
        # A pair has no columns, whatever table the training had.
        columns = () if labels is None else ("text_column", "label_columns")
        kept = {name: value for name, value in self._reading.items() if name not in columns}
        data = DataInMemory(splits, **{**kept, **options})
        documents = data.load(self.model.config.label_names)["test"]
        counts = find_training_counts(metrics, self.results_, None, "they are in the results of a model trained anew")
        given = (self.model, self.tokenizer, documents, batch_size, data.unseen_labels)
        return evaluate_model(*given, metrics=metrics, training_counts=counts)[0]

    def score(self, texts: Documents, labels: Any = None) -> float:
        """Return the micro-F1 on texts and labels, which scikit-learn's model selection maximizes."""
        return self.evaluate(texts, labels)["micro_f1"]

    def _logits(self, texts: Sequence[str], batch_size: int) -> torch.Tensor:
        documents = ((text, {}) for text in texts)
        blocks = [logits_BL for _, logits_BL in iterate_logits(self.model, self.tokenizer, documents, batch_size)]
        return torch.cat([torch.empty(0, len(self.classes_)), *blocks])

    # Saving and loading

    def save_pretrained(self, save_directory: str | Path) -> None:
        """Save the folder that `labelwise train` writes: the Auto classes, pipelines and all commands read it.

        The files of a model that is there are replaced; a card that was edited stays.

        Raises:
            UserInputError: The folder cannot be written to.
        """
        check_folder("save_directory", str(save_directory))
        folder, model = Path(save_directory), self.model
        with lock_folder("save_directory", folder):
            if self.results_ is None:
                discard_record(folder)  # of another model
            with make_files("save_directory", folder) as unfinished:
                model.save_pretrained(unfinished)
                self.tokenizer.save_pretrained(unfinished)
                if self.results_ is not None:
                    save_results(self.results_, unfinished)
                    update_card(unfinished, model.config, self.results_, folder)

    def push_to_hub(
        self, repo_id: str, revision: str | None = None, private: bool = False, commit_message: str | None = None
    ) -> str:
        """Publish the model on the Hub in one commit, with its card and results.

        Args:
            repo_id (`str`): Hub id, `namespace/name`.
            revision (`str`, *optional*): Branch to publish on; the main one by default.
            private (`bool`, *optional*, defaults to `False`): Whether a new repository is private.
            commit_message (`str`, *optional*): Title of the commit.

        Returns:
            `str`: The address of the commit.

        Raises:
            UserInputError: The Hub refused; nothing was published then.
        """
        with TemporaryDirectory() as folder:
            self.save_pretrained(folder)
            return push(PushArguments(folder, repo_id, revision, private, commit_message))

    @classmethod
    def from_pretrained(cls, name_or_path: str | Path, revision: str | None = None) -> "MultiLabelClassifier":
        """Load a trained model from a folder or the Hub; `fit` continues from it, unless it is linear.

        Args:
            name_or_path (`str` or `Path`): Folder or Hub id.
            revision (`str`, *optional*): Branch, tag or commit of a model of the Hub; the main branch by default.

        Raises:
            UserInputError: There is no such model or revision, or it is corrupted.
        """
        name_or_path = str(name_or_path)
        if revision is not None:
            name_or_path = download_revision(name_or_path, revision)
        config, tokenizer = load_config_and_tokenizer(name_or_path)
        classifier = cls(FAMILIES[config.model_type].system_of(config), model_name_or_path=name_or_path)
        classifier._set_model(load_for_inference(name_or_path, config), tokenizer)
        classifier.results_ = load_results(name_or_path)
        classifier._predicts_matrix, classifier._reading = False, {}
        return classifier
