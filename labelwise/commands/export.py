# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise export`: write a trained model as a graph that runs without Python."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huggingface_hub import try_to_load_from_cache
from transformers.utils import CONFIG_NAME

from ..errors import UserInputError
from ..hub.export import FORMATS, QUANTIZATIONS, export_model
from ..hub.export_record import MANIFEST_NAME, add_to_record
from ..hub.exported_classifier import ExportedClassifier
from ..json_text import dump_json
from ..runs.checkpoints import run_folders
from ..runs.data import OptionalDataArguments
from ..runs.drift import describe_drift, measure_drift
from ..runs.loading import load_classifier, load_config_and_tokenizer
from ..runs.locking import LOCK_NAME, lock_folder
from ..runs.options import CommandParser, check_numbers
from ..runs.progress import logger
from ..runs.results import RESULTS_NAME
from ..runs.writing import check_folder, make_files


@dataclass
class ExportArguments:
    """Model, format and folder of an export."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    output_dir: str = field(metadata={"help": "Folder of the graph, the configuration and the tokenizer."})
    format: str = field(default="onnx", metadata={"help": "Format of the graph.", "choices": list(FORMATS)})
    quantize: str | None = field(
        default=None,
        metadata={
            "help": "Store weights in 8 bits: files are a third to a quarter of the size. Name data "
            "too, to measure how far predictions drift.",
            "choices": list(QUANTIZATIONS),
        },
    )
    split: str = field(
        default="validation",
        metadata={"help": "Split of the data on which the drift is measured: train, validation or test."},
    )
    batch_size: int = field(default=64, metadata={"help": "Documents per batch."})
    overwrite: bool = field(
        default=False, metadata={"help": "Replace an earlier export: delete every file in the output folder."}
    )

    def __post_init__(self) -> None:
        check_numbers(self, ["batch_size"], lambda number: number > 0, "> 0")


def main(argv: list[str]) -> None:
    parser = CommandParser([ExportArguments, OptionalDataArguments], prog="labelwise export")
    print(dump_json(export(*parser.parse(argv))))


def export(args: ExportArguments, data_args: OptionalDataArguments) -> dict[str, Any]:
    """Write the graph of a classifier, and measure how far its predictions are from the model's.

    Args:
        args (`ExportArguments`): The options.
        data_args (`OptionalDataArguments`): Documents to measure the drift on, if there are any.

    Returns:
        `dict`: `files`, the graph and the file of its weights if these are not in it; and `drift`, the result of
        `measure_drift`, `None` without documents.

    Raises:
        UserInputError: The model is missing or corrupted or cannot be a graph, the data does not fit, the folder
            contains anything but an export to replace, or a package is missing. Nothing is written.
    """
    if not data_args.is_named and (data_args != OptionalDataArguments() or args.split != "validation"):
        raise UserInputError("name the data that the drift is measured on: --validation_file, --test_file or --dataset")
    folder = Path(args.output_dir)
    with lock_folder("--output_dir", folder):
        check_export_dir(folder, args.overwrite)
        return _export(args, data_args, folder)


def _export(args: ExportArguments, data_args: OptionalDataArguments, folder: Path) -> dict[str, Any]:
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    documents = data_args.load_split(args.split, config.label_names) if data_args.is_named else None
    model = load_classifier(args.model_name_or_path, config)
    earlier = {file.name for file in folder.iterdir() if file.is_file() and file.name != LOCK_NAME}
    with make_files("--output_dir", folder) as unfinished:
        try:
            export_model(model, tokenizer, unfinished, args.format, args.quantize)
        except ImportError as error:
            raise UserInputError(
                f"the export needs packages that are missing: pip install 'labelwise[{args.format}]' ({error})"
            ) from error
        except ValueError as error:
            raise UserInputError(f"{args.model_name_or_path} cannot be exported: {error}") from error
        drift = None
        if documents is None:
            logger.info("drift was not measured: name validation documents, by --validation_file or --dataset")
        else:
            exported = ExportedClassifier.from_pretrained(unfinished, config)
            drift = measure_drift(model, exported, tokenizer, documents, args.batch_size)
            file = vars(data_args)[f"{args.split}_file"] or data_args.train_file  # a part of which is validation
            drift |= {"data": data_args.dataset or Path(file).name, "split": args.split}
            logger.info(describe_drift(drift))
        add_to_record(unfinished, source=_describe_source(args.model_name_or_path), drift=drift)
        written = {file.name for file in unfinished.iterdir()}
    if MANIFEST_NAME in earlier:
        for name in earlier - written:
            (folder / name).unlink()
    graph = [*folder.glob("model.onnx*"), *folder.glob("openvino_model.*")]
    return {"files": [str(path) for path in sorted(graph) if path.name in written], "drift": drift}


def _describe_source(name_or_path: str) -> dict[str, str | None]:
    """Return the Hub id and the commit of a model, or the name of its folder without the path to it."""
    path = Path(name_or_path)
    if path.exists():
        return {"model": path.resolve().name, "revision": None}
    return {"model": name_or_path, "revision": Path(try_to_load_from_cache(name_or_path, CONFIG_NAME)).parent.name}


def check_export_dir(folder: Path, overwrite: bool) -> None:
    """Check that a folder can be written, and that an export replaces nothing but an earlier export.

    Args:
        folder (`Path`): Folder of the export.
        overwrite (`bool`): Whether to replace an earlier export.

    Raises:
        UserInputError: The folder cannot be written, or contains a model, a run, or an export not to be replaced.
    """
    check_folder("--output_dir", str(folder))
    is_export = (folder / MANIFEST_NAME).is_file()
    of_a_run = [*folder.glob("*.safetensors"), *folder.glob(RESULTS_NAME), *run_folders(folder)]
    if of_a_run or ((folder / "config.json").exists() and not is_export):
        raise UserInputError(f"{folder} contains a model or a run, which an export never replaces; name another folder")
    if is_export and not overwrite:
        raise UserInputError(
            f"{folder} already contains an export; pass --overwrite to replace it, or name another folder"
        )
