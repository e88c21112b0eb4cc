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

from .configuration_label_sequences import LabelSequenceConfig


@strict
class SGMConfig(LabelSequenceConfig):  # trf-ignore: TRF057 (the docstring below is the whole one)
    r"""
    Configuration of SGM (*SGM: Sequence Generation Model for Multi-Label Classification*, Yang et al., 2018), and of
    set-RNN (*Adapting RNN Sequence Prediction Model to Multi-label Set Prediction*, Qin et al., 2019), which is
    another objective for the same network:

    | `objective` | `global_embedding` | model |
    |---|---|---|
    | `"sequence"` | `False` | SGM |
    | `"sequence"` | `True` | SGM+GE |
    | `"set"` | `False` | set-RNN |

    Args:
        vocab_size (`int`, *optional*, defaults to 50000):
            Number of rows of the word embedding.
        embedding_size (`int`, *optional*, defaults to 512):
            Width of a word vector and of a label vector (the paper on RCV1-V2).
        hidden_size (`int`, *optional*, defaults to 256):
            Width of the encoder's state **per direction**; the decoder's state is twice as wide, 512.
        num_hidden_layers (`int`, *optional*, defaults to 2):
            Layers of the encoder; the decoder has one.
        objective (`str`, *optional*, defaults to `"sequence"`):
            What is learned and searched: the probability of the labels in `label_order`, or of their set, which is a
            sum over all orders.
        global_embedding (`bool`, *optional*, defaults to `False`):
            Whether the decoder reads the whole distribution of its last step, not the emitted label alone.
        label_order (`list[int]`, *optional*):
            All labels, the most frequent of the training documents first; in the order of their ids when not given.
            `"set"` needs none.
        max_labels (`int`, *optional*):
            Most labels of a predicted document, those of a training document as a rule; all when not given.
        num_beams (`int`, *optional*, defaults to 5):
            Sequences that the search keeps; with `"set"` also the orders of a set that are summed.
        dropout (`float`, *optional*, defaults to 0.5):
            Between the encoder's layers and on what the decoder's output layer reads, as in the authors' code.
        max_words (`int`, *optional*, defaults to 500):
            Words read of a document.
        pad_token_id (`int`, *optional*, defaults to 0):
            Row of the embedding that stays zero.
        sep_token_id (`int`, *optional*, defaults to 2):
            The tokenizer's sentence end mark; it is never read as a word.
        initializer_range (`float`, *optional*, defaults to 0.1):
            Standard deviation of a new word or label embedding (the authors' code starts all weights within it).
        thresholds (`float` or `list[float]`, *optional*, defaults to 0.5):
            Score above which a label holds; one number, or one per label in the order of `id2label`. At 0.5 these are
            the labels of the best sequence or set, the papers' prediction.

    Example:

    ```python
    >>> from labelwise import SGMConfig, SGMModel

    >>> config = SGMConfig(global_embedding=True, id2label={0: "rock", 1: "jazz"}, label_order=[1, 0])
    >>> model = SGMModel(config)
    ```"""

    model_type = "sgm"

    embedding_size: int = 512
    hidden_size: int = 256
    num_hidden_layers: int = 2
    objective: Literal["sequence", "set"] = "sequence"
    global_embedding: bool = False
    dropout: float | int = 0.5


__all__ = ["SGMConfig"]
