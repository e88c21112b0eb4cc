# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""WordTokenizer: which words, which sentences, which limits, and the same ids wherever it goes."""

import csv
import pickle
import random
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from datasets import Dataset
from transformers import AutoTokenizer, DataCollatorWithPadding

from labelwise.configuration import LWLSTMConfig
from labelwise.tokenization import WordTokenizer

DATA = Path(__file__).parents[3] / "shared" / "data"
TEXTS = [
    "The cat sat on the mat. The dog didn't!",
    "Dr. Smith paid $1,000.50 for the dog's well-known hat.\nWasn't it 3.5 miles?",
    "one two three four five six seven. One two! Three four five",
    "[SEP] [PAD] [UNK] are words here",
]


def train(texts=TEXTS, **options):
    return WordTokenizer.train_from_iterator(texts, **{"min_frequency": 1, **options})


def words(text, **options):
    """The words of `text` for a tokenizer that was trained on it, so that none is unknown."""
    tokenizer = train([text], **options)
    return tokenizer.convert_ids_to_tokens(tokenizer(text)["input_ids"])


def sentences(text, **options):
    parts = " ".join(words(text, mark_sentences=True, **options)).split("[SEP]")
    assert parts.pop().strip() == ""
    return [part.strip() for part in parts]


# Words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop", "don't|stop"),
        ("don’t stop", "don't|stop"),
        ("John's dogs' l'homme п'ять", "john|'s|dogs|'|l'homme|п'ять"),
        ("'quoted' \"so\"", "'|quoted|'|\"|so|\""),
        ("well-known COVID-19 - a--b", "well-known|covid-19|-|a|-|-|b"),
        ("3.5 1,000.25 10:30 1, 2. -5 50% $7", "3.5|1,000.25|10:30|1|,|2|.|-|5|50|%|$|7"),
        ("the U.S. and e.g. this... x.y", "the|u.s.|and|e.g.|this|.|.|.|x|.|y"),
        ("snake_case #tag @me", "snake|_|case|#|tag|@|me"),
        ("naïve nai\u0308ve ÅNGSTRÖM", "naïve|naïve|ångström"),
        ("Привет, мир!", "привет|,|мир|!"),
        ("مرحبا بالعالم، كَتَبَ", "مرحبا|بالعالم|،|كَتَبَ"),
        ("שלום עולם", "שלום|עולם"),
        ("मैं हिन्दी पढ़ता हूँ।", "मैं|हिन्दी|पढ\u093cता|हूँ|।"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("안녕하세요 세계", "안녕하세요|세계"),
        ("你好world", "你|好|world"),
        ("ok👍🏽👨‍👩‍👧❤️🇩🇪🇫🇷!", "ok|👍🏽|👨‍👩‍👧|❤️|🇩🇪|🇫🇷|!"),
        ("x² ½", "x²|½"),
        ("a\x00b\u200bc\ufeffd\u200fe\tf\u00a0g\u3000h", "a|b|c|d|e|f|g|h"),
        ("[SEP] [PAD][UNK]", "[|sep|]|[|pad|]|[|unk|]"),
    ],
)
def test_words(text, expected):
    assert words(text) == expected.split("|")


def test_case_is_kept_on_request():
    assert words("The cat's THE", lowercase=False) == ["The", "cat", "'s", "THE"]
    assert words("[SEP] 'S", lowercase=False, mark_sentences=True) == ["[", "SEP", "]", "'", "S", "[SEP]"]


def test_vocabulary_is_by_frequency_and_then_by_characters():
    texts = ["b a c", "c b d", "rare"]
    tokenizer = train(texts)
    assert tokenizer.convert_ids_to_tokens(range(len(tokenizer))) == [
        "[PAD]",
        "[UNK]",
        "[SEP]",
        "b",
        "c",
        "a",
        "d",
        "rare",
    ]
    assert (tokenizer.pad_token_id, tokenizer.unk_token_id, tokenizer.sep_token_id) == (0, 1, 2)
    assert train(reversed(texts)).get_vocab() == tokenizer.get_vocab()
    assert set(train(texts, vocab_size=5).get_vocab()) == {"[PAD]", "[UNK]", "[SEP]", "b", "c"}
    assert set(train(texts, min_frequency=2).get_vocab()) == {"[PAD]", "[UNK]", "[SEP]", "b", "c"}
    assert train(texts)("b never d")["input_ids"] == [3, 1, 6]


# Sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One here. Two there! Three? Four", "one here .|two there !|three ?|four"),
        ("wow! that is it. he said.", "wow !|that is it . he said ."),
        (
            "Mr. Smith and J. K. Rowling left the U.S. Senate etc. No. 5",
            "mr . smith and j . k . rowling left the u.s. senate etc . no . 5",
        ),
        ('He said "go." Then (it ended.) "Why?" asked', 'he said " go . "|then ( it ended . )|" why ? "|asked'),
        ("wait... What?! No", "wait . . .|what ? !|no"),
        ("tokenized text . it goes on .", "tokenized text .|it goes on ."),
        ("3.5 miles. 4 more", "3.5 miles .|4 more"),
        ("line one\nline two\r\n\r\n  line three \n", "line one|line two|line three"),
        ("\n\n a \n\u200b\n b", "a|b"),
        ("क्या? हाँ। ठीक", "क्या ?|हाँ ।|ठीक"),
        ("你好。再见！真的？！对；是", "你 好 。|再 见 ！|真 的 ？ ！|对 ；|是"),
        ("他说：“好。”然后走了。", "他 说 ： “ 好 。 ”|然 后 走 了 。"),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected.split("|")


# Each is read as one unknown word; the last is a control character that Python 3.11 does not know
WORDLESS = ["", " ", "\n \n\t", "\u200b", "\x1e", "\x00\x1e\x1f", "\u200d", "\ufeff" * 40, "\U00013439"]


@pytest.mark.parametrize("text", WORDLESS)
@pytest.mark.parametrize("segmenter", ["regex", "jieba"])
@pytest.mark.parametrize("mark_sentences", [False, True])
def test_a_text_without_words_is_one_unknown_word(text, segmenter, mark_sentences):
    tokenizer = train([*TEXTS, *WORDLESS], segmenter=segmenter, mark_sentences=mark_sentences)
    unknown = [1, 2] if mark_sentences else [1]
    assert tokenizer("zebra")["input_ids"] == unknown  # as which it is read
    for texts in ([text], [text, "The cat", text], ["汽", text, "…"]):
        rows = tokenizer(texts)["input_ids"]
        assert rows == [tokenizer(one)["input_ids"] for one in texts] == [tokenizer.encode(one) for one in texts]
        with_offsets = tokenizer(texts, return_offsets_mapping=True)
        assert with_offsets["input_ids"] == rows
        for one, row, offsets in zip(texts, rows, with_offsets["offset_mapping"], strict=True):
            assert one != text or (row, offsets) == (unknown, [(0, 0)] * len(unknown))
            assert one == text or offsets[0] != (0, 0)
            assert tokenizer(one, return_offsets_mapping=True)["offset_mapping"] == offsets
        assert tokenizer(texts, truncation=True, max_length=1)["input_ids"] == [row[:1] for row in rows]
        padded = tokenizer(texts, padding=True, return_tensors="pt", return_offsets_mapping=True)
        assert [row[mask.bool()].tolist() for row, mask in zip(*list(padded.values())[:2], strict=True)] == rows
    assert tokenizer.tokenize(text) == ["[UNK]", "[SEP]"][: len(unknown)]
    overflowing = tokenizer(
        [text, "The cat"], truncation=True, max_length=1, return_overflowing_tokens=True, return_offsets_mapping=True
    )
    assert overflowing["overflow_to_sample_mapping"] == [0] * len(unknown) + [1] * (1 + len(unknown))
    assert overflowing["offset_mapping"][: len(unknown)] == [[(0, 0)]] * len(unknown)


@pytest.mark.parametrize("lowercase", [True, False])
@pytest.mark.parametrize("segmenter", ["regex", "jieba"])
def test_no_text_forges_a_special_token(segmenter, lowercase):
    texts = ["[SEP]", "a[SEP]b", "\x1e[SEP]\x1e", "\x1f[SEP]\x1f", "[PAD] [UNK]", "a\x1eb"]
    tokenizer = train(["a b [ ] sep pad unk SEP PAD UNK"], segmenter=segmenter, lowercase=lowercase)
    assert not {0, 1, 2} & {i for row in tokenizer(texts)["input_ids"] for i in row}
    tokenizer = train(
        ["a b [ ] sep pad unk SEP PAD UNK"], segmenter=segmenter, lowercase=lowercase, mark_sentences=True
    )
    for row in tokenizer(texts)["input_ids"]:
        assert not {0, 1, 2} & set(row[:-1])


# jieba


def test_jieba_words_and_sentences():
    assert words("我爱北京天安门，NLP 3.5分。", segmenter="jieba") == [
        "我",
        "爱",
        "北京",
        "天安门",
        "，",
        "nlp",
        "3.5",
        "分",
        "。",
    ]
    assert sentences("他说：“很好！”真的吗？对\n天安门 Hello. World\x1f好", segmenter="jieba") == [
        "他 说 ： “ 很 好 ！ ”",
        "真的 吗 ？",
        "对",
        "天安门 hello .",
        "world 好",
    ]


def test_jieba_is_quiet(capfd):
    train(["我爱北京天安门"], segmenter="jieba")
    assert "jieba" not in capfd.readouterr().err


# Limits


def test_without_jieba(monkeypatch):
    """Who cuts no Chinese text needs none, and who does is told."""
    tokenizer = train(segmenter="jieba")
    monkeypatch.setitem(sys.modules, "jieba", None)
    assert train()("a b")["input_ids"]
    with pytest.raises(ImportError, match="pip install jieba"):
        tokenizer("汽车")


def test_flat_truncation_keeps_the_first_words():
    tokenizer = train(max_words=4)
    assert tokenizer.model_max_length == 4
    for text in TEXTS:
        assert tokenizer(text, truncation=True)["input_ids"] == tokenizer(text)["input_ids"][:4]
        assert tokenizer(text, truncation=True, max_length=2)["input_ids"] == tokenizer(text)["input_ids"][:2]


def test_sentence_limits_keep_exactly_the_expected_words():
    rng = random.Random(0)
    documents = [[rng.randrange(0, 12) for _ in range(rng.randrange(0, 9))] for _ in range(300)]
    tokenizer = train(["w"], mark_sentences=True, max_sentences=4, max_words_per_sentence=5)
    assert tokenizer.model_max_length == 24
    texts = ["\n".join(" ".join(["w"] * length) for length in document) for document in documents]
    expected = [
        [i for length in [n for n in document if n][:4] for i in [3] * min(length, 5) + [2]] or [1, 2]
        for document in documents
    ]
    batch = tokenizer(texts, truncation=True)
    assert batch["input_ids"] == expected
    assert batch["attention_mask"] == [[1] * len(row) for row in expected]
    for text, row in zip(texts[:20], expected, strict=False):
        assert tokenizer(text, truncation=True)["input_ids"] == row
        assert tokenizer(text, truncation=True, max_length=7)["input_ids"] == row[:7]
        assert len(tokenizer(text)["input_ids"]) >= len(row)
    padded = tokenizer(texts[:20], truncation=True, padding=True, return_tensors="pt")
    assert padded["input_ids"].shape == (20, max(len(row) for row in expected[:20]))
    assert [row[mask.bool()].tolist() for row, mask in zip(*padded.values(), strict=True)] == expected[:20]
    assert tokenizer(texts[:2], truncation=True, padding="max_length")["input_ids"][0][-1] == 0


def test_a_long_sentence_does_not_push_out_the_next():
    tokenizer = train(["a b"], mark_sentences=True, max_sentences=2, max_words_per_sentence=3)
    text = "a " * 10_000 + "\nb"
    assert tokenizer.convert_ids_to_tokens(tokenizer(text, truncation=True)["input_ids"]) == [
        "a",
        "a",
        "a",
        "[SEP]",
        "b",
        "[SEP]",
    ]


@pytest.mark.parametrize(
    "options",
    [
        {"max_sentences": 3, "mark_sentences": True},
        {"max_words_per_sentence": 3, "mark_sentences": True},
        {"max_sentences": 3, "max_words_per_sentence": 3},
        {"segmenter": "spacy"},
    ],
)
def test_options_that_do_not_fit_are_errors(options):
    with pytest.raises(ValueError, match=r"max_sentences|segmenter"):
        train(**options)


# Calls


def test_single_batch_and_tensors():
    tokenizer = train()
    assert tokenizer.model_input_names == ["input_ids", "attention_mask"]
    batch = tokenizer(TEXTS)
    assert set(batch) == {"input_ids", "attention_mask"}
    assert [tokenizer(text)["input_ids"] for text in TEXTS] == batch["input_ids"]
    assert tokenizer(TEXTS[0], return_tensors="pt")["input_ids"].tolist() == [batch["input_ids"][0]]
    padded = tokenizer(TEXTS, padding=True, return_tensors="pt")
    assert torch.equal(padded["attention_mask"], (padded["input_ids"] != 0).long())
    assert padded["input_ids"][0].tolist()[: len(batch["input_ids"][0])] == batch["input_ids"][0]
    assert tokenizer.tokenize("The cat") == ["the", "cat"]
    assert tokenizer.encode("The cat") == batch["input_ids"][0][:2]
    assert tokenizer([])["input_ids"] == []
    assert tokenizer("The cat", return_attention_mask=True) == tokenizer("The cat")
    assert tokenizer("The cat", return_offsets_mapping=True)["offset_mapping"] == [(0, 3), (4, 7)]
    assert tokenizer.decode(batch["input_ids"][0]) == "the cat sat on the mat . the dog didn't !"
    assert tokenizer.batch_decode(padded["input_ids"], skip_special_tokens=True)[0].endswith("didn't !")


def test_pairs_and_lists_of_words_are_errors():
    tokenizer = train()
    for call in (
        lambda: tokenizer("a", "b"),
        lambda: tokenizer([("a", "b")]),
        lambda: tokenizer([["a", "b"]], is_split_into_words=True),
        lambda: tokenizer(["a", None]),
        lambda: tokenizer(5),
        lambda: tokenizer([1, 2]),
        lambda: tokenizer(b"a"),
    ):
        with pytest.raises(ValueError, match="no pairs of texts"):
            call()


@pytest.mark.parametrize("limits", [{}, {"mark_sentences": True, "max_sentences": 2, "max_words_per_sentence": 2}])
def test_empty_texts_make_usable_batches(limits):
    tokenizer = train(**limits)
    rows = [tokenizer("", truncation=True), tokenizer("", truncation=True)]
    unknown = [1, 2] if limits else [1]
    assert rows[0] == {"input_ids": unknown, "attention_mask": [1] * len(unknown)}
    for batch in (
        DataCollatorWithPadding(tokenizer)(rows),
        tokenizer(["", ""], truncation=True, padding=True, return_tensors="pt"),
    ):
        assert batch["input_ids"].tolist() == [unknown] * 2
        assert batch["attention_mask"].all()
        assert batch["input_ids"].dtype == torch.int64
    mixed = DataCollatorWithPadding(tokenizer)([tokenizer(""), tokenizer("the cat")])
    assert mixed["attention_mask"].sum(dim=1).tolist() == [len(unknown), len(unknown) + 1]
    batch = tokenizer.pad({"input_ids": [[], []]}, return_tensors="pt")  # what was tokenized otherwise
    assert batch["input_ids"].shape == batch["attention_mask"].shape == (2, 0)
    rows = tokenizer(["", ""])["input_ids"]
    assert rows[0] is not rows[1]


# The same ids everywhere


@pytest.mark.parametrize(
    "options",
    [
        {"max_words": 6},
        {"lowercase": False, "mark_sentences": True},
        {"mark_sentences": True, "max_sentences": 2, "max_words_per_sentence": 3},
        {"segmenter": "jieba", "mark_sentences": True, "max_sentences": 2, "max_words_per_sentence": 3},
    ],
)
def test_saved_pickled_and_mapped(tmp_path, options):
    texts = [*TEXTS, "我爱北京天安门。你好！[SEP]"]
    tokenizer = train(texts, **options)
    expected = tokenizer(texts)["input_ids"], tokenizer(texts, truncation=True)["input_ids"]
    tokenizer(texts, truncation=True, padding="max_length", max_length=3)  # leaves its limits in the backend
    tokenizer.save_pretrained(tmp_path)
    LWLSTMConfig().save_pretrained(tmp_path / "with_config")
    tokenizer.save_pretrained(tmp_path / "with_config")
    for other in (
        WordTokenizer.from_pretrained(tmp_path),
        AutoTokenizer.from_pretrained(tmp_path),
        AutoTokenizer.from_pretrained(tmp_path / "with_config"),
        pickle.loads(pickle.dumps(tokenizer)),
    ):
        assert type(other) is WordTokenizer
        assert (other(texts)["input_ids"], other(texts, truncation=True)["input_ids"]) == expected
        assert other.get_vocab() == tokenizer.get_vocab()
        assert other.split_special_tokens and other.model_max_length == tokenizer.model_max_length
        assert (
            other.backend_tokenizer.normalizer.__getstate__() == tokenizer.backend_tokenizer.normalizer.__getstate__()
        )


@pytest.mark.parametrize("segmenter", ["regex", "jieba"])
def test_datasets_map_with_processes(segmenter):
    tokenizer = train(segmenter=segmenter, max_words=5)
    dataset = Dataset.from_dict({"text": TEXTS * 2})
    mapped = dataset.map(lambda batch: tokenizer(batch["text"], truncation=True), batched=True, num_proc=2)
    assert list(mapped["input_ids"]) == tokenizer(TEXTS * 2, truncation=True)["input_ids"]
    assert tokenizer(dataset["text"], truncation=True)["input_ids"] == list(mapped["input_ids"])


# Hostile texts


def test_half_a_surrogate_pair_is_dropped():
    assert words("ab\ud83d cd\udc00") == ["ab", "cd"]


@pytest.mark.parametrize("segmenter", ["regex", "jieba"])
def test_no_text_takes_more_than_linear_time(segmenter):
    tokenizer = train(["a"], segmenter=segmenter, mark_sentences=True)
    units = [
        "a",
        " ",
        "\n",
        ".",
        ". ",
        "a'",
        "a-",
        "a.",
        "1,",
        '!" ',
        "。",
        "\u0301",
        "\u200d",
        "👩\u200d",
        "🇩",
        "\x00",
        "\x1e",
    ]
    tokenizer("a")  # jieba reads its dictionary
    for unit in units:
        start = time.process_time()
        tokenizer("b" + unit * (50_000 // len(unit)) + "z")
        assert time.process_time() - start < 3, repr(unit)
    assert tokenizer("a" * 100_000)["input_ids"] == [1, 2]


# Calls


def test_unusual_limits_are_the_librarys():
    tokenizer = train()
    first = [tokenizer(text)["input_ids"] for text in TEXTS]
    assert tokenizer(TEXTS, truncation=True, max_length=0)["input_ids"] == [[]] * 4
    tokenizer.truncation_side = "left"
    assert tokenizer(TEXTS, truncation=True, max_length=3)["input_ids"] == [ids[-3:] for ids in first]
    with pytest.raises(OverflowError):
        tokenizer(TEXTS, truncation=True, max_length=-1)
    with pytest.raises(Exception, match=r"[Ss]econd sequence"):
        tokenizer(TEXTS, truncation="only_second", max_length=1)


def test_a_call_leaves_no_trace_in_what_is_pickled():
    tokenizer = train()
    before = pickle.dumps(tokenizer)
    tokenizer(TEXTS)
    assert pickle.dumps(tokenizer) == before
    assert pickle.loads(before)(TEXTS) == tokenizer(TEXTS)


@pytest.mark.parametrize("asked", [{}, {"return_offsets_mapping": True}], ids=["ids", "offsets"])
def test_texts_are_cut_then_padded_to_a_multiple(asked):
    """A limit that is no multiple itself, such as the default of 500 words."""
    tokenizer = WordTokenizer.train_from_iterator(["a b"], min_frequency=1, max_words=10)
    for padding in (True, "max_length"):
        batch = tokenizer(["a " * 12, "b"], truncation=True, padding=padding, pad_to_multiple_of=8, **asked)
        assert [len(row) for row in batch["input_ids"]] == [16, 16]
        assert [sum(row) for row in batch["attention_mask"]] == [10, 1]
    assert len(tokenizer("a " * 12, truncation=True, padding=True, pad_to_multiple_of=8)["input_ids"]) == 16
    assert tokenizer("a", truncation=True, pad_to_multiple_of=8)["input_ids"] == [3]
    with pytest.raises(ValueError, match=r"\(12\) is not a multiple"):  # as with the library's own
        tokenizer("a", truncation=True, padding=True, max_length=12, pad_to_multiple_of=8)


# Real corpora


def corpus(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"needs {name}, which is not in the repository")
    return path


def test_goemotions():
    lines = corpus("goemotions/train.tsv").read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t")[0] for line in lines]
    tokenizer = WordTokenizer.train_from_iterator(texts, mark_sentences=True)
    dev = [line.split("\t")[0] for line in corpus("goemotions/dev.tsv").read_text(encoding="utf-8").splitlines()]
    rows = tokenizer(dev)["input_ids"]
    ids = [i for row in rows for i in row]
    assert ids.count(1) / len(ids) < 0.04
    assert all(row[-1] == 2 and (2, 2) not in pairwise(row) for row in rows)


def test_bdci_car2018():
    with corpus("bdci_car2018/train_2.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["content"] for row in csv.DictReader(file)][:1500]
    tokenizer = WordTokenizer.train_from_iterator(texts[:1000], segmenter="jieba")
    ids = [i for row in tokenizer(texts[1000:])["input_ids"] for i in row]
    assert ids.count(1) / len(ids) < 0.2
