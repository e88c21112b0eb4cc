# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise datasets`: list corpora, print their statistics, copy them to Parquet or to the Hub; or your own files."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets import DatasetDict

from ..datasets_scripts import CORPORA
from ..datasets_scripts.loading import find_builder
from ..datasets_scripts.stats import format_stats, published, stats
from ..hub.push import check_repo_id, check_token, publish_corpus
from ..json_text import dump_json
from ..runs.data import DataArguments
from ..runs.locking import lock_folder
from ..runs.options import CommandParser
from ..runs.progress import hide_bars, logger
from ..runs.writing import make_files


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
            configs = [config.name for config in builder.BUILDER_CONFIGS]
            print(dump_json({"name": name, "configs": configs, "home": builder.HOME}))
        return
    args.dataset = named.name or args.dataset
    DataArguments.check_named(args)
    if args.push_to_hub:
        check_repo_id(args.push_to_hub)
        check_token(args.push_to_hub)
    with lock_folder("--to_parquet", args.to_parquet) if args.to_parquet else nullcontext():
        _act(args, argv)


def _act(args: DatasetsArguments, argv: list[str]) -> None:
    """Load the corpus, do what is asked for, and print the result."""
    corpus = args.load()
    result: dict[str, Any] = {"dataset": args.name}
    if args.stats or not (args.to_parquet or args.push_to_hub):
        result["stats"], table = _describe(corpus, args)
        logger.info(table)
    if args.to_parquet:
        folder = Path(args.to_parquet)
        with make_files("--to_parquet", folder) as unfinished:
            for split, rows in corpus.items():
                rows.to_parquet(unfinished / f"{split}.parquet")
        result["files"] = [str(folder / f"{split}.parquet") for split in corpus]
    if args.push_to_hub:
        hide_bars()  # if an upload fails, the library would write its own after the error message
        command = ["labelwise", "datasets", *argv]
        result["commit"] = publish_corpus(corpus, args.dataset, args.push_to_hub, args.config_name, command)
    print(dump_json(result))


def _describe(corpus: DatasetDict, args: DatasetsArguments) -> tuple[dict[str, Any], str]:
    """Return the statistics of a corpus, and a table of them beside the published ones."""
    if args.dataset is None:
        numbers = stats(corpus)
        return numbers, format_stats(numbers)
    builder = find_builder(args.dataset, args.data_dir, args.config_name, args.split_seed)
    label_sets = builder.read_label_sets() if builder else []
    numbers = stats(corpus, label_sets)
    return numbers, format_stats(numbers, published(args.name))
