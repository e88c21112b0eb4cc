# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Save a model as it is published, and load it in a process that cannot import this package.

Usage: `python examples/publish_and_load.py [FOLDER]`
"""

import subprocess
import sys

from labelwise import MultiLabelClassifier, load_corpus

folder = sys.argv[1] if len(sys.argv) > 1 else "published"
tickets = load_corpus("support_tickets")
tagger = MultiLabelClassifier("br").fit(tickets["train"], validation=tickets["validation"])
tagger.save_pretrained(folder)  # `tagger.push_to_hub("ns/name")` writes the same to the Hub

# What another user runs, with transformers and torch alone: the code beside the weights, if they trust it.
PROGRAM = """
import sys
sys.modules["labelwise"] = None  # as if it were not installed
from transformers import pipeline
tagger = pipeline("text-classification", model=sys.argv[1], trust_remote_code=True, top_k=2, truncation=True)
print([found["label"] for found in tagger("The app crashes when I log in.")[0]])
"""
subprocess.run([sys.executable, "-c", PROGRAM, folder], check=True)
