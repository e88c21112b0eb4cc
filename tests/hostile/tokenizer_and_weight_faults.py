# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Faults of a model's tokenizer and weights, and the systems that each is tried on."""

import torch

from .config_faults import ALL, BILLION, OVER_ENCODER, WORDS
from .folder_changes import (
    SETTINGS,
    TOKENIZER,
    WEIGHTS,
    Fault,
    backend,
    file,
    set_first,
    settings,
    vocabulary,
    weights,
    weights_of,
    without_one,
    write,
)

FAULTS: dict[str, tuple[Fault, tuple[str, ...]]] = {
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
