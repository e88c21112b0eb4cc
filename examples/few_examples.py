# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Learn from eight tickets per label: train context vectors over a frozen encoder.

Usage: `python examples/few_examples.py [ENCODER] [EPOCHS]`
"""

import sys

from labelwise import MultiLabelClassifier, load_corpus

encoder = sys.argv[1] if len(sys.argv) > 1 else "sentence-transformers/all-MiniLM-L6-v2"
epochs = float(sys.argv[2]) if len(sys.argv) > 2 else 30
tickets = load_corpus("support_tickets")
names = tickets["train"].features["labels"].feature.names

# The first eight tickets of each label.
few = {i for k in range(len(names)) for i in [i for i, ids in enumerate(tickets["train"]["labels"]) if k in ids][:8]}
train = tickets["train"].select(sorted(few))
print(len(train), "training tickets")

# Fifty other tickets choose the epoch, so that each label keeps its eight; the threshold stays at 0.5.
tagger = MultiLabelClassifier("lw-encoder", encoder=encoder, freeze_encoder=True, tune_thresholds="none")
tagger.fit(train, validation=tickets["validation"].select(range(50)), num_train_epochs=epochs)
metrics = tagger.evaluate(tickets["test"], metrics=["lrap"])
print({name: round(metrics[name], 3) for name in ("micro_f1", "macro_f1", "lrap")})
