# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise serve`: a trained model that answers over HTTP."""

from dataclasses import dataclass, field

from ..errors import UserInputError
from ..json_text import dump_json
from ..runs.listening import ListenArguments, listen, run_until_stopped
from ..runs.loading import load_config_and_tokenizer, load_for_inference
from ..runs.options import CommandParser, check_numbers


@dataclass
class ServeArguments(ListenArguments):
    """Model, address and limits of a server."""

    model_name_or_path: str = field(
        kw_only=True, metadata={"help": "Folder or Hub id of a trained model, or an exported folder."}
    )
    port: int = field(default=8000, metadata={"help": "Port to listen on; 0 is any free one."})
    batch_size: int = field(default=32, metadata={"help": "Texts per batch, of all requests that wait."})
    max_waiting: int = field(
        default=1024, metadata={"help": "Maximum number of waiting texts; further requests are refused (503)."}
    )
    max_texts: int = field(default=256, metadata={"help": "Maximum number of texts in a request."})
    max_characters: int = field(default=100_000, metadata={"help": "Maximum number of characters in a text."})
    max_body_bytes: int = field(
        default=4_000_000, metadata={"help": "Maximum number of bytes in the body of a request."}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        sizes = ["batch_size", "max_waiting", "max_texts", "max_characters", "max_body_bytes"]
        check_numbers(self, sizes, lambda number: number > 0, "> 0")
        if self.max_texts > self.max_waiting:
            raise UserInputError(
                f"--max_texts {self.max_texts}: must be <= --max_waiting {self.max_waiting}, or a request of as many "
                "would always be refused"
            )


def main(argv: list[str]) -> None:
    (args,) = CommandParser(ServeArguments, prog="labelwise serve").parse(argv)
    run(args)


def run(args: ServeArguments) -> None:
    """Load the model, print the address as JSON, and answer until SIGTERM or Ctrl-C.

    Args:
        args (`ServeArguments`): The options.

    Raises:
        UserInputError: A package is missing, the model does not exist or cannot be read, or nothing can listen there.
    """
    try:
        from ..serving.questions import Limits
        from ..serving.server import Server
        from ..serving.service import Service
    except ImportError as error:
        raise UserInputError(
            f"the server needs packages that are missing: pip install 'labelwise[serve]' ({error})"
        ) from error

    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path, may_be_exported=True)
    with listen(args) as listener:
        model = load_for_inference(args.model_name_or_path, config)
        limits = Limits(args.max_texts, args.max_characters, args.max_body_bytes)
        service = Service(model, tokenizer, limits, args.batch_size, args.max_waiting)
        print(dump_json({"url": args.url(listener)}), flush=True)
        run_until_stopped(Server(service), listener)
