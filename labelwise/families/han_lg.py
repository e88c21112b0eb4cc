# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""HAN+LG (Zhao et al., 2019): a label graph that starts from the co-occurrence of the labels."""

from typing import TYPE_CHECKING, Any

import torch
from transformers import AutoModel, AutoModelForSequenceClassification

from ..configuration.configuration_han_lg import HANLGConfig
from ..modeling.modeling_han_lg import HANLGForSequenceClassification, HANLGModel
from ..tokenization.tokenization_word import WordTokenizer
from .embedding_family import EmbeddingFamily
from .family import register_family
from .lw_lstm import sentence_limits

if TYPE_CHECKING:
    from datasets import Dataset


@register_family
class HANLGFamily(EmbeddingFamily):
    """HAN+LG."""

    systems = {"han-lg": {}}
    config_class = HANLGConfig
    model_classes = {AutoModel: HANLGModel, AutoModelForSequenceClassification: HANLGForSequenceClassification}

    def limits(self) -> dict[str, Any]:
        return sentence_limits(self.draft_config)

    def make_model(
        self, config: HANLGConfig, tokenizer: WordTokenizer, documents: "Dataset", seed: int
    ) -> HANLGForSequenceClassification:
        """Make a new classifier with the co-occurrence of the training split as its label graph."""
        from ..trainer.label_statistics import label_cooccurrence
        from ..trainer.preprocessing import tokenized_labels

        model = super().make_model(config, tokenizer, documents, seed)
        with torch.no_grad():
            model.head.label_graph.copy_(label_cooccurrence(tokenized_labels(documents)))
        return model

    @classmethod
    def refuses_labels(cls, config: HANLGConfig) -> str | None:
        return "its label graph mixes the logits of all labels"
