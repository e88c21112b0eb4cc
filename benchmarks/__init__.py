# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Benchmarks, run from a checkout: `python -m benchmarks.side_by_side --help`. Not installed with the package."""
