# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tune a threshold per label, calibrate, and write each label's scores.

Usage: `python examples/thresholds_and_report.py [FOLDER]`
"""

import sys
from pathlib import Path

from labelwise_cli import main

from labelwise import MultiLabelClassifier, load_corpus

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "thresholds")
tickets = load_corpus("support_tickets")
tagger = MultiLabelClassifier("br", tune_thresholds="per-label").fit(tickets["train"], validation=tickets["validation"])
thresholds = dict(zip(tagger.classes_.tolist(), tagger.model.config.thresholds, strict=True))
print({name: round(threshold, 2) for name, threshold in thresholds.items()})
tagger.save_pretrained(folder / "model")

# Commands work on the same folder; `labelwise COMMAND --help` lists their options.
data = f"--model_name_or_path {folder}/model --dataset support_tickets --split"
main(f"calibrate {data} validation --method sigmoid".split())
main(f"evaluate {data} test --metrics lrap --report {folder}/report".split())
print((folder / "report/report.csv").read_text("utf-8").splitlines()[1])
