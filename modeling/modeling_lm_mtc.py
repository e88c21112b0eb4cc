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
"""LM-MTC: the state at each label's token predicts the label (Song et al., 2021).

Equation numbers are the paper's.

Deviations. Eq. 4 is a mean over the labels that were masked, not over all, and has the minus that it lacks in print.
Column l of W_l is read at label l's token only; O W_l of Eq. 3 has L numbers at every position. O_m is the encoder's
own head, tied to the embeddings of V', not one layer. `LabelMaskingCollator` decides what it predicts: words, YES or NO
tokens of masked labels, or both. L_mlm is a mean over a document first, and the states that the label head reads have
dropout: the paper names neither. Templates `shared_answers` and `compact`, the shared head and `label_by_label` are not
its own.

Shapes: B documents, T tokens, L labels, H hidden_size of the encoder, P predicted tokens, V size of V'.
"""

from collections.abc import Sequence
from typing import Any, Literal

import torch
from torch import nn
from transformers import PreTrainedModel
from transformers import initialization as init
from transformers.modeling_outputs import BaseModelOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_lm_mtc import LMMTCConfig
from .heads import LabelWiseLinear
from .label_by_label import decide_label_by_label
from .label_loss import mean_per_document
from .masked_lm_encoder import Pooler, encoder_inputs, load_encoder, load_pooler, make_encoder, run_head_at
from .masked_words import JointClassifierOutput, masked_lm_loss
from .multi_label_model import MultiLabelPreTrainedModel
from .padding import pad_right
from .precision import at_least_float32


class LMMTCPreTrainedModel(MultiLabelPreTrainedModel):  # trf-ignore: TRF057
    config_class = LMMTCConfig
    base_model_prefix = "lm_mtc"
    supports_gradient_checkpointing = True
    _supports_sdpa = True
    loss_reduction = staticmethod(mean_per_document)  # Eq. 4

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, LabelWiseLinear):
            init.normal_(module.weight, std=self.config.encoder.initializer_range)
            init.zeros_(module.bias)

    def get_input_embeddings(self) -> nn.Module:
        return self.base_model.encoder.get_input_embeddings()

    def set_input_embeddings(self, value: nn.Module) -> None:
        self.base_model.encoder.set_input_embeddings(value)

    def get_output_embeddings(self) -> nn.Module:
        return self.base_model.encoder.get_output_embeddings()

    def set_output_embeddings(self, value: nn.Module) -> None:
        self.base_model.encoder.set_output_embeddings(value)

    def resize_token_embeddings(self, *args: Any, **kwargs: Any) -> nn.Module:
        # The encoder resizes its head, its biases and its config too.
        return self.base_model.encoder.resize_token_embeddings(*args, **kwargs)


class LMMTCModel(LMMTCPreTrainedModel):  # trf-ignore: TRF057
    """The states at the labels' positions."""

    _keys_to_ignore_on_load_unexpected = (r"^head\.",)  # loaded from a classifier, it leaves the head behind

    def __init__(self, config: LMMTCConfig, encoder: PreTrainedModel | None = None) -> None:
        super().__init__(config)
        num_positions = len(config.label_positions or [])
        if config.template != "none" and num_positions != config.num_labels:
            raise ValueError(
                f"template {config.template!r} has one token per label, but label_positions has {num_positions} for "
                f"{config.num_labels} labels: build the model by `from_encoder`, or set template='none'"
            )
        self.encoder = encoder or make_encoder(config.encoder)
        # CODEPATH: BERT's checkpoints have a pooler; ModernBERT, DeBERTa and folders saved before the field have none.
        self.pooler = Pooler(config.hidden_size) if config.pooler else None
        self.post_init()

    def at_labels(self, hidden_BTH: torch.Tensor) -> torch.Tensor:
        """Return states at the labels' positions, `(B, L, H)`; the first token's, `(B, 1, H)`, without a template."""
        # CODEPATH: template "none" has no label tokens; its classifier reads the first token, pooled or not.
        hidden_BLH = hidden_BTH[:, self.config.label_positions or [0]]
        return hidden_BLH if self.pooler is None else self.pooler(hidden_BLH)

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self,
        input_ids: torch.LongTensor,
        attention_mask: torch.Tensor | None = None,
        token_type_ids: torch.Tensor | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
    ) -> BaseModelOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`):
                The template and the text.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding.
            token_type_ids (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                For encoders that have them.
            output_attentions (`bool`, *optional*):
                Return the encoder's attention weights.
            output_hidden_states (`bool`, *optional*):
                Return the encoder's states, padding always on the right.

        Returns:
            `BaseModelOutput`: `last_hidden_state` of shape `(batch, num_labels, hidden_size)`, the states at the
            labels' positions; `(batch, 1, hidden_size)`, the first token's, without a template.
        """
        input_ids, token_type_ids, attention_mask = pad_right(attention_mask, input_ids, token_type_ids)
        inputs = encoder_inputs(
            self.config, input_ids, attention_mask, token_type_ids, output_attentions, output_hidden_states
        )
        outputs = self.encoder.base_model(**inputs)
        return BaseModelOutput(
            last_hidden_state=self.at_labels(outputs.last_hidden_state),
            hidden_states=outputs.hidden_states,
            attentions=outputs.attentions,
        )


class LMMTCForSequenceClassification(LMMTCPreTrainedModel):  # trf-ignore: TRF057
    """The multi-label classifier with its joint masked language model (Eqs. 3-6)."""

    def __init__(self, config: LMMTCConfig, encoder: PreTrainedModel | None = None) -> None:
        super().__init__(config)
        self.lm_mtc = LMMTCModel(config, encoder)
        # CODEPATH: "per_label" is the paper's W_l, "shared" the public code's single vector.
        num_weights = config.num_labels if config.label_head == "per_label" else 1
        self.head = LabelWiseLinear(num_weights, config.hidden_size, config.dropout)
        self.takes_encoder_outputs = not config.label_by_label  # which runs the encoder again
        self.post_init()

    @classmethod
    def from_encoder(
        cls,
        name_or_path: str,
        labels: Sequence[str],
        template: str = "diff",
        label_start: Literal["mean", "name"] = "mean",
        pooler: bool | None = None,
        attention_dropout: float | None = None,
        **config_fields: Any,
    ) -> "LMMTCForSequenceClassification":
        """Build a classifier from a pretrained encoder. `LabelTokenizer.from_encoder` builds its tokenizer from the
        same arguments.

        Args:
            name_or_path (`str`):
                Folder or Hub id of the encoder. Its masked-LM head is kept if it has one.
            labels (`Sequence[str]`):
                Names of the labels, in the order of their ids.
            template (`str`, *optional*, defaults to `"diff"`):
                As in `LabelTokenizer`.
            label_start (`str`, *optional*, defaults to `"mean"`):
                Start of the label tokens' embeddings: the `"mean"` of the encoder's (with its covariance scaled
                down, so that they differ), or the mean of the words of the label's `"name"`.
            pooler (`bool`, *optional*):
                As in `LMMTCConfig`; by default `True` with template `"none"` if the encoder's checkpoint has one.
            attention_dropout (`float`, *optional*):
                Share that the encoder drops of its attention weights in training; its own by default.
            config_fields:
                Other fields of `LMMTCConfig`.

        Returns:
            `LMMTCForSequenceClassification`: In evaluation mode, as `from_pretrained` leaves it.

        Raises:
            ValueError: As `LabelTokenizer.from_encoder`, or the encoder lacks weights, the pooler to be read, or
                the attention dropout to be set.
        """
        from ..tokenization.tokenization_label import LabelTokenizer

        tokenizer = LabelTokenizer.from_encoder(name_or_path, labels, template)
        names = labels if label_start == "name" else None
        has_mlm = config_fields.get("mlm_weight") != 0
        encoder = load_encoder(name_or_path, tokenizer, names, has_mlm, attention_dropout)
        own_pooler = load_pooler(name_or_path, pooler) if template == "none" else None
        config = cls.config_class(
            encoder=encoder.config,
            template=template,
            label_positions=tokenizer.label_positions,
            pooler=own_pooler is not None or bool(pooler),
            **{f"{name}_token_ids": ids for name, ids in tokenizer.answer_ids().items()},
            id2label=dict(enumerate(labels)),
            attn_implementation=encoder.config._attn_implementation,  # a new config would reset the encoder's
            **config_fields,
        )
        model = cls(config, encoder)
        model.lm_mtc.pooler = own_pooler
        return model.eval()

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self,
        input_ids: torch.LongTensor | None = None,
        attention_mask: torch.Tensor | None = None,
        token_type_ids: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
        mlm_targets: torch.LongTensor | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
        encoder_outputs: tuple[torch.Tensor, ...] | None = None,
    ) -> JointClassifierOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`, *optional*):
                The template and the text.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding.
            token_type_ids (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                For encoders that have them.
            labels (`torch.Tensor` of shape `(batch, num_labels)`, *optional*):
                1 where the label is true, 0 where it is false, -100 where the loss ignores it (a visible label).
            mlm_targets (`torch.LongTensor` of shape `(batch, tokens)`, *optional*):
                The true ids at the words and labels to predict, a label's YES or NO token; -100 elsewhere.
            output_attentions (`bool`, *optional*):
                Return the encoder's attention weights.
            output_hidden_states (`bool`, *optional*):
                Return the encoder's states, padding always on the right.
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*):
                Output of `LMMTCModel` for the documents, read in place of `input_ids` where nothing is masked.

        Returns:
            `JointClassifierOutput`:
            - `loss`: L (Eq. 5), of the parts that `labels` and `mlm_targets` give; `label_loss` and `mlm_loss` are
              these parts where `mlm_targets` are given and `config.mlm_weight` is above 0.
            - `logits` of shape `(batch, num_labels)`: O_l, before the sigmoid of Eq. 6.
        """
        encoder = self.lm_mtc.encoder
        input_ids, token_type_ids, mlm_targets, attention_mask = pad_right(
            attention_mask, input_ids, token_type_ids, mlm_targets
        )
        inputs = encoder_inputs(
            self.config, input_ids, attention_mask, token_type_ids, output_attentions, output_hidden_states
        )
        predicts = mlm_targets is not None and self.config.mlm_weight > 0
        if predicts:
            with run_head_at(encoder, mlm_targets != -100) as hidden:
                outputs = encoder(**inputs)  # Eq. 3, O_m: at the predicted positions
            states_BLH = self.lm_mtc.at_labels(hidden[0])
        else:
            outputs = self.represent(encoder_outputs, **inputs)
            states_BLH = outputs.last_hidden_state
        logits_BL = self.calibrate(self.head(states_BLH))  # O_l of Eq. 3
        # CODEPATH: all labels in one pass is the paper's Eq. 6, label by label an option of the public code.
        if self.config.label_by_label and not self.training:
            logits_BL = decide_label_by_label(self, inputs, logits_BL)

        loss = label_loss = mlm_loss = None
        if labels is not None:
            loss = self.loss_function(at_least_float32(logits_BL), labels)  # Eq. 4, over the labels that were masked
        if predicts:
            label_loss, mlm_loss = loss, masked_lm_loss(outputs.logits.flatten(0, 1), mlm_targets)
            loss = self.config.mlm_weight * mlm_loss + (0 if label_loss is None else label_loss)  # Eq. 5
        return JointClassifierOutput(loss, logits_BL, outputs.hidden_states, outputs.attentions, label_loss, mlm_loss)


__all__ = ["LMMTCForSequenceClassification", "LMMTCModel", "LMMTCPreTrainedModel"]
