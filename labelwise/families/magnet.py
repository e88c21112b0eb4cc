# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model magnet`: the shape of a new model, and the labels that it starts from."""

import re
from dataclasses import dataclass, field

import torch

from labelwise import MAGNETConfig, MAGNETForSequenceClassification, WordTokenizer
from labelwise.families.embedding_family import EmbeddingModelArguments
from labelwise.runs.options import check_numbers
from labelwise.trainer.label_statistics import label_cooccurrence


@dataclass
class Arguments(EmbeddingModelArguments):
    """Options of MAGNET."""

    hidden_size: int = field(default=250, metadata={"help": "Width of a recurrent state per direction."})
    num_hidden_layers: int = field(default=1, metadata={"help": "Layers of the BiLSTM."})
    num_graph_layers: int = field(default=2, metadata={"help": "Layers of graph attention over the labels."})
    num_attention_heads: int = field(default=4, metadata={"help": "Heads of a layer of graph attention."})
    dropout: float = field(default=0.5, metadata={"help": "Share of what is dropped in training."})

    config_class = MAGNETConfig
    classifier_class = MAGNETForSequenceClassification

    def __post_init__(self):
        super().__post_init__()
        sizes = ["hidden_size", "num_hidden_layers", "num_graph_layers", "num_attention_heads"]
        check_numbers(self, sizes, lambda number: number > 0, "above 0")

    def make_model(self, config: MAGNETConfig, tokenizer: WordTokenizer, documents, seed: int):
        """As for all models of words, with the co-occurrence of the training split as adjacency, and labels whose
        vectors are the means of those of their names' words, where the vocabulary has any."""
        model = super().make_model(config, tokenizer, documents, seed)
        words = model.get_input_embeddings().weight
        labels = documents.with_format("numpy", columns=["labels"])[:]["labels"]
        with torch.no_grad():
            model.head.adjacency.copy_(label_cooccurrence(labels))
            for index, name in config.id2label.items():
                ids = known_words(name, tokenizer)
                if ids:
                    model.head.label_embeddings[index] = words[ids].mean(dim=0)
        return model


def known_words(name: str, tokenizer: WordTokenizer) -> list[int]:
    """Ids of those words of a label's name that the vocabulary has; `money-fx` and `post_office` are two words each."""
    special = {tokenizer.pad_token_id, tokenizer.sep_token_id, tokenizer.unk_token_id}
    return [i for i in tokenizer(re.sub(r"[\W_]+", " ", name))["input_ids"] if i not in special]
