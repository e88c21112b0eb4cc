# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise reproduce TABLE`: all runs of a table of the papers, and the table from their folders.

A row is trained at each of its learning rates with the first seed; validation chooses one for the other seeds. The same
command resumes a stopped table. On several GPUs, give it once per GPU, each with another `CUDA_VISIBLE_DEVICES`.
"""

from dataclasses import dataclass, field
from pathlib import Path

from ..errors import UserInputError
from ..json_text import dump_json
from ..reproduction.reproduction import Reproduction
from ..reproduction.tables import load_table, table_names
from ..runs.options import CommandParser, is_seed


@dataclass
class ReproduceArguments:
    """Options of `labelwise reproduce`."""

    output_dir: str = field(metadata={"help": "Folder of the runs, and of the table."})
    data_dir: str | None = field(default=None, metadata={"help": "Folder with a folder for each corpus, by its name."})
    corpus: list[str] | None = field(default=None, metadata={"help": "Only these corpora of the table."})
    system: list[str] | None = field(default=None, metadata={"help": "Only these rows of the table."})
    seeds: list[int] | None = field(default=None, metadata={"help": "Seeds in place of the table's."})
    encoder: str = field(default="", metadata={"help": "Pretrained encoder in place of the table's."})
    train_arguments: str = field(default="", metadata={"help": "Options of all runs that have them: '--bf16 --C 2'."})
    dry_run: bool = field(default=False, metadata={"help": "Print the commands as JSON lines; run none."})

    def __post_init__(self) -> None:
        if len(set(self.seeds or [])) < len(self.seeds or []) or not all(map(is_seed, self.seeds or [])):
            raise UserInputError(f"--seeds {' '.join(map(str, self.seeds))}: they must be >= 0 and < 2**32, each once")
        if self.data_dir and not Path(self.data_dir).is_dir():
            raise UserInputError(f"--data_dir {self.data_dir} is not a folder; name one with a folder for each corpus")


def main(argv: list[str]) -> None:
    """Run the command."""
    parser = CommandParser(ReproduceArguments, prog="labelwise reproduce", description=__doc__.partition("\n")[0])
    parser.add_argument("table", help=f"{', '.join(table_names())}, or a .toml file of your own.")
    args, named = parser.parse(argv)
    page = Path(args.output_dir) / f"{Path(named.table).stem}.md"
    for line in Reproduction(load_table(named.table), page, args)():
        print(dump_json(line))
