# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The model card, written from the record of the run."""

import json
import shlex
from pathlib import Path
from typing import Any

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from ..configuration.configuration_multi_label import MultiLabelConfig
from ..datasets_scripts import CORPORA
from ..datasets_scripts.builder import CorpusBuilder
from ..secret_tokens import hide_tokens
from ..trainer.metrics_names import METRIC_NAMES
from ..whole_files import open_whole
from ..wording import counted
from .markdown import code_block, code_span, escape, make_table
from .public_record import RESULTS_NAME, public_record

# A card with this line may be overwritten.
MADE_BY = "<!-- Written by labelwise; remove this line from a card that you edit, and it is never overwritten. -->"

# Maximum number of label names in a card.
_MAX_LABELS = 100

_BODY = """{made_by}

# {name}

{what}

It predicts which of {num_labels} apply to a text: those whose probability is above {threshold}.

## Use

With `labelwise` installed:

{with_package}

Without it, with the code of this folder (read it first):

{without_package}

## Data

{data}

## Results

{thresholds_of_results}, seed {seed}:

{metrics}

## Thresholds

{thresholds}

## Training

{command}

{wall_time} on {machine}; {versions}.

## Labels

{labels}

## Limits

Its vocabulary has {vocab_size:,} tokens, and it knows only the language and the subjects of its training texts.
{calibration} Labels that were rare in training are seldom predicted.
"""

_WITH_PACKAGE = """import labelwise
from transformers import pipeline

tagger = pipeline("multi-label-classification", model={name})
print(tagger("A text to label."))"""

_WITHOUT_PACKAGE = """import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained({name}, trust_remote_code=True)
model = AutoModelForSequenceClassification.from_pretrained({name}, trust_remote_code=True)
probabilities = model(**tokenizer(["A text to label."], truncation=True, return_tensors="pt")).logits.sigmoid()[0]
predicted = probabilities > torch.tensor(model.config.thresholds)
print([model.config.id2label[k] for k in predicted.nonzero().flatten().tolist()])"""


def make_card(name: str, config: MultiLabelConfig, results: dict[str, Any]) -> ModelCard:
    """Make the card of a trained model, without the folders of this machine.

    Args:
        name (`str`): The name to load it by: a folder's name, or a Hub id.
        config (`PreTrainedConfig`): Of the model.
        results (`dict`): The contents of `results.json`.
    """
    results = public_record(results)
    tuning = results.get("threshold_tuning")  # not in the results of the first runs
    at_thresholds = _metrics_by_threshold(results)
    columns = {f"{split}{at}": values for at, metrics in at_thresholds.items() for split, values in metrics.items()}
    body = _BODY.format(
        made_by=MADE_BY,
        name=escape(name),
        what=_describe(config, results),
        num_labels=counted(config.num_labels, "label"),
        threshold=_describe_threshold(config.thresholds),
        with_package=code_block(_WITH_PACKAGE.format(name=json.dumps(name, ensure_ascii=False)), "python"),
        without_package=code_block(_WITHOUT_PACKAGE.format(name=json.dumps(name, ensure_ascii=False)), "python"),
        data=describe_data(results),
        thresholds_of_results="At threshold 0.5"
        + (", and at the tuned thresholds" if len(at_thresholds) > 1 else "")
        + (", before calibration" if config.calibration else ""),
        seed=results["seed"],
        metrics=make_table(
            ["metric", *columns],
            [
                [METRIC_NAMES[metric], *(f"{values[metric]:.4f}" for values in columns.values())]
                for metric in next(iter(columns.values()))
            ],
        ),
        thresholds=_describe_tuning(tuning, results) if tuning else _describe_untuned(config.thresholds),
        command=code_block(describe_command(results["command"])),
        wall_time=counted(round(results["wall_time_seconds"]), "second"),
        machine=escape(results["machine"]),
        versions=describe_versions(results),
        labels=_list_labels(config),
        vocab_size=results["vocab_size"],
        calibration=_describe_calibration(config, results.get("calibration")),
    )
    return with_header(_make_metadata(name, results), body)


def write_card(folder: Path, config: MultiLabelConfig, results: dict[str, Any], name: str | None = None) -> None:
    """Write `README.md`, whole or not at all.

    Args:
        folder (`Path`): Of the model.
        config (`PreTrainedConfig`): Of the model.
        results (`dict`): The contents of `results.json`.
        name (`str`, *optional*): The name to load it by, defaults to the name of the folder.
    """
    save_card(make_card(name or folder.resolve().name, config, results), folder)


def with_header(metadata: ModelCardData, body: str) -> ModelCard:
    """Make a card from its YAML header and its text."""
    return ModelCard(f"---\n{metadata.to_yaml()}\n---\n\n{body}")


def save_card(card: ModelCard, folder: Path) -> None:
    """Write a card as `README.md`, whole or not at all."""
    with open_whole(folder / "README.md") as file:
        file.write(hide_tokens(str(card)))


def update_card(
    folder: Path,
    config: MultiLabelConfig,
    results: dict[str, Any],
    target: Path | None = None,
    name: str | None = None,
) -> None:
    """Write `README.md`, unless there is one that was edited.

    Args:
        folder (`Path`): Folder to write to.
        config, results: As in `write_card`.
        target (`Path`, *optional*): The folder whose files those of `folder` replace, defaults to `folder` itself.
        name (`str`, *optional*): The name to load the model by, defaults to that of the target.
    """
    target = target or folder
    if is_own_card(target):
        write_card(folder, config, results, name or target.resolve().name)


def discard_record(folder: Path) -> None:
    """Delete results and card of a model that another one replaces; a card that was edited stays."""
    (folder / RESULTS_NAME).unlink(missing_ok=True)
    if is_own_card(folder):
        (folder / "README.md").unlink(missing_ok=True)


def is_own_card(folder: Path) -> bool:
    """Return whether a folder has no card, or one that was not edited, which may be replaced."""
    card = folder / "README.md"
    return not card.exists() or MADE_BY in card.read_text("utf-8")


def _describe(config: MultiLabelConfig, results: dict[str, Any]) -> str:
    """Return what a model is, with its paper and equations, and the pre-training behind it."""
    pretraining = results["pretraining"]
    return config.describe() + ("" if pretraining is None else f" {_describe_pretraining(pretraining)}")


def _describe_pretraining(pretraining: dict[str, Any]) -> str:
    text = "It was pre-trained"
    if "step" in pretraining:
        text += f" in {counted(pretraining['step'], 'iteration')}"
    if "eval_accuracy" in pretraining:
        text += f", after which it identified the positive candidate in {pretraining['eval_accuracy']:.1%} of the cases"
    return f"{text}."


def _describe_threshold(thresholds: float | list[float]) -> str:
    if isinstance(thresholds, list):
        return f"the label's own threshold, from {min(thresholds):.4g} to {max(thresholds):.4g}"
    return f"{thresholds:.4g}"


def describe_data(results: dict) -> str:
    """Return the corpus and its numbers of documents, from the contents of `results.json`."""
    dataset = results["dataset"]
    documents = ", ".join(f"{number:,} {split}" for split, number in results["documents"].items())
    corpus = find_corpus(dataset)
    about = f"\n\n{corpus.DESCRIPTION} Licence: {corpus.LICENSE or 'not stated'}." if corpus else ""
    seed = results["split_seed"]
    return f"{code_span(dataset)}: {documents} documents; splits that were missing were cut with seed {seed}.{about}"


def describe_command(command: list[str]) -> str:
    """Return a recorded command as a shell takes it, or the one expression of a program as it is."""
    return command[0] if len(command) == 1 else shlex.join(command)


def describe_versions(results: dict) -> str:
    """Return the packages that a run used, from the contents of `results.json`."""
    return ", ".join(f"{package} {number}" for package, number in results["versions"].items())


def find_corpus(dataset: str) -> type[CorpusBuilder] | None:
    """Return the builder of a corpus by its name or `name/configuration`; `None` for a file or a Hub id."""
    name, _, config_name = dataset.partition("/")
    corpus = CORPORA.get(name)
    return corpus if corpus and config_name in ("", *(config.name for config in corpus.BUILDER_CONFIGS)) else None


def _metrics_by_threshold(results: dict) -> dict[str, dict]:
    """Return metrics by split, at 0.5 and, where they were measured, at the tuned thresholds."""
    tuned = results.get("metrics_at_tuned_thresholds")
    return {"": results["metrics"], **({", tuned": tuned} if tuned else {})}


def _make_metadata(name: str, results: dict) -> ModelCardData:
    """Return the header of the card, with a result for each metric, split and choice of thresholds."""
    dataset = results["dataset"]
    corpus = find_corpus(dataset)
    return ModelCardData(
        library_name="transformers",
        pipeline_tag="text-classification",
        language=corpus.LANGUAGE if corpus else None,
        tags=["labelwise", "multi-label-classification"],
        model_name=name,
        eval_results=[
            EvalResult(
                task_type="text-classification",
                task_name="Multi-label text classification",
                dataset_type=dataset,
                dataset_name=dataset,
                dataset_split=split,
                metric_type=metric,
                metric_value=value,
                metric_name=f"{METRIC_NAMES[metric]} {'at tuned thresholds' if at else 'at threshold 0.5'}",
            )
            for at, metrics in _metrics_by_threshold(results).items()
            for split, values in metrics.items()
            for metric, value in values.items()
        ],
    )


def _describe_tuning(tuning: dict, results: dict) -> str:
    """Return how thresholds were fitted, and the gain to expect."""
    by_training = tuning["command"] == results["command"]
    metric = METRIC_NAMES[tuning["metric"]]
    scores = {metric: [tuning[name] for name in ("score_at_0.5", "tuned_score", "cross_validated_score")]}
    scores |= {METRIC_NAMES[name]: tuning[name].values() for name in ("micro_f1", "macro_f1")}
    rows = [[name, *(f"{value:.4f}" for value in values)] for name, values in scores.items()]
    command = "" if by_training else f"\n\n{code_block(describe_command(tuning['command']))}"
    return (
        f"{'One for all labels' if tuning['mode'] == 'global' else 'One per label'}, with the best {metric} on "
        f"{tuning['documents']:,} validation documents of {code_span(tuning['dataset'])}. On these:\n\n"
        f"{make_table(['metric', 'at 0.5', 'tuned', 'cross-validated'], rows)}\n\n"
        f"Cross-validated: tuned on {tuning['folds'] - 1} of {tuning['folds']} parts of the documents and measured on "
        f"the other. Optimism in {metric}, tuned minus cross-validated: {tuning['optimism']:.4f}. Expected gain on new "
        f"documents, against 0.5: {tuning['expected_gain']:+.4f}. This does not account for the choice of the epoch on "
        f"the same documents.{command}"
    )


def _describe_untuned(thresholds: float | list[float]) -> str:
    if thresholds == 0.5:
        return "0.5 for every label, as in the papers; `labelwise tune-thresholds` fits others on validation documents."
    return "Set by hand; there is no record of how."


def _describe_calibration(config: MultiLabelConfig, record: dict[str, Any] | None) -> str:
    """Return whether probabilities are calibrated, on what, and how far they were from frequencies."""
    if config.calibration is None:
        return "Its probabilities are not calibrated; `labelwise calibrate` does so on validation documents."
    if record is None:
        return "Its probabilities are calibrated; there is no record of how."
    before, after, unseen = (
        f"{record[name]['expected_calibration_error']:.4f}" for name in ("before", "after", "cross_validated")
    )
    return (
        f"Its probabilities are calibrated ({record['method']}) on {counted(record['documents'], 'document')} of "
        f"{code_span(record['dataset'])}, on which the expected calibration error was {before} before, and is {after} "
        f"now, {unseen} cross-validated."
    )


def _list_labels(config: MultiLabelConfig) -> str:
    names = [code_span(config.id2label[index]) for index in range(min(config.num_labels, _MAX_LABELS))]
    if isinstance(config.thresholds, list):
        names = [f"{name} ({threshold:.4g})" for name, threshold in zip(names, config.thresholds, strict=False)]
    more = config.num_labels - len(names)
    return ", ".join(names) + (f", and {more:,} more: `id2label` in `config.json`" if more else "")
