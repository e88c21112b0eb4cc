# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Train LM-MTC, labels as tokens before the text, and complete labels that are partly known.

Usage: `python examples/label_mask.py [ENCODER] [EPOCHS]`
"""

import json
import sys
import tempfile
from pathlib import Path

from labelwise_cli import main

from labelwise import MultiLabelClassifier, load_corpus

encoder = sys.argv[1] if len(sys.argv) > 1 else "sentence-transformers/all-MiniLM-L6-v2"
epochs = float(sys.argv[2]) if len(sys.argv) > 2 else 3
tickets = load_corpus("support_tickets")
tagger = MultiLabelClassifier("lm-mtc", encoder=encoder, template="compact", num_train_epochs=epochs)
tagger.fit(tickets["train"], validation=tickets["validation"])
print("test micro-F1:", round(tagger.evaluate(tickets["test"])["micro_f1"], 3))

with tempfile.TemporaryDirectory() as folder:
    tagger.save_pretrained(folder)
    texts = Path(folder, "texts.jsonl")
    ticket = {"text": "My password is refused.", "known": {"login": True, "billing": False}}
    texts.write_text(json.dumps(ticket) + "\n", "utf-8")
    main(f"predict --model_name_or_path {folder} --input {texts} --known_labels_column known --top_k 3".split())
