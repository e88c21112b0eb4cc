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
"""Permissions of saved weights."""

import shutil
from os import PathLike
from pathlib import Path

from transformers.utils import CONFIG_NAME


def make_weights_readable(folder: str | PathLike) -> None:
    """Give the weights in a folder the permissions of its `config.json`.

    safetensors creates files that only their owner can read, whatever the umask is.

    Args:
        folder (`str` or `PathLike`): Folder of a saved model. Weights without a configuration, as those of an adapter,
            stay as they are.
    """
    config = Path(folder, CONFIG_NAME)
    if config.is_file():
        for weights in config.parent.glob("*.safetensors"):
            shutil.copymode(config, weights)
