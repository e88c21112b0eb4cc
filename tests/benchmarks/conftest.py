# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The benchmarks are no part of the installed package: they are found from the checkout's root."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
