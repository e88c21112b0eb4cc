# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Loads published models as who has no labelwise does, and prints as JSON what it found.

`python read_published.py '{"places": [...], "texts": [...], "hidden": [...]}'`: a place is a folder or a Hub id,
`hidden` packages are not found. Any Python runs it for test_published_code.py, so it imports nothing of the tests.
"""

import json
import sys
from pathlib import Path


def read(place: str, texts: list[str], again: Path) -> dict:
    config = AutoConfig.from_pretrained(place, trust_remote_code=True)
    tokenizer = AutoTokenizer.from_pretrained(place, trust_remote_code=True)
    base = AutoModel.from_pretrained(place, trust_remote_code=True)
    batch = tokenizer(texts, padding=True, return_tensors="pt")
    found = {
        "classes": [type(one).__name__ for one in (config, tokenizer, base)],
        "ids": batch["input_ids"].tolist(),
        "states": base(**batch).last_hidden_state.tolist(),
    }
    if "ForPreTraining" in config.architectures[0]:
        model = AutoModelForPreTraining.from_pretrained(place, trust_remote_code=True)
        batch["candidate_input_ids"] = batch["input_ids"].repeat(len(texts), 1, 1)
        batch["class_ids"] = torch.zeros(len(texts), dtype=torch.long)
        del batch["attention_mask"]
        classifier = AutoModelForSequenceClassification.from_pretrained(place, trust_remote_code=True)
        found["with a new head"] = type(classifier).__name__
    else:
        model = AutoModelForSequenceClassification.from_pretrained(place, trust_remote_code=True)
        classify = pipeline("text-classification", model=place, trust_remote_code=True, top_k=None)
        found["pipeline"] = [{one["label"]: one["score"] for one in row} for row in classify(texts)]
    found["classes"].append(type(model).__name__)
    found["logits"] = model(**batch).logits.tolist()

    trained = train_on(model, batch, tokenizer, again)
    found |= {"again": str(again), "logits after training": trained(**batch).logits.tolist()}
    return found


def train_on(model, batch, tokenizer, folder):
    """One step, saved, and read back."""
    logits = model(**batch).logits
    pretrains = "ForPreTraining" in type(model).__name__
    labels = torch.zeros(len(logits), dtype=torch.long) if pretrains else torch.ones(logits.shape)
    model(**batch, labels=labels).loss.backward()
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    AutoTokenizer.from_pretrained(folder, trust_remote_code=True)
    auto = AutoModelForPreTraining if pretrains else AutoModelForSequenceClassification
    again = auto.from_pretrained(folder, trust_remote_code=True)
    assert again(**batch).logits.equal(model.eval()(**batch).logits)
    assert not again(**batch).logits.equal(logits)
    return again


if __name__ == "__main__":
    task = json.loads(sys.argv[1])
    sys.modules.update(dict.fromkeys(task["hidden"]))

    import torch
    from transformers import (
        AutoConfig,
        AutoModel,
        AutoModelForPreTraining,
        AutoModelForSequenceClassification,
        AutoTokenizer,
        pipeline,
    )

    print(json.dumps([read(place, task["texts"], Path.cwd() / f"again-{i}") for i, place in enumerate(task["places"])]))
