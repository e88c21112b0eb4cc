# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What is measured: one file per family, one function per workload."""
