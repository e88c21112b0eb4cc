# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page: a text and its labels, the words that a label is read from, and a file to tag."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # Gradio reads it when it is imported

import gradio as gr

from ..analysis.explanation_page import SECTION_STYLE, section_to_html
from ..errors import UserInputError
from .tagger import LabelAnswer, Tagger

_INTRODUCTION = "Type a text: the model says which labels apply, and from which words it reads a label."
_MAX_CHARACTERS = 100_000
# What a file is written beside is a copy in Gradio's cache; seconds after which it is deleted.
_CACHE = (600, 3600)
_STYLE = f"""<style>
#answer table {{ border-collapse: collapse; width: 100%; }}
#answer th, #answer td {{ padding: .1rem .5rem; text-align: left; border: 0; }}
#answer .number {{ text-align: right; font-variant-numeric: tabular-nums; }}
#answer .bar {{ position: relative; width: 40%; min-width: 6rem; }}
#answer .bar div {{ height: .9rem; border-radius: .2rem; background: #8da0cb; }}
#answer .bar i {{ position: absolute; top: .1rem; bottom: .1rem; width: 2px; background: currentColor; }}
#answer .predicted .bar div {{ background: #d95f02; }}
#answer .predicted td:first-child {{ font-weight: 600; }}
#words {{ {SECTION_STYLE} }}
#words .text {{ background: #fff; color: #000; padding: .5rem; }}
#words th, #words td {{ border: 0; }}
</style>"""


def build(tagger: Tagger) -> gr.Blocks:
    """Return the page of a model, which `launch()` shows.

    Args:
        tagger (`Tagger`): The model.
    """
    names = tagger.config.label_names
    with gr.Blocks(title=f"{tagger.name}: labels", analytics_enabled=False, delete_cache=_CACHE) as page:
        gr.Markdown(f"# {tagger.name}\n{_INTRODUCTION}")
        with gr.Tab("A text"):
            with gr.Row():
                with gr.Column():
                    text = gr.Textbox(label="Text", lines=5, max_length=_MAX_CHARACTERS, elem_id="text")
                    known = gr.CheckboxGroup(
                        names, label="Known to apply", visible=tagger.reads_known_labels, elem_id="known"
                    )
                    has_own, threshold = _threshold(tagger)
                    ask = gr.Button("Label", variant="primary", elem_id="label")
                with gr.Column():
                    answer = gr.HTML(elem_id="answer")
            told = "Words of the label" + (", without the known ones" if tagger.reads_known_labels else "")
            label = gr.Dropdown(names, value=None, label=told, interactive=True, elem_id="chosen")
            words = gr.HTML(elem_id="words")
        with gr.Tab("A file"):
            file = gr.File(label="Texts: CSV, TSV, JSON, JSONL, Parquet, Excel or one per line", elem_id="file")
            column = gr.Textbox("text", label="Column of the texts")
            file_format = gr.Radio(["csv", "jsonl"], value="csv", label="Format")
            tag = gr.Button("Tag", variant="primary", elem_id="tag")
            tagged = gr.File(label="Tagged file", interactive=False, elem_id="tagged")

        def label_again(text: str, has_own: bool, threshold: float, known: Sequence[str]) -> str:
            return label_text(text, has_own, threshold, known)[0]

        def label_text(text: str, has_own: bool, threshold: float, known: Sequence[str]) -> tuple[str, gr.Dropdown]:
            if not text.strip():
                return "", gr.Dropdown(names, value=None)
            with _told_on_the_page():
                found = tagger.label(text, None if has_own else threshold, known)
            ranked = [answer.label for answer in found]
            return _STYLE + _table(found), gr.Dropdown(ranked, value=ranked[0])

        def show_words(text: str, has_own: bool, threshold: float, label: str | None) -> str:
            if not text.strip() or label is None:
                return ""
            with _told_on_the_page():
                explanation = tagger.explain(text, label, None if has_own else threshold)
            return _STYLE + section_to_html(explanation, 0)

        def tag_file(path: str | None, column: str, file_format: str, has_own: bool, threshold: float) -> str:
            with _told_on_the_page():
                if path is None:
                    raise UserInputError("choose a file first")
                return str(tagger.tag(Path(path), column, file_format, None if has_own else threshold))

        one_at_a_time = {"concurrency_id": "model", "concurrency_limit": 1}
        asked = [text, has_own, threshold, known]
        moved = threshold.input(lambda: False, None, has_own, trigger_mode="always_last")
        labelled = [
            gr.on([ask.click, text.submit], label_text, asked, [answer, label], **one_at_a_time),
            gr.on([has_own.input, known.input], label_again, asked, answer, **one_at_a_time),
            moved.then(label_again, asked, answer, **one_at_a_time),
        ]
        for event in (*(event.then for event in labelled), label.input):
            event(show_words, [text, has_own, threshold, label], words, **one_at_a_time)
        tag.click(tag_file, [file, column, file_format, has_own, threshold], tagged, **one_at_a_time)
    return page


def _threshold(tagger: Tagger) -> tuple[gr.Checkbox, gr.Slider]:
    own = tagger.config.thresholds
    per_label = isinstance(own, list)
    told = f"{min(own):.2f} to {max(own):.2f}, one per label" if per_label else f"{own:.2f}"
    has_own = gr.Checkbox(True, label=f"Thresholds of the model ({told})", elem_id="own")
    start = 0.5 if per_label else round(own, 2)
    return has_own, gr.Slider(0.01, 0.99, start, step=0.01, label="Threshold of all labels", elem_id="threshold")


@contextmanager
def _told_on_the_page() -> Iterator[None]:
    try:
        yield
    except UserInputError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _table(answers: Sequence[LabelAnswer]) -> str:
    rows = "".join(
        f'<tr class="{"predicted" if answer.is_predicted else "other"}"><td dir="auto">{escape(answer.label)}</td>'
        f'<td class="bar"><div style="width: {answer.probability:.1%}"></div>'
        f'<i style="left: {answer.threshold:.1%}" title="threshold"></i></td>'
        f'<td class="number">{"known" if answer.is_known else f"{answer.probability:.3f}"}</td>'
        f'<td class="number">{answer.threshold:.2f}</td></tr>'
        for answer in answers
    )
    head = '<th>Label</th><th class="bar"></th><th class="number">Probability</th><th class="number">Threshold</th>'
    return f"<table><tr>{head}</tr>{rows}</table>"
