# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""MAGNET (Pal et al., 2020): a graph over the labels that starts from their co-occurrence and their names."""

import re
from typing import TYPE_CHECKING

import torch
from transformers import AutoModel, AutoModelForSequenceClassification

from ..configuration.configuration_magnet import MAGNETConfig
from ..modeling.modeling_magnet import MAGNETForSequenceClassification, MAGNETModel
from ..tokenization.tokenization_word import WordTokenizer
from .embedding_family import EmbeddingFamily
from .family import register_family

if TYPE_CHECKING:
    from datasets import Dataset


@register_family
class MAGNETFamily(EmbeddingFamily):
    """MAGNET."""

    systems = {"magnet": {}}
    config_class = MAGNETConfig
    model_classes = {AutoModel: MAGNETModel, AutoModelForSequenceClassification: MAGNETForSequenceClassification}

    def make_model(
        self, config: MAGNETConfig, tokenizer: WordTokenizer, documents: "Dataset", seed: int
    ) -> MAGNETForSequenceClassification:
        """Make a new classifier: its adjacency is the co-occurrence of the training split, and the vector of a label
        is the mean vector of its name's words, where the vocabulary has any."""
        from ..trainer.label_statistics import label_cooccurrence
        from ..trainer.preprocessing import tokenized_labels

        model = super().make_model(config, tokenizer, documents, seed)
        words = model.get_input_embeddings().weight
        with torch.no_grad():
            model.head.adjacency.copy_(label_cooccurrence(tokenized_labels(documents)))
            for index, name in config.id2label.items():
                ids = known_words(name, tokenizer)
                if ids:
                    model.head.label_embeddings[index] = words[ids].mean(dim=0)
        return model

    @classmethod
    def refuses_labels(cls, config: MAGNETConfig) -> str | None:
        return "the features of its labels come from a graph over all of them"


def known_words(name: str, tokenizer: WordTokenizer) -> list[int]:
    """Return the ids of the known words of a label's name; `money-fx` and `post_office` are two words each."""
    special = {tokenizer.pad_token_id, tokenizer.sep_token_id, tokenizer.unk_token_id}
    return [i for i in tokenizer(re.sub(r"[\W_]+", " ", name))["input_ids"] if i not in special]
