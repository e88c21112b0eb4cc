# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options that are wrong, by kind: values, numbers, combinations, and those of other systems."""

import json

from labelwise_cli.parsing import OPTIONS_FILE

from labelwise.trainer.argument_checks import OPTIMIZERS

OF_WORDS = "--min_frequency 1 --embedding_size 8 --word_vectors random --max_steps 2"
OVER_BERT = "--encoder BERT --attention_dropout 0"
SYSTEMS = {  # with the options of their training
    "lw-lstm": f"{OF_WORDS} --hidden_size 8",
    "cnn": f"{OF_WORDS} --kernel_sizes 2 3 --num_filters 5",
    "br": "--min_frequency 1 --min_df 1",
    "bert": f"{OVER_BERT} --max_steps 2",
    "lm-mtc": f"{OVER_BERT} --max_steps 2",
    "lw-encoder": f"{OVER_BERT} --window_size 16 --max_steps 2",
}
_ALL = tuple(SYSTEMS)
_WORDS, _EMBEDDINGS = ("lw-lstm", "cnn", "br"), ("lw-lstm", "cnn")
_DESCENT = ("lw-lstm", "cnn", "bert", "lm-mtc", "lw-encoder")
_OVER_ENCODER = ("bert", "lm-mtc", "lw-encoder")
_LABEL_WISE = ("lw-lstm", "lw-encoder")

_COMMANDS = json.loads(OPTIONS_FILE.read_text("utf-8"))["commands"]
_OF_COMMANDS = [
    (command, entry)
    for command, described in _COMMANDS.items()
    for entry in {entry["name"]: entry for entry in described["options"] if "flags" in entry}.values()
]
_OF_SYSTEMS = [
    (system, entry)
    for system in SYSTEMS
    for entry in _COMMANDS["train"]["options"]
    if system in entry.get("models", [system])
]
_NUMBERS = ("int", "float")

_OPTIMIZERS = next(e["choices"] for e in _COMMANDS["train"]["options"] if e["name"] == "optim")

# What is no value of an option, whatever the others are: (command, option, value).
NO_VALUES = [
    *(
        (command, entry["name"], value)
        for command, entry in _OF_COMMANDS
        if entry.get("type") in _NUMBERS
        for value in ("x", "nan", "-inf")
    ),
    *((command, entry["name"], "maybe") for command, entry in _OF_COMMANDS if entry.get("type") == "bool"),
    *((command, entry["name"], "nosuch") for command, entry in _OF_COMMANDS if entry.get("choices")),
]

# Options of other systems, each on the systems that lack it: (system, option).
_HAVE = {system: {entry["name"] for other, entry in _OF_SYSTEMS if other == system} for system in SYSTEMS}
FOREIGN = [
    (system, name)
    for name in dict.fromkeys(entry["name"] for entry in _COMMANDS["train"]["options"] if "flags" in entry)
    for system in SYSTEMS
    if name not in _HAVE[system]
]

# What is out of range, no name, no list, or has nothing to do: (systems, options). Each message names one of them.
_WRONG: list[tuple[tuple[str, ...], list[str]]] = [
    # Beyond a range, or beyond what the encoder has
    (
        _ALL,
        [
            "--max_grad_norm nan",
            "--learning_rate 1e400",
            "--weight_decay nan",
            "--eval_accumulation_steps 0",
            "--seed 4294967296",
            "--split_seed 4294967296",
            "--split_seed -1",
            "--dataloader_num_workers 257",
            "--per_device_eval_batch_size 2147483648",
            "--label_smoothing_factor 1",
            "--embedding_size 1000000000",
            "--hidden_size 100000000",
        ],
    ),
    (
        _DESCENT,
        [
            "--adam_beta1 2",
            "--adam_beta2 1",
            "--adam_epsilon -1",
            "--warmup_steps 1.5",
            "--max_steps -2",
            "--per_device_train_batch_size 2147483648",
            "--early_stopping_patience 0",
            "--max_minutes 0",
            "--tokens_per_batch 0",
            "--learning_rate_decay 0",
            "--optim sgd --optim_args momentum=-1",
            "--optim sgd --optim_args momentum=nan",
            "--optim rmsprop --optim_args alpha=-1",
        ],
    ),
    (_WORDS, ["--vocab_size 3", "--min_frequency 0"]),
    (_EMBEDDINGS, ["--dropout 1", "--initializer_range -1", "--skip_gram_epochs 0", "--max_words 0"]),
    (("lw-lstm",), ["--num_hidden_layers 1000000000", "--rnn_type rnn", "--classifier none"]),
    (("cnn",), [f"--kernel_sizes {sizes}" for sizes in ("0", "-1 3", "2 nan", "2 3 x", "1000000000", "")]),
    (("cnn",), ["--num_filters 1000000000"]),
    (("br",), ["--C 0", "--C 1e400", "--min_df 0", "--min_df 2 --min_df x", "--chain_order none"]),
    (("bert", "lm-mtc"), ["--max_length 5000", "--max_length 65", "--max_length 0"]),
    (
        ("lm-mtc",),
        [
            "--max_length 4",
            "--mlm_weight inf",
            "--label_mask_probability 2",
            "--flip_probability -0.5",
            "--mlm_probability 1.5",
            "--mlm_epochs 0",
            "--template half",
        ],
    ),
    (
        ("lw-encoder",),
        [
            "--window_size 5000",
            "--window_size 2",
            "--window_overlap 16",
            "--num_encoders 3",
            "--mlm_weight 1 --mlm_probability 1",
            "--label_start mean",
        ],
    ),
    (
        _OVER_ENCODER,
        [
            "--attention_dropout 1",
            # Too many layers or ranks are told by the model, after its documents, which a training tells of.
            "--train_layers -1",
            "--lora_rank 0",
            "--neftune_noise_alpha 0",
        ],
    ),
    (_LABEL_WISE, ["--pretraining_steps 3 --candidates 1", "--pretraining_steps 3 --pretraining_batch_size 0"]),
    # Names and words that are none
    (
        _ALL,
        [
            "--model nosuch",
            "--nosuch 1",
            "--dataset nosuch",
            "--encoding nosuch",
            "--delimiter ab",
            "--label_names a a",
            "--label_names foo",
            "--text_column nosuch",
            "--label_column nosuch",
            "--label_columns a b",
            "--text_column text text",
            "--text_column labels",
            "--report_to nosuch",
            "--metric_for_best_model foo",
            "--hub_model_id a/b/c --push_to_hub",
            "--push_to_hub",
        ],
    ),
    (
        _DESCENT,
        [
            "--lr_scheduler_type nosuch",
            "--lr_scheduler_type cosine_with_min_lr",
            "--lr_scheduler_type polynomial --lr_scheduler_kwargs notjson",
            "--lr_scheduler_kwargs notjson",
            "--lr_scheduler_kwargs [1]",
            "--lr_scheduler_kwargs NaN",
            '--lr_scheduler_kwargs {"nosuch":1}',
            '--lr_scheduler_type polynomial --lr_scheduler_kwargs {"power":"x"}',
            "--eval_strategy nosuch",
            "--save_strategy nosuch",
            "--optim adamw_8bit",
            "--optim_args foo",
            "--optim sgd --optim_args foo",
            "--optim sgd --optim_args foo=1",
            "--optim sgd --optim_args momentum=x",
            "--optim sgd --optim_args nesterov=2",
        ],
    ),
    (("cnn",), [f"--optim {name}" for name in _OPTIMIZERS if name not in OPTIMIZERS]),
    # What the trainings of the package do not have
    (
        _ALL,
        [
            "--prediction_loss_only",
            "--batch_eval_metrics",
            "--dataloader_persistent_workers",
            "--dataloader_drop_last --per_device_train_batch_size 4096",
            "--torch_compile_backend nonsense",
            "--use_liger_kernel",
            '--accelerator_config {"nope":1}',
            "--gradient_checkpointing",
            "--hub_token hf_secret",
        ],
    ),
    (_WORDS, ["--neftune_noise_alpha 5", "--activation_checkpointing"]),
    # What has nothing to do
    (
        _ALL,
        [
            "--config_name foo",
            "--data_dir .",
            "--delimiter ;",
            "--quoting none",
            "--sheet x",
            "--hub_model_id a/b",
            "--hub_revision main",
            "--run_name x",
            "--tune_thresholds none --threshold_metric micro_f1",
            "--overwrite --resume",
        ],
    ),
    (
        _DESCENT,
        [
            "--eval_steps 5",
            "--save_steps 5",
            "--logging_strategy epoch --logging_steps 5",
            "--save_strategy no --load_best_model_at_end false --save_total_limit 3",
            "--save_strategy no --load_best_model_at_end false --keep_checkpoints",
            "--load_best_model_at_end false --metric_for_best_model loss",
            "--eval_strategy no --load_best_model_at_end true",
            "--eval_strategy no --load_best_model_at_end false --early_stopping_patience 2",
            "--eval_strategy steps --eval_steps 2 --save_strategy steps --save_steps 3 --load_best_model_at_end true",
            "--optim sgd --adam_beta1 0.5",
            "--optim_args momentum=0.5",
            "--lr_scheduler_type constant --warmup_steps 3",
            '--lr_scheduler_type constant --lr_scheduler_kwargs {"power":2}',
            "--learning_rate_decay 0.5 --lr_scheduler_type cosine",
            "--ddp_timeout 5",
            "--frozen_dropout",
            "--dataloader_prefetch_factor 2",
            "--tokens_per_batch 64 --per_device_train_batch_size 4",
            "--tokens_per_batch 64 --train_sampling_strategy sequential",
            "--loss focal --label_smoothing_factor 0.1",
        ],
    ),
    (_EMBEDDINGS, ["--skip_gram_epochs 3", "--head_learning_rate 1e-3"]),
    (("lw-lstm",), ["--max_sentences 3", "--max_words_per_sentence 3"]),
    (_LABEL_WISE, ["--pretraining_batch_size 7", "--candidates 5", "--pretraining_learning_rate 0.5"]),
    (_OVER_ENCODER, ["--freeze_encoder --train_layers 1", "--train_layers 1 --lora_rank 2"]),
    (
        ("bert",),
        [
            "--template diff",
            "--mlm_weight 1",
            "--mlm_probability 0.5",
            "--mlm_epochs 2",
            "--mlm_targets words",
            "--label_masking all",
            "--flip_probability 0.1",
            "--label_head shared",
            "--label_start name",
        ],
    ),
    (
        ("lm-mtc",),
        [
            "--mlm_weight 0 --mlm_epochs 2",
            "--mlm_targets labels --mlm_probability 0.2",
            "--label_masking all --flip_probability 0.1",
            "--label_masking some --label_mask_probability 0.1",
            "--pooler",
        ],
    ),
    (
        ("lw-encoder",),
        [
            "--mlm_probability 0.2",
            "--mlm_weight 1 --freeze_encoder",
            "--num_encoders 2",
            "--label_start description",
            "--freeze_encoder --learning_rate 1e-3",
        ],
    ),
]
WRONG = [(system, options) for systems, several in _WRONG for options in several for system in systems]
