# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`pipeline("multi-label-classification")`: which labels hold for a text."""

from os import PathLike

from transformers.pipelines.base import Pipeline

from ..modeling.thresholding import predict_labels


class MultiLabelClassificationPipeline(Pipeline):
    """Label sets, where `text-classification` gives probabilities only.

    Texts are cut to what the model reads. A text gives `{"labels": [...], "scores": {name: probability}}`, as
    `labelwise predict` writes it: the names of the labels whose probability is above `config.thresholds`, and every
    label's probability. A list gives a list; a generator or a dataset gives a generator.

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

    def __call__(self, texts, **kwargs):
        # The library looks at the first of no texts.
        return [] if isinstance(texts, list) and not texts else super().__call__(texts, **kwargs)

    def _sanitize_parameters(self):
        return {}, {}, {}

    def preprocess(self, text: str):
        if not isinstance(text, str):
            raise TypeError(f"multi-label-classification labels strings, not {type(text).__name__}")
        return self.tokenizer(text, truncation=True, return_tensors="pt")

    def _forward(self, model_inputs):
        return {"logits": self.model(**model_inputs).logits}

    def postprocess(self, model_outputs) -> dict:
        (logits,) = model_outputs["logits"].float()
        config = self.model.config
        names = config.label_names
        held = predict_labels(logits, config.thresholds).tolist()
        return {
            "labels": [name for name, holds in zip(names, held, strict=True) if holds],
            "scores": dict(zip(names, logits.sigmoid().tolist(), strict=True)),
        }

    def save_pretrained(self, save_directory: str | PathLike, **kwargs):
        """Saves model and tokenizer. The library would name the pipeline in the config too, and would then run the
        folder's code for it, or refuse, even where this package is installed."""
        self.model.save_pretrained(save_directory, **kwargs)
        self.tokenizer.save_pretrained(save_directory, **kwargs)
