# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`pipeline("multi-label-classification")`: label sets and probabilities of texts."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, BatchEncoding, PreTrainedModel
from transformers.pipelines.base import Pipeline

from ..errors import UserInputError
from ..tokenization.long_texts import read_beginnings
from .answer_rules import is_empty, read_rules
from .export_record import is_exported
from .exported_classifier import ExportedClassifier

_PARAMETERS = ("threshold", "min_labels", "top_k")


class PipelineClassifier:
    """Loads the model of a pipeline: a trained one, or an export of `labelwise export`."""

    @classmethod
    def from_pretrained(cls, name_or_path: str | PathLike, **kwargs: Any) -> PreTrainedModel | ExportedClassifier:
        exported = is_exported(name_or_path)
        return (ExportedClassifier if exported else AutoModelForSequenceClassification).from_pretrained(
            name_or_path, **kwargs
        )


class MultiLabelClassificationPipeline(Pipeline):
    """A pipeline that returns label sets, while `text-classification` returns probabilities only.

    Texts are truncated to the model's limit. The result of a text is `{"labels": [...], "scores": {name:
    probability}}`, as `labelwise predict` writes it: the names of the labels whose probability is above
    `config.thresholds` (none for an empty text), and the probability of every label. A list, a tuple, an array of texts
    or a column of a table returns a list; a generator or a dataset returns a generator. A row with a column `text` is
    read as its text.

    A call takes these parameters; so does `pipeline(...)`, for all calls that do not give them:

    Args:
        threshold (`float` or `Mapping[str, float]`, *optional*): Threshold of all labels, or of some by name, instead
            of those of the model.
        min_labels (`int`, *optional*, defaults to 0): Number of labels that a text has at least, the best first; an
            empty text has none.
        top_k (`int`, *optional*): Number of scores of a result, the best first; by default, all in the order of the
            labels.

    Raises:
        UserInputError: A parameter is of another type, a label is unknown, or a number is out of range.
        TypeError: A text is not a string, or there is no such parameter.

    Example:

    ```python
    >>> import labelwise
    >>> from transformers import pipeline

    >>> tagger = pipeline("multi-label-classification", model="out")
    >>> tagger(["Please refund the 20 euros.", "The app crashes at start."], batch_size=2)
    >>> tagger("The app crashes at start.", threshold=0.3, min_labels=1, top_k=2)
    ```"""

    _load_tokenizer = True
    _load_processor = False
    _load_image_processor = False
    _load_feature_extractor = False

    def __call__(self, texts: Any, **kwargs: Any) -> Any:
        # The library reads lists, and fails on empty ones.
        if isinstance(texts, Sequence) and not isinstance(texts, str):  # a column of `datasets` is one
            texts = list(texts)
        elif hasattr(texts, "tolist"):  # an array, or a column of pandas
            texts = texts.tolist()
        return [] if isinstance(texts, list) and not texts else super().__call__(texts, **kwargs)

    def _sanitize_parameters(self, **given: Any) -> tuple[dict, dict, dict]:
        unknown = [name for name in given if name not in _PARAMETERS]
        if unknown:
            known = ", ".join(_PARAMETERS)
            raise TypeError(f"multi-label-classification has no parameter {unknown[0]}; it has {known}")
        config = self.model.config
        if not hasattr(config, "thresholds"):
            raise UserInputError(
                f"multi-label-classification needs a model of labelwise; {config.name_or_path} is a "
                f"{config.model_type} model, which text-classification runs"
            )
        read_rules(config, **given)  # so that a wrong value is told before the model runs
        return {}, {}, given

    def preprocess(self, text: str | Mapping[str, Any]) -> BatchEncoding:
        if isinstance(text, Mapping) and "text" in text:
            text = text["text"]
        if not isinstance(text, str):
            raise TypeError(
                f"multi-label-classification reads strings, not {type(text).__name__}: give a string or a list of them"
            )
        (beginning,) = read_beginnings([text], self.tokenizer)
        encoded = self.tokenizer(beginning, truncation=True, return_tensors="pt")
        encoded["is_empty"] = torch.tensor([[is_empty(text)]])
        return encoded

    def _forward(self, model_inputs: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        inputs = {name: values for name, values in model_inputs.items() if name != "is_empty"}
        return {"logits": self.model(**inputs).logits, "is_empty": model_inputs["is_empty"]}

    def postprocess(self, model_outputs: Mapping[str, torch.Tensor], **given: Any) -> dict:
        logits_1L = model_outputs["logits"].float()
        config = self.model.config
        names = config.label_names
        rules = read_rules(config, **given)
        (predicted,) = rules.decide(model_outputs["is_empty"][0], logits_1L).tolist()
        (best,), (scores,) = rules.rank(names, logits_1L.sigmoid())
        return {
            "labels": [name for name, is_predicted in zip(names, predicted, strict=True) if is_predicted],
            "scores": dict(zip(best, scores.tolist(), strict=True)),
        }

    def save_pretrained(self, save_directory: str | PathLike, **kwargs: Any) -> None:
        """Save model and tokenizer.

        The library would add the pipeline to the config too, and then load it only with the folder's code, even if this
        package is installed.
        """
        self.model.save_pretrained(save_directory, **kwargs)
        self.tokenizer.save_pretrained(save_directory, **kwargs)
