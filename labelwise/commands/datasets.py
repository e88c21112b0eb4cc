# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise datasets`: list corpora, print their statistics, copy them to Parquet or to the Hub; or your own files."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path

from datasets import DatasetDict, disable_progress_bars

from ..datasets_scripts import CORPORA
from ..datasets_scripts.loading import find_builder
from ..datasets_scripts.stats import format_stats, published, stats
from ..hub.push import check_repo_id, check_token, publish_corpus
from ..runs.data import DataArguments
from ..runs.options import CommandParser
from ..runs.writing import check_folder, make_files


@dataclass
class DatasetsArguments(DataArguments):
    """A corpus by name, or the user's own files, and actions on it."""

    stats: bool = field(
        default=False,
        metadata={"help": "Print statistics beside the published ones, and label frequencies."},
    )
    to_parquet: str | None = field(default=None, metadata={"help": "Folder to write one Parquet file per split to."})
    push_to_hub: str | None = field(default=None, metadata={"help": "Hub id ns/name to publish it under."})

    def check_named(self) -> None:
        """Check nothing: the name may be given without `--dataset`, and without any name the corpora are listed."""


def main(argv: list[str]) -> None:
    parser = CommandParser(DatasetsArguments, prog="labelwise datasets")
    parser.add_argument("name", nargs="?", help="A corpus or a Hub id ns/name; lists the corpora if not given.")
    args, named = parser.parse(argv)
    if not argv:
        for name, builder in sorted(CORPORA.items()):
            configs = ", ".join(config.name for config in builder.BUILDER_CONFIGS)
            print(f"{name:<20}{configs:<28}{builder.HOME}")
        return
    args.dataset = named.name or args.dataset
    DataArguments.check_named(args)
    if args.to_parquet:
        check_folder("--to_parquet", args.to_parquet)
    if args.push_to_hub:
        check_repo_id(args.push_to_hub)
        check_token(args.push_to_hub)
    corpus = args.load()
    if args.stats or not (args.to_parquet or args.push_to_hub):
        print(_describe(corpus, args))
    if args.to_parquet:
        folder = Path(args.to_parquet)
        with make_files("--to_parquet", folder) as unfinished:
            for split, rows in corpus.items():
                rows.to_parquet(unfinished / f"{split}.parquet")
        for split in corpus:
            print(folder / f"{split}.parquet")
    if args.push_to_hub:
        disable_progress_bars()  # if an upload fails, the library would write its own after the error message
        command = shlex.join(["labelwise", "datasets", *argv])
        print(publish_corpus(corpus, args.dataset, args.push_to_hub, args.config_name, command))


def _describe(corpus: DatasetDict, args: DatasetsArguments) -> str:
    """Return the statistics of a corpus beside the published ones, and its missing parts."""
    if args.dataset is None:
        return format_stats(stats(corpus))
    builder = find_builder(args.dataset, args.data_dir, args.config_name, args.split_seed)
    label_sets = builder.read_label_sets() if builder else []
    missing = builder.missing() if builder else ""
    table = format_stats(stats(corpus, label_sets), published(args.name))
    return f"{missing}\n\n{table}" if missing else table
