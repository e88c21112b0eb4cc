# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Run the command by `python -m labelwise_cli`; `accelerate launch -m labelwise_cli` does so in every process."""

import sys

from . import main

sys.exit(main())
