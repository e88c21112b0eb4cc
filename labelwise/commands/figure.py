# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise figure NAME`: the papers' figures, from corpora, trained models and records of their training."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from ..analysis.drawing import check_packages, save_figure
from ..errors import UserInputError
from ..figures import f1_by_frequency, label_attention, label_correlation, loss_curves, mlm_weight
from ..runs.locking import lock_folder
from ..runs.options import CommandParser, choose_part
from ..runs.writing import check_folder, make_files

FIGURES = {
    "label-correlation": label_correlation,
    "label-attention": label_attention,
    "loss-curves": loss_curves,
    "mlm-weight": mlm_weight,
    "f1-by-frequency": f1_by_frequency,
}


@dataclass
class FileArguments:
    """Folder and name of the files."""

    output_dir: str = field(default="figures", metadata={"help": "Folder of the PNG, SVG and CSV files."})
    name: str | None = field(default=None, metadata={"help": "Name of the files; defaults to the figure's name."})

    def __post_init__(self) -> None:
        check_folder("--output_dir", self.output_dir)
        if self.name is not None and (self.name in ("", "..") or Path(self.name).name != self.name):
            raise UserInputError(
                f"--name {self.name}: give a file name without folder and suffix; --output_dir names the folder"
            )


def main(argv: list[str]) -> None:
    name = choose_part("figure", {name: figure.DESCRIPTION for name, figure in FIGURES.items()}, argv)
    parser = CommandParser([*FIGURES[name].OPTIONS, FileArguments], prog=f"labelwise figure {name}")
    *given, files = parser.parse(argv[1:])
    check_packages()
    folder = Path(files.output_dir)
    with lock_folder("--output_dir", folder):
        figure, table = FIGURES[name].make(*given)
        with make_files("--output_dir", folder) as unfinished:
            paths = save_figure(figure, table, unfinished, files.name or name)
    print(json.dumps({"files": [str(folder / path.name) for path in paths]}, ensure_ascii=False))
