# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""From rows of files or objects in memory to a corpus: texts and labels are checked, and splits are cut.

All rows are read once, and their texts go to disk. Then the label columns are known, are read as the rule of
`label_profile` says, and become ids.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from datasets import ClassLabel, DatasetDict, List

from ...errors import UserInputError
from ...wording import counted, counted_of
from ..documents import UNKNOWN_COLUMN, UNSEEN_COLUMN, make_features
from ..label_lists import LabelLists
from ..splits import choose_stratified
from .duplicates import Texts, report_overlaps, rows_without_duplicates
from .label_columns import find_columns
from .label_index import LabelIndex, ResolvedLabels
from .label_reports import check_states
from .names import shorten
from .options import LabelOptions
from .reading import Source, SplitReader
from .spool import write_dataset

logger = logging.getLogger(__name__)

SPLITS = ("train", "validation", "test")
_VALIDATION_FRACTION = 0.1

# Folders of corpora from files, which are read from there as long as the process runs. They cannot go with the corpus:
# `map` writes its results into the same folder, and these do not keep the corpus alive.
_FOLDERS: list[TemporaryDirectory] = []


def assemble(
    sources: Mapping[str, Source], options: LabelOptions, model_labels: Sequence[str] | None, in_memory: bool
) -> DatasetDict:
    """Check rows and turn them into datasets; cut a validation split off the training split if there is none.

    Args:
        sources (`Mapping[str, Source]`): Rows by split.
        options (`LabelOptions`): How texts and labels are written.
        model_labels (`Sequence[str]`, *optional*): Labels of an existing model, in their order.
        in_memory (`bool`): Whether the datasets are in memory, and not on disk.

    Returns:
        `DatasetDict`: The splits with the features of `make_features`. Warnings report what was guessed, counted or
        left out.

    Raises:
        UserInputError: A text or label is malformed, labels are missing or not among the labels, or no document has a
            label.
    """
    sources = {split: sources[split] for split in SPLITS if split in sources}
    folder = TemporaryDirectory(prefix="labelwise-")
    columns = find_columns(sources, options, model_labels) or dict.fromkeys(sources)
    readers = {
        split: SplitReader(split, source, options, columns[split], Path(folder.name) / f"{split}.rows")
        for split, source in sources.items()
    }
    for reader in readers.values():
        reader.read()
    names = LabelIndex.fixed_names(readers, options, model_labels)
    index = LabelIndex(names, model_labels, options)
    reading = None
    for reader in readers.values():
        reading = index.add(reader, reading)
    index.finish()
    found = {split: index.resolve(split) for split in readers}
    rows = {split: kept for split, (_, kept) in found.items()}
    labels = {split: ids.take(rows[split]) for split, (ids, _) in found.items()}
    if "train" in readers:
        check_states("train", index.names, labels["train"].labels, labels["train"].unknown, options.missing_labels)
    texts = {split: _texts(reader, labels[split], rows[split]) for split, reader in readers.items()}
    if options.drop_duplicates:
        for split, kept in rows_without_duplicates(texts).items():
            rows[split], labels[split] = rows[split][kept], labels[split].take(kept)
            texts[split] = Texts(*(part[kept] for part in texts[split]))
        if "train" in rows and not len(rows["train"]):
            raise UserInputError(
                "no training document is left: the text of each is in the validation or test split; give other "
                "training texts, or leave out drop_duplicates"
            )
    else:
        report_overlaps(texts)
    spools = {split: reader.spool for split, reader in readers.items()}
    if "train" in rows and "validation" not in rows:
        spools["validation"] = spools["train"]
        is_cut = _cut_validation(texts["train"].keys, labels["train"].labels, index.names, options.split_seed)
        whole, ids = rows["train"], labels["train"]
        for split, part in (("train", np.flatnonzero(~is_cut)), ("validation", np.flatnonzero(is_cut))):
            rows[split], labels[split] = whole[part], ids.take(part)
    features = make_features(index.names, any(len(ids.unknown.ids) for ids in labels.values()))
    if index.missed:
        features[UNSEEN_COLUMN] = List(ClassLabel(names=list(index.missed)))
    corpus = DatasetDict()
    for split in (split for split in SPLITS if split in rows):
        lists = dict(zip(("labels", UNKNOWN_COLUMN, UNSEEN_COLUMN), labels[split], strict=True))
        lists = {name: ids for name, ids in lists.items() if name in features}
        path = Path(folder.name) / f"{split}.arrow"
        corpus[split] = write_dataset(path, spools[split], rows[split], lists, features, in_memory)
    for reader in readers.values():
        reader.spool.path.unlink()
    if in_memory:
        folder.cleanup()
    else:
        _FOLDERS.append(folder)
    return corpus


def _texts(reader: SplitReader, labels: ResolvedLabels, rows: np.ndarray) -> Texts:
    keys = np.frombuffer(reader.spool.keys, dtype=np.uint64)[rows]
    return Texts(keys, labels.labels.fingerprints() ^ (labels.unknown.fingerprints() * np.uint64(3)))


def _cut_validation(keys: np.ndarray, labels: LabelLists, names: Sequence[str], seed: int) -> np.ndarray:
    """Return whether each training document goes to the validation split."""
    if len(np.unique(keys)) < 2:
        count = counted(len(keys), "training document is", "training documents of one text are")
        raise UserInputError(f"{count} too few to cut a validation split off; give more texts or a validation split")
    is_cut = choose_stratified(labels, keys, _VALIDATION_FRACTION, seed)
    asked = round(_VALIDATION_FRACTION * len(keys))
    if is_cut.sum() < asked / 2:
        logger.warning(
            f"only {counted_of(is_cut.sum(), asked, 'document', 'is', 'are')} cut off for validation: most labels are "
            "too rare to be in both splits; your own validation split measures better"
        )
    lacking = [names[i] for i in np.setdiff1d(labels.ids, labels.take(np.flatnonzero(is_cut)).ids)]
    if lacking:
        some = counted_of(len(lacking), len(names), "label", "has", "have")
        logger.warning(f"{some} no document in the validation split that is cut off: {shorten(lacking, 20)}")
    lost = [names[i] for i in np.setdiff1d(labels.ids, labels.take(np.flatnonzero(~is_cut)).ids)]
    if lost:
        some = counted_of(len(lost), len(names), "label", "has", "have")
        logger.warning(
            f"{some} all documents in the validation split that is cut off, and none to learn from: {shorten(lost, 20)}"
        )
    return is_cut
