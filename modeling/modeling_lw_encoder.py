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
"""The label-wise encoder: LW-PT's label-wise attention and pre-training over the states of any pretrained encoder.

Equation numbers are those of LW-PT (Liu et al. 2020). Related models over pretrained encoders: PLM-ICD (Huang et al.
2022), which attends to the tokens of all segments of a document, and LSAN (Xiao et al. 2019), which starts from the
names of labels.

Deviations. The states of Eqs. 4 and 7 are those of the encoder, special tokens included. Eq. 10 is left out: the BiLSTM
over a label's sentence vectors, drawn at random, would stand between the pretrained states and the classifier. Each
label reads its own representation only, where Eq. 16 reads those of all labels: L x H weights instead of L x L x H.

The docstrings are complete, so `auto_docstring` is not used (TRF057); weights are mapped back to the tokens after the
encoder, which recording hooks cannot do, so `forward` takes the flags (TRF045).

Shapes: B documents, T tokens, M windows, S tokens of a window, H width of the encoder's states, L labels, Q of them, W
= H or 2H.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Self

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
from transformers import PreTrainedModel
from transformers import initialization as init
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_lw_encoder import LabelWiseEncoderConfig
from .frozen_part import FrozenPart, is_frozen
from .heads import LabelWiseLinear
from .label_wise_attention import LabelContexts
from .label_wise_pretraining import LabelWisePreTraining
from .multi_label_model import MultiLabelPreTrainedModel
from .precision import at_least_float32
from .recorded_attention import AttentionRecorder
from .sentences import SentenceGrid
from .states_encoder import load_states_encoder, make_states_encoder
from .windows import cut_documents, read_documents

# Labels whose representations are in memory at a time; of more labels, the classifier computes them in blocks.
LABELS_AT_ONCE = 1024


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
        attention_dropout: float | None = None,
        **config_fields: Any,
    ) -> Self:
        """Build a model over a pretrained encoder. `load_window_tokenizer` loads its tokenizer.

        Args:
            name_or_path (`str`):
                Folder or Hub id of the encoder, of any type that `AutoModel` knows.
            labels (`Sequence[str]`):
                Names of the labels, in the order of their ids.
            attention_dropout (`float`, *optional*):
                Share that the encoder drops of its attention weights in training; its own by default.
            config_fields:
                Other fields of `LabelWiseEncoderConfig`, those that `load_window_tokenizer` returns among them.

        Returns:
            The model in evaluation mode, as `from_pretrained` leaves it.

        Raises:
            ValueError: The encoder lacks weights, or the attention dropout to be set.
        """
        encoder = load_states_encoder(name_or_path, attention_dropout)
        config = cls.config_class(
            encoder=encoder.config,
            id2label=dict(enumerate(labels)),
            attn_implementation=encoder.config._attn_implementation,  # a new config would reset the encoder's
            **config_fields,
        )
        return cls.with_encoder(config, encoder)

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


class LabelWiseEncoderModel(LabelWiseEncoderPreTrainedModel):  # trf-ignore: TRF057
    """The label-wise document representation M (Eqs. 13-15) over an encoder's states."""

    _keys_to_ignore_on_load_unexpected = (r"^head\.",)  # loaded from a classifier, it leaves the head behind

    def __init__(self, config: LabelWiseEncoderConfig, encoder: PreTrainedModel | None = None) -> None:
        super().__init__(config)
        self.encoder = encoder or make_states_encoder(config.encoder)
        shape = (config.num_labels, config.hidden_size, config.hierarchical, config.label_slices)
        self.contexts = LabelContexts(*shape)
        # CODEPATH: label-wise pre-training with --num_encoders 2 gives candidates an encoder of their own.
        self.candidate_encoder = make_states_encoder(config.encoder) if config.num_encoders == 2 else None
        self.candidate_contexts = None
        # CODEPATH: label-wise pre-training gives candidates context vectors of their own; without, there are none.
        if config.num_contexts == 2:
            self.candidate_contexts = LabelContexts(*shape)
        self.post_init()

    @property
    def encoders(self) -> list[PreTrainedModel]:
        """Return T-Encoder and, when there are two, C-Encoder."""
        return [encoder for encoder in (self.encoder, self.candidate_encoder) if encoder is not None]

    @property
    def context_sets(self) -> list[LabelContexts]:
        """Return the context vectors of targets and, when there are two sets, of candidates."""
        return [contexts for contexts in (self.contexts, self.candidate_contexts) if contexts is not None]

    def read_for_all(
        self,
        input_ids: torch.Tensor | None,
        attention_mask: torch.Tensor | None,
        token_states: torch.Tensor | None = None,
    ) -> list[tuple[LabelContexts, torch.Tensor, SentenceGrid]]:
        """Return each set of context vectors with the states that it attends to, and their grid; arguments as of
        `forward`."""
        if token_states is None:
            states, grid = read_documents(self.encoders, input_ids, attention_mask, self.config)
        else:
            states, grid = token_states.chunk(len(self.encoders), dim=-1), cut_documents(attention_mask, self.config)[1]
        return [(contexts, states[-1 if i else 0], grid) for i, contexts in enumerate(self.context_sets)]

    def encode_for(
        self,
        class_ids: torch.Tensor,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        *,
        candidates: bool,
    ) -> torch.Tensor:
        """Return the representation of each document for one label, `(batch, 1, hidden_size)`.

        Args:
            class_ids (`torch.LongTensor` of shape `(batch,)`): The label k of each document.
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`), attention_mask (`torch.Tensor`, *optional*): As
                for `forward`.
            candidates (`bool`): Whether they are candidates, for C-Encoder, or targets, for T-Encoder.
        """
        encoder = self.encoders[-1 if candidates else 0]
        [states_BTH], grid = read_documents([encoder], input_ids, attention_mask, self.config)
        return self.context_sets[candidates](states_BTH, grid, class_ids)

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self,
        input_ids: torch.LongTensor | None = None,
        attention_mask: torch.Tensor | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
        token_states: torch.Tensor | None = None,
    ) -> BaseModelOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`, *optional*):
                The text between the encoder's special tokens, of any length.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding; all are tokens when not given.
            output_attentions (`bool`, *optional*):
                Return the attention weights of labels.
            output_hidden_states (`bool`, *optional*):
                Return the states that labels attend to.
            token_states (`torch.Tensor` of shape `(batch, tokens, num_encoders * hidden_size)`, *optional*):
                The states of the documents by all encoders, padding on the right; `attention_mask` is read with them,
                and not `input_ids`.
            return_dict (`bool`, *optional*):
                A `BaseModelOutput` (default) or a tuple.

        Returns:
            `BaseModelOutput`:
            - `last_hidden_state` of shape `(batch, num_labels, num_contexts * hidden_size)`: M_k = [Q_k^t; Q_k^c].
            - `hidden_states`: per encoder, states of shape `(batch, tokens, hidden_size)`, padding on the right.
            - `attentions`: per set of contexts, the weights of tokens, `(batch, num_labels, tokens)`, and when
              hierarchical those of windows, `(batch, num_labels, windows)`. Weights of tokens sum to 1 over a window
              when hierarchical, else over the document.
        """
        config = self.config
        output_attentions = config.output_attentions if output_attentions is None else output_attentions
        output_hidden_states = config.output_hidden_states if output_hidden_states is None else output_hidden_states
        documents = self.read_for_all(input_ids, attention_mask, token_states)
        recorder = AttentionRecorder(documents[0][2], documents[0][1].shape[1]) if output_attentions else None
        representations = [
            contexts(states_BTH, grid, recorder=recorder)  # Eqs. 13-14: Q_k^t, Q_k^c
            for contexts, states_BTH, grid in documents
        ]
        return BaseModelOutput(
            last_hidden_state=torch.cat(representations, dim=-1),  # Eq. 15: M_k = [Q_k^t; Q_k^c]
            hidden_states=tuple(documents[i][1] for i in range(config.num_encoders)) if output_hidden_states else None,
            attentions=tuple(recorder.attentions) if output_attentions else None,
        )


class LabelWiseEncoderForPreTraining(LabelWisePreTraining, LabelWiseEncoderPreTrainedModel):  # trf-ignore: TRF057
    """Label-wise pre-training: tell the candidate that shares label k with the target from those that do not."""

    def __init__(self, config: LabelWiseEncoderConfig, encoder: PreTrainedModel | None = None) -> None:
        super().__init__(config)
        if config.num_contexts != 2:
            raise ValueError("label-wise pre-training needs contexts of candidates: set num_contexts=2 in the config")
        self.lw_encoder = LabelWiseEncoderModel(config, encoder)
        self.post_init()


class LabelWiseEncoderForSequenceClassification(LabelWiseEncoderPreTrainedModel):  # trf-ignore: TRF057
    """The multi-label classifier over M: a weight vector per label on its own representation."""

    def __init__(self, config: LabelWiseEncoderConfig, encoder: PreTrainedModel | None = None) -> None:
        super().__init__(config)
        self.lw_encoder = LabelWiseEncoderModel(config, encoder)
        self.head = LabelWiseLinear(config.num_labels, config.num_contexts * config.hidden_size, config.dropout)
        self.post_init()

    def frozen_part(self) -> FrozenPart | None:
        part, encoders = super().frozen_part(), self.lw_encoder.encoders
        # CODEPATH: over encoders that only --freeze_encoder or --train_layers 0 froze, context vectors are trained.
        if part is not None or not is_frozen(*encoders):
            return part

        def represent(input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None) -> torch.Tensor:
            return torch.cat(read_documents(encoders, input_ids, attention_mask, self.config)[0], dim=-1)

        return FrozenPart(encoders, represent, per_token=True)

    def set_label_vectors(self, vectors_KH: torch.Tensor, labels: slice) -> None:
        super().set_label_vectors(vectors_KH, labels)
        self.head.weight[labels] = vectors_KH.repeat(1, self.config.num_contexts)

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self,
        input_ids: torch.LongTensor | None = None,
        attention_mask: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
        encoder_outputs: tuple[torch.Tensor, ...] | None = None,
        token_states: torch.Tensor | None = None,
    ) -> SequenceClassifierOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`, *optional*):
                The text between the encoder's special tokens, of any length.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding.
            labels (`torch.Tensor` of shape `(batch, num_labels)`, *optional*):
                1 where the label is true, 0 where it is false, -100 where it is unknown; integers or floats.
            output_attentions (`bool`, *optional*):
                As for `LabelWiseEncoderModel`.
            output_hidden_states (`bool`, *optional*):
                As for `LabelWiseEncoderModel`.
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*):
                Output of `LabelWiseEncoderModel` for the documents; `input_ids` are not read then.
            token_states (`torch.Tensor`, *optional*):
                As for `LabelWiseEncoderModel`.

        Returns:
            `SequenceClassifierOutput`: `logits` of shape `(batch, num_labels)`, before the sigmoid of Eq. 16.
        """
        config = self.config
        records = output_attentions or output_hidden_states or config.output_attentions or config.output_hidden_states
        # CODEPATH: representations of very many labels do not fit into memory; what asks for them takes that memory.
        if config.num_labels > LABELS_AT_ONCE and encoder_outputs is None and not records:
            document = BaseModelOutput()
            logits_BL = self._logits_in_blocks(input_ids, attention_mask, token_states)
        else:
            document = self.represent(
                encoder_outputs,
                input_ids=input_ids,
                attention_mask=attention_mask,
                output_attentions=output_attentions,
                output_hidden_states=output_hidden_states,
                token_states=token_states,
            )
            logits_BL = self.head(document.last_hidden_state)  # Eq. 16, of each label's own representation
        logits_BL = self.calibrate(logits_BL)
        loss = None
        if labels is not None:
            loss = self.loss_function(at_least_float32(logits_BL), labels)  # Eq. 17
        return SequenceClassifierOutput(
            loss=loss, logits=logits_BL, hidden_states=document.hidden_states, attentions=document.attentions
        )

    def _logits_in_blocks(
        self,
        input_ids: torch.Tensor | None,
        attention_mask: torch.Tensor | None,
        token_states: torch.Tensor | None,
    ) -> torch.Tensor:
        """Return the logits, with the attention of some labels at a time; the backward pass computes it anew."""
        documents = self.lw_encoder.read_for_all(input_ids, attention_mask, token_states)

        def logits_of(labels: slice) -> torch.Tensor:
            representations = [contexts(states_BTH, grid, labels) for contexts, states_BTH, grid in documents]
            return self.head(torch.cat(representations, dim=-1), labels)

        blocks = [
            slice(start, min(start + LABELS_AT_ONCE, part.stop))
            for part in self.config.label_slices
            for start in range(part.start, part.stop, LABELS_AT_ONCE)
        ]
        if not torch.is_grad_enabled():
            return torch.cat([logits_of(labels) for labels in blocks], dim=1)
        return torch.cat([checkpoint(logits_of, labels, use_reentrant=False) for labels in blocks], dim=1)


__all__ = [
    "LabelWiseEncoderForPreTraining",
    "LabelWiseEncoderForSequenceClassification",
    "LabelWiseEncoderModel",
    "LabelWiseEncoderPreTrainedModel",
]
