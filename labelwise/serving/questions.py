# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What a request of `POST /predict` asks: texts with known labels, and the rules of the answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from transformers import PreTrainedConfig

from ..datasets_scripts.documents import check_text
from ..errors import UserInputError
from ..hub.answer_rules import AnswerRules, read_rules
from ..runs.loading import check_label_tokens
from ..runs.prediction import Document
from ..runs.unlabelled import check_known
from ..wording import counted

_PARAMETERS = ("threshold", "min_labels", "top_k", "known_labels")


@dataclass
class Limits:
    """Largest sizes of a request.

    Args:
        max_texts (`int`): Texts of a request.
        max_characters (`int`): Characters of a text.
        max_body_bytes (`int`): Bytes of the body.
    """

    max_texts: int
    max_characters: int
    max_body_bytes: int


class Question(NamedTuple):
    """Texts with known labels, the rules of the answers, and whether a list was asked, which a list answers."""

    documents: list[Document]
    rules: AnswerRules
    is_list: bool


class NoJSON(UserInputError):
    """The body of a request is no JSON."""


def read_question(body: bytes, config: PreTrainedConfig, limits: Limits) -> Question:
    """Read the body of a request: a text, a list of texts, or `{"inputs": ..., "parameters": {...}}`.

    Args:
        body (`bytes`): JSON in UTF-8. `parameters` are `threshold` (a number, or numbers by label), `min_labels`,
            `top_k`, and `known_labels` (for LM-MTC: a list of names, or true and false by name; a list of these for a
            list of texts).
        config (`PreTrainedConfig`): Configuration of the model.
        limits (`Limits`): Largest sizes.

    Raises:
        NoJSON: It is no JSON.
        UserInputError: It is of another form, a text is too long, there are too many, or a label is unknown.
    """
    asked = _parse(body)
    parameters: Any = {}
    if isinstance(asked, dict):
        _check_keys("the body", asked, ("inputs", "parameters"))
        if "inputs" not in asked:
            raise UserInputError('the body has no "inputs": give a text or a list of texts')
        asked, parameters = asked["inputs"], asked.get("parameters", {})
        if not isinstance(parameters, dict):
            raise UserInputError("parameters: must be an object")
        _check_keys("parameters", parameters, _PARAMETERS)
    is_list = isinstance(asked, list)
    texts = asked if is_list else [asked]
    if len(texts) > limits.max_texts:
        raise UserInputError(f"{counted(len(texts), 'text')}: a request may have {limits.max_texts:,}; send several")
    for number, text in enumerate(texts):
        where = f"inputs[{number}]" if is_list else "inputs"
        check_text(text, where)
        if len(text) > limits.max_characters:
            raise UserInputError(
                f"{where}: {counted(len(text), 'character')}: a text may have {limits.max_characters:,}; shorten it"
            )
    known = _read_known(parameters.get("known_labels"), texts, is_list, config)
    rules = read_rules(config, parameters.get("threshold"), parameters.get("min_labels"), parameters.get("top_k"))
    return Question(list(zip(texts, known, strict=True)), rules, is_list)


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except RecursionError as error:
        raise NoJSON("the body is nested too deep; send a text, a list of texts, or an object with inputs") from error
    except ValueError as error:  # UTF-8 errors too
        raise NoJSON(f"the body is no JSON in UTF-8: {error}") from error


def _check_keys(where: str, found: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in found:
        if key not in known:
            raise UserInputError(f"{where}: unknown key {key!r}; known: {', '.join(known)}")


def _read_known(
    value: Any, texts: Sequence[str], is_list: bool, config: PreTrainedConfig
) -> Sequence[Mapping[str, bool]]:
    if value is None:
        return [{}] * len(texts)
    check_label_tokens("the model", config, "known_labels")
    if not is_list:
        value = [value]
    if not isinstance(value, list) or len(value) != len(texts):
        raise UserInputError("known_labels: must be a list with the known labels of each text")
    return [check_known(given, f"known_labels[{number}]", config) for number, given in enumerate(value)]
