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
"""The base class of the models that read the words of a `WordTokenizer`: their initial weights and their inputs."""

import math

import torch
from torch import nn
from transformers import initialization as init

from .multi_label_model import MultiLabelPreTrainedModel
from .sentences import as_one_sentence


def make_embedding(num_rows: int, width: int, padding_idx: int | None = None) -> nn.Embedding:
    """Make an embedding whose rows are not drawn yet: `_init_weights` draws them, and torch would do so before it."""
    return nn.Embedding.from_pretrained(torch.empty(num_rows, width), freeze=False, padding_idx=padding_idx)


class WordPreTrainedModel(MultiLabelPreTrainedModel):  # trf-ignore: TRF057
    """Base of the models that read the words of a `WordTokenizer`."""

    _input_embed_layer = "embeddings"  # of the base model, where it has one

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        """Initialize as LW-PT's code does: xavier-uniform input weights, orthogonal recurrent weights, zero biases of
        the recurrent modules; torch's own initial weights for linear layers; the library's for other modules."""
        if isinstance(module, (nn.RNNBase, nn.LSTMCell)):
            for name, parameter in module.named_parameters():
                if "weight_ih" in name:
                    init.xavier_uniform_(parameter)
                elif "weight_hh" in name:
                    init.orthogonal_(parameter)
                else:
                    init.zeros_(parameter)
        elif isinstance(module, (nn.Linear, nn.Conv1d)):
            init.kaiming_uniform_(module.weight, a=math.sqrt(5))
            if module.bias is not None:
                bound = 1 / math.sqrt(module.weight[0].numel())
                init.uniform_(module.bias, -bound, bound)
        elif isinstance(module, nn.Embedding):
            init.normal_(module.weight, std=self.config.initializer_range)
            # The slice below would lose the flag that guards loaded weights.
            if module.padding_idx is not None and not getattr(module.weight, "_is_hf_initialized", False):
                init.zeros_(module.weight[module.padding_idx])
        else:
            super()._init_weights(module)

    def find_tokens(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return ids, with one column of padding for a batch of empty documents, and a mask of words and sentence end
        marks. Arguments are those of `read_words`."""
        if input_ids.shape[1] == 0:
            input_ids = input_ids.new_full((len(input_ids), 1), self.config.pad_token_id)
            attention_mask = torch.zeros_like(input_ids)
        is_token = input_ids != self.config.pad_token_id if attention_mask is None else attention_mask.bool()
        return input_ids, is_token

    def read_words(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the first `max_words` words of each document, without sentence end marks and padding.

        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`): Words and sentence end marks; padding may be
                anywhere.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*): 1 at tokens, 0 at padding;
                everything but `config.pad_token_id` when not given.

        Returns:
            `torch.LongTensor` of shape `(batch, words)`: Ids, padded on the right, at least one column.
            `torch.LongTensor` of shape `(batch,)`: Words of each document, from 0.
        """
        input_ids, is_token = self.find_tokens(input_ids, attention_mask)
        grid = as_one_sentence(is_token & (input_ids != self.config.sep_token_id), self.config.max_words)
        mask_BT = grid.mask_BMS[:, 0]
        ids_BT = input_ids.gather(1, grid.positions_BMS[:, 0]).masked_fill(~mask_BT, self.config.pad_token_id)
        return ids_BT, mask_BT.sum(dim=1)


__all__ = ["WordPreTrainedModel", "make_embedding"]
