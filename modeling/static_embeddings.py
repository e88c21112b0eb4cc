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
"""Token embeddings out of a pretrained encoder, which then reads no text any more (Model2Vec).

Shapes: V tokens, B tokens of a batch, S tokens of a sequence, H width of the encoder, E width of an embedding.
"""

import torch
from transformers import PreTrainedModel

# a of smooth inverse frequency, a / (a + p): Arora et al. (2017) recommend 1e-4 to 1e-3; Model2Vec has 1e-4.
SIF_A = 1e-4


@torch.no_grad()
def states_of_tokens(
    encoder: PreTrainedModel, num_tokens: int, before: list[int], behind: list[int], batch_size: int = 1024
) -> torch.Tensor:
    """Return the encoder's states of each token of its vocabulary alone: the mean over the token and the special tokens
    around it.

    Args:
        encoder (`PreTrainedModel`): From `load_states_encoder`.
        num_tokens (`int`): V.
        before, behind (`list[int]`): Special tokens before and behind a text.
        batch_size (`int`, *optional*, defaults to 1024): Tokens of a batch.

    Returns:
        `torch.FloatTensor` of shape `(num_tokens, hidden_size)`.
    """
    encoder.eval()
    rows = []
    for ids_B in torch.arange(num_tokens).split(batch_size):
        around = [torch.tensor(ids, dtype=torch.long).expand(len(ids_B), -1) for ids in (before, behind)]
        ids_BS = torch.cat([around[0], ids_B[:, None], around[1]], dim=1).to(encoder.device)
        states_BSH = encoder(input_ids=ids_BS, attention_mask=torch.ones_like(ids_BS)).last_hidden_state
        rows.append(states_BSH.mean(dim=1).cpu())
    return torch.cat(rows)


def reduce_width(states_VH: torch.Tensor, width: int) -> torch.Tensor:
    """Return the first principal components of states, `(tokens, width)`, each with its own variance."""
    centered_VH = states_VH - states_VH.mean(dim=0)
    directions_HH = torch.linalg.eigh((centered_VH.T @ centered_VH).double()).eigenvectors  # of rising variance
    return centered_VH @ directions_HH.flip(1)[:, :width].to(states_VH)


def smooth_inverse_frequencies(counts_V: torch.Tensor) -> torch.Tensor:
    """Return the weight of each token, a / (a + p), where p is its share of all tokens of the documents.

    Args:
        counts_V (`torch.LongTensor` of shape `(tokens,)`): Occurrences of each token.
    """
    return SIF_A / (SIF_A + counts_V / counts_V.sum().clamp(min=1))


__all__ = ["reduce_width", "smooth_inverse_frequencies", "states_of_tokens"]
