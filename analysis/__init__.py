# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The papers' figures and case studies, from corpora and trained models."""
