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
"""The start of labels from their names or descriptions, so that an untrained model ranks them.

Shapes: K texts, T tokens, H width of the encoder's states.
"""

from collections.abc import Sequence

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

_BATCH_SIZE = 64


@torch.no_grad()
def start_from_texts(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str] | None = None,
    labels: slice = slice(None),
) -> None:
    """Start labels from the encoder's mean state over a text of each, a name or a description.

    The context vectors of a label, and its weights in a classifier, become the unit vector of that mean state, less the
    mean over the names of all labels: what all have in common says nothing about one.

    Args:
        model (`PreTrainedModel`): A label-wise encoder in evaluation mode, changed in place.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        texts (`Sequence[str]`, *optional*): One for each of the labels; of a text longer than a window, its beginning.
            By default the descriptions in the configuration, and the names of labels that have none.
        labels (`slice`, *optional*): The labels to start; all by default.

    Raises:
        ValueError: One of the texts or the names has no words.

    Example:

    ```python
    >>> model = LabelWiseEncoderForSequenceClassification.from_encoder("bert-base-uncased", ["sport", "politics"])
    >>> start_from_texts(model, tokenizer, ["matches, players and clubs", "elections, parties and laws"])
    ```"""
    names = model.config.label_names
    if texts is None:
        texts = [(model.config.label_descriptions or {}).get(name, name) for name in names[labels]]
    vectors_KH = _mean_states(model, tokenizer, texts)
    if len(names) > 1:  # of one, nothing would be left
        vectors_KH = vectors_KH - _mean_states(model, tokenizer, names).mean(dim=0)
    model.set_label_vectors(torch.nn.functional.normalize(vectors_KH, dim=-1), labels)


def _mean_states(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> torch.Tensor:
    """Return the mean state over each text, special tokens included, `(texts, hidden_size)`."""
    found = []
    for start in range(0, len(texts), _BATCH_SIZE):
        batch = tokenizer(
            list(texts[start : start + _BATCH_SIZE]),
            truncation=True,
            max_length=model.config.window_size,
            padding=True,
            return_tensors="pt",
        )
        is_empty_K = batch["attention_mask"].sum(dim=1) <= sum(model.config.num_special_tokens)
        if is_empty_K.any():  # such as of invisible characters; their state would say nothing of the label, or be NaN
            text = texts[start + int(is_empty_K.nonzero()[0])]
            raise ValueError(f"label {text!r} has no word piece in its tokenizer; rename or describe it otherwise")
        batch = batch.to(model.device)
        states_KTH = model.base_model.encoder(**batch).last_hidden_state
        mask_KT1 = batch["attention_mask"][..., None]
        found.append((states_KTH * mask_KT1).sum(dim=1) / mask_KT1.sum(dim=1))
    return torch.cat(found)


__all__ = ["start_from_texts"]
