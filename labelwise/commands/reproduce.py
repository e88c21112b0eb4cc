# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise reproduce TABLE`: train all runs of a table of the papers, and write the table from their folders.

A row is trained at each of its learning rates with the first seed; validation chooses one, which the other seeds get.
Given again after it was stopped or killed, the command resumes: a finished run is not repeated, an
unfinished one continues from its last whole checkpoint.

On several GPUs, either spread each run over N of them with `--num_processes N` (through `accelerate launch`; the batch
stays the table's), or, where a run does not fill a GPU, give the same command once per GPU, each with another
`CUDA_VISIBLE_DEVICES`: they take different runs.
"""

from dataclasses import dataclass, field

from labelwise.datasets_scripts import UserInputError
from labelwise.reproduction.engine import Reproduction
from labelwise.reproduction.tables import table_names
from labelwise.runs.options import SEED_RANGE, CommandParser, check_numbers, is_seed
from labelwise.runs.progress import show_progress


@dataclass
class ReproduceArguments:
    """Part of the table to run, with which options."""

    output_dir: str = field(metadata={"help": "Folder of the runs and of the table."})
    data_dir: str | None = field(
        default=None, metadata={"help": "Folder with a folder for each corpus, named after it."}
    )
    corpus: list[str] | None = field(default=None, metadata={"help": "Only these corpora of the table."})
    system: list[str] | None = field(default=None, metadata={"help": "Only these rows of the table."})
    seeds: list[int] | None = field(default=None, metadata={"help": "Seeds in place of the table's."})
    encoder: str = field(default="", metadata={"help": "Pretrained encoder in place of the table's."})
    num_processes: int = field(default=1, metadata={"help": "Processes (GPUs) of each run."})
    train_arguments: str = field(
        default="",
        metadata={"help": "Further options of all runs that have them: --train_arguments='--bf16 --hidden_size 128'."},
    )
    dry_run: bool = field(default=False, metadata={"help": "Print the commands, mark those that are done, run none."})

    def __post_init__(self) -> None:
        check_numbers(self, ["num_processes"], lambda number: number > 0, "> 0")
        for seed in self.seeds or []:
            if not is_seed(seed) or self.seeds.count(seed) > 1:
                raise UserInputError(f"--seeds {seed}: must be {SEED_RANGE}, each once")


def main(argv: list[str]) -> None:
    parser = CommandParser(ReproduceArguments, prog="labelwise reproduce", description=__doc__.partition("\n")[0])
    parser.add_argument("table", help=f"{', '.join(table_names())}, or a .toml file of your own.")
    args, named = parser.parse(argv)
    show_progress()
    Reproduction(args, named.table)()
