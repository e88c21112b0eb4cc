# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The model card, written from the run and from nothing else."""

import shlex
from pathlib import Path

from huggingface_hub import EvalResult, ModelCard, ModelCardData

_WHAT = {
    (False, False): "LSTM: a BiLSTM whose states one attention sums up (Eqs. 4-6 with one context vector)",
    (True, False): "HAN: words to sentences to document with one attention on each level (Eqs. 7-12)",
    (False, True): "LW-LSTM: one representation per label by label-wise attention over a shared BiLSTM (Eqs. 4-6)",
    (True, True): "HLW-LSTM: words to sentences to document, with label-wise attention on both levels (Eqs. 7-12)",
}

_TEMPLATES = {
    "diff": "every label is three tokens of its own before the text (Eq. 2)",
    "same": "every label is the same three tokens before the text (Eq. 8)",
    "compact": "every label is one token before the text",
    "none": "the labels are read off the first token, without label tokens: the paper's baseline",
}

_BODY = """# {name}

{what}

It tells which of {num_labels} labels hold for a text; a label holds when its probability is above {thresholds}.

## Use

```python
import labelwise  # registers the classes
from transformers import pipeline

tagger = pipeline("text-classification", model="{name}", top_k=None)
print(tagger("A text to label."))
```

## Results

On `{dataset}` ({documents}), seed {seed}:

| metric | {splits} |
|---|{rule}|
{rows}

## Training

```
{command}
```

{wall_time} on {machine}; {versions}.

## Labels

{labels}

## Limits

Its vocabulary has {vocab_size:,} tokens; it knows the language and the subjects of its training texts.
Its probabilities are not calibrated, and a label that was rare in training is seldom predicted.
"""


def _describe(config, results: dict) -> str:
    """What a model is, with its paper and equations."""
    if config.model_type == "lm_mtc":
        mlm = f"; joint masked language modelling (Eq. 5, weight {config.mlm_weight})" if config.mlm_weight else ""
        return (
            f"LM-MTC over a {config.encoder.model_type} encoder: {_TEMPLATES[config.template]}{mlm}. From *Label Mask\n"
            "for Multi-Label Text Classification* (Song et al., 2021)."
        )
    encoders = "One encoder."
    if config.num_encoders == 2:
        encoders = "T- and C-Encoder (Eqs. 13-15)."
        if results["pretraining"]:
            encoders += " Both were pre-trained label-wise (Eq. 3)."
    return (
        f"{_WHAT[config.hierarchical, config.label_wise]}, and a {config.classifier} classifier over it, of\n"
        f"*Label-Wise Document Pre-Training for Multi-Label Text Classification* (Liu, Yuan and Wang, 2020). {encoders}"
    )


def write_card(output_dir: Path, config, results: dict) -> None:
    """Writes `README.md`.

    Args:
        output_dir (`Path`): Folder of the model; its name is the model's.
        config (`PreTrainedConfig`): Of the model.
        results (`dict`): What `results.json` holds.
    """
    metrics = results["metrics"]
    names = list(next(iter(metrics.values())))
    labels = list(config.id2label.values())
    data = ModelCardData(
        library_name="transformers",
        pipeline_tag="text-classification",
        tags=["labelwise", "multi-label-classification"],
        model_name=output_dir.resolve().name,
        eval_results=[
            EvalResult(
                task_type="text-classification",
                task_name="Multi-label text classification",
                dataset_type=results["dataset"],
                dataset_name=results["dataset"],
                dataset_split=split,
                metric_type=name,
                metric_value=value,
            )
            for split, values in metrics.items()
            for name, value in values.items()
        ],
    )
    body = _BODY.format(
        name=output_dir.resolve().name,
        what=_describe(config, results),
        num_labels=config.num_labels,
        thresholds=config.thresholds,
        dataset=results["dataset"],
        documents=", ".join(f"{number:,} {split}" for split, number in results["documents"].items()),
        seed=results["seed"],
        splits=" | ".join(metrics),
        rule="---|" * (len(metrics) - 1) + "---",
        rows="\n".join(
            f"| {name} | " + " | ".join(f"{metrics[split][name]:.4f}" for split in metrics) + " |" for name in names
        ),
        command=shlex.join(results["command"]),
        wall_time=f"{results['wall_time_seconds']:.0f} seconds",
        machine=results["machine"],
        versions=", ".join(f"{name} {number}" for name, number in results["versions"].items()),
        labels=", ".join(f"`{label}`" for label in labels),
        vocab_size=results["vocab_size"],
    )
    ModelCard(f"---\n{data.to_yaml()}\n---\n\n{body}").save(output_dir / "README.md")
