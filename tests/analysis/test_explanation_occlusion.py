# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The numbers of words are what the logit loses without them."""

import numpy as np

from labelwise.analysis.explain import explain

from ..other_families import make_other_family


def test_numbers_are_drops(word_tokenizer):
    model = make_other_family("cnn", word_tokenizer, ["joy", "anger"])
    model.config.max_words = 4
    found = explain(model, word_tokenizer, "w1 w2 w3 w4 w5", [1])
    np.testing.assert_array_equal(found.weights_KW[0, :4], found.drops.drop_KP[0])
    assert (found.weights_KW[0, :4] != 0).any()
    assert found.weights_KW[0, 4] == 0
    entries = list(found.entries(0))
    assert [entry["drop"] for entry in entries] == [*found.drops.drop_KP[0], None]
    assert [entry["left_out_with"] for entry in entries] == [0, 1, 2, 3, None]
    told = f"measured: the logit is {found.answers[0].logit:+.3f} with all words, and each number is what it loses"
    assert found.trust(0) == f"{told} without one (4 words)"
    assert found.measures(0) == {"left_out": 4}
    largest = max(range(4), key=lambda word: abs(found.drops.drop_KP[0, word]))
    assert found.highest(0)[1] == (f"w{largest + 1}", f"{found.drops.drop_KP[0, largest]:+.3f}")
