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
"""The encoder of LM-MTC: a pretrained masked language model with label tokens, its head run at some positions only, and
the pooler that a masked language model lacks.

Shapes: B documents, T tokens, H width of the encoder's states, P predicted positions of all documents.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForMaskedLM,
    AutoTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import ModelOutput

from ..configuration.configuration_encoder import set_attention_dropout
from .finite_weights import check_finite
from .loading_report import silent_loading_report

logger = logging.getLogger(__name__)


def make_encoder(config: PreTrainedConfig) -> PreTrainedModel:
    """Make a masked language model of a configuration; no code of a folder is run."""
    # Without `trust_remote_code`, the library would ask on standard input.
    return AutoModelForMaskedLM.from_config(config, trust_remote_code=False)


def load_encoder(
    name_or_path: str,
    tokenizer: PreTrainedTokenizerBase,
    label_names: Sequence[str] | None = None,
    has_mlm: bool = True,
    attention_dropout: float | None = None,
) -> PreTrainedModel:
    """Load a masked language model and add embeddings of the label tokens.

    Args:
        name_or_path (`str`): Folder or Hub id of the encoder.
        tokenizer (`LabelTokenizer`): The encoder's tokenizer with the label tokens.
        label_names (`Sequence[str]`, *optional*): Start each label's tokens from the mean of the words of its name;
            from the mean of all embeddings (with their covariance scaled down, so that they differ) when not given.
        has_mlm (`bool`, *optional*, defaults to `True`): Whether the head is used; a new one is warned of then.
        attention_dropout (`float`, *optional*): Share dropped of the attention weights; the encoder's own by default.

    Returns:
        `PreTrainedModel`: A `...ForMaskedLM` in float32.

    Raises:
        ValueError: Weights of the encoder itself are missing, weights are not finite, it has no attention dropout to be
            set, or the name of a label has no words.
    """
    config = AutoConfig.from_pretrained(name_or_path, trust_remote_code=False)
    if attention_dropout is not None:
        set_attention_dropout(config, attention_dropout)
    with silent_loading_report():
        encoder, report = AutoModelForMaskedLM.from_pretrained(
            name_or_path, config=config, dtype=torch.float32, output_loading_info=True, trust_remote_code=False
        )
    missing = sorted(key for key in report["missing_keys"] if key.startswith(f"{encoder.base_model_prefix}."))
    if missing:
        raise ValueError(f"its weights do not fit its config ({missing[0]} is missing)")
    check_finite(encoder)
    if report["missing_keys"] and has_mlm:
        logger.warning(
            f"{name_or_path} has no head for masked language modelling: a new one is trained; mlm_weight 0 trains none"
        )
    encoder.config._name_or_path = ""  # a local folder is of no use to other users of the model
    num_words = _num_rows(AutoTokenizer.from_pretrained(name_or_path, trust_remote_code=False))
    words = encoder.get_input_embeddings().weight[:num_words].detach().clone()
    if _num_rows(tokenizer) > num_words:
        encoder.resize_token_embeddings(num_words)  # drop rows that only pad the matrix: the mean must not count them
        encoder.resize_token_embeddings(_num_rows(tokenizer))
    if label_names is not None:
        weight = encoder.get_input_embeddings().weight.data
        for name, ids in zip(label_names, tokenizer.tokens_of_labels, strict=True):
            pieces = tokenizer(name, add_special_tokens=False)["input_ids"]
            if not pieces:  # such as of invisible characters; their mean would be NaN
                raise ValueError(f"label {name!r} has no word piece in its tokenizer; rename it")
            weight[ids] = words[pieces].mean(dim=0)
    return encoder


class Pooler(nn.Module):
    """BERT's pooler: a layer over the first token's state, which BERT was pretrained with and its own classifier reads.

    Args:
        hidden_size (`int`): H.
    """

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        self.dense = nn.Linear(hidden_size, hidden_size)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Return pooled states of the shape of `states`, `(..., hidden_size)`."""
        return self.dense(states).tanh()


def load_pooler(name_or_path: str, required: bool | None = None) -> Pooler | None:
    """Load the pooler of an encoder, which `AutoModelForMaskedLM` leaves out.

    Args:
        name_or_path (`str`): Folder or Hub id of the encoder.
        required (`bool`, *optional*): Whether it must have one; by default it may.

    Returns:
        `Pooler`: `None` if the architecture has none, the checkpoint has no weights of it, or none is required.

    Raises:
        ValueError: There is none, and it is required.
    """
    if required is False:
        return None
    with silent_loading_report():  # of the masked LM's head, which this does not load
        encoder, report = AutoModel.from_pretrained(
            name_or_path, dtype=torch.float32, output_loading_info=True, trust_remote_code=False
        )
    loaded = {name: weight for name, weight in encoder.state_dict().items() if name not in report["missing_keys"]}
    # `pooler.dense.weight`, or `pooler.weight` in ALBERT.
    weights = {name.rpartition(".")[2]: weight for name, weight in loaded.items() if name.startswith("pooler.")}
    if not weights:
        if required:
            raise ValueError("the checkpoint has no pooler: leave out --pooler")
        return None
    pooler = Pooler(encoder.config.hidden_size)
    pooler.dense.load_state_dict(weights)
    return pooler


def encoder_inputs(
    config: PreTrainedConfig,
    input_ids: torch.Tensor,
    attention_mask: torch.Tensor | None,
    token_type_ids: torch.Tensor | None,
    output_attentions: bool | None,
    output_hidden_states: bool | None,
) -> dict[str, Any]:
    """Return the arguments of `forward` by name, with the defaults of `config` for the flags. Those that are `None` are
    left out, as not every encoder takes `token_type_ids`."""
    inputs = {
        "input_ids": input_ids,
        "attention_mask": attention_mask,
        "token_type_ids": token_type_ids,
        "output_attentions": config.output_attentions if output_attentions is None else output_attentions,
        "output_hidden_states": config.output_hidden_states if output_hidden_states is None else output_hidden_states,
    }
    return {name: value for name, value in inputs.items() if value is not None}


@contextmanager
def run_head_at(encoder: PreTrainedModel, positions_BT: torch.Tensor) -> Iterator[list[torch.Tensor]]:
    """Run the head of `encoder` at some positions only, within this context; `encoder` returns logits of these.

    Logits of a whole vocabulary at every position would cost more than the encoder itself. This works for every
    `...ForMaskedLM`, with tied weights too: its head takes its states from the first output of the base model, where a
    hook keeps all states and passes on those of the predicted positions.

    Args:
        encoder (`PreTrainedModel`): As `AutoModelForMaskedLM` builds it.
        positions_BT (`torch.BoolTensor` of shape `(batch, tokens)`): `True` where a token is predicted.

    Yields:
        `list[torch.Tensor]`: After `encoder` has run, all states, `(B, T, H)`; the head has read `(1, P, H)`.
    """
    hidden = []

    def keep_and_gather(module: nn.Module, arguments: tuple, outputs: ModelOutput) -> ModelOutput:
        hidden.append(outputs.last_hidden_state)
        positions_P = positions_BT.flatten().nonzero()[:, 0]
        outputs.last_hidden_state = outputs.last_hidden_state.flatten(0, 1).index_select(0, positions_P)[None]
        return outputs

    handle = encoder.base_model.register_forward_hook(keep_and_gather)
    try:
        yield hidden
    finally:
        handle.remove()


def _num_rows(tokenizer: PreTrainedTokenizerBase) -> int:
    return 1 + max(tokenizer.get_vocab().values())
