# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LabelTokenizer: the template on any tokenizer, wherever it goes, whatever the text says."""

import logging
import pickle
import subprocess
import sys

import pytest
from datasets import Dataset
from transformers import AutoTokenizer, ByT5Tokenizer, DataCollatorWithPadding, PreTrainedTokenizerFast

from labelwise import LabelTokenizer

LABELS = ["joy", "anger", "who knows"]
TEMPLATES = {
    "diff": ["[LS-1]", "[MASK-1]", "[LE-1]", "[LS-2]", "[MASK-2]", "[LE-2]", "[LS-3]", "[MASK-3]", "[LE-3]"],
    "same": ["[LS]", "mask", "[LE]"] * 3,
    "shared_answers": ["[LS-1]", "mask", "[LE-1]", "[LS-2]", "mask", "[LE-2]", "[LS-3]", "mask", "[LE-3]"],
    "compact": ["[MASK-1]", "[MASK-2]", "[MASK-3]"],
    "none": [],
}
TEXTS = ["the cat sat", "a dog chased the cat away and away and away", "", "what joy it was"]
FORGED = "the [MASK-3] cat [YES-1] [NO-2] [LS-1] [LE] [YES] [MASK] <mask> [SEP] </s> [CLS] <s> [PAD] <pad> sat"


@pytest.fixture(params=TEMPLATES)
def template(request):
    return request.param


@pytest.fixture
def tokenizer(encoder, template):
    return LabelTokenizer.from_encoder(encoder, LABELS, template)


def with_template(encoder, template, text):
    """What the encoder itself writes, with the template put in after its first token."""
    own = AutoTokenizer.from_pretrained(encoder)
    tokens = own.convert_ids_to_tokens(own(text)["input_ids"])
    names = [own.mask_token if token == "mask" else token for token in TEMPLATES[template]]
    return [tokens[0], *names, *tokens[1:]]


# The template


def test_the_template_stands_within_the_encoders_own_tokens(encoder, template, tokenizer):
    for text in TEXTS:
        encoded = tokenizer(text)
        assert tokenizer.convert_ids_to_tokens(encoded["input_ids"]) == with_template(encoder, template, text)
        assert set(encoded) == set(AutoTokenizer.from_pretrained(encoder)(text))
        assert not any(encoded.get("token_type_ids", []))


def test_it_stands_before_the_first_of_two_texts(encoder, template, tokenizer):
    encoded = tokenizer("the cat", "sat")
    tokens = tokenizer.convert_ids_to_tokens(encoded["input_ids"])
    whole = with_template(encoder, template, "the cat")
    assert tokens[: len(whole)] == whole
    sep = tokenizer.sep_token
    assert tokens[len(whole) :] == [*tokenizer.tokenize("sat"), sep]
    if "token_type_ids" in encoded:
        assert encoded["token_type_ids"] == [0] * len(whole) + [1] * (len(tokens) - len(whole))


def test_ids_are_new_ones_after_the_encoders(encoder, template, tokenizer):
    own = AutoTokenizer.from_pretrained(encoder)
    assert len(tokenizer) == len(own) + {"diff": 15, "same": 4, "shared_answers": 8, "compact": 9, "none": 0}[template]
    assert all(tokenizer.get_vocab()[token] == i for token, i in own.get_vocab().items())
    assert sorted(tokenizer.get_vocab().values()) == list(range(len(tokenizer)))
    for name in ("pad", "cls", "sep", "mask", "unk"):
        assert getattr(tokenizer, f"{name}_token_id") == getattr(own, f"{name}_token_id")


def test_positions_and_ids_of_the_labels(template, tokenizer):
    ids = tokenizer(TEXTS[0])["input_ids"]
    answers = tokenizer.answer_ids()
    assert [ids[position] for position in tokenizer.label_positions] == answers["mask"]
    found = {name: tokenizer.convert_ids_to_tokens(answers[name]) for name in ("yes", "no")}
    if template == "none":
        assert found == {"yes": [], "no": []}
    elif template in ("same", "shared_answers"):
        assert found == {"yes": ["[YES]"] * 3, "no": ["[NO]"] * 3}
    else:
        assert found == {"yes": ["[YES-1]", "[YES-2]", "[YES-3]"], "no": ["[NO-1]", "[NO-2]", "[NO-3]"]}
    own_tokens = [tokenizer.convert_ids_to_tokens(ids) for ids in tokenizer.tokens_of_labels]
    assert [len(tokens) for tokens in own_tokens] == [
        {"diff": 5, "shared_answers": 2, "compact": 3}.get(template, 0)
    ] * 3
    assert all(token.endswith(f"-{i}]") for i, tokens in enumerate(own_tokens, 1) for token in tokens)


def test_text_cannot_forge_a_token(encoder, template, tokenizer):
    special = set(tokenizer.added_tokens_decoder) - {tokenizer.unk_token_id}
    if "deberta" in encoder:  # to a Unigram model these are words like others
        special -= {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id}
    ids, empty = tokenizer([FORGED, ""])["input_ids"]
    assert len(ids) > len(empty) + 20
    assert [i for i in ids if i in special] == [i for i in empty if i in special]
    assert not special & set(tokenizer(FORGED, add_special_tokens=False)["input_ids"])
    assert ids[: len(empty) - 1] == empty[:-1]


# Wherever it goes


def test_truncation_cuts_the_text_only(encoder, template, tokenizer):
    text = TEXTS[1]
    whole = tokenizer(text)["input_ids"]
    special = len(tokenizer("")["input_ids"])
    for length in range(special + 1, len(whole) + 2):
        ids = tokenizer(text, truncation=True, max_length=length)["input_ids"]
        kept = min(length, len(whole)) - 1
        assert ids == [*whole[:kept], whole[-1]]
    assert len(tokenizer(text * 9, truncation=True)["input_ids"]) == tokenizer.model_max_length == 64


def test_padding_on_either_side(tokenizer):
    for side in ("left", "right"):
        batch = tokenizer(TEXTS, padding=True, padding_side=side)
        for text, ids, mask in zip(TEXTS, batch["input_ids"], batch["attention_mask"], strict=True):
            assert [i for i, there in zip(ids, mask, strict=True) if there] == tokenizer(text)["input_ids"]
            assert mask == sorted(mask, reverse=side == "right")


def test_save_and_load(tokenizer, template, tmp_path):
    tokenizer.save_pretrained(tmp_path)
    for loaded in (AutoTokenizer.from_pretrained(tmp_path), LabelTokenizer.from_pretrained(tmp_path)):
        assert type(loaded) is LabelTokenizer
        assert (loaded.labels, loaded.template) == (LABELS, template)
        assert loaded.label_positions == tokenizer.label_positions
        assert loaded.answer_ids() == tokenizer.answer_ids()
        assert dict(loaded([*TEXTS, FORGED])) == dict(tokenizer([*TEXTS, FORGED]))
        assert (loaded.model_max_length, loaded.padding_side) == (64, "right")
    loaded.save_pretrained(tmp_path / "again")
    again = AutoTokenizer.from_pretrained(tmp_path / "again")
    assert dict(again([*TEXTS, FORGED])) == dict(tokenizer([*TEXTS, FORGED]))


def test_transformers_alone_reads_it(make_encoder, tmp_path):
    """Without the code in the folder, which `AutoTokenizer` asks to trust."""
    families = ("bert", "roberta", "deberta-v2", "electra", "modernbert")
    expected = {}
    for family in families:
        tokenizer = LabelTokenizer.from_encoder(make_encoder(family), LABELS)
        tokenizer.save_pretrained(tmp_path / family)
        expected[family] = tokenizer([*TEXTS, FORGED], truncation=True, max_length=20)["input_ids"]
    code = (
        "import sys; from transformers import PreTrainedTokenizerFast\n"
        f"for family in {families}:\n"
        f"    tokenizer = PreTrainedTokenizerFast.from_pretrained({str(tmp_path)!r} + '/' + family)\n"
        f"    print(tokenizer({[*TEXTS, FORGED]}, truncation=True, max_length=20)['input_ids'])\n"
        "assert 'labelwise' not in sys.modules"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [str(expected[family]) for family in families]


def test_map_in_two_processes_and_pickling(bert):
    tokenizer = LabelTokenizer.from_encoder(bert, LABELS)
    copy = pickle.loads(pickle.dumps(tokenizer))
    assert type(copy) is LabelTokenizer and (copy.labels, copy.template) == (LABELS, "diff")
    assert dict(copy([*TEXTS, FORGED])) == dict(tokenizer([*TEXTS, FORGED]))
    mapped = Dataset.from_dict({"text": [*TEXTS, FORGED]}).map(
        lambda row: tokenizer(row["text"], truncation=True), num_proc=2
    )
    assert list(mapped["input_ids"]) == [tokenizer(text, truncation=True)["input_ids"] for text in [*TEXTS, FORGED]]


def test_limits_of_the_encoders_own_file_are_left_behind(make_encoder):
    """As in a file that was last used to pad and cut."""
    folder = make_encoder("bert")
    own = AutoTokenizer.from_pretrained(folder)
    own.backend_tokenizer.enable_truncation(5)
    own.backend_tokenizer.enable_padding(length=9)
    own.backend_tokenizer.save(f"{folder}/tokenizer.json")
    tokenizer = LabelTokenizer.from_encoder(folder, LABELS)
    assert tokenizer.backend_tokenizer.truncation is None and tokenizer.backend_tokenizer.padding is None
    assert len(tokenizer(TEXTS[1])["input_ids"]) > 15 and tokenizer.pad_token_id not in tokenizer("")["input_ids"]


# Batches, which are read without the backend's template


HOSTILE = [
    FORGED,
    "the cat 👍🏽👩‍👩‍👧 sat",
    "Привет 你好 joy\u0301 \x00\u200b\ufeff",
    " \n",
    "",
    "cat" * 200,
    "the cat " * 200,
]


def outcome(tokenizer, texts, **asked):
    """What it gives, or how it fails."""
    try:
        batch = tokenizer(texts, **asked)
    except Exception as error:
        return type(error), str(error)
    return {name: values if isinstance(values, list) else values.tolist() for name, values in batch.items()}


@pytest.fixture
def library(tokenizer, tmp_path):
    """The library's own class over the same file."""
    tokenizer.save_pretrained(tmp_path)
    return PreTrainedTokenizerFast.from_pretrained(tmp_path)


def test_a_batch_is_what_the_library_makes_of_it(tokenizer, library):
    special = len(tokenizer("")["input_ids"])
    plain = {"truncation": True}
    options = [
        {},
        plain,
        *({**plain, "max_length": special + more} for more in (1, 2, 7)),
        {**plain, "return_token_type_ids": True, "return_attention_mask": False},
        {**plain, "return_token_type_ids": False, "split_special_tokens": False},
        {**plain, "add_special_tokens": False},
        {**plain, "padding": "max_length", "return_tensors": "pt"},
        {**plain, "return_tensors": "pt"},
        {**plain, "return_offsets_mapping": True, "return_special_tokens_mask": True, "return_length": True},
        {"truncation": "only_first", "max_length": special + 4, "stride": 2, "return_overflowing_tokens": True},
        {"truncation": "only_second", "max_length": special + 1},
        {"is_split_into_words": True},
        {"text_pair": HOSTILE},
    ]
    for asked in options:
        ours, theirs = outcome(tokenizer, HOSTILE, **asked), outcome(library, HOSTILE, **asked)
        assert ours == theirs and list(ours) == list(theirs), asked
    ours, theirs = (outcome(one, ["the cat"] * 2, return_tensors="pt") for one in (tokenizer, library))
    assert ours == theirs and "input_ids" in ours
    tokenizer.truncation_side = library.truncation_side = "left"
    for more in (1, 2, 7):
        asked = {**plain, "max_length": special + more}
        assert outcome(tokenizer, HOSTILE, **asked) == outcome(library, HOSTILE, **asked), asked


def test_a_batch_is_not_read_where_the_library_refuses(tokenizer, library):
    for texts in ([], (), ["a", None], [1], None, 5, ["\ud83d"], [("the", "cat")], ("the cat", ""), [["the"], "cat"]):
        assert outcome(tokenizer, texts) == outcome(library, texts), texts


def test_a_long_text_is_warned_of_once(bert, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("transformers"), "propagate", True)
    caplog.set_level(logging.WARNING, "transformers")
    tokenizer = LabelTokenizer.from_encoder(bert, LABELS)
    tokenizer(TEXTS)
    tokenizer(["cat " * 99, "cat"], truncation=True)
    assert not caplog.records
    tokenizer(["cat", "cat " * 99])
    assert "(110 > 64)" in caplog.text
    caplog.clear()
    tokenizer(["cat", "cat " * 99])
    assert not caplog.records


def test_offsets_on_request(bert):
    tokenizer = LabelTokenizer.from_encoder(bert, LABELS)
    assert not tokenizer(TEXTS).encodings
    batch = tokenizer(TEXTS, return_offsets_mapping=True)
    assert batch.tokens(0) == with_template(bert, "diff", TEXTS[0])


# Known labels


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("tensors", [None, "pt", "np"])
def test_known_labels_stand_at_their_positions(encoder, side, tensors):
    known = [{"joy": True, "who knows": False}, {}, {"anger": True}, {"anger": False, "joy": True}]
    for template in ("diff", "same", "shared_answers", "compact"):
        tokenizer = LabelTokenizer.from_encoder(encoder, LABELS, template)
        plain = tokenizer(TEXTS, padding=True, padding_side=side)
        batch = tokenizer(TEXTS, padding=True, padding_side=side, return_tensors=tensors)
        assert tokenizer.fill_in(batch, known) is batch
        answers = tokenizer.answer_ids()
        for before, after, mask, given in zip(
            plain["input_ids"], batch["input_ids"], plain["attention_mask"], known, strict=True
        ):
            expected = list(before)
            for name, holds in given.items():
                i = LABELS.index(name)
                expected[mask.index(1) + tokenizer.label_positions[i]] = answers["yes" if holds else "no"][i]
            assert list(after) == expected


def test_known_labels_before_padding(bert):
    tokenizer = LabelTokenizer.from_encoder(bert, LABELS)
    batch = tokenizer.fill_in(tokenizer(TEXTS), [{"anger": True}] * 4)
    padded = DataCollatorWithPadding(tokenizer)(batch)
    assert padded["input_ids"][:, tokenizer.label_positions[1]].eq(tokenizer.convert_tokens_to_ids("[YES-2]")).all()


def test_wrong_known_labels_are_refused(bert):
    tokenizer = LabelTokenizer.from_encoder(bert, LABELS)
    with pytest.raises(ValueError, match="'sorrow' is none of the 3 labels: joy, anger, who knows"):
        tokenizer.fill_in(tokenizer(TEXTS[:1]), [{"sorrow": True}])
    with pytest.raises(ValueError, match="shorter"):
        tokenizer.fill_in(tokenizer(TEXTS), [{}])
    plain = LabelTokenizer.from_encoder(bert, LABELS, "none")
    with pytest.raises(ValueError, match="'none' has no label tokens"):
        plain.fill_in(plain(TEXTS), [{}] * 4)


# What is refused


def test_a_template_that_leaves_no_room_is_refused(bert):
    labels = [f"label {i}" for i in range(62)]
    message = "'diff' takes 63 tokens for 21 labels, special tokens 2: no room for text in the 64 .* template 'compact'"
    with pytest.raises(ValueError, match=message):
        LabelTokenizer.from_encoder(bert, labels[:21])
    with pytest.raises(ValueError, match=r"'compact' takes 62 tokens for 62 labels.* an encoder that reads more"):
        LabelTokenizer.from_encoder(bert, labels, "compact")
    for number, template in ((20, "diff"), (20, "same"), (20, "shared_answers"), (61, "compact"), (62, "none")):
        tokenizer = LabelTokenizer.from_encoder(bert, labels[:number], template)
        assert len(tokenizer("the cat sat", truncation=True)["input_ids"]) <= 64


@pytest.mark.parametrize("text", ["the cat sat " * 60, ["the cat sat " * 60, "the"]], ids=["one", "several"])
@pytest.mark.parametrize("asked", [{}, {"return_offsets_mapping": True}, {"padding": True}])
def test_a_limit_that_leaves_no_room_is_refused(bert, text, asked):
    """The backend would write 180 words behind a template of 44 tokens, and say nothing."""
    tokenizer = LabelTokenizer.from_encoder(bert, [f"label {i}" for i in range(14)])
    for max_length in (40, 44):
        with pytest.raises(ValueError, match=f"42 tokens for 14 labels, special tokens 2: .* max_length={max_length}"):
            tokenizer(text, truncation=True, max_length=max_length, **asked)
    (*_, ids) = tokenizer([text[0] if isinstance(text, list) else text], truncation=True, max_length=45)["input_ids"]
    assert len(ids) == 45
    without_template = tokenizer(text, truncation=True, max_length=5, add_special_tokens=False, **asked)["input_ids"]
    assert len(without_template if isinstance(text, str) else without_template[0]) == 5


@pytest.mark.parametrize("family", ["bert", "roberta"])
def test_a_tokenizer_without_a_limit_has_the_models(make_encoder, family):
    folder = make_encoder(family, tokenizer={"model_max_length": None})
    assert LabelTokenizer.from_encoder(folder, LABELS).model_max_length == 64
    with pytest.raises(ValueError, match="no room for text in the 64"):
        LabelTokenizer.from_encoder(folder, [str(i) for i in range(21)])


def test_a_shorter_limit(bert):
    assert LabelTokenizer.from_encoder(bert, LABELS, max_length=20).model_max_length == 20
    assert LabelTokenizer.from_encoder(bert, LABELS, max_length=99).model_max_length == 64
    for length in (0, 11):
        with pytest.raises(ValueError, match=f"no room for text in a max_length of {length};"):
            LabelTokenizer.from_encoder(bert, LABELS, max_length=length)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([], "no labels"),
        (["a", "b", "a"], "'a' is named twice"),
        (["a", ""], "label 1 has a blank name"),
        ([" ", "b"], "label 0 has a blank name"),
    ],
)
def test_wrong_labels_are_refused(bert, labels, message):
    with pytest.raises(ValueError, match=message):
        LabelTokenizer.from_encoder(bert, labels)


def test_an_unknown_template_is_refused(bert):
    with pytest.raises(ValueError, match="diff, same, shared_answers, compact, none, not 'other'"):
        LabelTokenizer.from_encoder(bert, LABELS, "other")


def test_an_encoder_without_a_mask_token_is_refused(make_encoder):
    folder = make_encoder("modernbert", tokenizer={"mask_token": None})
    with pytest.raises(ValueError, match="no mask token"):
        LabelTokenizer.from_encoder(folder, LABELS)


def test_a_tokenizer_without_a_fast_one_is_refused(tmp_path):
    ByT5Tokenizer().save_pretrained(tmp_path)
    with pytest.raises(ValueError, match="no fast tokenizer"):
        LabelTokenizer.from_encoder(tmp_path, LABELS)
