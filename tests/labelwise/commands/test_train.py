# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train` from texts to a folder that the Auto classes load."""

import ast
import csv
import json
import re
import shutil
from pathlib import Path
from stat import S_IMODE

import datasets
import labelwise_cli as cli
import pytest
import torch
from huggingface_hub import ModelCard
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, AutoTokenizer, pipeline
from transformers.utils.logging import enable_progress_bar

from labelwise import WordTokenizer
from labelwise.datasets_scripts.bdci_car2018 import BDCICar2018
from labelwise.modeling.label_loss import binary_cross_entropy
from labelwise.trainer.label_wise_pretrainer import LabelWisePreTrainer
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.whole_folders import UNFINISHED_NAME

from ...file_modes import modes_of, usual_mode
from ...resuming import assert_same_weights, interrupt, results_of, weights_of
from ...tiny_corpus import PRETRAINING, TINY, TINY_FROM_CHECKPOINT, TINY_LSTM, make_documents, write_jsonl

METRICS = {"micro_f1", "macro_f1", "hamming_loss", "one_error", "subset_accuracy", "micro_jaccard"}
MODEL = {"model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json", "trainer_state.json"}
FILES = {*MODEL, "results.json", "README.md"}


def train(command: str) -> int:
    return cli.main(["train", *command.split()])


def data_files(folder: Path) -> set[str]:
    """What a folder holds beside the code that goes with every model."""
    return {path.name for path in folder.iterdir() if path.is_file() and path.suffix != ".py"}


def assert_loads(folder: Path, representations: int, width: int) -> None:
    """Everything that a user does with a finished folder."""
    assert data_files(folder) == FILES
    texts = ["The money and the loan. A ball.", "soup"]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert isinstance(tokenizer, WordTokenizer)
    batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    encoder = AutoModel.from_pretrained(folder).eval()
    assert encoder(**batch).last_hidden_state.shape == (2, representations, width)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    expected = model(**batch).logits.sigmoid().tolist()
    tagger = pipeline("text-classification", model=str(folder), top_k=None)
    for scores, row in zip(tagger(texts), expected, strict=True):
        found = {score["label"]: score["score"] for score in scores}
        assert [found[name] for name in ("bank", "food", "sport")] == pytest.approx(row, abs=1e-5)


@pytest.mark.parametrize(("name", "representations"), [("lstm", 1), ("han", 1), ("lw-lstm", 3), ("hlw-lstm", 3)])
def test_plain(data, tmp_path, name, representations):
    out = tmp_path / "out"
    assert train(f"--model {name} {data} {TINY} --output_dir {out}") == 0
    assert_loads(out, representations, 2 * 8)
    assert not (out / "pretraining").exists()


@pytest.mark.parametrize("name", ["lstm", "han"])
def test_pretrained_with_one_representation_for_all_labels(data, tmp_path, name):  # Table 3 of LW-PT
    out = tmp_path / "out"
    assert train(f"--model {name} {data} {TINY} {PRETRAINING} --freeze_encoder --output_dir {out}") == 0
    assert_loads(out, 1, 4 * 8)


@pytest.mark.parametrize("name", ["lw-lstm", "hlw-lstm"])
def test_pretrained(data, tmp_path, name):
    frozen = tmp_path / "frozen"
    assert train(f"--model {name} {data} {TINY} {PRETRAINING} --freeze_encoder --output_dir {frozen}") == 0
    assert_loads(frozen, 3, 4 * 8)
    assert data_files(frozen / "pretraining") == MODEL
    pretrained, classifier = weights_of(frozen / "pretraining"), weights_of(frozen)
    assert all(torch.equal(classifier[weight], pretrained[weight]) for weight in pretrained)

    # Both a classifier and a pre-trained encoder can be started from; the encoders learn on.
    for source in (frozen, frozen / "pretraining"):
        tuned = tmp_path / f"from-{source.name}"
        assert train(f"--model_name_or_path {source} {data} {TINY_FROM_CHECKPOINT} --output_dir {tuned}") == 0
        assert_loads(tuned, 3, 4 * 8)
        changed = [weight for weight in pretrained if not torch.equal(weights_of(tuned)[weight], pretrained[weight])]
        assert any("context" in weight for weight in changed)
        assert not any("embeddings" in weight for weight in changed)  # learned vectors stay as they are


def test_results(data, model):
    results = results_of(model)
    assert results["documents"] == {"train": 48, "validation": 16, "test": 16}
    assert results["metrics"].keys() == {"validation", "test"}
    assert all(scores.keys() == METRICS for scores in results["metrics"].values())
    assert results["command"] == f"labelwise train {data} {TINY_LSTM} --output_dir {model}".split()
    assert (results["seed"], results["split_seed"], results["epochs"]) == (42, 0, 2.0)
    assert results["num_parameters"] == sum(weight.numel() for weight in weights_of(model).values())
    assert results["vocab_size"] == len(AutoTokenizer.from_pretrained(model))
    assert {"python", "torch", "transformers", "labelwise"} <= results["versions"].keys()
    assert results["machine"]
    assert results["wall_time_seconds"] > 0


def test_pretraining_results(pretrained):
    assert 0 <= results_of(pretrained)["pretraining"]["eval_accuracy"] <= 1
    assert "It was pre-trained in 3 iterations" in ModelCard.load(pretrained / "README.md").text


@pytest.fixture(scope="module")
def tuned(data, tmp_path_factory) -> Path:
    """The trained LW-LSTM once more, with a threshold per label."""
    folder = tmp_path_factory.mktemp("tuned") / "out"
    assert train(f"{data} {TINY_LSTM} --tune_thresholds per-label --output_dir {folder}") == 0
    return folder


def test_tuned_thresholds(data, model, tuned, capsys):
    """They change neither the weights nor the metrics at 0.5, and what is measured at them stands beside."""
    assert_same_weights(model, tuned)
    found, plain = results_of(tuned), results_of(model)
    assert found["metrics"] == plain["metrics"]
    assert plain["threshold"] == 0.5
    assert plain["threshold_tuning"] is plain["metrics_at_tuned_thresholds"] is None
    assert found["threshold"] == AutoConfig.from_pretrained(tuned).thresholds
    assert len(found["threshold"]) == 3
    tuning, at_tuned = found["threshold_tuning"], found["metrics_at_tuned_thresholds"]
    assert (tuning["mode"], tuning["metric"], tuning["documents"]) == ("per-label", "macro_f1", 16)
    assert tuning["score_at_0.5"] == pytest.approx(found["metrics"]["validation"]["macro_f1"])
    assert tuning["tuned_score"] == pytest.approx(at_tuned["validation"]["macro_f1"])
    for metric in ("micro_f1", "macro_f1"):  # whichever was maximized
        assert tuning[metric]["tuned"] == pytest.approx(at_tuned["validation"][metric])
    assert tuning["tuned_score"] > tuning["score_at_0.5"]
    for split in ("validation", "test"):
        capsys.readouterr()
        assert cli.main(f"evaluate --model_name_or_path {tuned} {data} --split {split}".split()) == 0
        assert json.loads(capsys.readouterr().out) == {**at_tuned[split], "threshold": found["threshold"]}
    assert "validation, tuned" in (tuned / "README.md").read_text("utf-8")


def test_tuned_thresholds_are_printed_apart(data, tmp_path, capsys):
    capsys.readouterr()
    assert train(f"{data} {TINY} --tune_thresholds global --output_dir {tmp_path / 'out'}") == 0
    results = results_of(tmp_path / "out")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed == {**results["metrics"], "at_tuned_thresholds": results["metrics_at_tuned_thresholds"]}


def test_training_on_starts_without_the_thresholds_of_the_checkpoint(data, tuned, tmp_path):
    out = tmp_path / "out"
    assert train(f"--model_name_or_path {tuned} {data} {TINY_FROM_CHECKPOINT} --output_dir {out}") == 0
    assert AutoConfig.from_pretrained(out).thresholds == 0.5
    assert results_of(out)["threshold"] == 0.5


def test_a_run_that_starts_from_a_pretraining_tells_of_it(data, pretrained, model, tmp_path):
    """Whether it starts from the pre-training itself, from its copy without a record, or from what grew out of it."""
    expected = results_of(pretrained)["pretraining"]
    assert expected["step"] == 3
    bare = shutil.copytree(pretrained / "pretraining", tmp_path / "bare")
    (bare / "trainer_state.json").unlink()
    for source, told in {pretrained / "pretraining": expected, pretrained: expected, bare: {}, model: None}.items():
        out = tmp_path / f"from-{source.name}"
        assert train(f"--model_name_or_path {source} {data} {TINY_FROM_CHECKPOINT} --output_dir {out}") == 0
        assert results_of(out)["pretraining"] == told
        assert ("It was pre-trained" in ModelCard.load(out / "README.md").text) == (told is not None)


@pytest.mark.parametrize("content", ["{", "[]", '{"log_history": []}'])
def test_a_damaged_record_of_the_pretraining_is_refused(refused, data, pretrained, tmp_path, content):
    source = shutil.copytree(pretrained / "pretraining", tmp_path / "source")
    (source / "trainer_state.json").write_text(content)
    message = refused(f"train --model_name_or_path {source} {data} {TINY_FROM_CHECKPOINT} --output_dir out")
    assert "trainer_state.json is corrupted" in message


def test_the_code_on_the_card_runs(tuned, monkeypatch, capsys):
    """With the package, and what stands there for those without, which has to find the same labels."""
    monkeypatch.chdir(tuned.parent)
    blocks = re.findall(r"^```python\n(.*?)^```$", (tuned / "README.md").read_text("utf-8"), re.M | re.S)
    with_package, without_package = (block.replace("A text to label.", "the money and a ball") for block in blocks)
    capsys.readouterr()
    exec(with_package, {})
    found = ast.literal_eval(capsys.readouterr().out)
    assert found["scores"].keys() == {"bank", "food", "sport"}
    exec(without_package, {})
    assert ast.literal_eval(capsys.readouterr().out) == found["labels"] != []


def test_best_epoch_is_kept(data, files, model):
    """What is saved is what was measured: the metrics are those of the weights in the folder."""
    state = json.loads((model / "trainer_state.json").read_text())
    logged = [entry["eval_micro_f1_plus_macro_f1"] for entry in state["log_history"] if "eval_loss" in entry]
    found = results_of(model)["metrics"]["validation"]
    assert found["micro_f1"] + found["macro_f1"] == pytest.approx(max(logged))


def test_same_seed_same_weights(data, model, pretrained, tmp_path):
    assert train(f"{data} {TINY_LSTM} --output_dir {tmp_path / 'plain'}") == 0
    assert_same_weights(model, tmp_path / "plain")
    command = f"--model hlw-lstm {data} {TINY} {PRETRAINING} --freeze_encoder"
    assert train(f"{command} --output_dir {tmp_path / 'again'}") == 0
    assert_same_weights(pretrained / "pretraining", tmp_path / "again" / "pretraining")
    assert_same_weights(pretrained, tmp_path / "again")
    assert train(f"{data} {TINY_LSTM} --seed 1 --output_dir {tmp_path / 'other'}") == 0
    with pytest.raises(AssertionError):
        assert_same_weights(model, tmp_path / "other")


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory) -> dict[int, Path]:
    """Runs that were never stopped, by their steps of pre-training."""
    folders = {steps: tmp_path_factory.mktemp("whole") / "out" for steps in (3, 104)}
    for steps, folder in folders.items():
        assert train(f"{data} {TINY} --pretraining_steps {steps} --pretraining_batch_size 2 --output_dir {folder}") == 0
    return folders


@pytest.mark.parametrize(
    ("steps", "trainer", "method", "after"),
    [
        (104, LabelWisePreTrainer, "training_step", 102),  # a checkpoint is written every 100
        (3, LabelWisePreTrainer, "save_model", 1),  # after the checkpoint
        (3, MultiLabelTrainer, "training_step", 3),  # of 6 in an epoch: pre-training is whole, no checkpoint behind it
        (3, MultiLabelTrainer, "training_step", 9),
        (3, MultiLabelTrainer, "predict", 0),
    ],
)
def test_resumed_run_ends_as_if_never_stopped(
    data, whole, tmp_path, monkeypatch, capsys, steps, trainer, method, after
):
    out = tmp_path / "out"
    command = f"{data} {TINY} --pretraining_steps {steps} --pretraining_batch_size 2 --output_dir {out}"
    with monkeypatch.context() as patch:
        interrupt(patch, trainer, method, after)
        capsys.readouterr()
        assert train(command) == 130
        assert "\nlabelwise train: interrupted\n" in capsys.readouterr().err
    assert not (out / "config.json").exists()
    assert train(command) == 2
    assert train(f"{command} --resume") == 0
    assert_same_weights(whole[steps] / "pretraining", out / "pretraining")
    assert_same_weights(whole[steps], out)
    expected, found = results_of(whole[steps]), results_of(out)
    assert expected["metrics"] == found["metrics"]
    assert expected["pretraining"]["eval_accuracy"] == found["pretraining"]["eval_accuracy"]


def test_resume_keeps_the_loss(data, tmp_path, monkeypatch):
    """Given again, as every option is."""
    command = f"{data} {TINY} --loss zlpr"
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert train(f"{command} --output_dir {whole}") == 0
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 9)
        assert train(f"{command} --output_dir {out}") == 130
    assert train(f"{command} --resume --output_dir {out}") == 0
    assert_same_weights(whole, out)


@pytest.mark.parametrize("loss", ["zlpr", "distribution_balanced"])
def test_other_losses_on_the_embedded_corpus(tmp_path, loss):
    shape = "--hidden_size 6 --embedding_size 8 --num_hidden_layers 1 --word_vectors random --max_words 20"
    steps = "--max_steps 120 --eval_strategy no --save_strategy no --load_best_model_at_end false"
    out = tmp_path / "out"
    options = f"{shape} {steps} --learning_rate 0.02 --loss {loss}"
    assert train(f"--dataset support_tickets {options} --output_dir {out}") == 0
    model = AutoModelForSequenceClassification.from_pretrained(out)
    assert model.loss_function.func is binary_cross_entropy  # the loss is of the training, no part of the model
    assert results_of(out)["metrics"]["test"]["micro_f1"] > 0.2
    assert {"--loss", loss} < set(results_of(out)["command"])


def test_resume_passes_over_a_checkpoint_that_is_not_whole(data, model, tmp_path):
    out = tmp_path / "out"
    (out / "checkpoint-99").mkdir(parents=True)
    (out / "checkpoint-99" / "model.safetensors").write_bytes(b"half")
    assert train(f"{data} {TINY_LSTM} --resume --output_dir {out}") == 0
    assert_same_weights(model, out)


def test_a_finished_folder_has_no_state_of_training(pretrained):
    """Its weights are as readable as the other files, those of the pre-training too."""
    names = {path.name for path in pretrained.rglob("*") if path.is_file()}
    assert not names & {"optimizer.pt", "scheduler.pt", "rng_state.pth", "training_args.bin"}
    assert not list(pretrained.rglob("checkpoint-*"))
    assert modes_of(pretrained) == {usual_mode(pretrained)}
    assert len(list(pretrained.rglob("model.safetensors"))) == 2


def test_resume_of_a_finished_run(data, refused, model, tmp_path):
    out = shutil.copytree(model, tmp_path / "out")
    shutil.copytree(out, out / UNFINISHED_NAME / "checkpoint-99")  # its deletion was interrupted
    error = refused(f"train {data} {TINY_LSTM} --resume --output_dir {out}")
    assert f"the run in {out} is finished, and no checkpoint is left; pass --overwrite to train again" in error
    assert not (out / UNFINISHED_NAME).exists()


def test_keep_checkpoints(data, model, tmp_path):
    """A finished run that kept them is resumed."""
    command = f"{data} {TINY_LSTM} --keep_checkpoints --output_dir {tmp_path / 'out'}"
    assert train(command) == 0
    assert list((tmp_path / "out").glob("checkpoint-*/optimizer.pt"))
    weights = list((tmp_path / "out").rglob("*.safetensors"))
    assert len(weights) == 2 and {S_IMODE(path.stat().st_mode) for path in weights} == {usual_mode(tmp_path)}
    assert train(f"{command} --resume") == 0
    assert_same_weights(model, tmp_path / "out")


def test_a_killed_overwriting_run_is_not_finished(data, model, tmp_path, monkeypatch):
    out = shutil.copytree(model, tmp_path / "out")
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 1)
        assert train(f"{data} {TINY_LSTM} --overwrite --output_dir {out}") == 130
    assert train(f"{data} {TINY_LSTM} --resume --output_dir {out}") == 0
    assert_same_weights(model, out)


def test_overwrite(data, pretrained, model, tmp_path):
    out = shutil.copytree(pretrained, tmp_path / "out")
    for name in ("notes.txt", "README.md"):  # a card that was edited is one's own file
        (out / name).write_text("mine")
    assert train(f"{data} {TINY_LSTM} --overwrite --output_dir {out}") == 0
    assert_same_weights(model, out)
    assert not (out / "pretraining").exists()
    assert (out / "notes.txt").read_text() == (out / "README.md").read_text() == "mine"


@pytest.mark.parametrize("kind", ["csv", "parquet", "ids"])
def test_other_kinds_of_files(data, files, model, tmp_path, kind):
    """The same documents in another form give the same model."""
    options = ""
    for split in ("train", "validation", "test"):
        rows = [json.loads(line) for line in (files / f"{split}.jsonl").read_text().splitlines()]
        if kind == "csv":
            with (tmp_path / f"{split}.csv").open("w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["comment", "topics"])
                writer.writerows([row["text"], "|".join(row["labels"])] for row in rows)
        elif kind == "parquet":
            datasets.Dataset.from_list(rows).to_parquet(tmp_path / f"{split}.parquet")
        else:
            ids = {"bank": 0, "food": 1, "sport": 2}
            rows = [{"text": row["text"], "labels": [ids[label] for label in row["labels"]]} for row in rows]
            write_jsonl(tmp_path / f"{split}.jsonl", rows)
        options += f" --{split}_file {tmp_path / split}.{'jsonl' if kind == 'ids' else kind}"
    if kind == "csv":
        options += " --text_column comment --label_column topics --label_separator | --missing_labels negative"
    assert train(f"{options} {TINY_LSTM} --output_dir {tmp_path / 'out'}") == 0
    assert_same_weights(model, tmp_path / "out")
    names = json.loads((tmp_path / "out" / "config.json").read_text())["id2label"].values()
    assert list(names) == (["0", "1", "2"] if kind == "ids" else ["bank", "food", "sport"])


def test_validation_is_cut_off_and_test_is_optional(files, tmp_path):
    assert train(f"--train_file {files / 'train.jsonl'} {TINY} --output_dir {tmp_path / 'out'}") == 0
    results = results_of(tmp_path / "out")
    assert results["documents"] == {"train": 43, "validation": 5}
    assert results["metrics"].keys() == {"validation"}


CHINESE = [("这辆车的发动机很有力", "动力"), ("油耗太高了", "油耗"), ("座椅很舒服", "舒适性"), ("价格便宜", "价格")]


def test_own_chinese_file(tmp_path):
    rows = [{"text": text + "。", "labels": [label]} for text, label in CHINESE * 8]
    file = write_jsonl(tmp_path / "train.jsonl", rows)
    assert train(f"--train_file {file} {TINY} --segmenter jieba --output_dir {tmp_path / 'out'}") == 0
    assert "发动机" in AutoTokenizer.from_pretrained(tmp_path / "out").get_vocab()
    assert "`舒适性`" in (tmp_path / "out" / "README.md").read_text("utf-8")


def test_chinese_corpus_goes_through_jieba(tmp_path, monkeypatch):
    monkeypatch.setattr(BDCICar2018, "COUNTS", {})
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(tmp_path / "cache"))
    with (tmp_path / "train_2.csv").open("w", encoding="utf-8") as file:
        file.write("content_id,content,subject,sentiment_value,sentiment_word\n")
        file.writelines(f"{number},{text}{number},{label},0,\n" for number, (text, label) in enumerate(CHINESE * 10))
    command = f"--dataset bdci_car2018 --data_dir {tmp_path} {TINY} --output_dir {tmp_path / 'out'}"
    assert train(command) == 0
    assert "发动机" in AutoTokenizer.from_pretrained(tmp_path / "out").get_vocab()
    assert results_of(tmp_path / "out")["documents"] == {"train": 32, "validation": 4, "test": 4}


def test_word_vectors_are_trained_when_asked_or_random(data, tmp_path):
    def vectors(folder, options):
        assert train(f"{data} {TINY} {options} --output_dir {tmp_path / folder}") == 0
        return next(value for name, value in weights_of(tmp_path / folder).items() if "embeddings" in name)

    frozen = vectors("frozen", "--word_vectors skip-gram")
    assert not torch.equal(frozen, vectors("trained", "--word_vectors skip-gram --train_embeddings"))
    assert torch.equal(frozen, vectors("faster", "--word_vectors skip-gram --learning_rate 0.01"))
    random = vectors("random", "--word_vectors random")
    assert not torch.equal(random, vectors("random-faster", "--word_vectors random --learning_rate 0.01"))


def test_vectors_from_a_file(data, tmp_path):
    (tmp_path / "vectors.txt").write_text(f"money {' 1' * 8}\nball {' 2' * 8}\n".replace("  ", " "))
    command = f"{data} {TINY} --word_vectors {tmp_path / 'vectors.txt'} --output_dir"
    assert train(f"{command} {tmp_path / 'out'}") == 0
    words = AutoTokenizer.from_pretrained(tmp_path / "out").get_vocab()
    vectors = next(value for name, value in weights_of(tmp_path / "out").items() if "embeddings" in name)
    assert vectors[words["money"]].tolist() == [1.0] * 8
    assert vectors[words["ball"]].tolist() == [2.0] * 8


@pytest.mark.parametrize("options", ["--classifier mlp --label_graph", "--classifier label_wise --rnn_type gru"])
def test_heads_and_cells(data, tmp_path, options):
    assert train(f"{data} {TINY} {options} --output_dir {tmp_path / 'out'}") == 0
    assert_loads(tmp_path / "out", 3, 2 * 8)


@pytest.mark.parametrize("options", ["", "--disable_tqdm True"])
def test_no_progress_bars_without_a_terminal_or_when_asked(data, tmp_path, capsys, options):
    try:
        assert train(f"{data} {TINY} --word_vectors skip-gram --output_dir {tmp_path / 'out'} {options}") == 0
        told = capsys.readouterr().err
        assert " documents; " in told and "%|" not in told and "\r" not in told
    finally:
        enable_progress_bar()
        datasets.enable_progress_bars()


def test_workers_change_nothing(data, model, tmp_path):
    assert train(f"{data} {TINY_LSTM} --dataloader_num_workers 2 --output_dir {tmp_path / 'out'}") == 0
    assert_same_weights(model, tmp_path / "out")


def test_tensorboard(data, model, tmp_path, monkeypatch):
    monkeypatch.setenv("TENSORBOARD_LOGGING_DIR", str(tmp_path / "board"))
    assert train(f"{data} {TINY_LSTM} --report_to tensorboard --output_dir {tmp_path / 'out'}") == 0
    assert list((tmp_path / "board").glob("**/events.out.tfevents.*"))
    assert_same_weights(model, tmp_path / "out")


def test_documents_without_words(tmp_path):
    """Empty texts and texts of unknown words are documents like others."""
    rows = [*make_documents(20, 3), {"text": "", "labels": ["bank"]}, {"text": "\u3000 \t", "labels": []}]
    file = write_jsonl(tmp_path / "train.jsonl", rows)
    for name in ("lw-lstm", "hlw-lstm"):
        command = f"--model {name} --train_file {file} --validation_file {file} {TINY} {PRETRAINING}"
        assert train(f"{command} --output_dir {tmp_path / name}") == 0


@pytest.mark.parametrize(("model", "is_told"), [("", True), ("--model lw-lstm", False)])
def test_the_default_model_is_told(tmp_path, capsys, model, is_told):
    (tmp_path / "empty.csv").touch()
    assert train(f"{model} --train_file {tmp_path / 'empty.csv'} --output_dir {tmp_path / 'out'}") == 2
    assert ("no --model: lw-lstm, which needs no pretrained encoder" in capsys.readouterr().err) == is_told
