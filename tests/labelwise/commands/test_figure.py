# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise figure`: each figure from what trained models and their runs leave, and what it refuses."""

import json
import shutil

import labelwise_cli as cli
import numpy as np
import pandas as pd
import pytest

from labelwise.commands import figure

from ...tiny_corpus import WORDS, write_jsonl

NAMES = sorted(WORDS)


@pytest.fixture(scope="module")
def lm_mtc(bert, data, tmp_path_factory):
    """A finished run that logged its losses; tests only read it."""
    out = tmp_path_factory.mktemp("runs") / "lm-mtc"
    options = "--num_train_epochs 2 --per_device_train_batch_size 8 --logging_steps 4 --mlm_weight 0.5"
    assert cli.main(f"train --model lm-mtc --encoder {bert} {data} {options} --output_dir {out}".split()) == 0
    return out


@pytest.fixture
def draw(tmp_path, capsys):
    """Runs `labelwise figure`; gives the table beside the figure."""

    def run(command: str, **kwargs) -> pd.DataFrame:
        capsys.readouterr()
        assert cli.main(["figure", *command.split(), "--output_dir", str(tmp_path / "out")]) == 0
        paths = [tmp_path / "out" / f"{command.split()[0]}.{suffix}" for suffix in ("csv", "png", "svg")]
        assert json.loads(capsys.readouterr().out) == {"files": [str(path) for path in paths]}
        assert sorted((tmp_path / "out").iterdir()) == paths
        return pd.read_csv(paths[0], **kwargs)

    return run


def documents_of(files, split):
    return [json.loads(line) for line in (files / f"{split}.jsonl").read_text().splitlines()]


def test_label_correlation(draw, files, data):
    table = draw(f"label-correlation {data}", index_col=0)
    holds = [[name in row["labels"] for name in NAMES] for row in documents_of(files, "train")]
    np.testing.assert_allclose(table.loc[NAMES, NAMES], np.corrcoef(np.array(holds).T), atol=1e-5)
    assert len(draw(f"label-correlation {data} --split test --top 2", index_col=0)) == 2


@pytest.fixture
def unknown(files, tmp_path) -> str:
    """Options of documents in which the last label is unknown wherever the first is not set."""
    rows = documents_of(files, "train")
    for row in rows:
        row["unknown_labels"] = [] if NAMES[0] in row["labels"] else [NAMES[2]]
        row["labels"] = [name for name in row["labels"] if name not in row["unknown_labels"]]
    file = write_jsonl(tmp_path / "train.jsonl", rows)
    return f"--train_file {file} --validation_file {file}"


def test_correlation_is_of_known_labels(draw, unknown):
    table = draw(f"label-correlation {unknown}", index_col=0)
    assert np.isnan(table.loc[NAMES[0], NAMES[2]])  # where both are known, the first is always set
    assert not table.loc[[NAMES[1]]].isna().any(axis=None)


def test_correlation_beside_attention_is_of_known_labels(draw, unknown, lm_mtc):
    command = f"label-attention --model_name_or_path {lm_mtc} {unknown} --split train"
    table = draw(command, index_col=["panel", "label"]).loc["correlation"]
    assert np.isnan(table.loc[NAMES[0], NAMES[2]])
    assert not table.loc[[NAMES[1]]].isna().any(axis=None)


def test_frequency_is_of_known_labels(draw, unknown, model, pretrained):
    table = draw(f"f1-by-frequency --models {model} {pretrained} {unknown} --split validation --bins 3")
    assert table["from"].min() > 0


def test_label_correlation_of_documents_whose_text_is_missing(draw, tmp_path, monkeypatch):
    """AAPD: label sets alone."""
    monkeypatch.setattr("labelwise.datasets_scripts.aapd.AAPD.COUNTS", {})
    for part, labels in {"train": "a b\nb a\nc\nc a\n", "val": "a\n", "test": "b\n"}.items():
        (tmp_path / f"label_{part}").write_text(labels)
        if part != "train":
            (tmp_path / f"text_{part}").write_text("a text\n")
    table = draw(f"label-correlation --dataset aapd --data_dir {tmp_path}", index_col=0)
    expected = np.corrcoef([[1, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]])
    np.testing.assert_allclose(table.loc[["a", "b", "c"], ["a", "b", "c"]], expected, atol=1e-5)


def test_label_attention(draw, data, files, lm_mtc):
    table = draw(f"label-attention --model_name_or_path {lm_mtc} {data}", index_col=["panel", "label"])
    assert table.index.unique("panel").tolist() == ["correlation", "layer 2"]  # of two, the second is the last
    assert set(table) == set(NAMES) == set(table.loc["layer 2"].index)
    assert np.diag(table.loc["correlation"]).tolist() == [1] * len(NAMES)
    rows = table.loc["layer 2"].sum(axis=1)
    assert (rows > 0).all() and (rows < len(documents_of(files, "test"))).all()
    both = draw(f"label-attention --model_name_or_path {lm_mtc} {data} --layers 1 2 --top 2 --batch_size 3")
    assert both["panel"].tolist() == [panel for panel in ("correlation", "layer 1", "layer 2") for _ in range(2)]
    assert len(both.columns) == 4


def test_loss_curves(draw, lm_mtc):
    table = draw(f"loss-curves --runs {lm_mtc}")
    assert table["run"].unique().tolist() == ["lm-mtc"]
    assert table["step"].tolist() == [4, 8, 12]
    assert (table["mlm_loss"] > table["label_loss"]).all()


def test_mlm_weight(draw, lm_mtc, tmp_path):
    other = shutil.copytree(lm_mtc, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps({**config, "mlm_weight": 0.0}))
    table = draw(f"mlm-weight --runs {lm_mtc} {other} --split validation", index_col="run")
    assert table["mlm_weight"].to_dict() == {"lm-mtc": 0.5, "other": 0.0}
    measured = json.loads((lm_mtc / "results.json").read_text())["metrics"]["validation"]
    for name in ("subset_accuracy", "micro_f1", "micro_jaccard", "hamming_loss"):
        assert table[name].tolist() == pytest.approx([measured[name]] * 2, rel=1e-5)


def test_mlm_weight_of_runs_with_other_seeds_and_logs(draw, lm_mtc, tmp_path):
    other = shutil.copytree(lm_mtc, tmp_path / "other")
    results = json.loads((other / "results.json").read_text())
    command = [*results["command"], "--mlm_weight", "1", "--seed", "7", "--logging_steps", "9"]
    (other / "results.json").write_text(json.dumps({**results, "command": command}))
    assert len(draw(f"mlm-weight --runs {lm_mtc} {other}")) == 2


def test_f1_by_frequency(draw, data, files, model, pretrained):
    table = draw(f"f1-by-frequency --models {model} {pretrained} {data} --bins 1")
    assert table["labels"].tolist() == [3]
    counts = [sum(name in row["labels"] for row in documents_of(files, "train")) for name in NAMES]
    assert table["from"].tolist() == [min(counts)] and table["to"].tolist() == [max(counts)]
    for folder in (model, pretrained):
        macro_f1 = json.loads((folder / "results.json").read_text())["metrics"]["test"]["macro_f1"]
        assert table[folder.name].tolist() == pytest.approx([macro_f1], rel=1e-5)
    table = draw(f"f1-by-frequency --models {model} {model} --names one from {data}")  # a column of the table's own
    assert table["labels"].sum() == 3 and table["one"].equals(table["from.1"])


def test_a_list_of_the_figures(capsys):
    assert cli.main(["figure", "--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in figure.FIGURES)


@pytest.mark.parametrize("name", figure.FIGURES)
def test_help_of_a_figure(capsys, name):
    assert cli.main(["figure", name, "--help"]) == 0
    assert f"usage: labelwise figure {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", "the NAME is missing; must be one of label-correlation,"),
        ("label-corelation DATA", "unknown name 'label-corelation'; must be one of label-correlation,"),
        ("label-correlation", "name the data"),
        ("label-correlation DATA --split nosuch", "has no nosuch documents; it has train"),
        ("label-correlation DATA --top 1", "--top 1: "),
        ("label-correlation DATA --output_dir FILE", "is a file; name a folder"),
        ("label-correlation DATA --name a/b", "--name a/b"),
        ("label-correlation DATA --name ..", "--name .."),
        ("label-attention DATA --model_name_or_path MODEL", "has no label tokens"),
        ("label-attention DATA", "required: --model_name_or_path"),
        ("label-attention DATA --model_name_or_path LM --layers 2 3", "--layers 3: LM has layers 1 to 2"),
        ("label-attention DATA --model_name_or_path LM --layers 0", "--layers 0"),
        ("label-attention DATA --model_name_or_path LM --layers 2 2", "--layers 2 2: name each layer once"),
        ("label-attention DATA --model_name_or_path LM --split nosuch", "has no nosuch documents"),
        ("loss-curves --runs nowhere", "nowhere/trainer_state.json is missing"),
        ("loss-curves --runs MODEL", "its loss has one part"),
        ("loss-curves --runs LM DAMAGED", "trainer_state.json is corrupted"),
        ("loss-curves --runs LM LM/", "LM/: name each folder once"),
        ("mlm-weight --runs LM LM", "LM: name each folder once"),
        ("mlm-weight --runs LM MODEL", "MODEL is a lw_lstm model"),
        ("mlm-weight --runs LM UNFINISHED", "UNFINISHED contains no results.json"),
        ("mlm-weight --runs NOTEST", "NOTEST has no metrics on test; results.json has validation"),
        (
            "mlm-weight --runs LM ANOTHER",
            "ANOTHER differs from LM in more than --mlm_weight and --seed: --dataset another",
        ),
        ("mlm-weight --runs LM GROWN", "in more than --mlm_weight and --seed: documents '96 train', not"),
        ("mlm-weight --runs LM LONGER", "in more than --mlm_weight and --seed: --num_train_epochs 9, not"),
        ("f1-by-frequency --models MODEL MODEL DATA", "MODEL: name each folder once"),
        ("f1-by-frequency --models MODEL LM DATA --names one", "--names gives 1 name for 2 models"),
        ("f1-by-frequency --models MODEL LM DATA --names one one", "--names one one: two models have the same name"),
        ("f1-by-frequency --models MODEL DATA --bins 0", "--bins 0"),
        ("f1-by-frequency --models MODEL --test_file FILE", "give a train_file"),
        ("f1-by-frequency --models nowhere DATA", "nowhere is neither a folder nor a Hub id"),
    ],
)
def test_wrong_options(refused, data, model, lm_mtc, files, tmp_path, options, told):
    places = {"MODEL": model, "LM": lm_mtc, "FILE": files / "test.jsonl"}
    results = json.loads((lm_mtc / "results.json").read_text())
    changed = {
        "DAMAGED": ("trainer_state.json", '{"log_history": '),
        "UNFINISHED": ("results.json", None),
        "NOTEST": ("results.json", json.dumps({**results, "metrics": {"validation": {}}})),
        "ANOTHER": ("results.json", json.dumps({**results, "dataset": "another"})),
        "GROWN": ("results.json", json.dumps({**results, "documents": {"train": 96}})),
        "LONGER": ("results.json", json.dumps({**results, "command": [*results["command"], "--num_train_epochs=9"]})),
    }
    for name, (file, content) in changed.items():
        if name in options:
            places[name] = shutil.copytree(lm_mtc, tmp_path / name.lower())
            (places[name] / file).unlink()
            if content:
                (places[name] / file).write_text(content)
    for name, path in places.items():
        options, told = options.replace(name, str(path)), told.replace(name, str(path))
    assert told in refused(f"figure {options.replace('DATA', data)}")


def test_a_package_is_missing(refused, data, monkeypatch):
    monkeypatch.setattr("labelwise.analysis.drawing.find_spec", lambda name: None)
    assert "pip install 'labelwise[figures]'" in refused(f"figure label-correlation {data}")


def test_a_disk_that_is_full(tmp_path, data, monkeypatch, capsys):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    out = tmp_path / "out"
    command = f"figure label-correlation {data} --output_dir {out}"
    assert cli.main(f"{command} --top 2".split()) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    monkeypatch.setattr(pd.DataFrame, "to_csv", full)  # the last of three files
    assert cli.main(command.split()) == 2
    assert capsys.readouterr().err.endswith(f"--output_dir {out} cannot be written: No space left on device\n")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before and len(before) == 3


def test_nothing_is_written_where_drawing_fails(tmp_path):
    rows = [{"text": "a", "labels": ["\U000f0000"]}, {"text": "b", "labels": ["bank"]}]
    file = write_jsonl(tmp_path / "train.jsonl", rows * 10)
    out = tmp_path / "out"
    assert cli.main(f"figure label-correlation --train_file {file} --output_dir {out}".split()) == 2
    assert not out.exists()
