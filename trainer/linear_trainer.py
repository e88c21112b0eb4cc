# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Fitting of the linear classifiers over TF-IDF with scikit-learn: n-grams and label sets, then weights."""

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import datasets
import numpy as np
import torch
from joblib import Parallel, delayed
from scipy import sparse
from sklearn import config_context
from sklearn.svm import LinearSVC
from torch.utils.data import DataLoader
from transformers.trainer_utils import BestRun, TrainOutput
from transformers.utils.logging import tqdm

from ..configuration.configuration_tfidf_linear import TfidfLinearConfig
from ..errors import UserInputError
from ..modeling.modeling_tfidf_linear import TfidfLinearForSequenceClassification, ngram_codes
from ..wording import counted
from .multi_label_trainer import MultiLabelTrainer
from .sparse_labels import label_array


def make_linear_model(
    config: TfidfLinearConfig, documents: datasets.Dataset, unk_token_id: int = 1, min_df: int = 2
) -> TfidfLinearForSequenceClassification:
    """Return a model with the n-grams and, for `"lp"`, the label sets of the training documents, and weights of 0.

    Args:
        config (`TfidfLinearConfig`): Configuration, whose `num_ngrams` and `num_label_sets` are set here.
        documents (`datasets.Dataset`): The training documents, with `input_ids` and `labels`.
        unk_token_id (`int`, *optional*, defaults to 1): The tokenizer's unknown word.
        min_df (`int`, *optional*, defaults to 2): Fewest documents of an n-gram with a weight.

    Returns:
        `TfidfLinearForSequenceClassification`: The model that `LinearTrainer` fits.

    Raises:
        UserInputError: All words are unknown, no n-gram occurs in `min_df` documents, or no document has a completely
            known label set.

    Example:

    ```python
    >>> config = TfidfLinearConfig(method="lp", vocab_size=len(tokenizer), id2label=dict(enumerate(names)))
    >>> model = make_linear_model(config, documents)
    >>> args = LinearTrainingArguments("out", eval_strategy="no", load_best_model_at_end=False)
    >>> LinearTrainer(model, args, train_dataset=documents, processing_class=tokenizer).train()
    ```"""
    ngrams, idf = learn_ngrams(documents["input_ids"], config, unk_token_id, min_df)
    config.num_ngrams = len(ngrams)
    if config.method == "lp":
        label_sets = find_label_sets(documents["labels"])
        config.num_label_sets = len(label_sets)
    model = TfidfLinearForSequenceClassification(config)
    with torch.no_grad():
        model.tfidf_linear.ngrams.copy_(ngrams)
        model.tfidf_linear.idf.copy_(idf)
        if config.method == "lp":
            model.head.label_sets.copy_(label_sets)
    return model


def learn_ngrams(
    documents: Iterable[list[int]], config: TfidfLinearConfig, unk_token_id: int, min_df: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the words and pairs of words that get a weight, and their inverse document frequencies.

    Args:
        documents (`Iterable[list[int]]`): The `input_ids` of the training documents.
        config (`TfidfLinearConfig`): Configuration, with the length of a document and the ids of special tokens.
        unk_token_id (`int`): The unknown word: it gets no weight, nor do pairs with it.
        min_df (`int`): Fewest documents of an n-gram.

    Returns:
        `torch.LongTensor` of shape `(num_ngrams,)`: Codes of the n-grams (`ngram_codes`), sorted.
        `torch.FloatTensor` of shape `(num_ngrams,)`: idf, ln((1 + documents) / (1 + documents with the n-gram)) + 1.

    Raises:
        UserInputError: All words are unknown, or no n-gram occurs in `min_df` documents.
    """
    found = []
    for ids in tqdm(documents, desc="Counting words and pairs"):
        words = [word for word in ids if word not in (config.pad_token_id, config.sep_token_id)][: config.max_words]
        words_1T, lengths_1 = torch.tensor([words], dtype=torch.long), torch.tensor([len(words)])
        found.append(ngram_codes(words_1T, lengths_1, config.vocab_size).unique())
    codes, frequencies = torch.cat(found).unique(return_counts=True)
    is_known = (codes % config.vocab_size != unk_token_id) & (codes // config.vocab_size != unk_token_id)
    if not is_known.any():
        raise UserInputError(
            "the training documents contain no word of the vocabulary: give more, or lower --min_frequency if > 1"
        )
    is_kept = (frequencies >= min_df) & is_known
    if not is_kept.any():
        raise UserInputError(
            f"no known word occurs in {counted(min_df, 'training document')}: lower --min_df, or give more documents"
        )
    idf = torch.log((1 + len(found)) / (1 + frequencies[is_kept].double())) + 1
    return codes[is_kept], idf.float()


def find_label_sets(labels: Iterable[list[int]]) -> torch.Tensor:
    """Return the distinct label sets of documents, without those that have an unknown label (-100).

    Args:
        labels (`Iterable[list[int]]`): Ones, zeros, and -100 where unknown, one row per document.

    Returns:
        `torch.BoolTensor` of shape `(num_label_sets, num_labels)`: The label sets.

    Raises:
        UserInputError: Every document has an unknown label.
    """
    rows = np.asarray(labels)
    rows = rows[(rows >= 0).all(axis=1)]
    if not len(rows):
        raise UserInputError(
            "every training document has unknown labels: label powerset needs documents with all labels known"
        )
    return torch.from_numpy(np.unique(rows, axis=0) == 1)


class LinearTrainer(MultiLabelTrainer):
    """A trainer that fits a `TfidfLinearForSequenceClassification` with `LinearSVC`.

    It evaluates and saves as `MultiLabelTrainer` does. A step of the training state is one fitted classifier: there are
    no epochs, batches, or checkpoints. `args.dataloader_num_workers` processes fit the classifiers, to the same bits as
    one. Every process of a distributed run fits all of them.

    - `"br"`: one classifier per label, as in scikit-learn's `OneVsRestClassifier(LinearSVC())`.
    - `"cc"`: as in `ClassifierChain(LinearSVC())`; each classifier reads the true labels before its own.
    - `"lp"`: one classifier per label set against all others, as in `LinearSVC` on classes.

    Labels that joined a fitted model (`labelwise add-labels`) are fitted alone.

    A label of -100 is unknown: the classifier of that label leaves the document out; in a chain, later classifiers read
    it as 0.

    Args:
        model (`TfidfLinearForSequenceClassification`): From `make_linear_model`.
        args (`LinearTrainingArguments`): Settings.
        kwargs: Passed to `MultiLabelTrainer`.
    """

    def train(
        self, resume_from_checkpoint: Any = None, trial: Any = None, ignore_keys_for_eval: list[str] | None = None
    ) -> TrainOutput:
        """Fit all classifiers from scratch. The arguments are those of `Trainer`, without effect here."""
        head, first = self.model.head, self.model.config.label_slices[-1].start
        self.state.max_steps = head.weight.shape[1] - first
        self.control = self.callback_handler.on_train_begin(self.args, self.state, self.control)
        problems = islice(self._problems(*self._vectorize()), first, None)
        # `None`: in this process, one after the other.
        fit = Parallel(n_jobs=self.args.dataloader_num_workers or None, return_as="generator")
        fitted = fit(delayed(_fit)(*problem, self.args.C, self.args.seed) for problem in problems)
        for column, (coefficients, intercept) in enumerate(fitted, first):
            with torch.no_grad():
                head.weight[:, column] = torch.from_numpy(coefficients[: len(head.weight)])
                head.bias[column] = intercept
                if len(coefficients) > len(head.weight):
                    before = head.order[: head.order.index(column)]
                    head.chain[before, column] = torch.from_numpy(coefficients[len(head.weight) :]).to(head.chain)
            self.state.global_step += 1
            self.control = self.callback_handler.on_step_end(self.args, self.state, self.control)
        self.control = self.callback_handler.on_train_end(self.args, self.state, self.control)
        return TrainOutput(self.state.global_step, math.nan, {})

    def hyperparameter_search(self, *args: Any, **kwargs: Any) -> BestRun:
        """Refuse: the settings that it searches are those of gradient descent."""
        raise UserInputError(
            "hyperparameter_search: linear models have no learning rate or epochs; search C by scikit-learn's "
            "GridSearchCV over MultiLabelClassifier"
        )

    @torch.no_grad()
    def _vectorize(self) -> tuple[sparse.csr_array, sparse.csc_array]:
        """Return the TF-IDF vectors of the training documents, computed by the model, and their labels: 1, 0, or -100
        where unknown."""
        model = self.model
        loader = DataLoader(
            self.train_dataset.select_columns(["input_ids"]),
            batch_size=self.args.per_device_eval_batch_size,
            collate_fn=self.data_collator,
        )
        blocks = []
        for batch in tqdm(loader, desc="Computing TF-IDF", disable=self.args.disable_tqdm):
            ngrams, values = (part.cpu() for part in model.tfidf_linear.weigh_ngrams(**batch.to(model.device)))
            rows, places = values.nonzero(as_tuple=True)
            cells = (values[rows, places].double(), (rows.int(), ngrams[rows, places].int()))  # LinearSVC reads int32
            blocks.append(sparse.csr_array(cells, shape=(len(ngrams), model.config.num_ngrams)))
        return sparse.vstack(blocks, format="csr"), label_array(self.train_dataset).tocsc()

    def _problems(
        self, inputs: sparse.csr_array, labels: sparse.csc_array
    ) -> Iterator[tuple[sparse.csr_array, np.ndarray]]:
        """Yield the two-class problem of each column of the head's weight: inputs, those of a chain with the labels
        before behind the n-grams, and targets (1, 0, or -100 where unknown)."""
        config, head = self.model.config, self.model.head
        if config.method == "lp":
            rows = labels.toarray()
            for label_set in head.label_sets.cpu().numpy():
                targets = (rows == label_set).all(axis=1)  # label powerset
                yield inputs, np.where((rows < 0).any(axis=1), -100, targets)
            return
        for label in range(config.num_labels):
            targets = labels[:, [label]].toarray()[:, 0].astype(np.int64)
            if config.method == "br":
                yield inputs, targets  # binary relevance
            else:
                order = np.array(head.order, dtype=np.int64)
                before = labels[:, order[: head.order.index(label)]].maximum(0)
                yield sparse.hstack([inputs, before], format="csr"), targets  # classifier chain


def _fit(inputs: sparse.csr_array, targets: np.ndarray, cost: float, seed: int) -> tuple[np.ndarray, float]:
    """Return weights and bias of one classifier; weights of 0 and a bias of 1 or -1 if there is only one class."""
    is_known = targets >= 0
    if not is_known.all():
        inputs, targets = inputs[is_known], targets[is_known]
    if not targets.any() or targets.all():
        return np.zeros(inputs.shape[1], np.float32), 1.0 if len(targets) and targets[0] else -1.0
    # The checks of scikit-learn take as long as the fitting of a small label.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        machine = LinearSVC(C=cost, random_state=seed).fit(inputs, targets)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
