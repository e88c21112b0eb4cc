# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Path of the benchmarks, which are not installed: the root of the checkout."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
