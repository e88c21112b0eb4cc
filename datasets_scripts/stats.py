# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Statistics of a corpus, compared with those in the papers."""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datasets import DatasetDict

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

# Table 1 of each paper, by the name of a corpus and its configuration. LM-MTC gives no number of validation documents;
# without other documents (Reuters, Toxic), its N is our N + V.
TABLE_1 = {
    "LW-PT": {
        "rmsc-v2": {"N": 5020, "V": 646, "M": 1506, "L": 22, "mean_labels": 2.22, "mean_words": 497.09},
        "aapd": {"N": 53840, "V": 1000, "M": 1000, "L": 54, "mean_labels": 2.41, "mean_words": 167.27},
    },
    "LM-MTC": {
        "gaic": {"N": 24000, "M": 3000, "L": 17},
        "aapd": {"N": 53840, "M": 1000, "L": 54},
        "reuters21578/random-80-20": {"N": 8630, "M": 2158, "L": 90},
        "rmsc-v2": {"N": 5020, "M": 646, "L": 22},
        "goemotions": {"N": 43410, "M": 5427, "L": 28},
        "toxic": {"N": 11357, "M": 4868, "L": 6},
    },
}


def stats(dataset_dict: DatasetDict, label_sets: Sequence[Sequence[str]] = ()) -> dict[str, Any]:
    """Count documents, labels and words, as in the tables of both papers.

    Args:
        dataset_dict (`DatasetDict`): Splits with the features `text` and `labels`.
        label_sets (`Sequence[Sequence[str]]`, *optional*): Label names of each further document, whose text is missing;
            they count in `mean_labels` and `label_counts`.

    Returns:
        `dict[str, Any]`: `N`, `V`, `M` (documents of the train, validation and test split; 0 without the split), `L`
        (labels), `mean_labels` and `mean_words` per document, `word_unit` ("words", or "jieba words" if most of the
        text is written without spaces and is segmented by jieba) and `label_counts` by label name, the most frequent
        first; the last four over all splits.
    """
    sizes = {split: len(dataset) for split, dataset in dataset_dict.items()}
    names = next(iter(dataset_dict.values())).features["labels"].feature.names
    counts = Counter(name for label_set in label_sets for name in set(label_set))
    texts: list[str] = []
    for dataset in dataset_dict.values():
        counts.update(names[i] for labels in dataset["labels"] for i in labels)
        texts.extend(dataset["text"])
    by_jieba = 2 * sum(len(CJK.findall(text)) for text in texts) > sum(len("".join(text.split())) for text in texts)
    words = count_jieba_words(texts) if by_jieba else sum(len(text.split()) for text in texts)
    order = {name: i for i, name in enumerate(names)}
    return {
        "N": sizes.get("train", 0),
        "V": sizes.get("validation", 0),
        "M": sizes.get("test", 0),
        "L": len(names),
        "mean_labels": sum(counts.values()) / max(1, len(texts) + len(label_sets)),
        "mean_words": words / max(1, len(texts)),
        "word_unit": "jieba words" if by_jieba else "words",
        "label_counts": {name: counts[name] for name in sorted(names, key=lambda name: (-counts[name], order[name]))},
    }


def count_jieba_words(texts: Iterable[str]) -> int:
    """Return the number of words and punctuation marks that jieba finds."""
    import jieba

    jieba.setLogLevel(logging.WARNING)  # jieba logs the loading of its dictionary to stderr
    return sum(1 for text in texts for word in jieba.cut(text) if word.strip())


def published(name: str) -> dict[str, dict[str, float]]:
    """Return the numbers of a corpus in Table 1 of the papers.

    Args:
        name (`str`): Name of the corpus, followed by a slash and the configuration if one is given.

    Returns:
        `dict[str, dict[str, float]]`: For each paper, some of `N`, `V`, `M`, `L`, `mean_labels`, `mean_words`.
    """
    return {paper: table[name] for paper, table in TABLE_1.items() if name in table}


def format_stats(numbers: dict[str, Any], papers: Mapping[str, Mapping[str, float]] | None = None) -> str:
    """Format the numbers of `stats` as a table.

    Args:
        numbers (`dict[str, Any]`): Return value of `stats`.
        papers (`Mapping[str, Mapping[str, float]]`, *optional*): Return value of `published`; adds a column per paper.

    Returns:
        `str`: Lines of text.
    """
    rows = {
        "N": ("training documents (N)", "{:,}"),
        "V": ("validation documents (V)", "{:,}"),
        "M": ("test documents (M)", "{:,}"),
        "L": ("labels (L)", "{:,}"),
        "mean_labels": ("labels per document", "{:.2f}"),
        "mean_words": (f"{numbers['word_unit']} per document", "{:.1f}"),
    }
    papers = papers or {}
    table = [["", "here", *papers]] if papers else []
    table += [
        [what, form.format(numbers[key])]
        + [form.format(paper[key]) if key in paper else "-" for paper in papers.values()]
        for key, (what, form) in rows.items()
    ]
    table += [[""], *([name, f"{count:,}"] for name, count in numbers["label_counts"].items())]
    width = max(len(name) for name, *_ in table)
    lines = ["  ".join([f"{name:<{width}}", *(f"{value:>9}" for value in values)]) for name, *values in table]
    return "\n".join(line.rstrip() for line in lines)
