# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What goes beside the weights."""
