# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`python -m labelwise_cli`, which `accelerate launch -m labelwise_cli` starts in every process."""

import sys

from . import main

sys.exit(main())
