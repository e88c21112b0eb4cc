# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The card of a published corpus, made from its builder and its statistics."""

from datasets import DatasetDict
from huggingface_hub import DatasetCard

from ..datasets_scripts import CORPORA
from ..datasets_scripts.stats import stats
from .cards import MADE_BY
from .markdown import code_block, code_span, escape, make_table

# Names of licences on the Hub.
_LICENSES = {"Apache-2.0": "apache-2.0", "CC BY 4.0": "cc-by-4.0"}

_BODY = """{made_by}

# {title}

{description}

Every document has an `id`, a `text` and `labels`, a list of any number of labels: {mean_labels:.2f} per document on
average, of {L} in all. A document has {mean_words:.1f} {word_unit} on average.

{splits}

## Use

{loading}

To train on it: `labelwise train --dataset {repo_id} --output_dir out`.

## Labels

{labels}

## Source

{source}

Made with

{command}
"""


def write_corpus_card(
    card: DatasetCard, corpus: DatasetDict, name: str | None, repo_id: str, config_name: str | None, command: str
) -> bool:
    """Complete the card that `push_to_hub` made, and keep what that wrote to the header.

    Args:
        card (`DatasetCard`): The card, changed in place.
        corpus (`DatasetDict`): The published corpus.
        name (`str`, *optional*): Its name in `CORPORA`, or the Hub id that it was read from; `None` for own files.
        repo_id (`str`): Hub id of the published corpus.
        config_name (`str`, *optional*): Its configuration.
        command (`str`): The command line that made it.

    Returns:
        `bool`: Whether the card was changed; a card with an author's own text is not.
    """
    if card.text.strip() and MADE_BY not in card.text:
        return False
    numbers = stats(corpus)
    builder = CORPORA.get(name) if name else None
    card.data.tags = ["labelwise"]
    card.data.task_categories = ["text-classification"]
    card.data.task_ids = ["multi-label-classification"]
    if name is None:
        title, description, source = repo_id.split("/")[1], "Documents with their labels.", "Files of the publisher."
    elif builder is None:
        title, description = repo_id.split("/")[1], f"A copy of the dataset {code_span(name)} of the Hub."
        source = f"See the card of {code_span(name)} for its authors and licence."
    else:
        title, description = name, builder.DESCRIPTION
        card.data.pretty_name = name
        card.data.language = [builder.LANGUAGE]
        card.data.license = _LICENSES.get(builder.LICENSE, "other")
        source = "\n\n".join(
            [*([builder.CITATION] if builder.CITATION else []), f"From {builder.HOME}. Licence: {builder.LICENSE}."]
        )
    arguments = ", ".join(f'"{argument}"' for argument in (repo_id, config_name) if argument)
    card.text = _BODY.format(
        made_by=MADE_BY,
        title=title,
        description=description,
        splits=make_table(["split", "documents"], [[split, f"{len(rows):,}"] for split, rows in corpus.items()]),
        loading=code_block(f"from datasets import load_dataset\ncorpus = load_dataset({arguments})", "python"),
        repo_id=repo_id + (f" --config_name {config_name}" if config_name else ""),
        labels=make_table(
            ["label", "documents"],
            [[escape(label), f"{count:,}"] for label, count in numbers["label_counts"].items()],
        ),
        source=source,
        command=code_block(command),
        **{key: numbers[key] for key in ("mean_labels", "L", "mean_words", "word_unit")},
    )
    return True
