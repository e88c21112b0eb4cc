# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the model and trainer tests, the Hub that all tests see, and the number of threads of all."""

import gc
import json
import logging
import math
import os
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

from .hub.local_hub import HUB  # isort: skip -- before the libraries that read the environment

# Threads of models so small only wait for each other. Before torch is imported; processes that tests start inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModelForMaskedLM

from labelwise import LWLSTMConfig, WordTokenizer
from labelwise.trainer.bert_from_scratch import train_tokenizer

from .small_quickstart import small_quickstart  # noqa: F401 -- a fixture
from .tiny_corpus import data, files, model, pretrained, refused  # noqa: F401 -- fixtures

REAL = Path(__file__).parents[2] / "shared" / "data"
SMALL = {
    "vocab_size": 60,
    "embedding_size": 6,
    "hidden_size": 5,
    "num_labels": 4,
    "max_words": 14,
    "max_sentences": 4,
    "max_words_per_sentence": 5,
    "initializer_range": 1.0,
}


@pytest.fixture(scope="session")
def real_data():
    """Return the folder with the real corpora, which are not part of the project."""
    if not REAL.is_dir():
        pytest.skip("the real corpora in ../shared/data are missing")
    return REAL


@pytest.fixture(autouse=True, scope="session")
def imports_are_not_collected():
    """Garbage collections leave out what the imports made: Trainer asks for one at each start, and there are a million
    objects by then."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def messages(monkeypatch):
    """Loggers as at their import: each command sets them up for its process."""
    logger = logging.getLogger("labelwise")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", True)
    logger.setLevel(logging.NOTSET)
    logging.lastResort.setLevel(logging.WARNING)
    for name in ("", "datasets.arrow_dataset", "torch", "transformers"):
        logging.getLogger(name).setLevel(logging.WARNING)


@pytest.fixture
def hub(monkeypatch):
    """An empty Hub, nothing kept of what was loaded before, and the token of its user ann; no waiting for a retry."""
    HUB.reset()
    shutil.rmtree(os.environ["HF_HUB_CACHE"], ignore_errors=True)
    monkeypatch.setenv("HF_TOKEN", "hf_ann")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return HUB


@pytest.fixture(scope="session")
def make_config():
    """`make_config(**settings)`: a small configuration; settings go before the small ones."""

    def make(**settings) -> LWLSTMConfig:
        if "id2label" in settings:
            settings["num_labels"] = len(settings["id2label"])
        return LWLSTMConfig(**{**SMALL, **settings})

    return make


@pytest.fixture(
    params=[(False, False), (True, False), (False, True), (True, True)], ids=["lstm", "han", "lw-lstm", "hlw-lstm"]
)
def corner(request) -> dict[str, bool]:
    """The two switches that make the four encoders of one model."""
    hierarchical, label_wise = request.param
    return {"hierarchical": hierarchical, "label_wise": label_wise}


@pytest.fixture(scope="session")
def word_tokenizer() -> WordTokenizer:
    """A tokenizer of the words w0 to w39 (ids 3 to 42) that marks sentence ends."""
    return WordTokenizer.train_from_iterator(
        [" ".join(f"w{word}" for word in range(40))], min_frequency=1, mark_sentences=True
    )


# Tiny encoders, each with a tokenizer of its own kind, as folders like those on the Hub

TEXTS = [
    "the cat sat on the mat and a dog chased the cat away",
    "what joy it was, what deep anger: nobody knows who said so",
    "quick brown foxes jump over lazy dogs while jays vex big zebras",
]
BERT_TOKENS = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
ROBERTA_TOKENS = {"cls": "<s>", "pad": "<pad>", "sep": "</s>", "unk": "<unk>", "mask": "<mask>"}


@cache
def word_piece() -> Tokenizer:
    return train_tokenizer(TEXTS, "wordpiece", vocab_size=115, min_frequency=0, max_length=64).backend_tokenizer


@cache
def roberta_bpe() -> Tokenizer:
    tokenizer = _byte_level(ROBERTA_TOKENS)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return tokenizer


@cache
def modern_bpe() -> Tokenizer:
    tokenizer = _byte_level(BERT_TOKENS)
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.post_processor = _bert_template(tokenizer)
    return tokenizer


@cache
def unigram() -> Tokenizer:
    """Words and their characters, as frequent as in the texts: the library's trainer differs between processes."""
    *special, mask = BERT_TOKENS.values()  # the mask is none of the pieces, the others are, as in DeBERTa-v3
    words = Counter(f"▁{word}" for text in TEXTS for word in text.split())
    characters = Counter("▁[]-" + "".join(words.elements()))
    counts = words | characters
    pieces = [(piece, math.log(number / counts.total())) for piece, number in counts.items()]
    tokenizer = Tokenizer(models.Unigram([(token, 0.0) for token in special] + pieces, unk_id=special.index("[UNK]")))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Strip(), normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([*special, AddedToken(mask, special=True, lstrip=True)])
    tokenizer.post_processor = _bert_template(tokenizer)
    return tokenizer


def _byte_level(tokens: dict[str, str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(token, special=True, lstrip=name == "mask") for name, token in tokens.items()]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        TEXTS,
        trainers.BpeTrainer(vocab_size=290, special_tokens=special, initial_alphabet=alphabet, show_progress=False),
    )
    return tokenizer


def _bert_template(tokenizer: Tokenizer) -> processors.PostProcessor:
    ids = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    return processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ids
    )


ENCODERS = {  # tokenizer, its class on the Hub, its tokens, segment ids, configuration
    "bert": (word_piece, "BertTokenizer", BERT_TOKENS, True, {}),
    "roberta": (roberta_bpe, "RobertaTokenizer", ROBERTA_TOKENS, False, {"max_position_embeddings": 66}),
    "deberta-v2": (
        unigram,
        "DebertaV2Tokenizer",
        BERT_TOKENS,
        True,
        {
            "relative_attention": True,
            "position_buckets": 8,
            "share_att_key": True,
            "pos_att_type": ["p2c", "c2p"],
            "position_biased_input": False,
            "type_vocab_size": 0,
        },
    ),
    "electra": (word_piece, "ElectraTokenizer", BERT_TOKENS, True, {"embedding_size": 12}),
    "modernbert": (
        modern_bpe,
        "PreTrainedTokenizerFast",
        BERT_TOKENS,
        False,
        {"global_attn_every_n_layers": 2, "local_attention": 16},
    ),
}


@pytest.fixture(scope="session")
def make_encoder(tmp_path_factory):
    """`make_encoder(family, **settings)`: the folder of a random masked language model with its tokenizer; `padding`
    adds rows to its embeddings, `tokenizer` settings to its tokenizer's configuration, the others to its own."""

    def make(family: str, padding: int = 0, tokenizer: dict | None = None, **settings) -> str:
        make_tokenizer, tokenizer_class, tokens, segments, family_settings = ENCODERS[family]
        folder = tmp_path_factory.mktemp(family)
        backend = make_tokenizer()
        backend.save(str(folder / "tokenizer.json"))
        names = ["input_ids", "token_type_ids", "attention_mask"] if segments else ["input_ids", "attention_mask"]
        fields = {
            "tokenizer_class": tokenizer_class,
            "model_max_length": 64,
            "model_input_names": names,
            **{f"{name}_token": token for name, token in tokens.items()},
        }
        fields = {name: value for name, value in {**fields, **(tokenizer or {})}.items() if value is not None}
        (folder / "tokenizer_config.json").write_text(json.dumps(fields))
        ids = {f"{name}_token_id": backend.token_to_id(tokens[name]) for name in ("pad", "cls", "sep")}
        config = AutoConfig.for_model(
            family,
            **{
                "vocab_size": backend.get_vocab_size() + padding,
                "hidden_size": 16,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "intermediate_size": 32,
                "max_position_embeddings": 64,
                "bos_token_id": ids["cls_token_id"],
                "eos_token_id": ids["sep_token_id"],
                **ids,
                **family_settings,
                **settings,
            },
        )
        torch.manual_seed(0)
        encoder = AutoModelForMaskedLM.from_config(config)
        with torch.no_grad():
            for parameter in encoder.parameters():  # random biases and norms too; states that differ visibly
                parameter.add_(torch.randn_like(parameter), alpha=0.1)
        encoder.save_pretrained(folder)
        return str(folder)

    return make


@pytest.fixture(scope="session", params=list(ENCODERS))
def encoder(request, make_encoder) -> str:
    """The folder of an encoder of each family."""
    return make_encoder(request.param)


@pytest.fixture(scope="session")
def bert(make_encoder) -> str:
    return make_encoder("bert")
