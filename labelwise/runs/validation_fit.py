# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What `tune-thresholds` and `calibrate` share: validation documents of a trained model, and changes of its folder."""

import json
import shlex
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from transformers import PreTrainedConfig
from transformers.utils import CONFIG_NAME

from ..errors import UserInputError
from ..hub.cards import update_card
from ..json_text import dump_json
from ..wording import counted
from .data import DataArguments
from .locking import lock_folder
from .options import check_numbers
from .prediction import SplitPrediction, predict_split
from .results import load_results, save_results
from .writing import check_file, make_files


@dataclass
class ValidationArguments:
    """The model to change, and the documents to fit on."""

    model_name_or_path: str = field(metadata={"help": "Folder of the trained model to change."})
    split: str = field(default="validation", metadata={"help": "Split to fit on; must be validation."})
    batch_size: int = field(default=64, metadata={"help": "Documents per batch."})

    def __post_init__(self) -> None:
        check_numbers(self, ["batch_size"], lambda number: number > 0, "> 0")
        if self.split != "validation":
            reason = {
                "test": "test metrics would be biased",
                "train": "the model is more confident on documents that it was trained on",
            }.get(self.split, "use --split validation")
            raise UserInputError(
                f"--split {self.split}: thresholds and calibration are fitted on validation documents only: {reason}"
            )


@contextmanager
def locked_model(args: ValidationArguments) -> Iterator[None]:
    """Lock the folder of the model to change.

    Raises:
        UserInputError: It is no folder, or another process writes to it.
    """
    folder = Path(args.model_name_or_path)
    if not folder.is_dir():
        raise UserInputError(
            f"{folder} is not a local folder, which would be changed; download a model of the Hub first: "
            f"`hf download {shlex.quote(str(folder))} --local-dir FOLDER`"
        )
    check_file("--model_name_or_path", str(folder / CONFIG_NAME))
    with lock_folder("--model_name_or_path", folder):
        yield


class FittedFolder(NamedTuple):
    """A model's folder, the record of its training (`None` where there is none), and its validation documents."""

    path: Path
    results: dict[str, Any] | None
    predicted: SplitPrediction

    @contextmanager
    def change(
        self, config: PreTrainedConfig, *fields: str, earlier: Iterable[str] = (), **facts: Any
    ) -> Iterator[Path]:
        """Write fields of a configuration and facts of the record, and the card anew, unless it was edited.

        Only these fields of `config.json` change; loading and saving it would rewrite everything. `earlier` is that of
        `make_files`.

        Yields:
            `Path`: A folder for further files, which appear together with these.
        """
        with make_files("--model_name_or_path", self.path, earlier) as unfinished:
            yield unfinished
            saved = json.loads((self.path / CONFIG_NAME).read_text("utf-8"))
            saved |= {name: getattr(config, name) for name in fields}
            text = dump_json(saved, indent=2, sort_keys=True, ensure_ascii=True)
            (unfinished / CONFIG_NAME).write_text(f"{text}\n", "utf-8")
            if self.results:
                results = {**self.results, **facts}
                save_results(results, unfinished)
                update_card(unfinished, config, results, self.path)


def predict_validation(args: ValidationArguments, data_args: DataArguments, calibrated: bool = True) -> FittedFolder:
    """Return a model's folder with its logits on validation documents that it was not trained on.

    Args:
        args (`ValidationArguments`): The model, in a folder that `locked_model` has locked.
        data_args (`DataArguments`): The documents.
        calibrated (`bool`, *optional*, defaults to `True`): As in `predict_split`.

    Raises:
        UserInputError: The model does not fit the data, its training documents may be among the validation documents,
            or there are fewer than two of these. Nothing is written.
    """
    folder = Path(args.model_name_or_path)
    results = load_results(folder)
    if results and results["dataset"] == data_args.name and results["split_seed"] != data_args.split_seed:
        raise UserInputError(
            f"--split_seed {data_args.split_seed}: the model was trained with {results['split_seed']}, "
            "so its training documents may be among these validation documents; pass that seed"
        )
    predicted = predict_split(str(folder), data_args, args.split, args.batch_size, calibrated=calibrated)
    number = len(predicted.predictions)
    if results and results["dataset"] == data_args.name and results["documents"].get("validation", number) != number:
        raise UserInputError(
            f"the model was trained with {counted(results['documents']['validation'], 'validation document')} of "
            f"{data_args.name}, not {number:,}, so its training documents may be among these; pass the options of its "
            "data, or only --validation_file"
        )
    if number < 2:
        raise UserInputError(f"{data_args.name} has one validation document, too few to fit to; give at least two")
    return FittedFolder(folder, results, predicted)
