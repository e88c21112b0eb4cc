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
"""SGM configuration: SGM, SGM with global embedding and set-RNN are settings of one model."""

from typing import Literal

from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_label_sequences import LabelSequenceConfig

_OBJECTIVES = {
    "sequence": "the most probable sequence of labels, most frequent first, of *SGM: Sequence Generation Model for "
    "Multi-label Classification* (Yang et al., 2018)",
    "set": "the most probable set of labels, over all orders, of *Adapting RNN Sequence Prediction Model to "
    "Multi-label Set Prediction* (Qin, Li, Pavlu and Aslam, 2019), with the network of SGM (Yang et al., 2018)",
}


@strict
class SGMConfig(LabelSequenceConfig):  # trf-ignore: TRF057
    r"""
    Configuration of SGM (*SGM: Sequence Generation Model for Multi-Label Classification*, Yang et al., 2018), and of
    set-RNN (*Adapting RNN Sequence Prediction Model to Multi-label Set Prediction*, Qin et al., 2019), which is
    another objective for the same network:

    | `objective` | `global_embedding` | model |
    |---|---|---|
    | `"sequence"` | `False` | SGM |
    | `"sequence"` | `True` | SGM+GE |
    | `"set"` | `False` | set-RNN |

    Fields that are not listed are those of `LabelSequenceConfig` and `WordConfig`.

    Args:
        embedding_size (`int`, *optional*, defaults to 512):
            Width of a word vector and of a label vector (the paper on RCV1-V2).
        hidden_size (`int`, *optional*, defaults to 256):
            Width of the encoder's state **per direction**; the decoder's state is twice as wide.
        num_hidden_layers (`int`, *optional*, defaults to 2):
            Number of layers of the encoder; the decoder has one.
        objective (`str`, *optional*, defaults to `"sequence"`):
            The probability that is learned and searched: of the labels in `label_order`, or of their set, which is a
            sum over all orders. `"set"` needs no `label_order`.
        global_embedding (`bool`, *optional*, defaults to `False`):
            Whether the decoder reads the whole distribution of its last step, not the emitted label alone.
        num_beams (`int`, *optional*, defaults to 5):
            Number of sequences that the search keeps; with objective `"set"` also of the orders of a set that are
            summed.
        dropout (`float`, *optional*, defaults to 0.5):
            Share dropped between the encoder's layers and of the input of the decoder's output layer, as in the
            authors' code.

    Example:

    ```python
    >>> from labelwise import SGMConfig, SGMModel

    >>> config = SGMConfig(global_embedding=True, id2label={0: "rock", 1: "jazz"}, label_order=[1, 0])
    >>> model = SGMModel(config)
    ```"""

    model_type = "sgm"

    embedding_size: int = interval(min=1)(default=512)
    hidden_size: int = interval(min=1)(default=256)
    num_hidden_layers: int = interval(min=1, max=1000)(default=2)
    objective: Literal["sequence", "set"] = "sequence"
    global_embedding: bool = False
    dropout: float | int = interval(min=0, max=1, exclude_max=True)(default=0.5)

    def describe(self) -> str:
        ge = " with global embedding" if self.global_embedding else ""
        return (
            f"A BiLSTM with attention and an LSTM that emits the labels one by one{ge}: {_OBJECTIVES[self.objective]}."
        )


__all__ = ["SGMConfig"]
