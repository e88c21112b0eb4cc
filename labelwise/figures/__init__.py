# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The figures of `labelwise figure`, one module each.

A module has `DESCRIPTION` (one line of help), `OPTIONS` (dataclasses of options) and `make`, which takes one object per
dataclass and returns the figure and the table of its numbers.
"""
