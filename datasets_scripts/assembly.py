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

from ..errors import UserInputError
from .documents import UNKNOWN_COLUMN, UNSEEN_COLUMN, make_features
from .duplicates import Texts, report_overlaps, rows_without_duplicates
from .label_index import LabelIndex
from .label_reports import check_states, shorten
from .options import LabelOptions
from .reading import Source, SplitReader, find_columns
from .splits import choose_stratified
from .spool import write_dataset

logger = logging.getLogger(__name__)

SPLITS = ("train", "validation", "test")
_VALIDATION_FRACTION = 0.1

# Folders of corpora from files, which are read from there as long as the process runs.
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
    columns = find_columns(next(iter(sources.values())), options, model_labels)
    readers = {
        split: SplitReader(split, source, options, columns, Path(folder.name) / f"{split}.rows")
        for split, source in sources.items()
    }
    for reader in readers.values():
        reader.read()
    names = LabelIndex.fixed_names(readers, options, columns, model_labels)
    index = LabelIndex(names, model_labels, options)
    reading = None
    for reader in readers.values():
        reading = index.add(reader, reading)
    index.finish()
    label_ids = {split: index.resolve(split) for split in readers}
    if "train" in readers:
        check_states("train", index.names, label_ids["train"], options.missing_labels)
    rows = {split: np.flatnonzero(index.kept[split]) for split in readers}

    def texts_of(split: str) -> Texts:
        keys = np.frombuffer(readers[split].spool.keys, dtype=np.uint64)[rows[split]]
        return Texts(keys, [(label_ids[split][0][row], label_ids[split][1][row]) for row in rows[split]])

    texts = {split: texts_of(split) for split in readers}
    if options.drop_duplicates:
        rows = {split: rows[split][kept] for split, kept in rows_without_duplicates(texts).items()}
    else:
        report_overlaps(texts)
    spools = {split: reader.spool for split, reader in readers.items()}
    if "train" in rows and "validation" not in rows:
        rows["train"], rows["validation"] = _cut_validation(texts_of("train"), rows["train"], index.names, options)
        label_ids["validation"], spools["validation"] = label_ids["train"], spools["train"]
    features = make_features(index.names, any(any(unknown) for _, unknown, _ in label_ids.values()))
    if index.missed:
        features[UNSEEN_COLUMN] = List(ClassLabel(names=index.missed))
    corpus = DatasetDict()
    for split in (split for split in SPLITS if split in rows):
        lists = dict(zip(("labels", UNKNOWN_COLUMN, UNSEEN_COLUMN), label_ids[split], strict=True))
        path = Path(folder.name) / f"{split}.arrow"
        lists = {name: ids for name, ids in lists.items() if name in features}
        corpus[split] = write_dataset(path, spools[split], rows[split].tolist(), lists, features, in_memory)
    for reader in readers.values():
        reader.spool.path.unlink()
    if in_memory:
        folder.cleanup()
    else:
        _FOLDERS.append(folder)
    return corpus


def _cut_validation(
    texts: Texts, rows: np.ndarray, names: Sequence[str], options: LabelOptions
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that stay in training, and those that become the validation split."""
    if len(np.unique(texts.keys)) < 2:
        count = "one training document is" if len(rows) == 1 else f"{len(rows)} training documents of one text are"
        raise UserInputError(f"{count} too few to cut a validation split off; give more texts or a validation split")
    labels = [ids for ids, _ in texts.labels]
    chosen = choose_stratified(labels, texts.keys.tolist(), _VALIDATION_FRACTION, options.split_seed)
    is_cut = np.zeros(len(rows), dtype=bool)
    is_cut[list(chosen)] = True
    asked = round(_VALIDATION_FRACTION * len(rows))
    if is_cut.sum() < asked / 2:
        logger.warning(
            f"only {is_cut.sum()} of {asked} documents are cut off for validation: most labels are too rare to be in "
            "both splits; your own validation split measures better"
        )
    validated = {i for row in np.flatnonzero(is_cut) for i in labels[row]}
    lacking = [names[i] for i in sorted({i for ids in labels for i in ids} - validated)]
    if lacking:
        logger.warning(
            f"{len(lacking)} of {len(names)} labels have no document in the validation split that is cut off: "
            f"{shorten(lacking, 20)}"
        )
    return rows[~is_cut], rows[is_cut]
