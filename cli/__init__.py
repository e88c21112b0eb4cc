# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The command line: `labelwise COMMAND [options]`.

A package of its own, `labelwise_cli`: inside `labelwise`, it could only be imported after torch, and `labelwise --help`
would take seconds. Help and wrong options of commands are answered from `options.json`, before anything is imported.
"""

import errno
import os
import re
import sys
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper

from .errors import CommandLineError, suggest
from .parsing import answer
from .paths import expand_home

COMMANDS = {
    "quickstart": "train, evaluate and reload a small model on an embedded corpus, offline",
    "train": "train a model on a corpus or on your own files",
    "compare": "train several systems on your data within a given time, and keep the best",
    "pretrain-encoder": "train a BERT from scratch on a corpus, by masked language modelling",
    "evaluate": "measure a trained model on a corpus or on your own files",
    "predict": "label texts with a trained model",
    "serve": "answer over HTTP with a trained model",
    "demo": "open a page to try a trained model on texts",
    "push": "publish a trained model on the Hub, and with --space a page to try it",
    "tune-thresholds": "fit the thresholds of a trained model on validation documents",
    "calibrate": "make the probabilities of a trained model reliable, on validation documents",
    "add-labels": "add labels to a trained model, and train it on documents that have them",
    "export": "write a trained model as a graph that runs without Python",
    "analyse": "list labels of the nearest documents, or documents on which models differ",
    "explain": "show which words a label is predicted from, and how far to trust it",
    "figure": "draw a figure of the papers, from a corpus, models or runs",
    "reproduce": "train all rows of a table of the papers, and write the table",
    "audit": "report duplicates, conflicts, rare labels and likely label errors, before any training",
    "datasets": "list the corpora, show their numbers, convert or publish them",
}

# How torch says it, on a CPU and on a GPU.
_OUT_OF_MEMORY = re.compile("can't allocate memory|out of memory")
_ROOM = "make room, and give the command again"
_PERMISSION = "correct the permissions, or name another path; HF_HOME names the folder of the caches"
_SYSTEM_ERRORS = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: "raise the limit of the sizes of files, `ulimit -f`, and give the command again",
    errno.EROFS: _PERMISSION,
    errno.EACCES: _PERMISSION,
    errno.EPERM: _PERMISSION,
}


def main(argv: list[str] | None = None) -> int:
    """Run a command.

    Args:
        argv (`list[str]`, *optional*): Arguments after `labelwise`, defaults to those of the process.

    Returns:
        `int`: 0 on success; 2 for input that the user can correct, reported in one line on standard error; 130 if
        interrupted; 141 if standard output was closed, as shells report it for `labelwise predict ... | head`.
    """
    argv = sys.argv[1:] if argv is None else argv
    if sys.stdout is None:
        print("labelwise: error: standard output is closed; send it to a file or to /dev/null", file=sys.stderr)
        return 2
    for stream in (sys.stdout, sys.stderr):  # a pipe may have another encoding; files are UTF-8 everywhere here
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace" if stream is sys.stderr else "strict")
    if not argv or argv[0] in ("-h", "--help"):
        print("usage: labelwise COMMAND [options]\n\nMulti-label text classification.\n\ncommands:")
        for name, what in COMMANDS.items():
            print(f"  {name:<17}{what}")
        print("\n`labelwise COMMAND --help` lists the options of a command.")
        return 0 if argv else 2
    if argv[0] == "--version":
        print(version("labelwise"))
        return 0
    if argv[0] not in COMMANDS:
        told = f"unknown command {argv[0]!r}; known: {', '.join(COMMANDS)}{suggest(argv[0], COMMANDS)}"
        print(f"labelwise: error: {told}", file=sys.stderr)
        return 2
    argv = [argv[0], *map(expand_home, argv[1:])]
    try:
        _check_characters(argv)
        told = answer(argv[0], argv[1:])
        if told is None:
            return _run(argv[0], argv[1:])
        _print(told)
        return 0
    except CommandLineError as error:
        print(f"labelwise {argv[0]}: error: {_one_line(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\nlabelwise {argv[0]}: interrupted", file=sys.stderr)  # a progress bar may be on the line
        return 130
    except BrokenPipeError:
        _discard_output()
        return 141


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        _discard_output()
        raise CommandLineError(f"standard output cannot be written: {error.strerror}") from error


def _discard_output() -> None:
    """Discard what standard output did not take: Python's last flush would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _one_line(text: str) -> str:
    """Return a message as one line, in which names of files and labels cannot steer the terminal."""
    text = " ".join(text.split())
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _run(command: str, argv: list[str]) -> int:
    # Imported here: it takes seconds, during which the user may interrupt.
    from labelwise.errors import UserInputError
    from labelwise.runs.progress import set_up_streams

    set_up_streams()

    try:
        import_module(f"labelwise.commands.{command.replace('-', '_')}").main(argv)
        sys.stdout.flush()
    except UserInputError as error:
        told = str(error)
    except Exception as error:
        told = _explain(error)
        if told is None:
            raise
    else:
        return 0
    print(f"labelwise {command}: error: {_one_line(told)}", file=sys.stderr)
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()
    return 2


def _check_characters(argv: list[str]) -> None:
    """Check that each word can be the name of a file, and be written to a file and to the terminal.

    Raises:
        CommandLineError: One is no UTF-8 text, or contains a NUL character.
    """
    for word in argv:
        if "\0" in word or any("\ud800" <= character <= "\udfff" for character in word):
            raise CommandLineError(f"{word!a}: is no UTF-8 text, or contains a NUL character; correct or rename it")


def _explain(error: BaseException | None) -> str | None:
    """Return what the system refused, where, and what to do; `None` if an error is of something else.

    A library may have replaced the system's error: safetensors and tokenizers quote it, torch finds itself at another
    position of its file.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            return f"{error.strerror}: {error.filename or 'the path'}; name another file or folder"
        if isinstance(error, MemoryError) or _OUT_OF_MEMORY.search(str(error)):
            return "the memory is too small for this; lower the sizes of the model or the batches"
        for number, advice in _SYSTEM_ERRORS.items():
            words = os.strerror(number)
            if isinstance(error, OSError) and error.errno == number:
                return f"{words}: {error.filename or 'the file of the last step'}; {advice}"
            if f"{words} (os error {number})" in str(error):
                return f"{words}; {advice}"
        if "unexpected pos" in str(error) or "PytorchStreamWriter" in str(error):
            return f"a checkpoint cannot be written; {_ROOM}"
        error = error.__cause__ or error.__context__
    return None
