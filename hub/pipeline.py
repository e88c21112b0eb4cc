# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`pipeline("multi-label-classification")`: label sets and probabilities of texts."""

from collections.abc import Mapping
from os import PathLike
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, BatchEncoding, PreTrainedModel
from transformers.pipelines.base import Pipeline

from ..modeling.thresholding import predict_labels
from ..tokenization.long_texts import read_beginnings
from .export_record import is_exported
from .exported_classifier import ExportedClassifier


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
    `config.thresholds` (none for an empty text), and the probability of every label. A list returns a list; a generator
    or a dataset returns a generator.

    Example:

    ```python
    >>> import labelwise
    >>> from transformers import pipeline

    >>> tagger = pipeline("multi-label-classification", model="out")
    >>> tagger(["Please refund the 20 euros.", "The app crashes at start."], batch_size=2)
    ```"""

    _load_tokenizer = True
    _load_processor = False
    _load_image_processor = False
    _load_feature_extractor = False

    def __call__(self, texts: Any, **kwargs: Any) -> Any:
        # The library fails on an empty list.
        return [] if isinstance(texts, list) and not texts else super().__call__(texts, **kwargs)

    def _sanitize_parameters(self) -> tuple[dict, dict, dict]:
        return {}, {}, {}

    def preprocess(self, text: str) -> BatchEncoding:
        if not isinstance(text, str):
            raise TypeError(f"multi-label-classification reads strings, not {type(text).__name__}")
        (beginning,) = read_beginnings([text], self.tokenizer)
        encoded = self.tokenizer(beginning, truncation=True, return_tensors="pt")
        encoded["has_text"] = torch.tensor([[bool(text.strip())]])
        return encoded

    def _forward(self, model_inputs: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        inputs = {name: values for name, values in model_inputs.items() if name != "has_text"}
        return {"logits": self.model(**inputs).logits, "has_text": model_inputs["has_text"]}

    def postprocess(self, model_outputs: Mapping[str, torch.Tensor]) -> dict:
        (logits,) = model_outputs["logits"].float()
        config = self.model.config
        names = config.label_names
        predicted = (predict_labels(logits, config.thresholds) & model_outputs["has_text"][0]).tolist()
        return {
            "labels": [name for name, is_predicted in zip(names, predicted, strict=True) if is_predicted],
            "scores": dict(zip(names, logits.sigmoid().tolist(), strict=True)),
        }

    def save_pretrained(self, save_directory: str | PathLike, **kwargs: Any) -> None:
        """Save model and tokenizer.

        The library would add the pipeline to the config too, and then load it only with the folder's code, even if this
        package is installed.
        """
        self.model.save_pretrained(save_directory, **kwargs)
        self.tokenizer.save_pretrained(save_directory, **kwargs)
