# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What every family of models offers to `labelwise train`."""

from dataclasses import dataclass, field

# Family, which is the config's `model_type` and the file of its options here -> the names of `--model`.
FAMILIES = {
    "lw_lstm": ("lstm", "han", "lw-lstm", "hlw-lstm"),
    "lm_mtc": ("lm-mtc", "bert", "bert-mlm"),
    "han_lg": ("han-lg",),
    "magnet": ("magnet",),
    "cnn": ("cnn",),
    "reg_lstm": ("reg-lstm",),
    "sgm": ("sgm", "sgm-ge", "set-rnn"),
    "cnn_rnn": ("cnn-rnn",),
    "tfidf_linear": ("br", "cc", "lp"),
}


@dataclass
class ModelArguments:
    """What is trained, and from what it starts. A family of models is a subclass `Arguments`, with options of its own
    and what `TrainingRun` calls on them."""

    model: str = field(
        default="lw-lstm",
        metadata={"help": "Architecture.", "choices": [name for names in FAMILIES.values() for name in names]},
    )
    model_name_or_path: str | None = field(
        default=None, metadata={"help": "Checkpoint to start from, pre-trained or trained; it brings its own shape."}
    )
    freeze_encoder: bool = field(
        default=False, metadata={"help": "Train the classifier only, as in the +PT rows; without it, everything."}
    )

    def __post_init__(self):
        """Refuses what cannot work before anything is read; subclasses add to it."""
