# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tag support tickets with a label-wise encoder: rank by names alone, train, and see what a label reads.

Usage: `python examples/label_wise_encoder.py [ENCODER] [EPOCHS]`
"""

import sys

from labelwise import LabelWiseEncoderForSequenceClassification, MultiLabelClassifier, load_corpus
from labelwise.tokenization.window_tokenizer import load_window_tokenizer

encoder = sys.argv[1] if len(sys.argv) > 1 else "sentence-transformers/all-MiniLM-L6-v2"
epochs = float(sys.argv[2]) if len(sys.argv) > 2 else 3
tickets = load_corpus("support_tickets")
names = tickets["train"].features["labels"].feature.names
text = tickets["test"][0]["text"]

# Before any example, labels start from their names.
untrained = LabelWiseEncoderForSequenceClassification.from_encoder(encoder, names)
tokenizer, _ = load_window_tokenizer(encoder)
scores = untrained(**tokenizer(text, truncation=True, return_tensors="pt")).logits[0]
print(text)
print("by name alone:", [names[i] for i in scores.argsort(descending=True)[:3]])

tagger = MultiLabelClassifier("lw-encoder", encoder=encoder, mlm_weight=1, num_train_epochs=epochs)
tagger.fit(tickets["train"], validation=tickets["validation"])
print("trained:", tagger.predict([text])[0])
print("test micro-F1:", round(tagger.evaluate(tickets["test"])["micro_f1"], 3))

inputs = tagger.tokenizer(text, truncation=True, return_tensors="pt")
weights = tagger.model(**inputs, output_attentions=True).attentions[0][0]  # (labels, tokens)
label = tagger.predict_proba([text])[0].argmax()
words = tagger.tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
print(names[label], "reads:", [words[i] for i in weights[label].argsort(descending=True)[:5]])
