# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Cards, publication, the ONNX export and the pipeline of trained models."""
