# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""An explanation as one HTML file and as rows of numbers."""

from collections.abc import Iterator
from html import escape

import numpy as np

from .explanation import Explanation

CUT_OFF = "cut off: the model did not read it"
CAVEAT = "Attention tells the composition of a label's representation; it does not prove why a label is predicted."
MOST_WORDS = 10

_STYLE = """
body { font: 1rem/1.9 system-ui, sans-serif; color: #000; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
mark { color: #000; padding: .1em 0; border-radius: .2em; print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.cut { color: #595959; text-decoration: line-through; }
.text { overflow-wrap: anywhere; white-space: pre-wrap; }
.sentence { display: flex; gap: .8rem; }
.share { flex: 0 0 3.5rem; text-align: right; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; line-height: 1.4; }
th, td { padding: .1rem .8rem .1rem 0; text-align: left; }
section { break-inside: avoid; }
"""


def to_html(explanation: Explanation) -> str:
    """Return a page that needs no other file.

    The background of a word is its share of the attention, from white to orange at the label's highest; its number is
    shown on hover, and the highest ones are listed below.

    Args:
        explanation (`Explanation`): From `explain`.
    """
    sections = "\n".join(_section(explanation, row) for row in range(len(explanation.labels)))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Attention of {escape(", ".join(explanation.labels))}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>What labels attended to</h1>
<p>Background and number: {escape(explanation.attention)}. {CAVEAT}</p>
{sections}
</body>
</html>
"""


def _section(explanation: Explanation, row: int) -> str:
    weights_W = explanation.weights_KW[row]
    words = [explanation.text[start:end] for start, end in explanation.spans]
    most = [i for i in np.argsort(-weights_W, kind="stable")[:MOST_WORDS] if weights_W[i] > 0]
    listed = "\n".join(f'<tr><td dir="auto">{escape(words[i])}</td><td>{weights_W[i]:.1%}</td></tr>' for i in most)
    body = "".join(_paragraph(explanation, row, *part) for part in explanation.sentences())
    return f"""<section>
<h2 dir="auto">{escape(explanation.labels[row])}</h2>
<p>{explanation.verdict(row)}</p>
<div class="text" dir="auto">{body}</div>
<table>
<caption>Highest shares</caption>
<tr><th scope="col">Word</th><th scope="col">Share</th></tr>
{listed}
</table>
</section>"""


def _paragraph(explanation: Explanation, row: int, number: int, words: list[int]) -> str:
    weights_W, text = explanation.weights_KW[row], explanation.text
    highest = weights_W.max() or 1.0
    pieces = []
    # Text between words belongs to the sentence before it, text before the first word to the first sentence.
    position = 0 if words[0] == 0 else explanation.spans[words[0]][0]
    for word in words:
        start, end = explanation.spans[word]
        pieces.append(escape(text[position:start]))
        shown = escape(text[max(start, position) : end])
        if explanation.sentence_of_word[word] < 0:
            pieces.append(f'<s class="cut" title="{CUT_OFF}">{shown}</s>')
        else:
            share = weights_W[word] / highest
            pieces.append(
                f'<mark style="background: rgb(255 140 0 / {share:.2f})" title="{weights_W[word]:.4f}">{shown}</mark>'
            )
        position = max(end, position)
    following = words[-1] + 1
    pieces.append(
        escape(text[position : explanation.spans[following][0] if following < len(explanation.spans) else None])
    )
    body = "".join(pieces)
    if explanation.sentence_weights_KM is None:
        return body
    share = (
        f'<span class="share" title="share of the sentence">{explanation.sentence_weights_KM[row, number]:.1%}</span>'
    )
    return f'<div class="sentence">{share}<span>{body.strip()}</span></div>'


def to_rows(explanation: Explanation) -> Iterator[dict]:
    """Yield the numbers, one row per label and word.

    Columns: `label`, `probability`, `word`, `start` and `end` in the text, `share`, `sentence` and `sentence_share`.
    `share` is empty for words cut off; the last two also for models that read no sentences.

    Args:
        explanation (`Explanation`): From `explain`.
    """
    for row, label in enumerate(explanation.labels):
        for word, (start, end) in enumerate(explanation.spans):
            sentence = int(explanation.sentence_of_word[word])
            numbers = {"share": "", "sentence": "", "sentence_share": ""}
            if sentence >= 0:
                numbers["share"] = f"{explanation.weights_KW[row, word]:.6f}"
            if sentence >= 0 and explanation.sentence_weights_KM is not None:
                numbers["sentence"] = sentence
                numbers["sentence_share"] = f"{explanation.sentence_weights_KM[row, sentence]:.6f}"
            yield {
                "label": label,
                "probability": round(explanation.probabilities[row], 6),
                "word": explanation.text[start:end],
                "start": start,
                "end": end,
                **numbers,
            }
