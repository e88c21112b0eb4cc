# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Straightforward, slow versions of the models of this package in plain torch and transformers.

They share the modules and weights of our models. Outputs are compared with them, and speed is measured against them if
the reference codes are not given.

Shapes: N sequences, T steps, E input width, H = 2 * hidden_size, Q context vectors, B documents, M sentences, S words
of a sentence, C candidates.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from transformers import PreTrainedModel

from labelwise.modeling.modeling_lw_lstm import LWLSTMEncoder, RecurrentAttention


def read(
    level: RecurrentAttention, input_NTE: torch.Tensor, lengths_N: torch.Tensor, context: torch.Tensor
) -> torch.Tensor:
    """Return the weighted sums of one `RecurrentAttention`.

    Args:
        level (`RecurrentAttention`): Module of our model.
        input_NTE (`torch.Tensor` of shape `(N, T, E)`): Input.
        lengths_N (`torch.LongTensor` of shape `(N,)`): Lengths, which must be > 0.
        context (`torch.Tensor` of shape `(Q, H)` or `(N, Q, H)`): Context vectors.

    Returns:
        `torch.Tensor` of shape `(N, Q, H)`: Weighted sums.
    """
    inputs = level.dropout(level.layer_norm(input_NTE))
    packed = pack_padded_sequence(inputs, lengths_N.cpu(), batch_first=True, enforce_sorted=False)
    hidden_NTH, _ = pad_packed_sequence(level.rnn(packed)[0], batch_first=True, total_length=input_NTE.shape[1])
    behind_NT = torch.arange(input_NTE.shape[1], device=input_NTE.device) >= lengths_N[:, None]
    scores_NQT = context @ hidden_NTH.transpose(1, 2)
    return scores_NQT.masked_fill(behind_NT[:, None], -torch.inf).softmax(dim=-1) @ hidden_NTH


def encode(
    encoder: LWLSTMEncoder, embeddings: nn.Embedding, ids: torch.Tensor, classes: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the document representations of one `LWLSTMEncoder`.

    Args:
        encoder (`LWLSTMEncoder`): Encoder of our model.
        embeddings (`torch.nn.Embedding`): Word embeddings.
        ids (`torch.LongTensor` of shape `(B, T)`, or `(B, M, S)` if hierarchical): Word ids, 0 is padding.
        classes (`torch.LongTensor` of shape `(B,)`, *optional*): Label id of each document, defaults to all labels.

    Returns:
        `torch.Tensor` of shape `(B, Q, H)`: Representations.
    """
    words, context = encoder.word_level, encoder.word_level.context
    if encoder.sentence_level is None:
        context = context if classes is None else context[classes][:, None]
        return read(words, embeddings(ids), (ids != 0).sum(-1), context)
    lengths_BM = (ids != 0).sum(-1)
    exists_BM = lengths_BM > 0
    summary_NQH = read(words, embeddings(ids[exists_BM]), lengths_BM[exists_BM], context)
    num_queries, width = context.shape
    sentences_BMQH = summary_NQH.new_zeros(*exists_BM.shape, num_queries, width)
    sentences_BMQH[exists_BM] = summary_NQH
    representations = [
        read(
            encoder.sentence_level,
            sentences_BMQH[:, :, k],
            exists_BM.sum(-1),
            encoder.sentence_level.context[k : k + 1],
        )
        for k in range(num_queries)
    ]
    return torch.cat(representations, dim=1)


class PlainClassifier(nn.Module):
    """Plain version of `LWLSTMForSequenceClassification`, which returns probabilities."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return probabilities of shape `(B, L)`."""
        body = self.model.lw_lstm
        return self.model.head(torch.cat([encode(e, body.embeddings, ids) for e in body.encoders], dim=-1)).sigmoid()


class PlainPreTraining(nn.Module):
    """Plain version of `LWLSTMForPreTraining`, which returns log-probabilities of the candidates."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids_BT: torch.Tensor, candidates_BCT: torch.Tensor, classes_B: torch.Tensor) -> torch.Tensor:
        """Return log-probabilities of shape `(B, C)`."""
        body, (num_documents, num_candidates, _) = self.model.lw_lstm, candidates_BCT.shape
        target_B1H = encode(body.target_encoder, body.embeddings, ids_BT, classes_B)
        classes = classes_B.repeat_interleave(num_candidates)
        candidate_N1H = encode(body.candidate_encoder, body.embeddings, candidates_BCT.flatten(0, 1), classes)
        scores = target_B1H @ candidate_N1H.view(num_documents, num_candidates, -1).transpose(1, 2)
        return scores.squeeze(1).log_softmax(dim=-1)


def lm_mtc_loss(model: PreTrainedModel, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return loss and label logits of `LMMTCForSequenceClassification`, with the head over all positions."""
    inputs = {name: value for name, value in batch.items() if name not in ("labels", "mlm_targets")}
    outputs = model.lm_mtc.encoder(**inputs, output_hidden_states=True)
    logits_BL = model.head(outputs.hidden_states[-1][:, model.config.label_positions])
    loss = nn.functional.binary_cross_entropy_with_logits(logits_BL.float(), batch["labels"].float())
    if "mlm_targets" in batch:
        by_token = nn.functional.cross_entropy(
            outputs.logits.float().transpose(1, 2), batch["mlm_targets"], reduction="none", ignore_index=-100
        )
        predicted = (batch["mlm_targets"] != -100).sum(dim=1)
        loss = loss + model.config.mlm_weight * (by_token.sum(dim=1) / predicted.clamp(min=1)).mean()
    return loss, logits_BL
