# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise export`: a trained model as a graph that runs without Python."""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from labelwise.datasets_scripts import DataError
from labelwise.hub.export import export_onnx

from .arguments import CommandParser
from .checkpoint import check_output_dir, load_classifier, load_config_and_tokenizer


@dataclass
class ExportArguments:
    """What is exported, and where to."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    output_dir: str = field(metadata={"help": "Folder that gets the graph, the configuration and the tokenizer."})
    format: str = field(default="onnx", metadata={"help": "Format of the graph.", "choices": ["onnx"]})
    overwrite: bool = field(default=False, metadata={"help": "Replace what the output folder holds."})


def main(argv: list[str]) -> None:
    (args,) = CommandParser(ExportArguments, prog="labelwise export").parse(argv)
    print(export(args))


def export(args: ExportArguments) -> Path:
    """Writes the graph of a classifier.

    Returns:
        `Path`: Of the graph.

    Raises:
        DataError: The model does not exist or is damaged or has no graph, the folder holds a model, or a package is
            missing; nothing has been written then.
    """
    folder = Path(args.output_dir)
    check_output_dir(folder, args.overwrite, resume=False)
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    model = load_classifier(args.model_name_or_path, config)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as unfinished:
        try:
            export_onnx(model, tokenizer, unfinished)
        except ImportError as error:
            raise DataError(
                f"the export needs packages that are missing: pip install 'labelwise[onnx]' ({error})"
            ) from error
        except ValueError as error:
            raise DataError(f"{args.model_name_or_path} cannot be exported: {error}") from error
        folder.mkdir(exist_ok=True)
        for file in Path(unfinished).iterdir():
            file.replace(folder / file.name)
    return folder / "model.onnx"
