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
"""A tokenizer that writes labels as tokens before the text (LM-MTC, Eqs. 1, 2 and 8), from any fast tokenizer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tokenizers import AddedToken, Tokenizer, processors
from transformers import BatchEncoding, PreTrainedTokenizerFast
from transformers.tokenization_utils_base import TruncationStrategy
from transformers.utils import PaddingStrategy

from ..configuration.published_code import TokenizerSavedWithCode
from .encoder_tokenizer import load_encoder_tokenizer, tokens_read
from .label_templates import answer_tokens, check_template, own_tokens, template_tokens

# Arguments of calls that need nothing but ids: those with their permitted values, and those that take any value.
_IDS_ALONE = {
    "add_special_tokens": (True,),
    "padding_strategy": (PaddingStrategy.DO_NOT_PAD,),
    "truncation_strategy": (TruncationStrategy.DO_NOT_TRUNCATE, TruncationStrategy.LONGEST_FIRST),
    "stride": (0,),
    "is_split_into_words": (False,),
    "return_overflowing_tokens": (False,),
    "return_special_tokens_mask": (False,),
    "return_offsets_mapping": (False,),
    "return_length": (False,),
}
_ANY_VALUE = {
    "max_length",
    "pad_to_multiple_of",
    "padding_side",
    "return_tensors",
    "return_token_type_ids",
    "return_attention_mask",
    "split_special_tokens",
    "verbose",
}


class LabelTokenizer(TokenizerSavedWithCode, PreTrainedTokenizerFast):
    """An encoder's tokenizer that writes the template of all labels, masked, before the text.

    | `template` | tokens of label i | source |
    |---|---|---|
    | `"diff"` | `[LS-i] [MASK-i] [LE-i]` | Eq. 2 |
    | `"same"` | `[LS] [MASK] [LE]` with the encoder's own mask | Eq. 8 |
    | `"shared_answers"` | `[LS-i] [MASK] [LE-i]` with the encoder's own mask | the nearest public code |
    | `"compact"` | `[MASK-i]` | a third of the length |
    | `"none"` | none: the encoder's own input | the paper's BERT baselines |

    The saved `tokenizer.json` contains the template, so that `PreTrainedTokenizerFast.from_pretrained` writes it too.
    Truncation cuts the text and never the template, and a template that leaves no room for text is an error. A text
    that spells out a label token is read as ordinary words.
    [`~LabelTokenizer.fill_in`] replaces the mask of a known label by `[YES-i]` or `[NO-i]`, or by the `[YES]` or `[NO]`
    that all labels share in `"same"` and `"shared_answers"`. A list of texts gives ids and masks only, without
    `encodings`, unless the call pads or asks for more (`return_offsets_mapping=True`).

    Make it with [`LabelTokenizer.from_encoder`]. Labels count from 1 in the tokens, as in the paper.

    Args:
        labels (`Sequence[str]`, *optional*, defaults to `()`):
            Names of the labels, in the order of their ids.
        template (`str`, *optional*, defaults to `"diff"`):
            One of the templates above.
        kwargs:
            Passed to [`PreTrainedTokenizerFast`].

    Example:

    ```python
    >>> from labelwise import LabelTokenizer

    >>> tokenizer = LabelTokenizer.from_encoder("bert-base-uncased", labels=["joy", "anger"])
    >>> tokenizer.convert_ids_to_tokens(tokenizer("Great!")["input_ids"])
    ['[CLS]', '[LS-1]', '[MASK-1]', '[LE-1]', '[LS-2]', '[MASK-2]', '[LE-2]', 'great', '!', '[SEP]']
    ```"""

    def __init__(self, *args: Any, labels: Sequence[str] = (), template: str = "diff", **kwargs: Any) -> None:
        check_template(template)
        self.labels = list(labels)
        self.template = template
        super().__init__(*args, labels=self.labels, template=template, **{"split_special_tokens": True, **kwargs})

    @classmethod
    def convert_to_native_format(cls, trust_remote_code: bool = False, **kwargs: Any) -> dict:
        # The library would rebuild a subclass with an `__init__` from its vocabulary alone, without the template.
        return kwargs

    @classmethod
    def from_encoder(
        cls, name_or_path: str, labels: Sequence[str], template: str = "diff", max_length: int | None = None
    ) -> "LabelTokenizer":
        """Extend the tokenizer of a pretrained encoder.

        Args:
            name_or_path (`str`):
                Folder or Hub id of the encoder.
            labels (`Sequence[str]`):
                Names of the labels, in the order of their ids.
            template (`str`, *optional*, defaults to `"diff"`):
                See [`LabelTokenizer`].
            max_length (`int`, *optional*):
                Tokens that truncation keeps, including the template; defaults to as many as the encoder reads.

        Returns:
            `LabelTokenizer`: The new tokenizer.

        Raises:
            ValueError: There is no such template, the tokenizer has no Rust backend or no mask token, there are no
                labels, two labels have the same name or one a blank name, or the template leaves no room for text.
        """
        check_template(template)
        encoder = load_encoder_tokenizer(name_or_path)
        labels = list(labels)
        if not encoder.is_fast:
            raise ValueError(f"{name_or_path} has no fast tokenizer (tokenizer.json), which label tokens need")
        if encoder.mask_token is None:
            raise ValueError(f"the tokenizer of {name_or_path} has no mask token: use a masked language model")
        twice = [label for label in dict.fromkeys(labels) if labels.count(label) > 1]
        if not labels or twice:
            raise ValueError(f"the label {twice[0]!r} is named twice" if twice else "no labels are named")
        if not all(label.strip() for label in labels):
            raise ValueError(f"label {[bool(label.strip()) for label in labels].index(False)} has a blank name")

        before, after = _special_tokens_around_text(encoder)
        tokens_of_labels = template_tokens(template, len(labels), encoder.mask_token)
        prefix = [token for tokens in tokens_of_labels for token in tokens]
        special = len(before) + len(after)
        reads = tokens_read(name_or_path, encoder)
        max_length = reads if max_length is None else min(max_length, reads)
        advice = "an encoder that reads more" if template == "compact" else "template 'compact', a token per label"
        limit = (
            f"the {max_length} that {name_or_path} reads" if max_length == reads else f"a max_length of {max_length}"
        )
        limit = f"{limit}; use {advice}"
        _check_room(template, labels, len(prefix), special, max_length, limit)
        backend = Tokenizer.from_str(encoder.backend_tokenizer.to_str())
        backend.no_truncation()  # tokenizer.json may contain the limits of its last use
        backend.no_padding()
        answers = answer_tokens(template, len(labels))
        new = [*prefix, *answers["yes"], *answers["no"]]
        backend.add_special_tokens([AddedToken(token, special=True) for token in dict.fromkeys(new)])
        names = [*before, *prefix, *after]
        post_processor = processors.TemplateProcessing(
            single=[*before, *prefix, "$A", *after],  # Eq. 1
            pair=[*before, *prefix, "$A", *after, "$B:1", *(f"{token}:1" for token in after)],
            special_tokens=[(token, backend.token_to_id(token)) for token in dict.fromkeys(names)],
        )
        if '"ByteLevel"' in backend.to_str():  # which also trims white space off the offsets
            post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=True), post_processor])
        backend.post_processor = post_processor
        return cls(
            tokenizer_object=backend,
            labels=labels,
            template=template,
            model_max_length=max_length,
            padding_side=encoder.padding_side,
            model_input_names=encoder.model_input_names,
            **encoder.special_tokens_map,
        )

    def _encode_plus(self, text: Any, text_pair: Any = None, **kwargs: Any) -> BatchEncoding:
        truncates = kwargs.get("truncation_strategy", TruncationStrategy.DO_NOT_TRUNCATE)
        if truncates != TruncationStrategy.DO_NOT_TRUNCATE and kwargs.get("add_special_tokens", True):
            # The backend would not truncate at all, and say nothing.
            prefix = sum(map(len, template_tokens(self.template, len(self.labels), self.mask_token)))
            special = self.num_special_tokens_to_add(text_pair is not None) - prefix
            max_length = kwargs["max_length"]
            limit = f"max_length={max_length}; raise it"
            _check_room(self.template, self.labels, prefix, special, max_length, limit)
        is_batch = isinstance(text, (list, tuple)) and len(text) > 0 and all(isinstance(one, str) for one in text)
        ids_alone = all(name in _ANY_VALUE or value in _IDS_ALONE.get(name, ()) for name, value in kwargs.items())
        if is_batch and text_pair is None and ids_alone:
            return self._encode_ids(text, **kwargs)
        return super()._encode_plus(text, text_pair, **kwargs)

    def _encode_ids(
        self,
        texts: Sequence[str],
        truncation_strategy: TruncationStrategy = TruncationStrategy.DO_NOT_TRUNCATE,
        max_length: int | None = None,
        return_tensors: str | None = None,
        return_token_type_ids: bool | None = None,
        return_attention_mask: bool | None = None,
        split_special_tokens: bool | None = None,
        verbose: bool = True,
        **kwargs: Any,
    ) -> BatchEncoding:
        """Return ids and masks only.

        The backend takes longer to write the template, with token strings and offsets, than to read the text. Here it
        reads the text alone, and the ids of the template are added to each row.
        """
        self.set_truncation_and_padding(
            PaddingStrategy.DO_NOT_PAD, TruncationStrategy.DO_NOT_TRUNCATE, None, 0, None, None
        )
        if split_special_tokens is None:
            split_special_tokens = self.split_special_tokens
        self._tokenizer.encode_special_tokens = split_special_tokens
        whole = self._tokenizer.encode("a")
        is_template = whole.special_tokens_mask
        before = whole.ids[: is_template.index(0)]
        after = whole.ids[len(before) + is_template.count(0) :]
        kept = slice(None)
        if truncation_strategy != TruncationStrategy.DO_NOT_TRUNCATE:
            room = max_length - len(before) - len(after)
            kept = slice(room) if self.truncation_side == "right" else slice(-room, None)
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        rows = [[*before, *encoding.ids[kept], *after] for encoding in encodings]
        self._eventual_warn_about_too_long_sequence(max(rows, key=len), max_length, verbose)
        batch = {"input_ids": rows}
        masks = {"token_type_ids": (return_token_type_ids, 0), "attention_mask": (return_attention_mask, 1)}
        for name, (is_asked, value) in masks.items():
            if is_asked or (is_asked is None and name in self.model_input_names):
                batch[name] = [[value] * len(row) for row in rows]
        return BatchEncoding(batch, tensor_type=return_tensors)

    @property
    def label_positions(self) -> list[int]:
        """Position of each label's mask, counted from the first token of the sequence; empty for `"none"`."""
        if self.template == "none":
            return []
        width = len(template_tokens(self.template, 1, self.mask_token)[0])
        before, _ = _special_tokens_around_text(self)  # the template is the last of them
        first = len(before) - width * len(self.labels) + width // 2
        return [first + width * i for i in range(len(self.labels))]

    @property
    def tokens_of_labels(self) -> list[list[int]]:
        """Ids of the tokens that belong to one label only, for each label; empty for `"same"` and `"none"`."""
        return [self.convert_tokens_to_ids(tokens) for tokens in own_tokens(self.template, len(self.labels))]

    def answer_ids(self) -> dict[str, list[int]]:
        """Return the ids of the tokens at the labels' positions: `"mask"`, `"yes"` and `"no"`, one per label each."""
        template = template_tokens(self.template, len(self.labels), self.mask_token)
        masks = [tokens[len(tokens) // 2] for tokens in template if tokens]
        tokens = {"mask": masks, **answer_tokens(self.template, len(self.labels))}
        return {name: self.convert_tokens_to_ids(names) for name, names in tokens.items()}

    def fill_in(self, batch: BatchEncoding, known: Iterable[Mapping[str, bool]]) -> BatchEncoding:
        """Write known labels into tokenized texts, in place.

        Args:
            batch (`BatchEncoding`):
                A list of texts, tokenized by this tokenizer, before or after padding.
            known (`Iterable[Mapping[str, bool]]`):
                For each text, `True` or `False` for each known label, by name; other labels stay masked.

        Returns:
            `BatchEncoding`: The same batch.

        Raises:
            ValueError: A label is not one of `labels`, or the template is `"none"`.
        """
        if self.template == "none":
            raise ValueError("template 'none' has no label tokens to fill in: use another template")
        answers, positions = self.answer_ids(), self.label_positions
        for row, mask, given in zip(batch["input_ids"], batch["attention_mask"], known, strict=True):
            first = list(mask).index(1)
            for label, is_true in given.items():
                if label not in self.labels:
                    raise ValueError(f"{label!r} is none of the {len(self.labels)} labels: {', '.join(self.labels)}")
                i = self.labels.index(label)
                row[first + positions[i]] = answers["yes" if is_true else "no"][i]
        return batch


def _check_room(template: str, labels: list[str], prefix: int, special: int, max_length: int, limit: str) -> None:
    if prefix + special >= max_length:
        raise ValueError(
            f"template {template!r} takes {prefix} tokens for {len(labels)} labels, special tokens {special}: no room "
            f"for text in {limit}"
        )


def _special_tokens_around_text(tokenizer: PreTrainedTokenizerFast) -> tuple[list[str], list[str]]:
    """Return the special tokens that a tokenizer writes before and after a text, for any post-processor."""
    text = tokenizer("a", add_special_tokens=False)["input_ids"]
    whole = tokenizer("a")["input_ids"]
    start = next(i for i in range(len(whole)) if whole[i : i + len(text)] == text)
    tokens = tokenizer.convert_ids_to_tokens(whole)
    return tokens[:start], tokens[start + len(text) :]
