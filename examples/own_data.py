# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Train on a CSV file, predict into another, and train again on the corrected answers.

Usage: `python examples/own_data.py [FOLDER]`
"""

import csv
import sys
from pathlib import Path

from labelwise import MultiLabelClassifier, load_corpus

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "own_data")
folder.mkdir(exist_ok=True)

# A stand-in for your file: one column of texts, one of labels separated by semicolons.
tickets = load_corpus("support_tickets")["train"].select(range(400))
names = tickets.features["labels"].feature.names
with open(folder / "train.csv", "w", newline="", encoding="utf-8") as file:
    rows = csv.writer(file)
    rows.writerow(["text", "labels"])
    rows.writerows([row["text"], ";".join(names[i] for i in row["labels"])] for row in tickets)

tagger = MultiLabelClassifier("br")
tagger.fit(str(folder / "train.csv"), label_separator=";", missing_labels="negative")
new = ["Please cancel my subscription.", "The app crashes when I log in."]
answers = tagger.predict(new)
print(answers)

# A person corrects the answers; both parts are training documents.
answers[0] = ["cancellation"]
texts = [*tickets["text"], *new]
labels = [*([names[i] for i in ids] for ids in tickets["labels"]), *answers]
print(MultiLabelClassifier("br").fit(texts, labels).predict(new))
