# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise datasets`: list corpora, print their statistics, copy them to Parquet or to the Hub."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path

from datasets import DatasetDict, disable_progress_bars

from ..datasets_scripts import CORPORA, load_corpus
from ..datasets_scripts.builder import CorpusBuilder
from ..datasets_scripts.loading import find_builder
from ..datasets_scripts.stats import format_stats, published, stats
from ..hub.push import check_repo_id, check_token, publish_corpus
from ..runs.options import SEED_RANGE, CommandParser, check_numbers, is_seed
from ..runs.writing import check_folder, make_files


@dataclass
class DatasetsArguments:
    """Source of a corpus, and actions on it."""

    data_dir: str | None = field(default=None, metadata={"help": "Folder of the corpus's original files."})
    config_name: str | None = field(default=None, metadata={"help": "Configuration of a corpus with several."})
    split_seed: int = field(default=0, metadata={"help": "Seed of all random splits."})
    stats: bool = field(
        default=False,
        metadata={"help": "Print statistics beside the published ones, and label frequencies."},
    )
    to_parquet: str | None = field(default=None, metadata={"help": "Folder to write one Parquet file per split to."})
    push_to_hub: str | None = field(default=None, metadata={"help": "Hub id ns/name to publish it under."})

    def __post_init__(self) -> None:
        check_numbers(self, ["split_seed"], is_seed, SEED_RANGE)


def main(argv: list[str]) -> None:
    parser = CommandParser(DatasetsArguments, prog="labelwise datasets")
    parser.add_argument("name", nargs="?", help="A corpus or a Hub id ns/name; lists the corpora if not given.")
    args, named = parser.parse(argv)
    if named.name is None:
        for name, builder in sorted(CORPORA.items()):
            configs = ", ".join(config.name for config in builder.BUILDER_CONFIGS)
            print(f"{name:<20}{configs:<28}{builder.HOME}")
        return
    if args.to_parquet:
        check_folder("--to_parquet", args.to_parquet)
    if args.push_to_hub:
        check_repo_id(args.push_to_hub)
        check_token(args.push_to_hub)
    source = {"data_dir": args.data_dir, "config_name": args.config_name}
    corpus = load_corpus(named.name, **source, split_seed=args.split_seed)
    if args.stats or not (args.to_parquet or args.push_to_hub):
        builder = find_builder(named.name, **source, seed=args.split_seed)
        print(_describe(corpus, builder, named.name, args.config_name))
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
        print(publish_corpus(corpus, named.name, args.push_to_hub, args.config_name, command))


def _describe(corpus: DatasetDict, builder: CorpusBuilder | None, name: str, config_name: str | None) -> str:
    """Return the statistics of a corpus beside the published ones, and its missing parts."""
    label_sets = builder.read_label_sets() if builder else []
    missing = builder.missing() if builder else ""
    papers = published(f"{name}/{config_name}" if config_name else name)
    table = format_stats(stats(corpus, label_sets), papers)
    return f"{missing}\n\n{table}" if missing else table
