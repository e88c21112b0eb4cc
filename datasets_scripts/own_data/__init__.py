# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""From a user's own files or objects to a corpus: one reader for all commands and the Python API."""
