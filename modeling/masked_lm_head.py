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
"""The head of a masked language model, at the predicted positions only.

Shapes: B documents, T tokens, H width of the encoder's states, P predicted positions of all documents.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from transformers import PreTrainedModel


@contextmanager
def head_reads_only(encoder: PreTrainedModel, positions_BT: torch.Tensor) -> Iterator[list[torch.Tensor]]:
    """Within it, the head of `encoder` reads the states at some positions only, and `encoder` gives logits of these.

    Logits of a whole vocabulary at every position would cost more than the encoder itself. The head stays the
    encoder's own, whatever it is called and however it is tied: every `...ForMaskedLM` takes its states from the first
    output of its base model, and a hook there keeps all of them aside and hands on those that are predicted.

    Args:
        encoder (`PreTrainedModel`): What `AutoModelForMaskedLM` builds.
        positions_BT (`torch.BoolTensor` of shape `(batch, tokens)`): Where a token is predicted.

    Yields:
        `list[torch.Tensor]`: Once `encoder` has run, all states, `(B, T, H)`; its head has read `(1, P, H)`.
    """
    hidden = []

    def keep_and_gather(module, arguments, outputs):
        hidden.append(outputs.last_hidden_state)
        outputs.last_hidden_state = outputs.last_hidden_state[positions_BT][None]
        return outputs

    handle = encoder.base_model.register_forward_hook(keep_and_gather)
    try:
        yield hidden
    finally:
        handle.remove()
