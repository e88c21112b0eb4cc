# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The server of `labelwise serve`: what a request asks, batches of waiting texts, the application, and its process."""
