# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The model card, written from the run and from nothing else."""

import json
import shlex
from pathlib import Path

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from ..datasets_scripts import CORPORA
from ..trainer.metrics import METRIC_NAMES
from .markdown import code_block, code_span, escape, make_table

# A card that holds this line may be written anew.
MADE_BY = "<!-- Written by labelwise; take this line out of a card that you have edited, and it stays as it is. -->"

# Label names that a card lists.
_MAX_LABELS = 100

_WHAT = {
    (False, False): "LSTM: a BiLSTM whose states one attention sums up (Eqs. 4-6 with one context vector)",
    (True, False): "HAN: words to sentences to document with one attention on each level (Eqs. 7-12)",
    (False, True): "LW-LSTM: one representation per label by label-wise attention over a shared BiLSTM (Eqs. 4-6)",
    (True, True): "HLW-LSTM: words to sentences to document, with label-wise attention on both levels (Eqs. 7-12)",
}

# By `model_type`, what needs no more words than these.
_SYSTEMS = {
    "han_lg": "HAN+LG: a hierarchical attention network whose logits go through a graph over the labels that starts\n"
    "from their co-occurrence, of *Review-Driven Multi-Label Music Style Classification by Exploiting Style\n"
    "Correlations* (Zhao, Xu, Zeng, Ren and Sun, 2019).",
    "magnet": "MAGNET: the feature of a BiLSTM times the features of the labels, by graph attention from their\n"
    "co-occurrence, of *MAGNET: Multi-Label Text Classification using Attention-based Graph Neural Network* (Pal,\n"
    "Selvakumar and Sankarasubbu, 2020).",
    "cnn": "CNN: convolutions of several widths and the maximum of each filter over time, of *Convolutional Neural\n"
    "Networks for Sentence Classification* (Kim, 2014), with a sigmoid per label.",
    "reg_lstm": "LSTM-reg: one BiLSTM, the maximum over time, weight drop and embedding dropout, of *Rethinking\n"
    "Complex Neural Network Architectures for Document Classification* (Adhikari, Ram, Tang and Lin, 2019).",
    "cnn_rnn": "CNN-RNN: the features of a CNN start an LSTM that emits the labels one by one, of *Ensemble\n"
    "Application of Convolutional and Recurrent Neural Networks for Multi-label Text Categorization* (Chen et al.,\n"
    "2017).",
}

# By `objective` of SGM's configuration.
_SGM = {
    "sequence": "the most probable sequence of labels, most frequent first, of *SGM: Sequence Generation Model for\n"
    "Multi-label Classification* (Yang et al., 2018).",
    "set": "the most probable set of labels, over all orders, of *Adapting RNN Sequence Prediction Model to\n"
    "Multi-label Set Prediction* (Qin, Li, Pavlu and Aslam, 2019), with the network of SGM (Yang et al., 2018).",
}

# By `method` of the linear classifiers' configuration.
_LINEAR = {
    "br": "Binary relevance: one support vector machine per label, of *Learning Multi-Label Scene Classification*\n"
    "(Boutell, Luo, Shen and Brown, 2004)",
    "cc": "A classifier chain: one support vector machine per label, which reads the decisions on those before it, of\n"
    "*Classifier Chains for Multi-Label Classification* (Read, Pfahringer, Holmes and Frank, 2011)",
    "lp": "Label powerset: one support vector machine per label set of the training documents, of *Multi-Label\n"
    "Classification: An Overview* (Tsoumakas and Katakis, 2007)",
}

_TEMPLATES = {
    "diff": "every label is three tokens of its own before the text (Eq. 2)",
    "same": "every label is the same three tokens before the text (Eq. 8)",
    "compact": "every label is one token before the text",
    "none": "the labels are read off the first token, without label tokens: the paper's baseline",
}

_BODY = """{made_by}

# {name}

{what}

It tells which of {num_labels:,} labels hold for a text: those whose probability is above {threshold}.

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

{wall_time:.0f} seconds on {machine}; {versions}.

## Labels

{labels}

## Limits

Its vocabulary has {vocab_size:,} tokens; it knows the language and the subjects of its training texts.
Its probabilities are not calibrated, and a label that was rare in training is seldom predicted.
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
held = probabilities > torch.tensor(model.config.thresholds)
print([model.config.id2label[k] for k in held.nonzero().flatten().tolist()])"""


def make_card(name: str, config, results: dict) -> ModelCard:
    """The card of a trained model.

    Args:
        name (`str`): What it is loaded by: a folder's name, or a Hub id.
        config (`PreTrainedConfig`): Of the model.
        results (`dict`): What `results.json` holds.
    """
    tuning = results.get("threshold_tuning")  # not in the results of the first runs
    at_thresholds = _metrics_by_threshold(results)
    columns = {f"{split}{at}": values for at, metrics in at_thresholds.items() for split, values in metrics.items()}
    body = _BODY.format(
        made_by=MADE_BY,
        name=escape(name),
        what=_describe(config, results),
        num_labels=config.num_labels,
        threshold=_describe_threshold(config.thresholds),
        with_package=code_block(_WITH_PACKAGE.format(name=json.dumps(name, ensure_ascii=False)), "python"),
        without_package=code_block(_WITHOUT_PACKAGE.format(name=json.dumps(name, ensure_ascii=False)), "python"),
        data=describe_data(results),
        thresholds_of_results="At threshold 0.5" + (", and at the tuned thresholds" if len(at_thresholds) > 1 else ""),
        seed=results["seed"],
        metrics=make_table(
            ["metric", *columns],
            [
                [METRIC_NAMES[metric], *(f"{values[metric]:.4f}" for values in columns.values())]
                for metric in next(iter(columns.values()))
            ],
        ),
        thresholds=_describe_tuning(tuning, results) if tuning else _describe_untuned(config.thresholds),
        command=code_block(shlex.join(results["command"])),
        wall_time=results["wall_time_seconds"],
        machine=escape(results["machine"]),
        versions=describe_versions(results),
        labels=_list_labels(config),
        vocab_size=results["vocab_size"],
    )
    return with_header(_make_metadata(name, results), body)


def write_card(folder: Path, config, results: dict, name: str | None = None) -> None:
    """Writes `README.md`, whole or not at all.

    Args:
        folder (`Path`): Of the model.
        config (`PreTrainedConfig`): Of the model.
        results (`dict`): What `results.json` holds.
        name (`str`, *optional*): What it is loaded by, defaults to the name of the folder.
    """
    save_card(make_card(name or folder.resolve().name, config, results), folder)


def with_header(metadata: ModelCardData, body: str) -> ModelCard:
    """A card of its YAML header and its text."""
    return ModelCard(f"---\n{metadata.to_yaml()}\n---\n\n{body}")


def save_card(card: ModelCard, folder: Path) -> None:
    """Writes a card as `README.md`, whole or not at all."""
    partial = folder / "README.md.partial"
    try:
        card.save(partial)
        partial.replace(folder / "README.md")
    finally:
        partial.unlink(missing_ok=True)


def update_card(folder: Path, config, results: dict, name: str | None = None) -> None:
    """Writes `README.md` anew, unless somebody has made it their own; see `write_card`."""
    card = folder / "README.md"
    if not card.exists() or MADE_BY in card.read_text("utf-8"):
        write_card(folder, config, results, name)


def _describe(config, results: dict) -> str:
    """What a model is, with its paper and equations."""
    if config.model_type in _SYSTEMS:
        return _SYSTEMS[config.model_type]
    if config.model_type == "sgm":
        ge = " with global embedding" if config.global_embedding else ""
        return f"A BiLSTM with attention and an LSTM that emits the labels one by one{ge}:\n{_SGM[config.objective]}"
    if config.model_type == "tfidf_linear":
        features = "the TF-IDF of words and pairs of words. The scores are no calibrated probabilities"
        return f"{_LINEAR[config.method]},\nover {features}."
    if config.model_type == "lm_mtc":
        mlm = f"; joint masked language modelling (Eq. 5, weight {config.mlm_weight})" if config.mlm_weight else ""
        return (
            f"LM-MTC over a {config.encoder.model_type} encoder: {_TEMPLATES[config.template]}{mlm}. From *Label Mask\n"
            "for Multi-Label Text Classification* (Song et al., 2021)."
        )
    encoders = "One encoder."
    if config.num_encoders == 2:
        encoders = f"T- and C-Encoder (Eqs. 13-15). {_describe_pretraining(results['pretraining'])}"
    return (
        f"{_WHAT[config.hierarchical, config.label_wise]}, and a {config.classifier} classifier over it, of\n"
        f"*Label-Wise Document Pre-Training for Multi-Label Text Classification* (Liu, Yuan and Wang, 2020). {encoders}"
    )


def _describe_pretraining(pretraining: dict | None) -> str:
    if pretraining is None:
        return "This run did not pre-train them and found no record of who did."
    text = "Both were pre-trained label-wise (Eq. 3)"
    if "step" in pretraining:
        text += f" in {pretraining['step']:,} iterations"
    if "eval_accuracy" in pretraining:
        text += f", after which they told the positive candidate in {pretraining['eval_accuracy']:.1%} of the cases"
    return f"{text}."


def _describe_threshold(thresholds: float | list[float]) -> str:
    if isinstance(thresholds, list):
        return f"the label's own threshold, from {min(thresholds):.4g} to {max(thresholds):.4g}"
    return f"{thresholds:.4g}"


def describe_data(results: dict) -> str:
    """The corpus and how many documents of it, from what `results.json` holds."""
    dataset = results["dataset"]
    documents = ", ".join(f"{number:,} {split}" for split, number in results["documents"].items())
    corpus = find_corpus(dataset)
    about = f"\n\n{corpus.DESCRIPTION} Licence: {corpus.LICENSE or 'not stated'}." if corpus else ""
    seed = results["split_seed"]
    return f"{code_span(dataset)}: {documents} documents; what was split here was with seed {seed}.{about}"


def describe_versions(results: dict) -> str:
    """The packages that a run used, from what `results.json` holds."""
    return ", ".join(f"{package} {number}" for package, number in results["versions"].items())


def find_corpus(dataset: str):
    """The builder of a corpus of this package, by its name or `name/configuration`; `None` for a file or a Hub id."""
    name, _, config_name = dataset.partition("/")
    corpus = CORPORA.get(name)
    return corpus if corpus and config_name in ("", *(config.name for config in corpus.BUILDER_CONFIGS)) else None


def _metrics_by_threshold(results: dict) -> dict[str, dict]:
    """Metrics by split, at 0.5 and, where they were measured, at the tuned thresholds."""
    tuned = results.get("metrics_at_tuned_thresholds")
    return {"": results["metrics"], **({", tuned": tuned} if tuned else {})}


def _make_metadata(name: str, results: dict) -> ModelCardData:
    """The header of the card, with a result for each metric, split and choice of thresholds."""
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
    """How thresholds were fitted, and how much of their gain to believe."""
    by_training = tuning["command"] == results["command"]
    metric = METRIC_NAMES[tuning["metric"]]
    scores = [f"{tuning[name]:.4f}" for name in ("score_at_0.5", "tuned_score", "cross_validated_score")]
    return (
        f"{'One for all labels' if tuning['mode'] == 'global' else 'One per label'}, with the best {metric} on "
        f"{tuning['documents']:,} validation documents of {code_span(tuning['dataset'])}. {metric} on these:\n\n"
        f"{make_table(['at 0.5', 'tuned', 'cross-validated'], [scores])}\n\n"
        f"Cross-validated: tuned on {tuning['folds'] - 1} of {tuning['folds']} parts of the documents and measured on "
        f"the other. Optimism, tuned minus cross-validated: {tuning['optimism']:.4f}. To expect on new documents, "
        f"against 0.5: {tuning['expected_gain']:+.4f}. The epoch was chosen on the same documents, which this "
        f"does not count.{'' if by_training else chr(10) * 2 + code_block(shlex.join(tuning['command']))}"
    )


def _describe_untuned(thresholds: float | list[float]) -> str:
    if thresholds == 0.5:
        return "0.5 for every label, as in the papers; `labelwise tune-thresholds` fits others on validation documents."
    return "Set by hand; how is not recorded."


def _list_labels(config) -> str:
    names = [code_span(config.id2label[index]) for index in range(min(config.num_labels, _MAX_LABELS))]
    if isinstance(config.thresholds, list):
        names = [f"{name} ({threshold:.4g})" for name, threshold in zip(names, config.thresholds, strict=False)]
    more = config.num_labels - len(names)
    return ", ".join(names) + (f", and {more:,} more: `id2label` in `config.json`" if more else "")
