# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise push`: publish a trained model on the Hub."""

import json

from ..runs.options import CommandParser
from ..runs.publishing import PushArguments, push


def main(argv: list[str]) -> None:
    (args,) = CommandParser(PushArguments, prog="labelwise push").parse(argv)
    print(json.dumps({"commit": push(args)}))
