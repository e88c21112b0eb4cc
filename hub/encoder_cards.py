# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The card of a pre-trained encoder, made from its run only."""

import json
import shlex
from pathlib import Path

from huggingface_hub import ModelCardData
from transformers import PreTrainedConfig

from ..wording import counted
from .cards import MADE_BY, describe_data, describe_versions, find_corpus, save_card, with_header
from .markdown import code_block, code_span, escape
from .public_record import public_record

_UNITS = {"word": "words between white space", "wordpiece": "uncased words and pieces of words"}

_BODY = """{made_by}

# {name}

A BERT of {layers}, {hidden_size} wide, {num_parameters:,} parameters, trained from scratch by
masked language modeling. Its vocabulary comes from the corpus: {vocab_size:,} tokens, {unit}.

## Use

{use}

For a classifier: `labelwise train --model lm-mtc --encoder` {folder}.

## Data

{data}

The vocabulary and the weights come from the training documents alone.

## Results

Perplexity of {share:.0%} of the validation documents' words, the same ones at every evaluation: {perplexity:.2f},
the best of {epochs}. {unknown:.2%} of the validation words are not in the vocabulary.

## Training

{command}

{wall_time} on {machine}, seed {seed}; {versions}.

## Limits

It reads {max_length} tokens, and represents the language and the subjects of its training texts.
"""

_USE = """from transformers import pipeline

fill = pipeline("fill-mask", model={name})
print(fill(fill.tokenizer.mask_token))"""


def write_encoder_card(folder: Path, config: PreTrainedConfig, results: dict, name: str | None = None) -> None:
    """Write `README.md`, completely or not at all.

    Args:
        folder (`Path`): Folder of the encoder.
        config (`BertConfig`): Its configuration.
        results (`dict`): Content of `results.json`.
        name (`str`, *optional*): Name to load the encoder by; defaults to the name of the folder.
    """
    results = public_record(results)
    corpus = find_corpus(results["dataset"])
    name = name or folder.resolve().name
    metadata = ModelCardData(
        library_name="transformers",
        pipeline_tag="fill-mask",
        language=corpus.LANGUAGE if corpus else None,
        tags=["labelwise", "bert"],
    )
    body = _BODY.format(
        made_by=MADE_BY,
        name=escape(name),
        folder=code_span(name),
        layers=counted(config.num_hidden_layers, "layer"),
        hidden_size=config.hidden_size,
        num_parameters=results["num_parameters"],
        vocab_size=results["vocab_size"],
        unit=_UNITS[results["tokenizer"]],
        use=code_block(_USE.format(name=json.dumps(name)), "python"),
        data=describe_data(results),
        share=results["mlm_probability"],
        perplexity=results["perplexity"],
        epochs=counted(round(results["epochs"]), "epoch"),
        unknown=results["unknown_share"],
        command=code_block(shlex.join(results["command"])),
        wall_time=counted(round(results["wall_time_seconds"]), "second"),
        machine=escape(results["machine"]),
        seed=results["seed"],
        versions=describe_versions(results),
        max_length=config.max_position_embeddings,
    )
    save_card(with_header(metadata, body), folder)
