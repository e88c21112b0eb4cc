# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Measured workloads: one module per kind, one function per workload."""
