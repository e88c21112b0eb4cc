# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""FastWords: the ids that Python finds are those of the Rust backend."""

import random

import pytest
from tokenizers import normalizers, pre_tokenizers

from labelwise.tokenization import WordTokenizer
from labelwise.tokenization.fast_words import _CHINESE, FastWords


def train(texts, **options):
    return WordTokenizer.train_from_iterator(texts, **{"min_frequency": 1, **options})


@pytest.mark.parametrize(
    ("segmenter", "text", "supported"),
    [
        ("regex", "Don't, it’s 3.5!", True),
        ("regex", "café", False),
        ("regex", "中国", False),
        ("jieba", "中国\x1f3.5", True),
        ("jieba", "café", False),
    ],
)
def test_supported_texts(segmenter, text, supported):
    tokenizer = train(["a", text], segmenter=segmenter)
    backend = tokenizer.backend_tokenizer
    backend.encode_special_tokens = True
    fast = FastWords(backend, segmenter, backend.get_vocab(with_added_tokens=False), tokenizer.unk_token_id)
    assert fast.supports(text) == supported
    if supported:
        assert fast.ids(text) == backend.encode(text).ids
    backend.encode_special_tokens = False
    fast = FastWords(backend, segmenter, backend.get_vocab(with_added_tokens=False), tokenizer.unk_token_id)
    assert not fast.supports(text)


def test_marked_sentences_are_not_supported():
    tokenizer = train(["a b."], mark_sentences=True)
    tokenizer(["a"])
    assert not FastWords(tokenizer.backend_tokenizer, "regex", {}, 1).supports("a")


ODD = [
    "",
    " \n\t",
    "U.S. e.g. a.b.c.d.e.f.g.h.i.j.k. x.y",
    "John's 'S 's don’t 's-s s's a's-b",
    "1,000.5 1, 10:30: a.1",
    "\x00a\x1eb\x1fc\x7fd",
    "[SEP][PAD] [UNK]",
    "a\u2010b-c--d",
    "👍🏽 ok 🇩🇪🇫🇷",
    "İstanbul ΣΑΣ ẞ straße",
    "e\u0301 é ’\u0301",
    "我爱北京天安门，NLP 3.5分。",
    "ＮＬＰ　全角！〇々",
    "\u302a中\u302a",
    "中\u200b国 \ufeff",
    "half \ud83d 中\udc00国",
    "日本語テキスト",
    "Привет, мир!",
    "w" * 5000,
    "中文" * 500,
]


def hostile_texts():
    rng = random.Random(0)
    parts = [*ODD[1:12], *" \n.,:'’-sSaZ09_![]", "\u200d", "\u0301", "U.S.", "'s", "1.5", "汽车", "中", "“", "…", "Ａ"]
    return [*ODD, *("".join(rng.choices(parts, k=rng.randrange(1, 9))) for _ in range(500))]


@pytest.mark.parametrize("lowercase", [True, False])
@pytest.mark.parametrize("segmenter", ["regex", "jieba"])
def test_a_batch_is_what_the_backend_makes_of_it(segmenter, lowercase):
    texts = hostile_texts()
    tokenizer = train(texts[::2], segmenter=segmenter, lowercase=lowercase)
    assert tokenizer(texts)["input_ids"] == tokenizer(texts, return_offsets_mapping=True)["input_ids"]
    for asked in ({"max_length": 3}, {"max_length": 5, "padding": True}, {"padding": "max_length", "max_length": 9}):
        batch = tokenizer(texts, truncation=True, **asked)
        assert dict(batch) == dict(tokenizer(texts, truncation="only_first", **asked))


def test_pairs_of_characters_that_python_reads_are_the_same_to_the_backend():
    characters = [chr(code) for code in range(128)] + ["’"]
    texts = ["".join(f"{one}{other} z{one}{other}z\n" for other in characters) for one in characters]
    tokenizer = train(texts, lowercase=False)
    assert tokenizer(texts)["input_ids"] == tokenizer(texts, return_offsets_mapping=True)["input_ids"]


def test_chinese_characters_that_python_reads_are_the_same_to_the_backend():
    characters = [one for one in map(chr, range(0x10000)) if _CHINESE.fullmatch(one)]
    texts = [" ".join(f"a{one} {one}b" for one in characters[start::100]) for start in range(100)]
    tokenizer = train(texts, segmenter="jieba")
    assert tokenizer(texts)["input_ids"] == tokenizer(texts, return_offsets_mapping=True)["input_ids"]


def test_a_pipeline_that_was_changed_is_read_by_the_backend():
    tokenizer = train(["The cat [SEP] the"])
    assert tokenizer.convert_ids_to_tokens(tokenizer(["The cat"])["input_ids"][0]) == ["the", "cat"]
    assert 2 in tokenizer(["The [SEP]"], split_special_tokens=False)["input_ids"][0]
    tokenizer.add_tokens("he c")
    assert len(tokenizer) - 1 in tokenizer(["The cat"])["input_ids"][0]
    tokenizer = train(["The cat"])
    tokenizer.backend_tokenizer.normalizer = normalizers.Replace("T", "t")
    assert tokenizer(["The caT"])["input_ids"] == [tokenizer("The caT")["input_ids"]]
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.CharDelimiterSplit("e")
    assert tokenizer(["The cat"])["input_ids"] == [tokenizer("The cat")["input_ids"]] == [[1, 1]]
