# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The one Hub of all tests, and the environment that leads there; imported before any library that reads it.

Nothing goes out to the network, and no token of the user's is read. Without xet, whose protocol is another, large files
take the client's HTTP road.
"""

import os
import tempfile

from .hub_server import Hub

HUB = Hub()
_home = tempfile.TemporaryDirectory(prefix="labelwise-hub-")
os.environ |= {
    "HF_ENDPOINT": HUB.url,
    "HF_HOME": f"{_home.name}/home",  # of all that is cached, word vectors too
    "HF_HUB_CACHE": f"{_home.name}/cache",
    "HF_TOKEN_PATH": f"{_home.name}/token",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_OFFLINE": "0",
}
os.environ.pop("HF_TOKEN", None)
