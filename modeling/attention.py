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
"""The label-wise encoder: levels of a bidirectional recurrent module and attention with learned context vectors.

Equation numbers are those of LW-PT: 4-6 on the words of a document, or 7-9 on the words of sentences and 10-12 on
sentences.

Shapes: N sequences, T steps, E input width, H = 2 * hidden_size, Q context vectors (one per label, or one for all), R
sequences of one chunk, B documents, M sentences, S words of a sentence.
"""

from collections.abc import Callable

import torch
from torch import nn

from ..configuration.configuration_lw_lstm import LWLSTMConfig
from .label_blocks import cat_blocks
from .label_wise_attention import attend
from .padding import length_mask
from .recorded_attention import AttentionRecorder, Recorded
from .recurrent import Dropout, make_bidirectional, run_bidirectional


class RecurrentAttention(nn.Module):
    """One level: LayerNorm, dropout, `num_hidden_layers` bidirectional layers with dropout between them (the place of
    "layer normalization and dropout" of LW-PT, section 3.3, in the authors' code), and the context vectors U_k.

    Args:
        config (`LWLSTMConfig`): `rnn_type`, `hidden_size`, `num_hidden_layers`, `dropout` and `num_queries` are read.
        input_size (`int`): E, the width of the input.
    """

    def __init__(self, config: LWLSTMConfig, input_size: int) -> None:
        super().__init__()
        self.layer_norm = nn.LayerNorm(input_size)
        self.dropout = Dropout(config.dropout)
        self.rnn = make_bidirectional(config, input_size, {"lstm": nn.LSTM, "gru": nn.GRU}[config.rnn_type])
        self.context = nn.Parameter(torch.empty(config.num_queries, 2 * config.hidden_size))
        self.blocks = config.label_slices if config.label_wise else ()

    def contexts_of(self, class_ids: torch.Tensor) -> torch.Tensor:
        """Return U_k of the label of each sequence, `(sequences, 1, H)`; the shared one when there is only one."""
        return self.context[class_ids if len(self.context) > 1 else class_ids * 0].unsqueeze(1)

    def forward(
        self,
        inputs_NTE: torch.Tensor,
        lengths_N: torch.Tensor,
        context_NQH: torch.Tensor | None = None,
        embed: Callable[[torch.Tensor], torch.Tensor] | None = None,
        recorded: Recorded | None = None,
    ) -> torch.Tensor:
        """
        Args:
            inputs_NTE (`torch.Tensor` of shape `(sequences, steps, input_size)`): Vectors; or ids `(sequences, steps)`
                when `embed` is given. Steps behind a length are not read.
            lengths_N (`torch.LongTensor` of shape `(sequences,)`): Steps of each sequence, from 0 to `steps`.
            context_NQH (`torch.Tensor` of shape `(sequences, contexts, 2 * hidden_size)`, *optional*): Context vectors
                of each sequence, or of all, `(contexts, 2 * hidden_size)`; all of this level's when not given.
            embed (`Callable`, *optional*): Turns ids into vectors.
            recorded (`Recorded`, *optional*): Takes states and weights, which are padded to the longest sequence for
                it.

        Returns:
            `torch.Tensor` of shape `(sequences, contexts, 2 * hidden_size)`: The weighted sums; zero for a sequence of
            no steps.
        """
        blocks = self.blocks if context_NQH is None else ()
        are_own = context_NQH is not None and context_NQH.dim() == 3
        shared_QH = self.context if context_NQH is None else context_NQH

        def summarize(
            hidden_RTH: torch.Tensor, lengths_R: torch.Tensor, context_RQH: torch.Tensor = shared_QH
        ) -> torch.Tensor:
            return attend(hidden_RTH, context_RQH, length_mask(lengths_R, hidden_RTH.shape[1]), blocks=blocks)[0]

        def prepare(inputs: torch.Tensor) -> torch.Tensor:
            return self.dropout(self.layer_norm(inputs if embed is None else embed(inputs)))

        contexts = (context_NQH,) if are_own else ()
        if recorded is None:
            return run_bidirectional(  # Eqs. 4, 7, 10
                self.rnn, inputs_NTE, lengths_N, *contexts, prepare=prepare, summarize=summarize
            )
        hidden_NTH = recorded.states(run_bidirectional(self.rnn, inputs_NTE, lengths_N, prepare=prepare))
        mask_NT = length_mask(lengths_N, hidden_NTH.shape[1])
        return attend(hidden_NTH, shared_QH, mask_NT, recorded.weights, blocks)[0]


class LWLSTMEncoder(nn.Module):
    """One encoder: Eqs. 4-6 (words to document) or 7-12 (words to sentences to document).

    Args:
        config (`LWLSTMConfig`): `embedding_size` and `hierarchical` are read, and what `RecurrentAttention` reads.
    """

    def __init__(self, config: LWLSTMConfig) -> None:
        super().__init__()
        self.word_level = RecurrentAttention(config, config.embedding_size)
        # CODEPATH: HAN and HLW-LSTM have a sentence level, LSTM and LW-LSTM do not.
        self.sentence_level = RecurrentAttention(config, 2 * config.hidden_size) if config.hierarchical else None

    def forward(
        self,
        ids_BMS: torch.Tensor,
        mask_BMS: torch.Tensor,
        embed: Callable[[torch.Tensor], torch.Tensor],
        class_ids: torch.Tensor | None = None,
        recorder: AttentionRecorder | None = None,
        class_subset: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """
        Args:
            ids_BMS (`torch.LongTensor` of shape `(batch, sentences, words)`): D, the words of documents by sentence;
                one sentence when not hierarchical.
            mask_BMS (`torch.BoolTensor` of shape `(batch, sentences, words)`): `True` at words, which come first in
                their sentence, as sentences with words do in their document.
            embed (`Callable`): Turns ids `(...)` into word vectors `(..., embedding_size)`.
            class_ids (`torch.LongTensor` of shape `(batch,)`, *optional*): The one label k that each document is
                encoded for; every label when not given.
            recorder (`AttentionRecorder`, *optional*): Records states and weights.
            class_subset (`torch.LongTensor` of shape `(labels,)`, *optional*): The labels that all documents are
                encoded for, in this order; every label when not given.

        Returns:
            `torch.Tensor` of shape `(B, Q, H)`: The document representations Q_k.
        """
        num_documents, num_sentences = mask_BMS.shape[:2]
        context_NQH = None
        if class_ids is not None:
            context_NQH = self.word_level.contexts_of(class_ids.repeat_interleave(num_sentences))
        elif class_subset is not None:
            context_NQH = self.word_level.context[class_subset]
        lengths_N = mask_BMS.sum(dim=-1).flatten()
        words_NQH = self.word_level(  # Eqs. 4-6, 7-9
            ids_BMS.flatten(0, 1), lengths_N, context_NQH, embed, recorder and recorder.words
        )
        if self.sentence_level is None:
            return words_NQH

        if class_ids is not None:
            return self._read_sentences(words_NQH, mask_BMS, class_ids, recorder)
        if class_subset is not None:
            return self._read_sentences(words_NQH, mask_BMS, class_subset.repeat(num_documents), recorder)
        # CODEPATH: the labels that joined a trained model are read apart from the others.
        blocks = self.sentence_level.blocks or [slice(0, 1)]
        labels_Q = torch.arange(len(self.sentence_level.context), device=mask_BMS.device)
        sentences = [
            # each label attends to its own sentences only
            self._read_sentences(words_NQH[:, block], mask_BMS, labels_Q[block].repeat(num_documents), recorder)
            for block in blocks
        ]
        if recorder is not None:
            recorder.join_blocks(len(blocks))
        return cat_blocks(sentences)

    def _read_sentences(
        self,
        words_NQH: torch.Tensor,
        mask_BMS: torch.Tensor,
        class_ids: torch.Tensor,
        recorder: AttentionRecorder | None,
    ) -> torch.Tensor:
        """Return the document representations of labels, `(B, Q, H)`, from their vectors of sentences, `(N, Q, H)`.

        S_k: a label's own sentence vectors, read by the shared BiLSTM as a sequence of their own, B * Q in all;
        `class_ids` are the labels of these sequences.
        """
        num_documents, num_sentences = mask_BMS.shape[:2]
        num_queries = words_NQH.shape[1]
        vectors_XH = words_NQH.flatten(0, 1)
        # Not `len`, which would be a constant of an exported graph.
        numbers_X = torch.arange(vectors_XH.shape[0], device=vectors_XH.device)
        numbers_BMQ = numbers_X.view(num_documents, num_sentences, num_queries)
        sentences_X1H = self.sentence_level(  # Eqs. 10-12
            numbers_BMQ.transpose(1, 2).flatten(0, 1),
            mask_BMS.any(dim=-1).sum(dim=-1).repeat_interleave(num_queries),
            self.sentence_level.contexts_of(class_ids),
            lambda numbers: nn.functional.embedding(numbers, vectors_XH),
            recorder and recorder.sentences,
        )
        return sentences_X1H.view(num_documents, num_queries, -1)
