# Copyright 2026 The labelwise authors. All rights reserved.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
"""The templates of LM-MTC: the tokens that stand for the labels before the text (Eqs. 2 and 8)."""

# The tokens of label i, with its mask in the middle; `{mask}` is the encoder's own.
_TOKENS = {
    "diff": ("[LS-{i}]", "[MASK-{i}]", "[LE-{i}]"),  # Eq. 2
    "same": ("[LS]", "{mask}", "[LE]"),  # Eq. 8
    "shared_answers": ("[LS-{i}]", "{mask}", "[LE-{i}]"),
    "compact": ("[MASK-{i}]",),
    "none": (),
}
# The tokens that take the place of its mask.
_ANSWERS = {
    "diff": {"yes": "[YES-{i}]", "no": "[NO-{i}]"},
    "same": {"yes": "[YES]", "no": "[NO]"},
    "shared_answers": {"yes": "[YES]", "no": "[NO]"},
    "compact": {"yes": "[YES-{i}]", "no": "[NO-{i}]"},
    "none": {},
}

TEMPLATES = tuple(_TOKENS)


def check_template(template: str) -> None:
    """Check the name of a template.

    Raises:
        ValueError: It is none of `TEMPLATES`.
    """
    if template not in TEMPLATES:
        raise ValueError(f"`template` must be one of {', '.join(TEMPLATES)}, not {template!r}")


def template_tokens(template: str, num_labels: int, mask_token: str) -> list[list[str]]:
    """Return the tokens of each label before the text, all masked, from one of `TEMPLATES`. Labels count from 1."""
    return [[token.format(i=i, mask=mask_token) for token in _TOKENS[template]] for i in _numbers(num_labels)]


def answer_tokens(template: str, num_labels: int) -> dict[str, list[str]]:
    """Return the tokens that show labels, `"yes"` and `"no"`, one per label each; empty lists for `"none"`."""
    return {
        answer: [_ANSWERS[template][answer].format(i=i) for i in _numbers(num_labels) if _ANSWERS[template]]
        for answer in ("yes", "no")
    }


def own_tokens(template: str, num_labels: int) -> list[list[str]]:
    """Return the tokens that belong to one label only, for each label."""
    tokens = [token for token in (*_TOKENS[template], *_ANSWERS[template].values()) if "{i}" in token]
    return [[token.format(i=i) for token in tokens] for i in _numbers(num_labels)]


def _numbers(num_labels: int) -> range:
    return range(1, num_labels + 1)
