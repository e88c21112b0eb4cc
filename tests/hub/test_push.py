# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Models to the Hub and back, by our road and by the library's own; what breaks on the way."""

import os
from pathlib import Path

import pytest
import torch
from datasets import Dataset
from huggingface_hub import HfApi
from transformers import (
    AutoModel,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    Trainer,
    TrainingArguments,
    pipeline,
)

from labelwise import (
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LWLSTMForSequenceClassification,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
)
from labelwise.errors import UserInputError
from labelwise.hub.push import check_repo_id, check_token, publish_folder

from .hub_server import ConnectionCut, HTTPFault

LABELS = ["rain", "wet", "sun"]
TEXTS = ["w1 w2 w3. w4 w5", "what joy it was"]


@pytest.fixture(params=["lw_lstm", "hlw_lstm", "lm_mtc"])
def parts(request, make_config, word_tokenizer, bert):
    """A model of each kind and its tokenizer."""
    torch.manual_seed(0)
    if request.param == "lm_mtc":
        return LMMTCForSequenceClassification.from_encoder(bert, LABELS).eval(), LabelTokenizer.from_encoder(
            bert, LABELS
        )
    config = make_config(hierarchical=request.param == "hlw_lstm", id2label=dict(enumerate(LABELS)))
    return LWLSTMForSequenceClassification(config).eval(), word_tokenizer


@pytest.fixture
def model(make_config):
    torch.manual_seed(0)
    return LWLSTMForSequenceClassification(make_config(id2label=dict(enumerate(LABELS)))).eval()


@pytest.fixture
def folder(model, word_tokenizer, tmp_path):
    """A saved model, with what a training run leaves beside it in folders."""
    model.save_pretrained(tmp_path / "out")
    word_tokenizer.save_pretrained(tmp_path / "out")
    (tmp_path / "out" / "checkpoint-7").mkdir()
    (tmp_path / "out" / "checkpoint-7" / "optimizer.pt").write_bytes(b"state")
    return tmp_path / "out"


def logits(model, tokenizer):
    with torch.inference_mode():
        return model(**tokenizer(TEXTS, padding=True, return_tensors="pt")).logits


def test_there_and_back(hub, parts):
    model, tokenizer = parts
    model.push_to_hub("ann/tagger")
    tokenizer.push_to_hub("ann/tagger")
    back = AutoModelForSequenceClassification.from_pretrained("ann/tagger")
    assert type(back) is type(model)
    assert torch.equal(logits(back, AutoTokenizer.from_pretrained("ann/tagger")), logits(model, tokenizer))
    assert AutoModel.from_pretrained("ann/tagger").config.id2label == model.config.id2label
    tagger = pipeline("text-classification", model="ann/tagger", top_k=None)
    for text, rows in zip(TEXTS, tagger(TEXTS), strict=True):
        with torch.inference_mode():
            scores = model(**tokenizer(text, return_tensors="pt")).logits[0].sigmoid().tolist()
        assert {row["label"]: row["score"] for row in rows} == pytest.approx(dict(zip(LABELS, scores, strict=True)))


@pytest.mark.parametrize("chunk_size", [None, 1000])
def test_a_folder_is_one_commit(hub, folder, model, chunk_size):
    hub.chunk_size = chunk_size
    address = publish_folder(folder, "ann/tagger", commit_message="First try")
    repo = hub.repos["model", "ann/tagger"]
    *_, commit = repo.commits.values()
    assert len(repo.commits) == 2  # the Hub's own and ours
    assert address == f"{hub.url}/ann/tagger/commit/{commit.oid}"
    assert commit.title == "First try"
    assert commit.files.pop(".gitattributes")
    assert commit.files == {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert any("POST /complete/" in line for line in hub.log) == (chunk_size is not None)


def test_a_branch_and_an_old_revision(hub, folder, model):
    publish_folder(folder, "ann/tagger")
    first = hub.repos["model", "ann/tagger"].at("main").oid
    with torch.no_grad():
        model.head.classifier[1].bias.fill_(3.0)
    model.save_pretrained(folder)
    publish_folder(folder, "ann/tagger", revision="v2")
    load = AutoModelForSequenceClassification.from_pretrained
    assert load("ann/tagger").head.classifier[1].bias.max() < 3
    assert load("ann/tagger", revision="v2").head.classifier[1].bias.tolist() == [3.0] * 3
    publish_folder(folder, "ann/tagger")
    assert load("ann/tagger").head.classifier[1].bias.tolist() == [3.0] * 3
    assert load("ann/tagger", revision=first).head.classifier[1].bias.max() < 3


def test_what_was_there_stays(hub, folder):
    publish_folder(folder, "ann/tagger")
    HfApi().upload_file(path_or_fileobj=b"mine", path_in_repo="notes.txt", repo_id="ann/tagger")
    publish_folder(folder, "ann/tagger")  # nothing new: no commit, no error
    assert len(hub.repos["model", "ann/tagger"].commits) == 3
    assert hub.repos["model", "ann/tagger"].files["notes.txt"] == b"mine"


def test_private(hub, folder):
    publish_folder(folder, "ann/secret", private=True)
    assert hub.repos["model", "ann/secret"].private
    publish_folder(folder, "ann/secret", private=True)
    publish_folder(folder, "ann/open")
    (folder / "notes.txt").write_text("nobody should see this")
    with pytest.raises(UserInputError, match="ann/open exists and is public"):
        publish_folder(folder, "ann/open", private=True)
    assert "notes.txt" not in hub.repos["model", "ann/open"].files


@pytest.mark.parametrize(
    ("trainer_class", "arguments"),
    [(Trainer, TrainingArguments), (MultiLabelTrainer, MultiLabelTrainingArguments)],
)
def test_trainer(hub, model, word_tokenizer, tmp_path, trainer_class, arguments):
    rows = Dataset.from_list([{**word_tokenizer(TEXTS[0]), "labels": [1.0, 0.0, 1.0]}] * 8)
    args = arguments(
        str(tmp_path / "run"),
        push_to_hub=True,
        hub_model_id="ann/run",
        max_steps=2,
        save_steps=1,
        save_strategy="steps",
        eval_strategy="no",
        load_best_model_at_end=False,
        disable_tqdm=True,
    )
    trainer = trainer_class(model, args, train_dataset=rows, processing_class=word_tokenizer)
    trainer.train()
    trainer.push_to_hub()
    back = AutoModelForSequenceClassification.from_pretrained("ann/run").eval()
    assert torch.equal(logits(back, AutoTokenizer.from_pretrained("ann/run")), logits(model.eval(), word_tokenizer))
    assert not any("optimizer" in path for path in hub.repos["model", "ann/run"].files)


# Faults


def on(place: str, act, times: int = 1000):
    """A fault that acts on the first requests whose method and path hold `place`, before they are answered."""

    def fault(request, answer):
        nonlocal times
        if answer is None and place in f"{request.method} {request.path}?{request.query}" and times > 0:
            times -= 1
            act()

    return fault


def fail(status: int = 500):
    raise HTTPFault(status, "Internal Error")


def cut():
    raise ConnectionCut


@pytest.mark.parametrize("act", [fail, cut])
@pytest.mark.parametrize("place", ["PUT /storage/", "'part': ['3']", "POST /complete/", "POST /verify", "/commit/"])
def test_broken_upload_leaves_what_was_there(hub, folder, model, place, act):
    hub.chunk_size = None if place == "PUT /storage/" else 1000
    publish_folder(folder, "ann/tagger")
    before = dict(hub.repos["model", "ann/tagger"].files)
    with torch.no_grad():
        model.head.classifier[1].bias.fill_(3.0)
    model.save_pretrained(folder)
    hub.faults = [on(place, act)]
    with pytest.raises(UserInputError) as error:
        publish_folder(folder, "ann/tagger")
    assert str(error.value).startswith("ann/tagger cannot be published: ")
    assert ("the Hub answered 500 (Internal Error); try again" if act is fail else "no connection") in str(error.value)
    assert hub.repos["model", "ann/tagger"].files == before
    hub.faults.clear()
    publish_folder(folder, "ann/tagger")
    assert hub.repos["model", "ann/tagger"].files["model.safetensors"] == (folder / "model.safetensors").read_bytes()


@pytest.mark.parametrize("act", [fail, cut])
def test_upload_that_breaks_once_finishes(hub, folder, act):
    hub.chunk_size = 1000
    hub.faults = [on("'part': ['3']", act, times=1)]
    publish_folder(folder, "ann/tagger")
    assert hub.repos["model", "ann/tagger"].files["model.safetensors"] == (folder / "model.safetensors").read_bytes()


def test_no_network(hub, folder):
    with hub.unplugged():
        for publish in (lambda: check_token("ann/tagger"), lambda: publish_folder(folder, "ann/tagger")):
            with pytest.raises(UserInputError, match=f"no connection to {hub.url} .*refused"):
                publish()


@pytest.mark.parametrize(
    ("token", "repo_id", "told"),
    [
        ("hf_wrong", "ann/tagger", "the Hub does not know the token"),
        ("hf_ann", "bob/tagger", "the token may not do this with bob/tagger"),
        ("hf_ann", "bob/open", "the token may not do this with bob/open"),
    ],
)
def test_not_allowed(hub, folder, monkeypatch, token, repo_id, told):
    hub.tokens["hf_bob"] = "bob"
    monkeypatch.setenv("HF_TOKEN", "hf_bob")
    publish_folder(folder, "bob/open")
    (folder / "notes.txt").write_text("new")
    before = {key: dict(repo.files) for key, repo in hub.repos.items()}
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(UserInputError, match=told):
        publish_folder(folder, repo_id)
    assert {key: repo.files for key, repo in hub.repos.items()} == before


def test_token(hub, monkeypatch):
    check_token("ann/tagger")
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(UserInputError, match="the Hub does not know the token"):
        check_token("ann/tagger")
    monkeypatch.delenv("HF_TOKEN")
    hub.log.clear()
    with pytest.raises(UserInputError, match="no token; log in with `hf auth login`, or set HF_TOKEN"):
        check_token("ann/tagger")
    assert hub.log == []


@pytest.mark.parametrize("repo_id", ["tagger", "a/b/c", "ann/", "ann/tag ger", "ann/..", "ann/tagger.git", ""])
def test_malformed_names(repo_id):
    with pytest.raises(UserInputError, match="is not a name of the Hub"):
        check_repo_id(repo_id)


def test_card_that_is_no_yaml(hub, folder):
    (folder / "README.md").write_text("---\ntags: [\n---\n")
    with pytest.raises(UserInputError, match="Invalid metadata"):
        publish_folder(folder, "ann/tagger")
    assert list(hub.repos["model", "ann/tagger"].files) == [".gitattributes"]


def test_download_that_is_cut_goes_on_where_it_was(hub, make_config, tmp_path):
    # The client writes 10 MB at a time.
    model = LWLSTMForSequenceClassification(make_config(vocab_size=60_000, embedding_size=100))
    model.save_pretrained(tmp_path)
    publish_folder(tmp_path, "ann/tagger")
    asked = []

    def cut_first(request, answer):
        if request.path.startswith("/storage/") and answer is not None:
            asked.append(request.headers.get("range"))
            if len(asked) == 1:
                answer.cut_after = 15_000_000

    hub.faults = [cut_first]
    back = AutoModelForSequenceClassification.from_pretrained("ann/tagger")
    assert asked == [None, f"bytes={10 * 2**20}-"]
    assert all(torch.equal(back.state_dict()[name], weight) for name, weight in model.state_dict().items())


def test_download_that_is_cut_for_good_leaves_nothing(hub, folder, model):
    publish_folder(folder, "ann/tagger")

    def cut_all(request, answer):
        if request.path.startswith("/storage/") and answer is not None:
            answer.cut_after = 100

    hub.faults = [cut_all]
    with pytest.raises(OSError, match="Can't load the model for 'ann/tagger'"):
        AutoModelForSequenceClassification.from_pretrained("ann/tagger")
    assert not list(Path(os.environ["HF_HUB_CACHE"]).rglob("*.safetensors"))
    hub.faults.clear()
    back = AutoModelForSequenceClassification.from_pretrained("ann/tagger")
    assert all(torch.equal(back.state_dict()[name], weight) for name, weight in model.state_dict().items())
