# Copyright 2026 The labelwise authors. All rights reserved.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
"""The base of the label-wise encoder's models: how they start from a pretrained encoder and the names of labels.

Shapes: K labels, L all labels, H width of the encoder's states.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Literal, Self

import torch
from torch import nn
from transformers import PreTrainedModel
from transformers import initialization as init

from ..configuration.configuration_lw_encoder import LabelWiseEncoderConfig
from .heads import LabelWiseLinear
from .label_start import start_from_texts
from .label_wise_attention import LabelContexts
from .multi_label_model import MultiLabelPreTrainedModel
from .states_encoder import load_states_encoder


class LabelWiseEncoderPreTrainedModel(MultiLabelPreTrainedModel):  # trf-ignore: TRF057
    config_class = LabelWiseEncoderConfig
    base_model_prefix = "lw_encoder"
    supports_gradient_checkpointing = True
    _supports_sdpa = True

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, LabelWiseLinear):
            init.normal_(module.weight, std=self.config.encoder.initializer_range)
            init.zeros_(module.bias)
        elif isinstance(module, LabelContexts):
            for contexts in module.parameters():
                init.kaiming_uniform_(contexts, a=math.sqrt(5))

    @classmethod
    def from_encoder(
        cls,
        name_or_path: str,
        labels: Sequence[str],
        label_start: Literal["name", "random"] = "name",
        attention_dropout: float | None = None,
        **config_fields: Any,
    ) -> Self:
        """Build a model over a pretrained encoder. `load_window_tokenizer` loads its tokenizer.

        Args:
            name_or_path (`str`):
                Folder or Hub id of the encoder, of any type that `AutoModel` knows.
            labels (`Sequence[str]`):
                Names of the labels, in the order of their ids.
            label_start (`str`, *optional*, defaults to `"name"`):
                Start of context vectors and classifier: the names of the labels, or their `label_descriptions` if these
                are given (`start_from_texts`); or `"random"`.
            attention_dropout (`float`, *optional*):
                Share that the encoder drops of its attention weights in training; its own by default.
            config_fields:
                Other fields of `LabelWiseEncoderConfig`; `window_size` is as many tokens as the encoder reads by
                default.

        Returns:
            The model in evaluation mode, as `from_pretrained` leaves it.

        Raises:
            ValueError: The encoder lacks weights, reads less than a window, or has no attention dropout to be set.
        """
        from ..tokenization.window_tokenizer import load_window_tokenizer

        names = ("window_size", "window_overlap", "max_windows")
        windows = {name: config_fields.pop(name) for name in names if name in config_fields}
        tokenizer, window_fields = load_window_tokenizer(name_or_path, **windows)
        encoder = load_states_encoder(name_or_path, attention_dropout)
        config = cls.config_class(
            encoder=encoder.config,
            id2label=dict(enumerate(labels)),
            attn_implementation=encoder.config._attn_implementation,  # a new config would reset the encoder's
            **{**config_fields, **window_fields},
        )
        model = cls.with_encoder(config, encoder)
        if label_start == "name":
            start_from_texts(model, tokenizer)
        return model

    @classmethod
    def with_encoder(cls, config: LabelWiseEncoderConfig, encoder: PreTrainedModel) -> Self:
        """Build a model over an encoder in memory, which candidates get a copy of if they have one of their own."""
        model = cls(config, encoder)
        for copy in model.base_model.encoders[1:]:
            copy.load_state_dict(encoder.state_dict())
        return model.eval()

    def encoder_parameters(self) -> Iterator[nn.Parameter]:
        """Return the parameters of the encoders; the context vectors are as new as the head."""
        return chain.from_iterable(encoder.parameters() for encoder in self.base_model.encoders)

    def freeze_encoder(self) -> None:
        """Exclude the encoders from training, and the context vectors if label-wise pre-training has learned them."""
        # CODEPATH: after label-wise pre-training the classifier alone is new; over a raw encoder, contexts are too.
        frozen = [self.base_model] if self.config.num_contexts == 2 else self.base_model.encoders
        for module in frozen:
            module.requires_grad_(False)

    def set_label_vectors(self, vectors_KH: torch.Tensor, labels: slice) -> None:
        """Set all context vectors of labels to given ones, `(labels, hidden_size)`; in a classifier its weights too."""
        for contexts in self.base_model.context_sets:
            for context_LH in contexts.parameters():
                context_LH[labels] = vectors_KH

    def get_input_embeddings(self) -> nn.Module:
        return self.base_model.encoder.get_input_embeddings()

    def set_input_embeddings(self, value: nn.Module) -> None:
        self.base_model.encoder.set_input_embeddings(value)

    def resize_token_embeddings(self, *args: Any, **kwargs: Any) -> nn.Module:
        # An encoder resizes its config too, which both share.
        for encoder in self.base_model.encoders:
            encoder.resize_token_embeddings(*args, **kwargs)
        return self.get_input_embeddings()


__all__ = ["LabelWiseEncoderPreTrainedModel"]
