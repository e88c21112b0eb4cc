# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise figure mlm-weight`: metrics by the weight of the MLM loss (LM-MTC, Fig. 5)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd
from transformers import PreTrainedConfig

from ..analysis.mlm_weight import METRICS, draw_mlm_weight
from ..errors import UserInputError
from ..figures.inputs import name_folders
from ..runs.comparison import describe_difference, describe_documents, settings_of
from ..runs.loading import load_config_and_tokenizer
from ..runs.results import load_results

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass
class MLMWeightArguments:
    """Runs and split of the figure."""

    runs: list[str] = field(metadata={"help": "Folders of `labelwise train` runs that differ in --mlm_weight."})
    split: str = field(default="test", metadata={"help": "Split of the metrics.", "choices": ["validation", "test"]})


DESCRIPTION = "metrics by the weight of the MLM loss (LM-MTC, Fig. 5)"
OPTIONS = [MLMWeightArguments]


def make(args: MLMWeightArguments) -> tuple["Figure", pd.DataFrame]:
    """Return the figure and its table: one row per run, with `mlm_weight` and the metrics.

    Raises:
        UserInputError: A folder is no finished run with an MLM and metrics on the split, or the runs differ in more
            than weight and seed.
    """
    names = name_folders("--runs", args.runs)
    rows, settings = [], []
    for folder in args.runs:
        config, _ = load_config_and_tokenizer(folder)
        results = load_results(folder)
        if results is None:
            raise UserInputError(f"{folder} contains no results.json: the run is not finished; continue it by --resume")
        if config.model_type != "lm_mtc":
            raise UserInputError(f"{folder} is a {config.model_type} model; only lm-mtc and its baselines have an MLM")
        if args.split not in results["metrics"]:
            raise UserInputError(
                f"{folder} has no metrics on {args.split}; results.json has {', '.join(results['metrics'])}"
            )
        settings.append(_settings_beside_the_weight(config, results))
        difference = describe_difference(settings[-1], settings[0])
        if difference:
            raise UserInputError(
                f"{folder} differs from {args.runs[0]} in more than --mlm_weight and --seed: {difference}"
            )
        rows.append(
            {"mlm_weight": config.mlm_weight, **{name: results["metrics"][args.split][name] for name in METRICS}}
        )
    table = pd.DataFrame(rows, index=pd.Index(names, name="run"))
    title = f"Metrics by the weight of masked words: {results['dataset']}, {args.split}, at threshold 0.5"
    return draw_mlm_weight(table, title), table


def _settings_beside_the_weight(config: PreTrainedConfig, results: dict) -> dict[str, list[str]]:
    """Return the settings that all runs of the figure share. A baseline's name stands for a template and a weight."""
    settings = settings_of(results["command"])
    for option in ("--mlm_weight", "--seed", "--logging_steps", "--model"):
        settings.pop(option, None)
    shared = {"--template": config.template, "--dataset": results["dataset"], "--split_seed": results["split_seed"]}
    shared["documents"] = describe_documents(results["documents"])
    return settings | {name: [str(value)] for name, value in shared.items()}
