# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise push`: publish a trained model, and a page to try it, on the Hub."""

import json

from ..runs.options import CommandParser
from ..runs.publishing import PushArguments, push, push_with_space


def main(argv: list[str]) -> None:
    (args,) = CommandParser(PushArguments, prog="labelwise push").parse(argv)
    print(json.dumps(push_with_space(args) if args.space else {"commit": push(args)}))
