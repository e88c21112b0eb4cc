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
"""Label-by-label inference of LM-MTC, an option of its authors' public code.

Shapes: B documents, T tokens, L labels, H hidden_size of the encoder.
"""

import torch
from transformers import PreTrainedModel

from .thresholding import predict_labels


def decide_label_by_label(
    model: PreTrainedModel, inputs: dict[str, torch.Tensor], logits_BL: torch.Tensor
) -> torch.Tensor:
    """Return the logits of each label as they were when it was decided.

    Of the labels still masked, the most confident one is decided and shown as YES or NO; then the encoder runs again.

    Args:
        model (`LMMTCForSequenceClassification`): A model with a template.
        inputs (`dict[str, torch.Tensor]`): Inputs of its encoder; a label whose token is no mask is decided already.
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): Of one pass over `inputs`.
    """
    positions_L = torch.tensor(model.config.label_positions, device=logits_BL.device)
    yes_L, no_L = logits_BL.new_tensor([model.config.yes_token_ids, model.config.no_token_ids], dtype=torch.long)
    input_ids = inputs["input_ids"].clone()
    open_BL = input_ids[:, positions_L] == input_ids.new_tensor(model.config.mask_token_ids)
    while open_BL.any():
        next_B = logits_BL.abs().masked_fill(~open_BL, -1.0).argmax(dim=1)
        rows_B = torch.arange(len(next_B), device=next_B.device)[open_BL.any(dim=1)]
        next_B = next_B[rows_B]
        predicted_B = predict_labels(logits_BL, model.config.thresholds)[rows_B, next_B]
        input_ids[rows_B, positions_L[next_B]] = torch.where(predicted_B, yes_L[next_B], no_L[next_B])
        open_BL[rows_B, next_B] = False
        if open_BL.any():
            hidden_BTH = model.lm_mtc.encoder.base_model(**{**inputs, "input_ids": input_ids}).last_hidden_state
            next_BL = model.calibrate(model.head(model.lm_mtc.at_labels(hidden_BTH)))
            logits_BL = torch.where(open_BL, next_BL, logits_BL)
    return logits_BL
