# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Static token embeddings distilled from a pretrained encoder (Model2Vec), and a classifier over their mean."""

from itertools import chain
from typing import TYPE_CHECKING

import torch
from transformers import AutoModel, AutoModelForSequenceClassification, PreTrainedModel, PreTrainedTokenizerBase

from ..configuration.configuration_encoder import EncoderConfig
from ..configuration.configuration_static import StaticConfig
from ..errors import UserInputError
from ..modeling.modeling_static import StaticForSequenceClassification, StaticModel
from ..modeling.states_encoder import load_states_encoder
from ..modeling.static_embeddings import reduce_width, smooth_inverse_frequencies, states_of_tokens
from ..runs.progress import logger
from ..tokenization.static_tokenizer import load_static_tokenizer
from .family import register_family
from .from_encoder_family import FromEncoderFamily
from .saved_encoders import check_encoder

if TYPE_CHECKING:
    from datasets import Dataset


@register_family
class StaticFamily(FromEncoderFamily):
    """The static model."""

    systems = {"static": {}}
    config_class = StaticConfig
    model_classes = {AutoModel: StaticModel, AutoModelForSequenceClassification: StaticForSequenceClassification}

    def check_files(self) -> None:
        if self.encoder is not None and self.model_name_or_path is None:
            with self.as_encoder_error():
                check_encoder(self.encoder, AutoModel, EncoderConfig, adds_tokens=False)

    def make_tokenizer(self, texts: list[str], names: list[str], language: str | None) -> PreTrainedTokenizerBase:
        """Load the encoder's tokenizer, without special tokens around a text."""
        with self.as_encoder_error():
            return load_static_tokenizer(self.encoder, self.draft_config.max_tokens)[0]

    def make_config(self, tokenizer: PreTrainedTokenizerBase, names: list[str]) -> StaticConfig:
        return self._build_config(
            vocab_size=max(tokenizer.get_vocab().values()) + 1,
            pad_token_id=tokenizer.pad_token_id,
            id2label=dict(enumerate(names)),
        )

    def make_model(
        self, config: StaticConfig, tokenizer: PreTrainedTokenizerBase, documents: "Dataset", seed: int
    ) -> PreTrainedModel:
        """Make a classifier over embeddings that are distilled from the encoder and weighted by how rare a token is."""
        with self.as_encoder_error():
            encoder = load_states_encoder(self.encoder)
        width = encoder.config.hidden_size
        if config.embedding_size > width:
            if self.embedding_size is not None:
                raise UserInputError(f"--embedding_size {self.embedding_size}: the encoder's states are {width} wide")
            logger.info(f"embeddings have the encoder's width, {width}")
            config.embedding_size = width
        model = StaticForSequenceClassification(config)
        logger.info(f"distilling the embeddings of {config.vocab_size:,} tokens from {self.encoder}")
        _, (before, behind) = load_static_tokenizer(self.encoder, config.max_tokens)
        states_VH = states_of_tokens(encoder, config.vocab_size, before, behind)
        ids = torch.tensor(list(chain.from_iterable(documents["input_ids"])), dtype=torch.long)
        weights_V = smooth_inverse_frequencies(ids.bincount(minlength=config.vocab_size))
        embeddings_VE = reduce_width(states_VH, config.embedding_size) * weights_V[:, None]
        with torch.no_grad():
            model.get_input_embeddings().weight.copy_(embeddings_VE)
            model.get_input_embeddings().weight[config.pad_token_id] = 0
        return model

    @classmethod
    def refuses_labels(cls, config: StaticConfig) -> str | None:
        return "all labels share the hidden layer of its classifier"

    @classmethod
    def check_tokenizer(cls, tokenizer: PreTrainedTokenizerBase, config: StaticConfig) -> None:
        super().check_tokenizer(tokenizer, config)
        if tokenizer.pad_token_id != config.pad_token_id:
            raise ValueError(f"pad_token_id is {tokenizer.pad_token_id}, and {config.pad_token_id} in config.json")
