# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Loading of a corpus by name."""

import logging
import os
import re
from collections.abc import Sequence
from typing import Any

from datasets import ClassLabel, DatasetDict, List

from ..errors import UserInputError
from ..wording import counted
from .aapd import AAPD
from .bdci_car2018 import BDCICar2018
from .builder import CorpusBuilder
from .cail2019_elements import CAIL2019Elements
from .gaic import GAIC
from .goemotions import GoEmotions
from .hub import load_hub
from .own_data.names import shorten
from .own_data.options import make_options
from .reuters21578 import Reuters21578
from .rmsc_v2 import RMSCV2
from .support_tickets import SupportTickets
from .toxic import Toxic

logger = logging.getLogger(__name__)

CORPORA: dict[str, type[CorpusBuilder]] = {
    "aapd": AAPD,
    "bdci_car2018": BDCICar2018,
    "cail2019_elements": CAIL2019Elements,
    "gaic": GAIC,
    "goemotions": GoEmotions,
    "reuters21578": Reuters21578,
    "rmsc-v2": RMSCV2,
    "support_tickets": SupportTickets,
    "toxic": Toxic,
}


def load_corpus(
    name: str,
    data_dir: str | None = None,
    config_name: str | None = None,
    cache_dir: str | None = None,
    model_labels: Sequence[str] | None = None,
    **options: Any,
) -> DatasetDict:
    """Load a corpus by name, from the files of its authors or from the Hub.

    A built corpus stays in the cache until its files, the seed or this package change.

    Args:
        name (`str`):
            Name in `CORPORA`, or a dataset of the Hub, `namespace/name`.
        data_dir (`str`, *optional*):
            Folder with the files of the corpus, as its authors distribute them.
        config_name (`str`, *optional*):
            Configuration of the corpus, if it has several.
        cache_dir (`str`, *optional*):
            Folder of built corpora, defaults to the cache of `datasets`.
        model_labels (`Sequence[str]`, *optional*):
            Labels of an existing model, in their order; the corpus must have no others.
        options:
            Fields of `LabelOptions`: `split_seed` (of all random cuts, and of the support tickets), and for datasets of
            the Hub the others, such as `text_column` or `label_columns`.

    Returns:
        `DatasetDict`: Splits with the features `id`, `text` and `labels`. A warning reports what the files lack
        compared with the papers.

    Raises:
        UserInputError: The corpus is unknown, or its files are missing, malformed or differ from the published ones.

    Example:

    ```python
    >>> load_corpus("support_tickets")["train"][0]["id"]
    'ticket-1'
    ```"""
    if name not in CORPORA and os.path.exists(name):
        raise UserInputError(
            f"'{name}' is a local path, not a dataset's name; load own files as train_file and test_file"
        )
    if name not in CORPORA and not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        raise UserInputError(f"unknown dataset '{name}'; known: {', '.join(CORPORA)}; or a Hub id ns/name")
    parsed = make_options(options)
    if name not in CORPORA:
        return load_hub(name, data_dir, config_name, cache_dir, model_labels, **options)
    if parsed.given():
        raise UserInputError(
            f"{parsed.given()[0]} is for your own files and datasets of the Hub; {name} is read as its authors wrote it"
        )
    builder = find_builder(name, data_dir, config_name, parsed.split_seed, cache_dir)
    if builder is None:
        try:
            corpus = load_hub(GoEmotions.HUB_ID, None, config_name or "simplified", cache_dir, **options)
        except UserInputError as error:
            raise UserInputError(
                f"{error}; or give data_dir with {', '.join(GoEmotions.FILES)} from {GoEmotions.HOME}"
            ) from error
    else:
        builder.download_and_prepare()
        if builder.missing():
            logger.warning(builder.missing())
        corpus = builder.as_dataset()
    return corpus if model_labels is None else with_labels(corpus, model_labels, name)


def with_labels(corpus: DatasetDict, names: Sequence[str], name: str) -> DatasetDict:
    """Return a corpus with label ids in the order of a model's labels.

    Args:
        corpus (`DatasetDict`): The corpus.
        names (`Sequence[str]`): Labels of the model.
        name (`str`): Name of the corpus, for the message.

    Raises:
        UserInputError: The corpus has labels that the model has not.
    """
    features = next(iter(corpus.values())).features.copy()
    own = features["labels"].feature.names
    unknown = [label for label in own if label not in names]
    if unknown:
        raise UserInputError(
            f"{name} has {counted(len(unknown), 'label')} that the model does not have: {shorten(unknown)}"
        )
    if own == list(names):
        return corpus
    new_id = [names.index(label) for label in own]
    features["labels"] = List(ClassLabel(names=list(names)))
    return corpus.map(lambda row: {"labels": sorted(new_id[i] for i in row["labels"])}, features=features)


def find_builder(
    name: str,
    data_dir: str | None = None,
    config_name: str | None = None,
    seed: int = 0,
    cache_dir: str | None = None,
) -> CorpusBuilder | None:
    """Return the builder that reads the files of a corpus.

    Args:
        name (`str`): Name that `load_corpus` accepts.
        data_dir (`str`, *optional*): Folder with the files.
        config_name (`str`, *optional*): Configuration of the corpus.
        seed (`int`, *optional*, defaults to 0): Seed of all random cuts.
        cache_dir (`str`, *optional*): Folder of built corpora, defaults to the cache of `datasets`.

    Returns:
        `CorpusBuilder`: The builder, before it builds; `None` for a corpus from the Hub.

    Raises:
        UserInputError: The configuration does not exist, or files are missing.
    """
    if name not in CORPORA or (name == "goemotions" and data_dir is None):
        return None
    return CORPORA[name](data_dir=data_dir, config_name=config_name, seed=seed, cache_dir=cache_dir)
