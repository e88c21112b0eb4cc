# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""One command of the command line a module; each has `main(argv)`."""
