# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""transformers' own tests of tokenizers; see `tests/transformers_mixins.py`."""

import shutil
import tempfile

from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast

from labelwise import LabelTokenizer, WordTokenizer

from ..conftest import TEXTS, word_piece
from ..transformers_mixins import load_mixin, make_case

TokenizerTesterMixin = load_mixin("test_tokenization_common", "TokenizerTesterMixin")

NO_FORGERY = "a text that spells out a special token is read as ordinary words, and cannot forge a label"
NO_PAIRS = "reads one text, no pairs"
NO_ROOM = "asks for so few tokens that the label template leaves no room for text, which is an error"
NOT_APPLICABLE = {
    WordTokenizer: {
        "test_tokenize_special_tokens": NO_FORGERY,
        "test_batch_encode_dynamic_overflowing": NO_PAIRS,
        "test_call": NO_PAIRS,
        "test_chat_template_return_assistant_tokens_mask": "a list of texts gives ids alone, without `encodings`",
        "test_mask_output": NO_PAIRS,
        "test_maximum_encoding_length_pair_input": NO_PAIRS,
        "test_maximum_encoding_length_single_input": "models leave out what is over their limit: there is no warning",
        "test_number_of_added_tokens": NO_PAIRS,
        "test_sequence_ids": NO_PAIRS,
        "test_special_tokens_mask_input_pairs": NO_PAIRS,
    },
    LabelTokenizer: {
        "test_tokenize_special_tokens": NO_FORGERY,
        "test_batch_encode_dynamic_overflowing": NO_ROOM,
        "test_prepare_seq2seq_batch": NO_ROOM,
    },
}


def case_of(tokenizer_class, make):
    @classmethod
    def set_up(cls):
        cls.tmpdirname = tempfile.mkdtemp()
        cls.tokenizers_list, cls.from_pretrained_id = [(tokenizer_class, cls.tmpdirname, {})], [cls.tmpdirname]
        cls._data = "\n".join(TEXTS)
        make().save_pretrained(cls.tmpdirname)

    @classmethod
    def tear_down(cls):
        shutil.rmtree(cls.tmpdirname)

    def get_tokenizer(self, folder=None, **kwargs):
        return tokenizer_class.from_pretrained(folder or self.tmpdirname, **kwargs)

    attributes = {"tokenizer_class": tokenizer_class, "setUpClass": set_up, "tearDownClass": tear_down}
    name = f"Test_{tokenizer_class.__name__}"
    attributes["get_tokenizer"] = get_tokenizer
    return make_case(name, TokenizerTesterMixin, NOT_APPLICABLE[tokenizer_class], **attributes)


def words() -> WordTokenizer:
    return WordTokenizer.train_from_iterator(TEXTS, min_frequency=1)


def labels() -> LabelTokenizer:
    """Of a BERT whose files are made here, as fixtures are not for classes of unittest."""
    folder = tempfile.mkdtemp()
    tokens = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    backend = PreTrainedTokenizerFast(tokenizer_object=word_piece(), mask_token="[MASK]", **tokens)
    backend.save_pretrained(folder)
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    BertForMaskedLM(BertConfig(vocab_size=len(backend), **shape)).save_pretrained(folder)
    return LabelTokenizer.from_encoder(folder, ["joy", "anger"])


TestWordTokenizer = case_of(WordTokenizer, words)
TestLabelTokenizer = case_of(LabelTokenizer, labels)
