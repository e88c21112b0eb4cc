# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Folders whose configuration, tokenizer and weights do not fit together: refused in one line before anything large is
allocated, or harmless, with the answers of the sound model."""

import io
import json
import os
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path

import labelwise_cli as cli
import pytest
import torch
from safetensors.torch import load_file, save_file

from labelwise import MultiLabelClassifier

from ..tiny_corpus import TINY, write_jsonl

CONFIG, TOKENIZER, SETTINGS, WEIGHTS = "config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"
BILLION = 1_000_000_000
SYSTEMS = {
    "lw-lstm": "",
    "hlw-lstm": "--max_sentences 4 --max_words_per_sentence 6",
    "br": "",
    "cnn": "--kernel_sizes 2 3 --num_filters 5",
    "sgm": "",
    "lm-mtc": "--encoder BERT",
    "lw-encoder": "--encoder BERT --window_size 16",
}
WORDS = ("lw-lstm", "hlw-lstm", "br", "cnn", "sgm")
EMBEDDINGS = ("lw-lstm", "hlw-lstm", "cnn", "sgm")
RECURRENT = ("lw-lstm", "hlw-lstm", "sgm")
OVER_ENCODER = ("lm-mtc", "lw-encoder")
ALL = tuple(SYSTEMS)
TEXTS = [
    "money and a loan. The coach said: goal!",
    "bread",
    "zyzzyva qwertz never seen before",
    "",
    "one soup, two soups. " * 40,
]

Fault = Callable[[Path], object]


# What is done to a folder


def write(path: Path, text: str | bytes) -> None:
    """Write a new file: the one that is there is a hard link to that of the sound model."""
    path.unlink(missing_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def change_json(path: Path, change: Callable[[dict], object]) -> None:
    content = json.loads(path.read_text())
    changed = change(content)
    write(path, json.dumps(content if changed is None else changed))


def config(**fields) -> Fault:
    return lambda folder: change_json(folder / CONFIG, lambda content: content.update(fields))


def config_without(name: str) -> Fault:
    return lambda folder: change_json(folder / CONFIG, lambda content: content.pop(name, None) and None)


def encoder_config(**fields) -> Fault:
    return lambda folder: change_json(folder / CONFIG, lambda content: content["encoder"].update(fields))


def settings(**fields) -> Fault:
    return lambda folder: change_json(folder / SETTINGS, lambda content: content.update(fields))


def settings_without(name: str) -> Fault:
    return lambda folder: change_json(folder / SETTINGS, lambda content: content.pop(name, None) and None)


def backend(change: Callable[[dict], object]) -> Fault:
    return lambda folder: change_json(folder / TOKENIZER, change)


def vocabulary(change: Callable[[dict[str, int]], dict[str, int]]) -> Fault:
    return backend(lambda content: content["model"].update(vocab=change(content["model"]["vocab"])))


def file(name: str, content: bytes | None) -> Fault:
    return lambda folder: (folder / name).unlink() if content is None else write(folder / name, content)


def weights(change: Callable[[dict[str, torch.Tensor]], object]) -> Fault:
    def spoil(folder: Path) -> None:
        found = load_file(folder / WEIGHTS)
        changed = change(found) or found
        (folder / WEIGHTS).unlink()
        save_file(changed, folder / WEIGHTS, metadata={"format": "pt"})

    return spoil


def weights_of(change: Callable[[torch.Tensor], torch.Tensor]) -> Fault:
    return weights(lambda found: {name: change(weight) for name, weight in found.items()})


def without_one(start: str) -> Fault:
    def change(found: dict[str, torch.Tensor]) -> None:
        del found[min(name for name in found if name.startswith("head.") == (start == "head."))]

    return weights(change)


def set_first(value: float) -> Fault:
    def change(found: dict[str, torch.Tensor]) -> None:
        weight = next(weight for name, weight in found.items() if name.startswith("head."))
        weight.view(-1)[0] = value

    return weights(change)


def renamed(name: str) -> Fault:
    """Rename the first word of the vocabulary that is no special token, in tokenizer.json alone."""
    return vocabulary(
        lambda words: {
            name if number == len(words) - 1 else word: id_ for number, (word, id_) in enumerate(words.items())
        }
    )


FAULTS: dict[str, tuple[Fault, tuple[str, ...]]] = {
    # The configuration, as a file
    "config is empty": (file(CONFIG, b""), ALL),
    "config is a list": (file(CONFIG, b"[]"), ALL),
    "config is a number": (file(CONFIG, b"7"), ALL),
    "config is nested too deep": (file(CONFIG, b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), ALL[:1]),
    "config is no UTF-8": (file(CONFIG, b'{"model_type": "\xff\xfe"}'), ALL[:1]),
    "config has NUL": (file(CONFIG, b"\0" * 100), ALL[:1]),
    "config is lost": (file(CONFIG, None), ALL[:1]),
    # Its fields
    **{
        f"model_type is {value!r}": (config(model_type=value), ALL)
        for value in (["lw_lstm"], {}, 7, None, "", "bert", "lw_lstm\n", "cnn", "lm_mtc")
    },
    "model_type is lost": (config_without("model_type"), ALL[:1]),
    **{f"return_dict is {value!r}": (config(return_dict=value), ALL) for value in (False, "no", None)},
    **{f"use_return_dict is {value!r}": (config(use_return_dict=value), ALL[:1]) for value in (False,)},
    **{
        f"output_{name} is {value!r}": (config(**{f"output_{name}": value}), ALL)
        for name in ("hidden_states", "attentions")
        for value in (True, "yes")
    },
    **{f"dtype is {value!r}": (config(dtype=value), ALL) for value in ("nosuch", 7, "int64", "float16", "bfloat16")},
    **{
        f"attn_implementation is {value!r}": (config(attn_implementation=value), ALL)
        for value in ("nosuch", "flash_attention_2")
    },
    **{f"architectures is {value!r}": (config(architectures=value), ALL) for value in ("x", [], ["Nosuch"], [7], None)},
    **{
        f"id2label is {value!r}": (config(id2label=value), ALL)
        for value in (
            {},
            None,
            [],
            "x",
            {"0": 1, "1": 2, "2": 3},
            {"a": "b"},
            {"-1": "x"},
            {"0": ["x"], "1": "y", "2": "z"},
        )
    },
    **{
        f"label2id is {value!r}": (config(label2id=value), ALL[:1])
        for value in ({}, None, [], {"bank": 0.5}, {"bank": "0"})
    },
    **{f"num_labels is {value!r}": (config(num_labels=value), ALL) for value in (0, -1, BILLION, "x", 2)},
    **{
        f"problem_type is {value!r}": (config(problem_type=value), ALL)
        for value in ("regression", "single_label_classification", 7)
    },
    **{
        f"thresholds is {value!r}": (config(thresholds=value), ALL)
        for value in ([], None, "x", [0.5], [0.5] * 4, -1, 2, [None] * 3, {"bank": 0.5}, True)
    },
    "thresholds is nan": (
        lambda folder: write(
            folder / CONFIG, (folder / CONFIG).read_text().replace('"thresholds": 0.5', '"thresholds": NaN')
        ),
        ALL,
    ),
    **{
        f"calibration is {value!r}": (config(calibration=value), ALL)
        for value in (
            7,
            [],
            {},
            {"scale": 1},
            {"scale": "x", "offset": 0},
            {"scale": [1], "offset": [0]},
            {"scale": None, "offset": None},
        )
    },
    **{
        f"label_blocks is {value!r}": (config(label_blocks=value), ALL)
        for value in ([], [1], [4, -1], [0, 3], "x", [BILLION], [1.5, 1.5], 3)
    },
    **{
        f"sep_token_id is {value!r}": (config(sep_token_id=value), WORDS)
        for value in (None, -1, 0, 1, 9999, "x", 2.5, [2])
    },
    **{f"pad_token_id is {value!r}": (config(pad_token_id=value), ALL) for value in (None, -1, 1, 9999, "x", [0])},
    **{f"vocab_size is {value!r}": (config(vocab_size=value), WORDS) for value in (5, 0, -1, BILLION, None, "x", 1.5)},
    **{f"max_words is {value!r}": (config(max_words=value), WORDS) for value in (0, -1, BILLION, None, "x")},
    **{
        f"embedding_size is {value!r}": (config(embedding_size=value), EMBEDDINGS)
        for value in (0, -1, 7, BILLION, None)
    },
    **{
        f"hidden_size is {value!r}": (config(hidden_size=value), RECURRENT)
        for value in (0, -1, 7, BILLION, 10**20, None)
    },
    **{
        f"num_hidden_layers is {value!r}": (config(num_hidden_layers=value), RECURRENT)
        for value in (0, -1, 7, 10_000, BILLION, 10**20, "x")
    },
    **{f"dropout is {value!r}": (config(dropout=value), EMBEDDINGS) for value in (-1, 1, 2, "x", None)},
    "initializer_range is -1": (config(initializer_range=-1), WORDS),
    **{
        f"{name} is {value!r}": (config(**{name: value}), ("hlw-lstm",))
        for name in ("max_sentences", "max_words_per_sentence")
        for value in (0, -1, BILLION, 10**20, None)
    },
    **{
        f"hierarchical is {value!r}": (config(hierarchical=value), ("lw-lstm", "hlw-lstm", "lw-encoder"))
        for value in (True, False, "x")
    },
    **{f"label_wise is {value!r}": (config(label_wise=value), ("lw-lstm", "hlw-lstm")) for value in (False, None)},
    **{
        f"num_encoders is {value!r}": (config(num_encoders=value), ("lw-lstm", "lw-encoder"))
        for value in (0, 2, BILLION)
    },
    **{
        f"classifier is {value!r}": (config(classifier=value), ("lw-lstm",))
        for value in ("mlp", "label_wise", "x", None)
    },
    "label_graph is true": (config(label_graph=True), ("lw-lstm",)),
    "rnn_type is gru": (config(rnn_type="gru"), ("lw-lstm",)),
    **{
        f"kernel_sizes is {value!r}": (config(kernel_sizes=value), ("cnn",))
        for value in ([], [0], [BILLION, 3], [2, 3, 4], "x", [2.5, 3], 7)
    },
    **{f"num_filters is {value!r}": (config(num_filters=value), ("cnn",)) for value in (0, 6, BILLION)},
    **{f"num_beams is {value!r}": (config(num_beams=value), ("sgm",)) for value in (0, -1, BILLION)},
    **{f"max_labels is {value!r}": (config(max_labels=value), ("sgm",)) for value in (0, -1, BILLION, "x")},
    **{
        f"label_order is {value!r}": (config(label_order=value), ("sgm",))
        for value in ([], [0, 0, 1], [0, 1, 9], "x", 7, [0, "1", 2])
    },
    **{f"objective is {value!r}": (config(objective=value), ("sgm",)) for value in ("x", None)},
    "global_embedding is true": (config(global_embedding=True), ("sgm",)),
    **{f"method is {value!r}": (config(method=value), ("br",)) for value in ("cc", "lp", "x")},
    **{f"num_ngrams is {value!r}": (config(num_ngrams=value), ("br",)) for value in (0, 1, BILLION)},
    **{f"chain_order is {value!r}": (config(chain_order=value), ("br",)) for value in ([], [0, 0, 1], 7)},
    # Label tokens
    **{
        f"label_positions is {value!r}": (config(label_positions=value), ("lm-mtc",))
        for value in (
            [2, 5, 9999],
            [-1, 5, 8],
            [2, 2, 8],
            [2, 5],
            [2, 5, 8, 11],
            [8, 5, 2],
            [],
            None,
            "x",
            [2, 5, None],
            [2, 5, BILLION],
        )
    },
    **{
        f"{name}_token_ids is {value!r}": (config(**{f"{name}_token_ids": value}), ("lm-mtc",))
        for name in ("mask", "yes", "no")
        for value in ([1, 2, 3], [-1, 0, 1], [9999] * 3, [], None, [5] * 3)
    },
    **{f"template is {value!r}": (config(template=value), ("lm-mtc",)) for value in ("none", "same", "compact", "x")},
    **{f"label_head is {value!r}": (config(label_head=value), ("lm-mtc",)) for value in ("shared", "x")},
    "pooler is true": (config(pooler=True), ("lm-mtc",)),
    "label_by_label is true": (config(label_by_label="x"), ("lm-mtc",)),
    # The encoder
    **{
        f"encoder is {value!r}": (config(encoder=value), OVER_ENCODER)
        for value in (None, {}, [], "x", 7, {"model_type": "nosuch"}, {"model_type": ["bert"]})
    },
    **{
        f"encoder.{name} is {value!r}": (encoder_config(**{name: value}), OVER_ENCODER)
        for name, values in {
            "model_type": ("gpt2", "t5", "modernbert", "lw_lstm", None),
            "vocab_size": (5, 0, -1, BILLION, None),
            "hidden_size": (0, 7, 32, BILLION, 10**20),
            "num_hidden_layers": (0, -1, 7, 10_000, BILLION, 10**20, "x"),
            "num_attention_heads": (0, 3, BILLION),
            "intermediate_size": (0, 7, BILLION),
            "max_position_embeddings": (0, 5, BILLION),
            "type_vocab_size": (0, 7, BILLION),
            "hidden_act": ("nosuch", None),
            "layer_norm_eps": (-1, "x"),
            "pad_token_id": (None, -1, 5, 9999),
            "chunk_size_feed_forward": (7, BILLION),
            "add_cross_attention": (True,),
            "return_dict": (False,),
            "output_hidden_states": (True,),
            "dtype": ("nosuch", "float16"),
            "auto_map": ({"AutoModel": "x.py--X"},),
        }.items()
        for value in values
    },
    **{
        f"{name} is {value!r}": (config(**{name: value}), ("lw-encoder",))
        for name, values in {
            "window_size": (0, 3, 5000, BILLION, None),
            "window_overlap": (-1, 15, BILLION),
            "max_windows": (0, BILLION, 10**20),
            "num_special_tokens": ([], [1], [9, 9], [-1, 1], "x", [2, 2]),
            "num_contexts": (2, 3),
        }.items()
        for value in values
    },
    # tokenizer.json
    "tokenizer is lost": (file(TOKENIZER, None), ALL),
    "tokenizer is empty": (file(TOKENIZER, b""), ALL),
    "tokenizer is {}": (file(TOKENIZER, b"{}"), ALL),
    "tokenizer is cut": (lambda folder: write(folder / TOKENIZER, (folder / TOKENIZER).read_bytes()[:500]), ALL),
    "vocabulary is empty": (vocabulary(lambda words: {}), ALL),
    "vocabulary of special tokens": (
        vocabulary(lambda words: {word: id_ for word, id_ in words.items() if id_ < 5}),
        ALL,
    ),
    "all ids are equal": (vocabulary(lambda words: dict.fromkeys(words, 7)), ALL),
    "ids are given twice": (vocabulary(lambda words: {word: id_ // 2 for word, id_ in words.items()}), ALL),
    "ids beyond the embedding": (
        vocabulary(lambda words: {word: id_ + 1000 * (id_ > 9) for word, id_ in words.items()}),
        ALL,
    ),
    "ids far beyond": (vocabulary(lambda words: {word: id_ + 2**31 * (id_ > 9) for word, id_ in words.items()}), ALL),
    "ids are negative": (vocabulary(lambda words: {word: -id_ for word, id_ in words.items()}), ALL),
    "ids are texts": (vocabulary(lambda words: {word: str(id_) for word, id_ in words.items()}), ALL),
    "the last words are lost": (
        vocabulary(lambda words: {word: id_ for word, id_ in words.items() if id_ < len(words) - 5}),
        (*WORDS, "lm-mtc"),  # encoders may have more rows than words
    ),
    "one more word": (vocabulary(lambda words: {**words, "zyzzyva": len(words)}), ALL),
    "unk_token is unknown": (backend(lambda content: content["model"].update(unk_token="[NOPE]")), ALL),
    "unk_token is null": (backend(lambda content: content["model"].update(unk_token=None)), ALL),
    "unk_token is a word": (
        backend(lambda content: content["model"].update(unk_token=max(content["model"]["vocab"]))),
        ALL,
    ),
    "model is lost": (backend(lambda content: content.update(model=None)), ALL),
    "model is of another type": (backend(lambda content: content["model"].update(type="Unigram")), ALL),
    "added tokens are lost": (backend(lambda content: content.update(added_tokens=[])), ALL),
    "added tokens elsewhere": (
        backend(lambda content: [token.update(id=token["id"] + 5000) for token in content["added_tokens"]] and None),
        ALL,
    ),
    "post-processor is lost": (backend(lambda content: content.update(post_processor=None)), ALL),
    "normalizer is lost": (backend(lambda content: content.update(normalizer=None)), WORDS),  # some encoders have none
    "pre-tokenizer is lost": (backend(lambda content: content.update(pre_tokenizer=None)), ALL),
    "truncation to 1": (
        backend(
            lambda content: content.update(
                truncation={"direction": "Right", "max_length": 1, "strategy": "LongestFirst", "stride": 0}
            )
        ),
        ALL,
    ),
    # tokenizer_config.json
    "tokenizer_config is lost": (file(SETTINGS, None), ALL),
    "tokenizer_config is empty": (file(SETTINGS, b""), ALL),
    "tokenizer_config is {}": (file(SETTINGS, b"{}"), ALL),
    "tokenizer_config is a list": (file(SETTINGS, b"[]"), ALL),
    **{
        f"tokenizer's {name} is {value!r}": (settings(**{name: value}), families)
        for name, families, values in (
            ("pad_token", ALL, (None, "[NEW]", 7, "[UNK]", "", ["x"])),
            ("unk_token", ALL, (None, "[NEW]", 7, "[PAD]")),
            ("sep_token", ALL, (None, "[NEW]", "[PAD]", "[UNK]")),
            ("mask_token", OVER_ENCODER, (None, "[NEW]", "[PAD]")),
            ("cls_token", OVER_ENCODER, (None, "[NEW]")),
            ("extra_special_tokens", ALL, (["[NEW]"], {"x": "[NEW]"}, 7)),
            (
                "tokenizer_class",
                ALL,
                (
                    "BertTokenizer",
                    "PreTrainedTokenizerFast",
                    "WordTokenizer",
                    "LabelTokenizer",
                    "Nosuch",
                    7,
                    None,
                    "GPT2Tokenizer",
                ),
            ),
            ("model_max_length", ALL, (-5, 0, "x", None, 2.5, True, 10**30, 5000, [5])),
            (
                "model_input_names",
                ALL,
                (
                    ["input_ids"],
                    ["attention_mask"],
                    ["attention_mask", "input_ids"],
                    [],
                    None,
                    "x",
                    ["pixel_values"],
                    ["input_ids", "attention_mask", "x"],
                    ["input_ids", "token_type_ids"],
                ),
            ),
            ("padding_side", ALL, ("left", "x", None)),
            ("truncation_side", ALL, ("x", None)),
            ("split_special_tokens", ALL, ("x", None)),
            ("clean_up_tokenization_spaces", ALL, ("x",)),
            ("auto_map", ALL, ({"AutoTokenizer": ["x.X", None]},)),
            ("segmenter", WORDS, ("x", None, 7, "jieba")),
            ("mark_sentences", ("lw-lstm", "hlw-lstm"), (True, False, "x")),
            ("max_sentences", ("hlw-lstm",), (0, -1, None, "x", BILLION)),
            ("max_words_per_sentence", ("hlw-lstm",), (0, -1, None, "x", BILLION)),
            ("labels", ("lm-mtc",), ([], None, ["a", "b", "c"], ["bank"], 7, ["sport", "food", "bank"])),
            ("template", ("lm-mtc",), ("same", "none", "x", None)),
        )
        for value in values
    },
    # Weights
    "weights are lost": (file(WEIGHTS, None), ALL),
    "weights are int64": (weights_of(lambda weight: weight.long()), ALL),
    "weights are int8": (weights_of(lambda weight: weight.to(torch.int8)), ALL),
    "weights are bool": (weights_of(lambda weight: weight > 0), ALL),
    "weights are float64": (weights_of(lambda weight: weight.double() if weight.is_floating_point() else weight), ALL),
    "weights are complex": (weights_of(lambda weight: weight.to(torch.complex64)), ALL),
    "weights are flat": (weights_of(lambda weight: weight.flatten()), ALL),
    "weights are none": (weights(lambda found: {"x": torch.zeros(1)}), ALL),
    "a tensor of the head is lost": (without_one("head."), ALL),
    "a tensor below the head is lost": (without_one(""), ALL),
    "the head is lost": (
        weights(lambda found: {name: weight for name, weight in found.items() if not name.startswith("head.")}),
        ALL,
    ),
    "one more tensor": (weights(lambda found: {**found, "x": torch.zeros(1)}), ALL),
    "one label less": (
        weights(
            lambda found: {
                name: weight[:-1].clone() if name.startswith("head.") else weight for name, weight in found.items()
            }
        ),
        ALL,
    ),
    "a weight is nan": (set_first(float("nan")), ALL),
    "a weight is infinite": (set_first(float("inf")), ALL),
    "an index of shards that are lost": (
        lambda folder: (
            file(WEIGHTS, None)(folder),
            write(folder / f"{WEIGHTS}.index.json", '{"metadata": {}, "weight_map": {"x": "nowhere"}}'),
        ),
        ALL[:1],
    ),
}
CASES = [(system, fault) for fault, (_, systems) in FAULTS.items() for system in systems]
# Linear models are fitted from scratch. Non-finite weights are found when they are read, after the documents, which a
# training tells of.
TRAINED = [
    (system, fault)
    for fault, (_, systems) in FAULTS.items()
    for system in ("lw-lstm", "lm-mtc", systems[-1])
    if system in systems and system != "br" and not fault.startswith("a weight is ")
]
TRAINED = list(dict.fromkeys(TRAINED))
# One fault of each file, which is told before anything that a command lacks.
TOLD_BY_ALL = {
    "num_hidden_layers is 1000000000": "num_hidden_layers",
    "ids beyond the embedding": "the tokenizer of",
    "weights are int64": "has values of the type I64",
}
COMMANDS = [
    "predict --text x",
    "evaluate DATA",
    "train DATA --output_dir out",
    "tune-thresholds --mode global DATA",
    "calibrate DATA",
    "add-labels --labels ../new.json --output_dir out",
    "export --output_dir out",
    "push --repo_id ann/x",
    "analyse neighbours --labels bank --document 0 DATA",
    "explain --text money --output_dir out",
    "audit --output_dir out DATA",
    "figure label-attention --output_dir out DATA",
]


@pytest.fixture(scope="session")
def sound(tmp_path_factory, data, bert) -> dict[str, Path]:
    """A folder of each system, trained when it is first asked for."""

    class Folders(dict):
        def __missing__(self, system: str) -> Path:
            folder = tmp_path_factory.mktemp("sound") / system
            options = SYSTEMS[system].replace("BERT", bert)
            options += " --min_df 1" if system == "br" else ""
            tiny = TINY
            if system in ("br", *OVER_ENCODER, "cnn"):
                tiny = tiny.replace("--hidden_size 8 ", "")
            if system in ("br", *OVER_ENCODER):
                tiny = tiny.replace("--embedding_size 8 ", "")
            if system in OVER_ENCODER:
                tiny = tiny.replace("--min_frequency 1 ", "")
            if system == "br":
                tiny = "--min_frequency 1 --tune_thresholds none"
            assert cli.main(f"train --model {system} {data} {tiny} {options} --output_dir {folder}".split()) == 0
            self[system] = folder
            return folder

    return Folders()


@pytest.fixture
def spoilt(sound, tmp_path):
    """`spoilt(system, fault)`: a copy of a sound folder by hard links, with one fault."""

    def make(system: str, fault: str) -> Path:
        folder = tmp_path / "model"
        folder.mkdir()
        for path in sound[system].iterdir():
            if path.is_file():
                os.link(path, folder / path.name)
        FAULTS[fault][0](folder)
        return folder

    return make


@pytest.fixture(scope="session")
def texts(tmp_path_factory) -> Path:
    return write_jsonl(tmp_path_factory.mktemp("texts") / "texts.jsonl", [{"text": text} for text in TEXTS])


@pytest.fixture(scope="session")
def answers(sound, texts):
    """`answers(system)`: what `predict` writes about the texts with the sound model."""

    @cache
    def ask(system: str) -> list[dict]:
        with redirect_stdout(io.StringIO()) as told:
            assert cli.main(f"predict --input {texts} --model_name_or_path {sound[system]}".split()) == 0
        return [json.loads(line) for line in told.getvalue().splitlines()]

    return ask


def same_answers(told: str, expected: list[dict], precision: float) -> None:
    """The labels are those of the sound model, and so are the scores, to the precision of the weights."""
    found = [json.loads(line) for line in told.splitlines()]
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            assert value == (pytest.approx(other[name], abs=precision) if name != "labels" else other[name])


def ids(value: str) -> str:
    return "".join(character if character.isalnum() or character in "-._ '" else "_" for character in value)[:60]


@pytest.mark.parametrize(("system", "fault"), CASES, ids=ids)
def test_predict(ends_well, spoilt, answers, texts, system, fault):
    folder, expected = spoilt(system, fault), answers(system)
    command = f"predict --input {texts} --model_name_or_path {folder}"
    precision = 0.02 if fault.startswith("dtype") else 1e-4
    ends_well(command, lambda told: same_answers(told, expected, precision))


@pytest.mark.parametrize(("system", "fault"), TRAINED, ids=ids)
def test_train(ends_well, spoilt, data, system, fault):
    folder = spoilt(system, fault)

    def check(told: str) -> None:
        assert all(0 <= value <= 1 for value in json.loads(told).values() if isinstance(value, float))
        MultiLabelClassifier.from_pretrained("out").predict(TEXTS)

    ends_well(f"train --model_name_or_path {folder} {data} --num_train_epochs 1 --output_dir out", check)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split()[0])
@pytest.mark.parametrize("fault", TOLD_BY_ALL, ids=ids)
def test_all_commands(ends_well, hub, spoilt, data, tmp_path, command, fault):
    folder = spoilt("lw-lstm", fault)
    (tmp_path / "new.json").write_text('["travel"]')
    told = ends_well(f"{command.replace('DATA', data)} --model_name_or_path {folder}")
    assert TOLD_BY_ALL[fault] in told and str(folder) in told


@pytest.mark.parametrize(("system", "fault"), [(systems[0], fault) for fault, (_, systems) in FAULTS.items()], ids=ids)
def test_python(raises_well, spoilt, answers, system, fault):
    folder = spoilt(system, fault)
    precision = 0.02 if fault.startswith("dtype") else 1e-4

    def check(classifier: MultiLabelClassifier) -> None:
        found = classifier.predict_proba([text for text in TEXTS if text])
        expected = [list(row["scores"].values()) for row, text in zip(answers(system), TEXTS, strict=True) if text]
        assert found.tolist() == [pytest.approx(row, abs=precision) for row in expected]

    raises_well(lambda: MultiLabelClassifier.from_pretrained(folder), check)
