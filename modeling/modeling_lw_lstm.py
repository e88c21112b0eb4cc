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
"""LW-LSTM and HLW-LSTM, label-wise pre-training, and the multi-label classifier on top (LW-PT, Liu et al. 2020).

Equation numbers are the paper's.

Deviations. Eq. 16 has a bias. Layer normalisation and dropout, which the paper "adds", are where the authors' code
has them: on the input of every recurrent module, dropout between its layers too. By default there is one encoder, as in
that code's plain rows, so that M_k is Q_k^t alone; with `num_encoders=2` it is Eq. 15. The widths of word vectors and
of states, both d in the paper, are two settings. The softmax is over the words and sentences that a document has, and a
document of no words is zero. Unknown labels are left out of Eq. 17. HAN scores states by their product with
the context vector, as Eqs. 8 and 11 do, and has LSTM cells by default; that of Yang et al. (2016) has a layer with tanh
before the product, and GRUs. GRU cells, the other classifiers and the label graph are options of the authors' code.

The docstrings are complete, so `auto_docstring` is not used (TRF057); word weights are mapped back to the tokens after
the encoder, which recording hooks cannot do, so `forward` takes the flags (TRF045).

Shapes: B documents, T tokens, M sentences, S words of a sentence, E embedding width,
H = 2 * hidden_size, L labels, Q context vectors (L when `label_wise`, else 1), W = H or 2H.
"""

import math

import torch
from torch import nn
from transformers import initialization as init
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_lw_lstm import LWLSTMConfig
from .attention import LWLSTMEncoder, RecurrentAttention
from .heads import LabelWiseLinear, MultiLabelHead
from .label_wise_pretraining import LabelWisePreTraining
from .precision import at_least_float32
from .recorded_attention import AttentionRecorder
from .sentences import SentenceGrid, as_one_sentence, cut_sentences
from .word_model import WordPreTrainedModel, make_embedding


class LWLSTMPreTrainedModel(WordPreTrainedModel):  # trf-ignore: TRF057
    config_class = LWLSTMConfig
    base_model_prefix = "lw_lstm"

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, LabelWiseLinear):
            init.kaiming_uniform_(module.weight, a=math.sqrt(5))
            bound = 1 / math.sqrt(module.weight.shape[1])
            init.uniform_(module.bias, -bound, bound)
        elif isinstance(module, RecurrentAttention):
            init.kaiming_uniform_(module.context, a=math.sqrt(5))
        elif isinstance(module, MultiLabelHead) and module.label_graph is not None:
            init.eye_(module.label_graph)


class LWLSTMModel(LWLSTMPreTrainedModel):  # trf-ignore: TRF057
    """The label-wise document representation M (Eqs. 13-15)."""

    _keys_to_ignore_on_load_unexpected = (r"^head\.",)  # loaded from a classifier, it leaves the head behind

    def __init__(self, config: LWLSTMConfig) -> None:
        super().__init__(config)
        self.embeddings = make_embedding(config.vocab_size, config.embedding_size, config.pad_token_id)
        self.target_encoder = LWLSTMEncoder(config)
        # CODEPATH: pre-trained checkpoints (+PT, +PT+FT) have both encoders, the plain rows of Table 2 one.
        self.candidate_encoder = LWLSTMEncoder(config) if config.num_encoders == 2 else None
        self.post_init()

    @property
    def encoders(self) -> list[LWLSTMEncoder]:
        """Return T-Encoder and, when there are two, C-Encoder."""
        return [encoder for encoder in (self.target_encoder, self.candidate_encoder) if encoder is not None]

    def read_sentences(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, SentenceGrid]:
        """Cut flat ids into sentences; one sentence when not hierarchical.

        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`), attention_mask (`torch.Tensor`, *optional*): As
                for `forward`.

        Returns:
            `torch.LongTensor` of shape `(batch, sentences, words)`: Ids of the words; any id where there is no word.
            `SentenceGrid`: Positions of the words in `input_ids`.
        """
        input_ids, is_token = self.find_tokens(input_ids, attention_mask)
        is_end = input_ids == self.config.sep_token_id
        # CODEPATH: HAN and HLW-LSTM read sentences, LSTM and LW-LSTM the document as one.
        if self.config.hierarchical:
            grid = cut_sentences(is_token, is_end, self.config.max_sentences, self.config.max_words_per_sentence)
        else:
            grid = as_one_sentence(is_token & ~is_end, self.config.max_words)
        return input_ids.gather(1, grid.positions_BMS.flatten(1)).view(grid.mask_BMS.shape), grid

    def encode_for(
        self,
        class_ids: torch.Tensor,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        *,
        candidates: bool,
    ) -> torch.Tensor:
        """Return the representation of each document for one label, `(batch, 1, 2 * hidden_size)`.

        Args:
            class_ids (`torch.LongTensor` of shape `(batch,)`): The label k of each document.
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`), attention_mask (`torch.Tensor`, *optional*): As
                for `forward`.
            candidates (`bool`): Whether they are candidates, for C-Encoder, or targets, for T-Encoder.
        """
        ids_BMS, grid = self.read_sentences(input_ids, attention_mask)
        return self.encoders[candidates](ids_BMS, grid.mask_BMS, self.embeddings, class_ids)

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self,
        input_ids: torch.LongTensor,
        attention_mask: torch.Tensor | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
        class_subset: torch.LongTensor | None = None,
    ) -> BaseModelOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`):
                Words and sentence end marks.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding; everything but `config.pad_token_id` when not given.
            output_attentions (`bool`, *optional*):
                Return the attention weights.
            output_hidden_states (`bool`, *optional*):
                Return the word states.
            class_subset (`torch.LongTensor` of shape `(labels,)`, *optional*):
                Ids of the labels to represent documents for, in this order, when `label_wise`; all by default.
            return_dict (`bool`, *optional*):
                A `BaseModelOutput` (default) or a tuple.

        Returns:
            `BaseModelOutput`:
            - `last_hidden_state` of shape `(batch, num_labels, num_encoders * 2 * hidden_size)`: M_k = [Q_k^t; Q_k^c];
              one row for all labels when not `label_wise`.
            - `hidden_states`: per encoder, the word states of shape `(batch, sentences, words, 2 * hidden_size)`.
            - `attentions`: per encoder, the word weights of shape `(batch, num_labels, tokens)` and, when
              hierarchical, the sentence weights of shape `(batch, num_labels, sentences)`; 1 in place of `num_labels`
              when not `label_wise`. Word weights sum to 1 over a sentence, sentence weights over a document.
        """
        output_attentions = self.config.output_attentions if output_attentions is None else output_attentions
        if output_hidden_states is None:
            output_hidden_states = self.config.output_hidden_states
        ids_BMS, grid = self.read_sentences(input_ids, attention_mask)
        recorder = None
        if output_attentions or output_hidden_states:
            recorder = AttentionRecorder(grid, input_ids.shape[1])
        representations = [
            # Eqs. 13-14: Q_k^t, Q_k^c
            encoder(ids_BMS, grid.mask_BMS, self.embeddings, recorder=recorder, class_subset=class_subset)
            for encoder in self.encoders
        ]
        return BaseModelOutput(
            last_hidden_state=torch.cat(representations, dim=-1),  # Eq. 15: M_k = [Q_k^t; Q_k^c]
            hidden_states=tuple(recorder.hidden_states) if output_hidden_states else None,
            attentions=tuple(recorder.attentions) if output_attentions else None,
        )


class LWLSTMForPreTraining(LabelWisePreTraining, LWLSTMPreTrainedModel):  # trf-ignore: TRF057
    """Label-wise pre-training: tell the candidate that shares label k with the target from those that do not."""

    def __init__(self, config: LWLSTMConfig) -> None:
        super().__init__(config)
        if config.num_encoders != 2:
            raise ValueError("label-wise pre-training needs a T- and a C-Encoder: set num_encoders=2 in the config")
        self.lw_lstm = LWLSTMModel(config)
        self.post_init()


class LWLSTMForSequenceClassification(LWLSTMPreTrainedModel):  # trf-ignore: TRF057
    """The multi-label classifier over M (Eqs. 13-17)."""

    def __init__(self, config: LWLSTMConfig) -> None:
        super().__init__(config)
        self.lw_lstm = LWLSTMModel(config)
        self.head = MultiLabelHead(config, config.num_encoders * 2 * config.hidden_size)
        self.post_init()

    @classmethod
    def refuses_negatives(cls, config: LWLSTMConfig) -> str | None:
        # CODEPATH: "linear" and "mlp" read all representations, "label_wise" one for each label.
        if config.classifier != "label_wise":
            return f"classifier {config.classifier!r} reads the representations of all labels; use 'label_wise'"
        # CODEPATH: the label graph is an option of the authors' code.
        if config.label_graph:
            return "its label graph mixes the logits of all labels"
        return None

    @can_return_tuple
    def forward(  # trf-ignore: TRF057, trf-ignore: TRF045
        self,
        input_ids: torch.LongTensor | None = None,
        attention_mask: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
        encoder_outputs: tuple[torch.Tensor, ...] | None = None,
        class_subset: torch.LongTensor | None = None,
    ) -> SequenceClassifierOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`, *optional*):
                Words and sentence end marks.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding.
            labels (`torch.Tensor` of shape `(batch, num_labels)`, *optional*):
                1 where the label is true, 0 where it is false, -100 where it is unknown; integers or floats. With
                `class_subset`, those of its labels.
            output_attentions (`bool`, *optional*):
                As for `LWLSTMModel`.
            output_hidden_states (`bool`, *optional*):
                As for `LWLSTMModel`.
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*):
                Output of `LWLSTMModel` for the documents; `input_ids` are not read then.
            class_subset (`torch.LongTensor` of shape `(labels,)`, *optional*):
                Ids of the labels whose logits are computed, in this order, by a `"label_wise"` classifier; all by
                default.

        Returns:
            `SequenceClassifierOutput`: `logits` of shape `(batch, num_labels)`, or `(batch, labels)` with
            `class_subset`, before the sigmoid of Eq. 16.

        Raises:
            ValueError: There is a `class_subset`, and the classifier needs all labels.
        """
        if class_subset is not None and (reason := self.refuses_negatives(self.config)):
            raise ValueError(f"no logits of a class_subset alone: {reason}")
        document = self.represent(
            encoder_outputs,
            input_ids=input_ids,
            attention_mask=attention_mask,
            output_attentions=output_attentions,
            output_hidden_states=output_hidden_states,
            class_subset=class_subset,
        )
        representation_BQW = document.last_hidden_state
        if encoder_outputs is not None and class_subset is not None:
            representation_BQW = representation_BQW[:, class_subset]
        logits_BL = self.calibrate(self.head(representation_BQW, class_subset), class_subset)  # Eq. 16
        loss = None
        if labels is not None:
            loss = self.loss_function(at_least_float32(logits_BL), labels)  # Eq. 17
        return SequenceClassifierOutput(
            loss=loss, logits=logits_BL, hidden_states=document.hidden_states, attentions=document.attentions
        )


__all__ = ["LWLSTMForPreTraining", "LWLSTMForSequenceClassification", "LWLSTMModel", "LWLSTMPreTrainedModel"]
