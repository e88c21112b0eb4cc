# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""An explanation as one HTML file."""

from html import escape

from .explanation import BLUE, ORANGE, Explanation

CUT_OFF = "cut off: the model did not read it"

_PAGE_STYLE = """
body { font: 1rem/1.9 system-ui, sans-serif; color: #000; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
"""
SECTION_STYLE = """
mark { color: #000; padding: .1em 0; border-radius: .2em; print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.cut { color: #595959; text-decoration: line-through; }
.text { overflow-wrap: anywhere; white-space: pre-wrap; }
.sentence { display: flex; gap: .8rem; }
.share { flex: 0 0 3.5rem; text-align: right; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; line-height: 1.4; }
th, td { padding: .1rem .8rem .1rem 0; text-align: right; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
section { break-inside: avoid; }
"""


def to_html(explanation: Explanation) -> str:
    """Return a page that needs no other file.

    The background of a word is its number, from white to orange at the label's largest, or to blue below 0; the number
    is shown on hover, and the largest ones are listed below.

    Args:
        explanation (`Explanation`): From `explain`.
    """
    sections = "\n".join(section_to_html(explanation, row) for row in range(len(explanation.answers)))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{explanation.title}: {escape(", ".join(answer.label for answer in explanation.answers))}</title>
<style>{_PAGE_STYLE}{SECTION_STYLE}</style>
</head>
<body>
<h1>{explanation.title}</h1>
<p>Background and number: {escape(explanation.description)}. {escape(explanation.caveat)}</p>
{sections}
</body>
</html>
"""


def section_to_html(explanation: Explanation, row: int) -> str:
    """Return the part of the page about one label, which `SECTION_STYLE` styles.

    Args:
        explanation (`Explanation`): From `explain`.
        row (`int`): Number of the label in it.
    """
    header, *rows = explanation.highest(row)
    columns = "".join(f'<th scope="col">{name}</th>' for name in header)
    listed = "\n".join(
        f'<tr><td dir="auto">{escape(name)}</td>{"".join(f"<td>{number}</td>" for number in numbers)}</tr>'
        for name, *numbers in rows
    )
    body = "".join(_paragraph(explanation, row, *part) for part in explanation.words.sentences())
    answer = explanation.answers[row]
    return f"""<section>
<h2 dir="auto">{escape(answer.label)}</h2>
<p>{answer}</p>
<p>{escape(explanation.trust(row))}</p>
<div class="text" dir="auto">{body}</div>
<table>
<caption>Largest numbers</caption>
<tr>{columns}</tr>
{listed}
</table>
</section>"""


def _paragraph(explanation: Explanation, row: int, number: int, words: list[int]) -> str:
    text, spans = explanation.words.text, explanation.words.spans
    shares_W = explanation.shares(row)
    pieces = []
    # Text between words belongs to the sentence before it, text before the first word to the first sentence.
    position = 0 if words[0] == 0 else spans[words[0]][0]
    for word in words:
        start, end = spans[word]
        pieces.append(escape(text[position:start]))
        shown = escape(text[max(start, position) : end])
        if explanation.words.is_read[word]:
            color = f"{ORANGE if shares_W[word] >= 0 else BLUE} / {abs(shares_W[word]):.2f}"
            title = explanation.show(explanation.weights_KW[row, word])
            pieces.append(f'<mark style="background: rgb({color})" title="{title}">{shown}</mark>')
        else:
            pieces.append(f'<s class="cut" title="{CUT_OFF}">{shown}</s>')
        position = max(end, position)
    following = words[-1] + 1
    pieces.append(escape(text[position : spans[following][0] if following < len(spans) else None]))
    body = "".join(pieces)
    if explanation.sentence_weights_KM is None:
        return body
    share = explanation.show(explanation.sentence_weights_KM[row, number])
    share = f'<span class="share" title="share of the {explanation.words.sentence_name}">{share}</span>'
    return f'<div class="sentence">{share}<span>{body.strip()}</span></div>'
