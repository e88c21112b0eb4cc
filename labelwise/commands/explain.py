# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise explain`: what the words of a text have to do with labels, as a page, a picture and numbers."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..analysis.explain import explain
from ..analysis.explanation import Explanation
from ..analysis.explanation_page import to_html
from ..analysis.explanation_tables import summarize, to_json, to_rows
from ..csv_rows import write_rows
from ..datasets_scripts.documents import check_text
from ..datasets_scripts.streams import standard_input
from ..errors import UserInputError
from ..json_text import dump_json
from ..label_ids import find_label_ids
from ..runs.loading import load_config_and_tokenizer, load_for_inference
from ..runs.locking import lock_folder
from ..runs.options import CommandParser
from ..runs.writing import check_folder, make_files

logger = logging.getLogger(__name__)

_WORDS = 5  # of each label, in the result that is printed


@dataclass
class ExplainArguments:
    """Model, text, labels and output of an explanation."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    output_dir: str = field(metadata={"help": "Folder of explanation.html, .png, .csv and .json."})
    text: str | None = field(default=None, metadata={"help": "The text, or - for standard input."})
    text_file: str | None = field(default=None, metadata={"help": "File with the text, in UTF-8."})
    labels: list[str] = field(
        default_factory=list, metadata={"help": "Names of the labels; default to those that the model predicts."}
    )

    def __post_init__(self) -> None:
        if (self.text is None) == (self.text_file is None):
            raise UserInputError("name the text: either --text or --text_file")
        check_folder("--output_dir", self.output_dir)


def main(argv: list[str]) -> None:
    (args,) = CommandParser(ExplainArguments, prog="labelwise explain").parse(argv)
    print(dump_json(run(args)))


def run(args: ExplainArguments) -> dict[str, Any]:
    """Explain a text and write the files.

    Args:
        args (`ExplainArguments`): The options.

    Returns:
        `dict[str, Any]`: `labels`, with logit, probability and trust of each; and `files`. Without matplotlib, or a
        font for the text, there is a warning instead of a picture.

    Raises:
        UserInputError: The model, the text or a label does not exist, the text cannot be explained, or the folder
            cannot be written. No file is written or replaced.
    """
    with lock_folder("--output_dir", args.output_dir):
        return _explain(args)


def _explain(args: ExplainArguments) -> dict[str, Any]:
    text = _read_text(args)
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    label_ids = find_label_ids("--labels", args.labels, config)
    model = load_for_inference(args.model_name_or_path, config)
    try:
        explanation = explain(model, tokenizer, text, label_ids)
    except ValueError as error:
        given = "--text" if args.text is not None else f"--text_file {args.text_file}"
        raise UserInputError(f"{args.model_name_or_path} cannot explain {given}: {error}") from error
    folder = Path(args.output_dir)
    with make_files("--output_dir", folder, ["explanation.png"]) as unfinished:
        _write(explanation, unfinished)
        names = sorted(file.name for file in unfinished.iterdir())
    labels = [
        {**summarize(explanation, row), "words": _highest_words(explanation, row)}
        for row in range(len(explanation.answers))
    ]
    return {"labels": labels, "files": [str(folder / name) for name in names]}


def _highest_words(explanation: Explanation, row: int) -> list[tuple[str, float]]:
    """Return the words with the largest numbers of a label, whatever their sign, and the numbers."""
    weights_W = explanation.weights_KW[row]
    numbers = np.argsort(-np.abs(weights_W), kind="stable")[:_WORDS]
    return [(explanation.words.word(i), round(float(weights_W[i]), 4)) for i in numbers]


def _write(explanation: Explanation, folder: Path) -> None:
    (folder / "explanation.html").write_text(to_html(explanation), "utf-8")
    (folder / "explanation.json").write_text(dump_json(to_json(explanation), indent=1), "utf-8")
    rows = list(to_rows(explanation))
    with (folder / "explanation.csv").open("w", encoding="utf-8", newline="") as file:
        write_rows(file, [rows[0], *(row.values() for row in rows)])
    try:
        from ..analysis.explanation_figure import draw

        draw(explanation).savefig(folder / "explanation.png")
    except ImportError as error:
        logger.warning(f"no explanation.png: a package is missing: pip install 'labelwise[figures]' ({error})")
    except ValueError as error:
        logger.warning(f"no explanation.png: {error}")


def _read_text(args: ExplainArguments) -> str:
    if args.text is not None and args.text != "-":
        return check_text(args.text, "--text")
    source = "standard input" if args.text_file is None else f"--text_file {args.text_file}"
    try:
        read = standard_input().read() if args.text_file is None else Path(args.text_file).expanduser().read_bytes()
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserInputError(f"{source}: not UTF-8 ({error.reason} at byte {error.start})") from error
    except OSError as error:
        raise UserInputError(f"{source} cannot be read: {error.strerror}") from error
