# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The command line: `labelwise COMMAND [options]`."""

import sys
from importlib import import_module

COMMANDS = {
    "quickstart": "train, evaluate and reload a small model on an embedded corpus, offline",
    "train": "train a model on a corpus or on your own files",
    "evaluate": "measure a trained model on a corpus or on your own files",
    "predict": "label texts with a trained model",
    "datasets": "list the corpora, show their numbers, convert or publish them",
}


def main(argv: list[str] | None = None) -> int:
    """Runs a command.

    Returns:
        `int`: 0 when it went well, 2 for input that the user can mend (told in one line on standard error).
    """
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in ("-h", "--help"):
        print("usage: labelwise COMMAND [options]\n\nMulti-label text classification.\n\ncommands:")
        for name, what in COMMANDS.items():
            print(f"  {name:<12}{what}")
        print("\n`labelwise COMMAND --help` lists the options of a command.")
        return 0 if argv else 2
    if argv[0] == "--version":
        from labelwise import __version__

        print(__version__)
        return 0
    if argv[0] not in COMMANDS:
        print(f"labelwise: error: unknown command {argv[0]!r}; known: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2

    from labelwise.datasets_scripts.errors import DataError

    try:
        import_module(f"labelwise.commands.{argv[0]}").main(argv[1:])
    except DataError as error:
        print(f"labelwise {argv[0]}: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"labelwise {argv[0]}: interrupted", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
