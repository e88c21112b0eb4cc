# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What a corpus looks like in numbers."""

import re
from collections import Counter
from typing import Any

from datasets import DatasetDict

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def stats(dataset_dict: DatasetDict) -> dict[str, Any]:
    """Count documents, labels and words, as the tables of both papers do.

    Args:
        dataset_dict (`DatasetDict`): Splits with the features `text` and `labels`.

    Returns:
        `dict[str, Any]`: `N`, `V`, `M` (documents of the train, validation and test split; 0 where there is none), `L`
        (labels), `mean_labels` and `mean_words` a document, `word_unit` ("words", or "characters" where most of the
        text is written without spaces) and `label_counts` by label name, the most frequent first; the last four over
        all splits.
    """
    sizes = {split: len(dataset) for split, dataset in dataset_dict.items()}
    names = next(iter(dataset_dict.values())).features["labels"].feature.names
    counts: Counter[int] = Counter()
    words = characters = without_spaces = 0
    for dataset in dataset_dict.values():
        for labels in dataset["labels"]:
            counts.update(labels)
        for text in dataset["text"]:
            parts = text.split()
            words += len(parts)
            characters += sum(map(len, parts))
            without_spaces += len(CJK.findall(text))
    documents = max(1, sum(sizes.values()))
    unit = "characters" if 2 * without_spaces > characters else "words"
    return {
        "N": sizes.get("train", 0),
        "V": sizes.get("validation", 0),
        "M": sizes.get("test", 0),
        "L": len(names),
        "mean_labels": sum(counts.values()) / documents,
        "mean_words": (characters if unit == "characters" else words) / documents,
        "word_unit": unit,
        "label_counts": {names[i]: counts[i] for i in sorted(range(len(names)), key=lambda i: (-counts[i], i))},
    }


def format_stats(numbers: dict[str, Any]) -> str:
    """Print the numbers of `stats` as a table.

    Args:
        numbers (`dict[str, Any]`): What `stats` returned.

    Returns:
        `str`: Lines of text.
    """
    rows = [
        ("training documents (N)", f"{numbers['N']:,}"),
        ("validation documents (V)", f"{numbers['V']:,}"),
        ("test documents (M)", f"{numbers['M']:,}"),
        ("labels (L)", f"{numbers['L']:,}"),
        ("labels a document", f"{numbers['mean_labels']:.2f}"),
        (f"{numbers['word_unit']} a document", f"{numbers['mean_words']:.1f}"),
    ]
    counts = [(name, f"{count:,}") for name, count in numbers["label_counts"].items()]
    width = max(len(name) for name, _ in rows + counts)
    lines = [f"{name:<{width}}  {value:>9}" for name, value in [*rows, ("", ""), *counts]]
    return "\n".join(line.rstrip() for line in lines)
