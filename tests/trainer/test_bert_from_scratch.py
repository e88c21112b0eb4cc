# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The vocabulary of a corpus, and the BERT that begins with it."""

import pytest
import torch

from labelwise.tokenization.label_templates import TEMPLATES
from labelwise.tokenization.tokenization_label import LabelTokenizer
from labelwise.trainer.bert_from_scratch import choose_unit, make_bert, train_tokenizer

TEXTS = ["Money for a loan, money for a bank", "a match and a team", "the team lost money"] * 2


@pytest.fixture(params=["word", "wordpiece"])
def tokenizer(request):
    return train_tokenizer(TEXTS, request.param, vocab_size=60, min_frequency=2, max_length=16)


@pytest.mark.parametrize(
    ("texts", "unit"), [(["12 7", "3.5 -1"], "word"), (["12 7", "3 x"], "wordpiece"), (["汉字"], "wordpiece")]
)
def test_choose_unit(texts, unit):
    assert choose_unit(texts) == unit


def test_whole_words():
    tokenizer = train_tokenizer(["12 1 2 a-b A-b", "12 1 2 a-b"], "word", 50, min_frequency=2, max_length=8)
    assert tokenizer.tokenize("12 21 1 a-b A-b") == ["12", "[UNK]", "1", "a-b", "[UNK]"]
    assert tokenizer.convert_ids_to_tokens(tokenizer("1 2")["input_ids"]) == ["[CLS]", "1", "2", "[SEP]"]


def test_the_same_vocabulary_every_time():
    """The library's own training of pieces gives another one each time."""
    first, *others = [train_tokenizer(TEXTS, "wordpiece", 60, 2, 16).get_vocab() for _ in range(4)]
    assert others == [first] * 3


@pytest.mark.parametrize("template", TEMPLATES)
def test_label_tokens_extend_it(tokenizer, tmp_path, template):
    """Names that the vocabulary does not know are no obstacle."""
    tokenizer.save_pretrained(tmp_path)
    shape = {"num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    make_bert(tokenizer, hidden_size=8, **shape).save_pretrained(tmp_path)
    labels = LabelTokenizer.from_encoder(str(tmp_path), ["17", "日本"], template)
    plain = tokenizer("money for a team")["input_ids"]
    ids = labels("money for a team")["input_ids"]
    assert [ids[0], *ids[1 - len(plain) :]] == plain
    assert len(ids) - len(plain) == {"diff": 6, "same": 6, "shared_answers": 6, "compact": 2, "none": 0}[template]


def test_positions_start_as_rotations(tokenizer):
    """A step to the right is the same linear map from every position, twice the scale of words."""
    shape = {"num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 16}
    embeddings = make_bert(tokenizer, hidden_size=8, **shape).bert.embeddings
    positions = embeddings.position_embeddings.weight
    assert torch.allclose((positions[:-1] * positions[1:]).sum(1), positions[0] @ positions[1], atol=1e-5)
    scale = positions.square().mean().sqrt() / embeddings.word_embeddings.weight.square().mean().sqrt()
    assert 1.6 < scale < 2.5
    assert make_bert(tokenizer, hidden_size=9, **shape).bert.embeddings.position_embeddings.weight.shape == (16, 9)


def test_keys_start_along_the_queries(tokenizer):
    """What is like a word has the highest score with it, before anything is learned."""
    shape = {"num_hidden_layers": 2, "num_attention_heads": 1, "intermediate_size": 16}
    model = make_bert(tokenizer, hidden_size=64, **shape)
    for layer in model.bert.encoder.layer:
        states = torch.randn(20, 64)
        scores = layer.attention.self.query(states) @ layer.attention.self.key(states).T
        assert (scores.argmax(dim=1) == torch.arange(20)).all()
