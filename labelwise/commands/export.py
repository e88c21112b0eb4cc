# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise export`: a trained model as a graph that runs without Python."""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from transformers.exporters.base import EXPORT_MANIFEST_FILE

from labelwise.datasets_scripts import UserInputError
from labelwise.hub.export import export_onnx
from labelwise.runs.checkpoints import run_folders
from labelwise.runs.loading import load_classifier, load_config_and_tokenizer
from labelwise.runs.options import CommandParser
from labelwise.runs.results import RESULTS_NAME
from labelwise.runs.writing import check_folder


@dataclass
class ExportArguments:
    """What is exported, and where to."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    output_dir: str = field(metadata={"help": "Folder that gets the graph, the configuration and the tokenizer."})
    format: str = field(default="onnx", metadata={"help": "Format of the graph.", "choices": ["onnx"]})
    overwrite: bool = field(
        default=False, metadata={"help": "Replace an earlier export: every file in the output folder goes."}
    )


def main(argv: list[str]) -> None:
    (args,) = CommandParser(ExportArguments, prog="labelwise export").parse(argv)
    for path in export(args):
        print(path)


def export(args: ExportArguments) -> list[Path]:
    """Writes the graph of a classifier.

    Returns:
        `list[Path]`: The graph; and the file of its weights, where they are too large to stand in it.

    Raises:
        UserInputError: The model does not exist or is damaged or has no graph, the folder holds something else than an
            export that may go, or a package is missing; nothing has been written then.
    """
    folder = Path(args.output_dir)
    check_export_dir(folder, args.overwrite)
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    model = load_classifier(args.model_name_or_path, config)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as unfinished:
        try:
            export_onnx(model, tokenizer, unfinished)
        except ImportError as error:
            raise UserInputError(
                f"the export needs packages that are missing: pip install 'labelwise[onnx]' ({error})"
            ) from error
        except ValueError as error:
            raise UserInputError(f"{args.model_name_or_path} cannot be exported: {error}") from error
        if (folder / EXPORT_MANIFEST_FILE).is_file():
            for earlier in folder.iterdir():
                if earlier.is_file():
                    earlier.unlink()
        folder.mkdir(exist_ok=True)
        for file in Path(unfinished).iterdir():
            file.replace(folder / file.name)
    return sorted(folder.glob("model.onnx*"))


def check_export_dir(folder: Path, overwrite: bool) -> None:
    """Refuses a folder that cannot be written, and to write over anything but an earlier export.

    Args:
        folder (`Path`): Where the export goes.
        overwrite (`bool`): Whether an earlier export may go.

    Raises:
        UserInputError: It is no folder to write in, holds a model or a run, or an export that may not go.
    """
    check_folder("--output_dir", str(folder))
    is_export = (folder / EXPORT_MANIFEST_FILE).is_file()
    of_a_run = [*folder.glob("*.safetensors"), *folder.glob(RESULTS_NAME), *run_folders(folder)]
    if of_a_run or ((folder / "config.json").exists() and not is_export):
        raise UserInputError(f"{folder} holds a model or a run, which an export never replaces; name another folder")
    if is_export and not overwrite:
        raise UserInputError(
            f"{folder} already holds an export; pass --overwrite to replace it, or name another folder"
        )
