# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise figure NAME`: the papers' figures, from corpora, trained models and the records of their training."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from transformers.trainer import TRAINER_STATE_NAME

from labelwise.analysis.drawing import check_packages, save_figure
from labelwise.analysis.f1_by_frequency import draw_f1_by_frequency, f1_by_frequency, f1_of_labels
from labelwise.analysis.label_attention import agreement, draw_label_attention, label_attention
from labelwise.analysis.label_correlation import draw_label_correlation, label_correlation, most_correlated
from labelwise.analysis.loss_curves import draw_loss_curves, loss_curves
from labelwise.analysis.mlm_weight import METRICS, draw_mlm_weight
from labelwise.commands.evaluate import predict_split
from labelwise.datasets_scripts import UserInputError
from labelwise.datasets_scripts.loading import find_builder
from labelwise.runs.comparison import describe_difference, describe_documents, settings_of
from labelwise.runs.data import DataArguments
from labelwise.runs.loading import check_label_tokens, load_config_and_tokenizer, load_for_inference
from labelwise.runs.options import CommandParser, check_numbers, choose_part
from labelwise.runs.results import load_results
from labelwise.runs.writing import check_folder, make_files
from labelwise.trainer.preprocessing import label_names, multi_hot


@dataclass
class FileArguments:
    """Where a figure goes."""

    output_dir: str = field(default="figures", metadata={"help": "Folder that gets the PNG, the SVG and the CSV."})
    name: str | None = field(default=None, metadata={"help": "Name of the files; the figure's when not given."})

    def __post_init__(self):
        check_folder("--output_dir", self.output_dir)
        if self.name is not None and (self.name in ("", "..") or Path(self.name).name != self.name):
            raise UserInputError(
                f"--name {self.name}: it names files, without folder or suffix; folders go to --output_dir"
            )


@dataclass(kw_only=True)
class LabelCorrelationArguments:
    """Which labels, over which documents."""

    split: str = field(default="train", metadata={"help": "Part to count in: train, validation or test."})
    top: int | None = field(
        default=None, metadata={"help": "Draw only this many labels, those that go together most strongly."}
    )

    def __post_init__(self):
        check_numbers(self, ["top"], lambda number: number > 1, "above 1")


@dataclass(kw_only=True)
class LabelAttentionArguments(LabelCorrelationArguments):
    """Which layers of which model, over which documents."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained lm-mtc model."})
    split: str = field(default="test", metadata={"help": "Part to read: train, validation or test."})
    layers: list[int] | None = field(
        default=None, metadata={"help": "Layers, counted from 1; 2, 6 and the last when not given."}
    )
    batch_size: int = field(default=16, metadata={"help": "Documents of a batch."})

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["batch_size"], lambda number: number > 0, "above 0")
        if self.layers is not None and len(set(self.layers)) < len(self.layers):
            raise UserInputError(f"--layers {' '.join(map(str, self.layers))}: name each layer once")


@dataclass
class LossCurvesArguments:
    """Which runs."""

    runs: list[str] = field(metadata={"help": "Folders of finished `labelwise train` runs with an MLM."})


@dataclass
class MLMWeightArguments:
    """Which runs."""

    runs: list[str] = field(metadata={"help": "Folders of `labelwise train` runs that differ in --mlm_weight."})
    split: str = field(default="test", metadata={"help": "Part measured on.", "choices": ["validation", "test"]})


@dataclass
class F1ByFrequencyArguments:
    """Which models, and how labels are put together."""

    models: list[str] = field(metadata={"help": "Folders or Hub ids of trained models."})
    names: list[str] | None = field(
        default=None, metadata={"help": "What the figure calls them; their folders' names."}
    )
    split: str = field(default="test", metadata={"help": "Part to measure on: train, validation or test."})
    bins: int = field(default=6, metadata={"help": "Groups of about equally many labels, by frequency in training."})
    batch_size: int = field(default=64, metadata={"help": "Documents of a batch."})

    def __post_init__(self):
        check_numbers(self, ["bins", "batch_size"], lambda number: number > 0, "above 0")
        if self.names is not None and len(self.names) != len(self.models):
            raise UserInputError(
                f"--names gives {len(self.names)} names for {len(self.models)} models; give one for each"
            )
        if self.names is not None and len(set(self.names)) < len(self.names):
            raise UserInputError(f"--names {' '.join(self.names)}: one stands for two models; give each its own")


def main(argv: list[str]) -> None:
    name = choose_part("figure", {name: what for name, (_, _, what) in FIGURES.items()}, argv)
    make, arguments, _ = FIGURES[name]
    *given, files = CommandParser([*arguments, FileArguments], prog=f"labelwise figure {name}").parse(argv[1:])
    check_packages()
    figure, table = make(*given)
    folder = Path(files.output_dir)
    with make_files("--output_dir", folder) as unfinished:
        paths = save_figure(figure, table, unfinished, files.name or name)
    print(*(folder / path.name for path in paths), sep="\n")


def make_label_correlation(args: LabelCorrelationArguments, data_args: DataArguments):
    names, holds = read_labels(data_args, args.split)
    correlation = label_correlation(holds, names)
    if args.top:
        shown = most_correlated(correlation, args.top)
        correlation = correlation.loc[shown, shown]
    title = f"Correlation between labels: {data_args.name}, {args.split}, {len(holds):,} documents"
    return draw_label_correlation(correlation, title), correlation


def make_label_attention(args: LabelAttentionArguments, data_args: DataArguments):
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    check_label_tokens(args.model_name_or_path, config, "label-attention")
    number = config.encoder.num_hidden_layers
    layers = args.layers or sorted(layer for layer in {2, 6, number} if layer <= number)
    wrong = [layer for layer in layers if not 1 <= layer <= number]
    if wrong:
        raise UserInputError(f"--layers {wrong[0]}: {args.model_name_or_path} has layers 1 to {number}")
    names = config.label_names
    documents = data_args.load_split(args.split, names)
    holds = multi_hot(documents["labels"], len(names))
    correlation = label_correlation(holds, names)
    model = load_for_inference(args.model_name_or_path, config)
    sums = label_attention(model, tokenizer, list(documents["text"]), layers, args.batch_size)
    agreements = {layer: agreement(attention, holds) for layer, attention in sums.items()}
    shown = most_correlated(correlation, args.top or len(names))
    attention = {
        layer: pd.DataFrame(matrix, index=names, columns=names).loc[shown, shown] for layer, matrix in sums.items()
    }
    title = f"{Path(args.model_name_or_path).name}: {data_args.name}, {args.split}, {len(holds):,} documents"
    figure = draw_label_attention(correlation.loc[shown, shown], attention, agreements, title)
    panels = {"correlation": correlation.loc[shown, shown]}
    panels |= {f"layer {layer}": matrix for layer, matrix in attention.items()}
    return figure, pd.concat(panels, names=["panel", "label"])


def make_loss_curves(args: LossCurvesArguments):
    names = _names_of("--runs", args.runs)
    curves = {}
    for name, folder in zip(names, args.runs, strict=True):
        curves[name] = loss_curves(read_history(Path(folder)))
        if curves[name].empty:
            raise UserInputError(
                f"{folder}: its loss had one part; the figure shows runs of lm-mtc or bert-mlm with an MLM"
            )
    table = pd.concat(curves, names=["run", None]).reset_index("run")
    return draw_loss_curves(table, f"Losses while training {', '.join(names)}"), table


def make_mlm_weight(args: MLMWeightArguments):
    names = _names_of("--runs", args.runs)
    rows, settings = [], []
    for folder in args.runs:
        config, _ = load_config_and_tokenizer(folder)
        results = load_results(folder)
        if results is None:
            raise UserInputError(f"{folder} holds no results.json: it is no finished run; go on with it by --resume")
        if config.model_type != "lm_mtc":
            raise UserInputError(f"{folder} is a {config.model_type} model; only lm-mtc and its baselines have an MLM")
        if args.split not in results["metrics"]:
            raise UserInputError(
                f"{folder} was not measured on {args.split}; its results hold {', '.join(results['metrics'])}"
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
    return draw_mlm_weight(table, f"{results['dataset']}, {args.split}, at threshold 0.5"), table


def _settings_beside_the_weight(config, results: dict) -> dict[str, list[str]]:
    """What runs that differ in the weight of the MLM have alike; a baseline is a template and a weight by name."""
    settings = settings_of(results["command"])
    for option in ("--mlm_weight", "--seed", "--logging_steps", "--model"):
        settings.pop(option, None)
    alike = {"--template": config.template, "--dataset": results["dataset"], "--split_seed": results["split_seed"]}
    alike["documents"] = describe_documents(results["documents"])
    return settings | {name: [str(value)] for name, value in alike.items()}


def make_f1_by_frequency(args: F1ByFrequencyArguments, data_args: DataArguments):
    names, holds = read_labels(data_args, "train")
    columns = {}
    for name, folder in zip(args.names or _names_of("--models", args.models), args.models, strict=True):
        config, found = predict_split(folder, data_args, args.split, args.batch_size)
        f1 = f1_of_labels(found.predictions, found.label_ids, config.thresholds)
        columns[name] = pd.Series(f1, index=config.label_names)[names]
    table = f1_by_frequency(pd.Series(holds.sum(axis=0), index=names), pd.DataFrame(columns), args.bins)
    return draw_f1_by_frequency(table, f"F1 of rare and frequent labels: {data_args.name}, {args.split}"), table


def read_labels(data_args: DataArguments, split: str) -> tuple[list[str], np.ndarray]:
    """The labels of a split, also where only their text is missing (AAPD's training documents).

    Returns:
        `tuple[list[str], np.ndarray]`: Names of the labels; 1 where one holds and 0 where not, (documents, num_labels).

    Raises:
        UserInputError: The data cannot be read, or has no such split.
    """
    corpus = data_args.load()
    names = label_names(corpus)
    if split in corpus and len(corpus[split]) > 0:
        return names, multi_hot(corpus[split]["labels"], len(names))
    builder = None
    if data_args.dataset is not None:
        builder = find_builder(data_args.dataset, data_args.data_dir, data_args.config_name, data_args.split_seed)
    label_sets = builder.read_label_sets() if builder is not None and split == "train" else []
    if not label_sets:
        raise UserInputError(f"{data_args.name} has no {split} documents; it has {', '.join(corpus)}")
    return names, multi_hot([[names.index(name) for name in label_set] for label_set in label_sets], len(names))


def read_history(folder: Path) -> list[dict]:
    """What a run logged.

    Raises:
        UserInputError: There is no record, or it is damaged.
    """
    path = folder / TRAINER_STATE_NAME
    if not path.is_file():
        raise UserInputError(
            f"{path} is missing: {folder} is no finished run of `labelwise train`, or one of an older version"
        )
    try:
        return json.loads(path.read_text("utf-8"))["log_history"]
    except (ValueError, TypeError, LookupError) as error:
        raise UserInputError(f"{path} is damaged ({error}); restore it") from error


def _names_of(option: str, folders: list[str]) -> list[str]:
    """Names of the folders, or their paths where two have the same name.

    Raises:
        UserInputError: A folder is named twice.
    """
    paths = [Path(folder).resolve() for folder in folders]
    if len(set(paths)) < len(paths):
        raise UserInputError(f"{option} {' '.join(folders)}: name each folder once")
    names = [path.name for path in paths]
    return names if len(set(names)) == len(names) else folders


FIGURES = {
    "label-correlation": (
        make_label_correlation,
        [LabelCorrelationArguments, DataArguments],
        "how labels go together in a corpus (LM-MTC, Figs. 1 and 3(a))",
    ),
    "label-attention": (
        make_label_attention,
        [LabelAttentionArguments, DataArguments],
        "attention between label tokens beside it (LM-MTC, Fig. 3)",
    ),
    "loss-curves": (make_loss_curves, [LossCurvesArguments], "the two losses while training (LM-MTC, Fig. 4)"),
    "mlm-weight": (make_mlm_weight, [MLMWeightArguments], "metrics by the weight of the MLM (LM-MTC, Fig. 5)"),
    "f1-by-frequency": (
        make_f1_by_frequency,
        [F1ByFrequencyArguments, DataArguments],
        "F1 of rare and frequent labels (LW-PT, Fig. 2)",
    ),
}
