# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise demo`: a page to try a trained model on texts."""

from dataclasses import dataclass, field

from ..errors import UserInputError
from ..json_text import dump_json
from ..runs.listening import ListenArguments, listen, run_until_stopped
from ..runs.options import CommandParser


@dataclass
class DemoArguments(ListenArguments):
    """Model and address of the page."""

    model_name_or_path: str = field(kw_only=True, metadata={"help": "Folder or Hub id of a trained model."})
    port: int = field(default=7860, metadata={"help": "Port to listen on; 0 is any free one."})


def main(argv: list[str]) -> None:
    (args,) = CommandParser(DemoArguments, prog="labelwise demo").parse(argv)
    run(args)


def run(args: DemoArguments) -> None:
    """Load the model, print the address of the page as JSON, and show it until SIGTERM or Ctrl-C.

    Args:
        args (`DemoArguments`): The options.

    Raises:
        UserInputError: A package is missing, the model does not exist or cannot be read, or nothing can listen there.
    """
    try:
        from ..demo import Tagger
        from ..demo.local import make_server
    except ImportError as error:
        raise UserInputError(
            f"the page needs packages that are missing: pip install 'labelwise[demo]' ({error})"
        ) from error

    tagger = Tagger.from_pretrained(args.model_name_or_path)
    with listen(args) as listener:
        server = make_server(tagger)
        print(dump_json({"url": args.url(listener)}), flush=True)
        run_until_stopped(server, listener)
