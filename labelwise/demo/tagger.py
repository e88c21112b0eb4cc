# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What the page asks of a model: labels of a text, words that a label is read from, and a tagged file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..analysis.explain import explain
from ..analysis.explanation import Explanation
from ..datasets_scripts.documents import check_text
from ..datasets_scripts.own_data.options import FileOptions
from ..errors import UserInputError
from ..hub.answer_rules import AnswerRules
from ..runs.answer_files import AnswerTable, answer_rows, write_answers
from ..runs.answers import make_answers
from ..runs.loading import load_config_and_tokenizer, load_for_inference
from ..runs.prediction import iterate_logits
from ..runs.unlabelled import read_rows

_BATCH_SIZE = 32


class LabelAnswer(NamedTuple):
    """A label of a text: its probability, its threshold, and whether it is predicted or known."""

    label: str
    probability: float
    threshold: float
    is_predicted: bool
    is_known: bool


class Tagger:
    """A trained model behind a page.

    Args:
        name (`str`): What the page calls it.
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
    """

    def __init__(self, name: str, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        self.name, self.model, self.tokenizer = name, model, tokenizer
        self.config = model.config

    @classmethod
    def from_pretrained(cls, name_or_path: str) -> "Tagger":
        """Load a trained model.

        Args:
            name_or_path (`str`): Folder or Hub id.

        Raises:
            UserInputError: There is no such model, or it is corrupted.
        """
        config, tokenizer = load_config_and_tokenizer(name_or_path)
        name = Path(name_or_path).resolve().name if Path(name_or_path).is_dir() else name_or_path
        return cls(name, load_for_inference(name_or_path, config), tokenizer)

    @property
    def reads_known_labels(self) -> bool:
        """Whether the model completes labels that are known (LM-MTC with label tokens)."""
        return self.config.has_label_tokens

    def label(self, text: str, threshold: float | None = None, known: Sequence[str] = ()) -> list[LabelAnswer]:
        """Return all labels: those that are predicted, then the others, each by probability.

        Args:
            text (`str`): The text.
            threshold (`float`, *optional*): Threshold of all labels instead of the model's.
            known (`Sequence[str]`, *optional*): Labels that are known to apply.
        """
        rules = AnswerRules.for_model(self.config, threshold)
        document = (check_text(text, "the text"), dict.fromkeys(known, True))
        ((documents, logits_1L),) = iterate_logits(self.model, self.tokenizer, [document], 1)
        (answer,) = make_answers(documents, logits_1L, rules, self.config)
        thresholds = np.broadcast_to(rules.thresholds, self.config.num_labels).tolist()
        labels = [
            LabelAnswer(label, score, limit, label in answer.labels, label in known)
            for (label, score), limit in zip(answer.scores.items(), thresholds, strict=True)
        ]
        return sorted(labels, key=lambda label: (not label.is_predicted, -label.probability))

    def explain(self, text: str, label: str, threshold: float | None = None) -> Explanation:
        """Return what the words of a text have to do with a label, as `labelwise explain` shows it.

        Args:
            text (`str`): The text.
            label (`str`): The label.
            threshold (`float`, *optional*): Threshold of the label instead of the model's.

        Raises:
            UserInputError: The text contains no words.
        """
        try:
            explanation = explain(self.model, self.tokenizer, text, [self.config.label2id[label]])
        except ValueError as error:
            raise UserInputError(str(error)) from error
        if threshold is not None:
            (answer,) = explanation.answers
            explanation.answers = [replace(answer, predicted=answer.probability > threshold)]
        return explanation

    def tag(self, path: Path, column: str, file_format: str, threshold: float | None = None) -> Path:
        """Write the labels of a file's texts beside it, as `labelwise predict` does.

        Args:
            path (`Path`): A file of texts, of any kind that `labelwise predict` reads.
            column (`str`): Its column of texts.
            file_format (`str`): `"csv"` or `"jsonl"`.
            threshold (`float`, *optional*): Threshold of all labels instead of the model's.

        Raises:
            UserInputError: The file cannot be read.
        """
        rules = AnswerRules.for_model(self.config, threshold)
        carried, rows = read_rows(str(path), FileOptions(text_column=[column]), self.config, [column])
        table = AnswerTable(carried, self.config.label_names, True, "names")
        table.check(file_format)
        tagged = path.with_name(f"{path.stem}-tagged.{file_format}")
        answered = answer_rows(self.model, self.tokenizer, rows, _BATCH_SIZE, rules)
        write_answers(answered, table, file_format, str(tagged))
        return tagged
