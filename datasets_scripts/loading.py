# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Loading a corpus by its name."""

from datasets import DatasetDict

from .builder import CorpusBuilder
from .reuters21578 import Reuters21578
from .support_tickets import SupportTickets

CORPORA: dict[str, type[CorpusBuilder]] = {
    "reuters21578": Reuters21578,
    "support_tickets": SupportTickets,
}


def load_corpus(
    name: str,
    data_dir: str | None = None,
    config_name: str | None = None,
    seed: int = 0,
    cache_dir: str | None = None,
    text_column: str = "text",
    label_column: str = "labels",
) -> DatasetDict:
    """Load one of `CORPORA`."""
    builder = CORPORA[name](data_dir=data_dir, config_name=config_name, seed=seed, cache_dir=cache_dir)
    builder.download_and_prepare()
    return builder.as_dataset()
