# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise export`: write a trained model as a graph that runs without Python."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from transformers.exporters.base import EXPORT_MANIFEST_FILE

from ..errors import UserInputError
from ..hub.export import export_onnx
from ..runs.checkpoints import run_folders
from ..runs.loading import load_classifier, load_config_and_tokenizer
from ..runs.locking import LOCK_NAME, lock_folder
from ..runs.options import CommandParser
from ..runs.results import RESULTS_NAME
from ..runs.writing import check_folder, make_files


@dataclass
class ExportArguments:
    """Model, format and folder of an export."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    output_dir: str = field(metadata={"help": "Folder of the graph, the configuration and the tokenizer."})
    format: str = field(default="onnx", metadata={"help": "Format of the graph.", "choices": ["onnx"]})
    overwrite: bool = field(
        default=False, metadata={"help": "Replace an earlier export: delete every file in the output folder."}
    )


def main(argv: list[str]) -> None:
    (args,) = CommandParser(ExportArguments, prog="labelwise export").parse(argv)
    print(json.dumps({"files": [str(path) for path in export(args)]}, ensure_ascii=False))


def export(args: ExportArguments) -> list[Path]:
    """Write the graph of a classifier.

    Args:
        args (`ExportArguments`): The options.

    Returns:
        `list[Path]`: The graph, and the file of its weights if these are too large for the graph itself.

    Raises:
        UserInputError: The model is missing or corrupted or cannot be a graph, the folder contains anything but an
            export to replace, or a package is missing. Nothing is written.
    """
    folder = Path(args.output_dir)
    with lock_folder("--output_dir", folder):
        check_export_dir(folder, args.overwrite)
        return _export(args, folder)


def _export(args: ExportArguments, folder: Path) -> list[Path]:
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    model = load_classifier(args.model_name_or_path, config)
    earlier = {file.name for file in folder.iterdir() if file.is_file() and file.name != LOCK_NAME}
    with make_files("--output_dir", folder) as unfinished:
        try:
            export_onnx(model, tokenizer, unfinished)
        except ImportError as error:
            raise UserInputError(
                f"the export needs packages that are missing: pip install 'labelwise[onnx]' ({error})"
            ) from error
        except ValueError as error:
            raise UserInputError(f"{args.model_name_or_path} cannot be exported: {error}") from error
        written = {file.name for file in unfinished.iterdir()}
    if EXPORT_MANIFEST_FILE in earlier:
        for name in earlier - written:
            (folder / name).unlink()
    return sorted(folder.glob("model.onnx*"))


def check_export_dir(folder: Path, overwrite: bool) -> None:
    """Check that a folder can be written, and that an export replaces nothing but an earlier export.

    Args:
        folder (`Path`): Folder of the export.
        overwrite (`bool`): Whether to replace an earlier export.

    Raises:
        UserInputError: The folder cannot be written, or contains a model, a run, or an export not to be replaced.
    """
    check_folder("--output_dir", str(folder))
    is_export = (folder / EXPORT_MANIFEST_FILE).is_file()
    of_a_run = [*folder.glob("*.safetensors"), *folder.glob(RESULTS_NAME), *run_folders(folder)]
    if of_a_run or ((folder / "config.json").exists() and not is_export):
        raise UserInputError(f"{folder} contains a model or a run, which an export never replaces; name another folder")
    if is_export and not overwrite:
        raise UserInputError(
            f"{folder} already contains an export; pass --overwrite to replace it, or name another folder"
        )
