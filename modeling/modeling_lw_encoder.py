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

import torch
from torch.utils.checkpoint import checkpoint
from transformers import PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_lw_encoder import LabelWiseEncoderConfig
from .frozen_part import FrozenPart, is_frozen
from .heads import LabelWiseLinear
from .label_wise_attention import LabelContexts
from .label_wise_pretraining import LabelWisePreTraining
from .lw_encoder_base import LabelWiseEncoderPreTrainedModel
from .masked_words import JointClassifierOutput, MaskedWordHead, masked_lm_loss
from .padding import pad_right
from .precision import at_least_float32
from .recorded_attention import AttentionRecorder
from .sentences import SentenceGrid
from .states_encoder import make_states_encoder
from .windows import cut_documents, read_documents

# Labels whose representations are in memory at a time; of more labels, the classifier computes them in blocks.
LABELS_AT_ONCE = 1024


class LabelWiseEncoderModel(LabelWiseEncoderPreTrainedModel):  # trf-ignore: TRF057
    """The label-wise document representation M (Eqs. 13-15) over an encoder's states."""

    # Loaded from a classifier, it leaves the heads behind.
    _keys_to_ignore_on_load_unexpected = (r"^head\.", r"^word_head\.")

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
        return self.context_sets[candidates](states_BTH, grid, class_ids[:, None])

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

    _keys_to_ignore_on_load_unexpected = (r"^word_head\.",)  # of a training with another `mlm_weight`

    def __init__(self, config: LabelWiseEncoderConfig, encoder: PreTrainedModel | None = None) -> None:
        super().__init__(config)
        self.lw_encoder = LabelWiseEncoderModel(config, encoder)
        self.head = LabelWiseLinear(config.num_labels, config.num_contexts * config.hidden_size, config.dropout)
        self.word_head = None
        # CODEPATH: joint masked language modelling is LM-MTC's; LW-PT has none.
        if config.mlm_weight:
            self.word_head = MaskedWordHead(config.hidden_size, self.get_input_embeddings().weight.shape[1])
        self.post_init()

    @classmethod
    def refuses_negatives(cls, config: LabelWiseEncoderConfig) -> str | None:
        return None

    def frozen_part(self) -> FrozenPart | None:
        part, encoders = super().frozen_part(), self.lw_encoder.encoders
        # CODEPATH: over encoders that only --freeze_encoder or --train_layers 0 froze, context vectors are trained.
        if part is not None or not is_frozen(*encoders):
            return part

        def represent(input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None) -> torch.Tensor:
            return torch.cat(read_documents(encoders, input_ids, attention_mask, self.config)[0], dim=-1)

        return FrozenPart(encoders, represent, per_token=True)

    def set_label_vectors(self, vectors_KH: torch.Tensor, labels: slice) -> None:  # trf-ignore: TRF033
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
        mlm_targets: torch.LongTensor | None = None,
        class_subset: torch.LongTensor | None = None,
    ) -> JointClassifierOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`, *optional*):
                The text between the encoder's special tokens, of any length.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding.
            labels (`torch.Tensor` of shape `(batch, num_labels)`, *optional*):
                1 where the label is true, 0 where it is false, -100 where it is unknown; integers or floats. With
                `class_subset`, those of its labels.
            output_attentions (`bool`, *optional*):
                As for `LabelWiseEncoderModel`.
            output_hidden_states (`bool`, *optional*):
                As for `LabelWiseEncoderModel`.
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*):
                Output of `LabelWiseEncoderModel` for the documents; `input_ids` are not read then.
            token_states (`torch.Tensor`, *optional*):
                As for `LabelWiseEncoderModel`.
            mlm_targets (`torch.LongTensor` of shape `(batch, tokens)`, *optional*):
                The true ids at the words to predict, -100 elsewhere; read if `config.mlm_weight` is above 0.
            class_subset (`torch.LongTensor` of shape `(labels,)`, *optional*):
                Ids of the labels whose logits are computed, in this order; all by default.

        Returns:
            `JointClassifierOutput`:
            - `loss`: Eq. 17, and LM-MTC's Eq. 5 where `mlm_targets` are read; `label_loss` and `mlm_loss` are its parts
              then.
            - `logits` of shape `(batch, num_labels)`, or `(batch, labels)` with `class_subset`, before the sigmoid of
              Eq. 16.
        """
        config = self.config
        predicts = mlm_targets is not None and self.word_head is not None
        records = output_attentions or output_hidden_states or config.output_attentions or config.output_hidden_states
        # CODEPATH: representations of very many labels do not fit into memory; what asks for them takes that memory.
        in_blocks = class_subset is not None or config.num_labels > LABELS_AT_ONCE
        if in_blocks and encoder_outputs is None and not records:
            documents = self.lw_encoder.read_for_all(input_ids, attention_mask, token_states)
            document = BaseModelOutput(hidden_states=(documents[0][1],) if predicts else None)
            logits_BL = self._logits_in_blocks(documents, class_subset)
        else:
            document = self.represent(
                encoder_outputs,
                input_ids=input_ids,
                attention_mask=attention_mask,
                output_attentions=output_attentions,
                output_hidden_states=True if predicts else output_hidden_states,
                token_states=token_states,
            )
            representation_BLW, subset = document.last_hidden_state, ()
            if class_subset is not None:
                representation_BLW, subset = representation_BLW[:, class_subset], (class_subset,)
            logits_BL = self.head(representation_BLW, *subset)  # Eq. 16, of each label's own representation
        logits_BL = self.calibrate(logits_BL, class_subset)
        loss = label_loss = mlm_loss = None
        if labels is not None:
            loss = self.loss_function(at_least_float32(logits_BL), labels)  # Eq. 17
        if predicts:
            mlm_targets, _ = pad_right(attention_mask, mlm_targets)
            states_PH = document.hidden_states[0][mlm_targets != -100]
            words_PV = self.word_head(states_PH, self.get_input_embeddings().weight)  # LM-MTC Eq. 3, O_m
            label_loss, mlm_loss = loss, masked_lm_loss(words_PV, mlm_targets)
            loss = config.mlm_weight * mlm_loss + (0 if label_loss is None else label_loss)  # LM-MTC Eq. 5
        return JointClassifierOutput(
            loss=loss,
            logits=logits_BL,
            hidden_states=document.hidden_states if records else None,
            attentions=document.attentions,
            label_loss=label_loss,
            mlm_loss=mlm_loss,
        )

    def _logits_in_blocks(
        self, documents: list[tuple[LabelContexts, torch.Tensor, SentenceGrid]], class_subset: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the logits, with the attention of some labels at a time; the backward pass computes it anew."""

        def logits_of(labels: slice | torch.Tensor) -> torch.Tensor:
            representations = [contexts(states_BTH, grid, labels) for contexts, states_BTH, grid in documents]
            return self.head(torch.cat(representations, dim=-1), labels)

        if class_subset is not None:
            blocks = class_subset.split(LABELS_AT_ONCE)
        else:
            blocks = [
                slice(start, min(start + LABELS_AT_ONCE, part.stop))
                for part in self.config.label_slices
                for start in range(part.start, part.stop, LABELS_AT_ONCE)
            ]
        if len(blocks) == 1 or not torch.is_grad_enabled():
            return torch.cat([logits_of(labels) for labels in blocks], dim=1)
        return torch.cat([checkpoint(logits_of, labels, use_reentrant=False) for labels in blocks], dim=1)


__all__ = [
    "LabelWiseEncoderForPreTraining",
    "LabelWiseEncoderForSequenceClassification",
    "LabelWiseEncoderModel",
    "LabelWiseEncoderPreTrainedModel",
]
