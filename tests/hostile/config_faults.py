# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Faults of a model's `config.json`, and the systems that each is tried on."""

from .folder_changes import (
    CONFIG,
    Fault,
    config,
    config_without,
    encoder_config,
    file,
    write,
)

BILLION = 1_000_000_000
OF_WORDS = "--min_frequency 1 --embedding_size 8 --learning_rate 2e-2"
SYSTEMS = {  # with the options of their training
    "lw-lstm": f"{OF_WORDS} --hidden_size 8",
    "hlw-lstm": f"{OF_WORDS} --hidden_size 8 --max_sentences 4 --max_words_per_sentence 6",
    "br": "--min_frequency 1 --min_df 1",
    "cnn": f"{OF_WORDS} --kernel_sizes 2 3 --num_filters 5",
    "sgm": f"{OF_WORDS} --hidden_size 8",
    "lm-mtc": "--encoder BERT --learning_rate 2e-2",
    "lw-encoder": "--encoder BERT --learning_rate 2e-2 --window_size 16",
}
WORDS = ("lw-lstm", "hlw-lstm", "br", "cnn", "sgm")
EMBEDDINGS = ("lw-lstm", "hlw-lstm", "cnn", "sgm")
RECURRENT = ("lw-lstm", "hlw-lstm", "sgm")
OVER_ENCODER = ("lm-mtc", "lw-encoder")
ALL = tuple(SYSTEMS)
OF_ENCODERS = {  # values of the fields of an encoder's configuration
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
}

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
        for name, values in OF_ENCODERS.items()
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
}
