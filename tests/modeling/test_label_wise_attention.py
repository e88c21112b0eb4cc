# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Attention with context vectors (Eqs. 5-6, 8-9, 11-12), against loops."""

import pytest
import torch

from labelwise.modeling.label_wise_attention import LabelContexts, attend
from labelwise.modeling.padding import length_mask
from labelwise.modeling.sentences import SentenceGrid
from labelwise.modeling.windows import one_part

LENGTHS = [4, 0, 6, 1]


def by_hand(hidden, contexts, length):
    """Q_k = (softmax(H U_k))^T H for each U_k, over the steps that exist."""
    states = hidden[:length]
    weights = [torch.softmax(states @ context, dim=0) for context in contexts]
    summary = torch.stack([sum((w * s for w, s in zip(weight, states, strict=True))) for weight in weights])
    return summary, torch.stack(weights)


@pytest.mark.parametrize("own", [False, True], ids=["shared contexts", "own contexts"])
def test_attend(own):
    torch.manual_seed(0)
    hidden = torch.randn(4, 6, 3, requires_grad=True)
    contexts = torch.randn(*([4] if own else []), 5, 3, requires_grad=True)
    summary, weights = attend(hidden, contexts, length_mask(torch.tensor(LENGTHS), 6))
    for row, length in enumerate(LENGTHS):
        if length == 0:
            assert summary[row].eq(0).all() and weights[row].eq(0).all()
            continue
        right_summary, right_weights = by_hand(hidden[row], contexts[row] if own else contexts, length)
        torch.testing.assert_close(summary[row], right_summary, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(weights[row, :, :length], right_weights, atol=1e-5, rtol=1e-5)
        assert weights[row, :, length:].eq(0).all()
    (summary**2).sum().backward()
    assert hidden.grad.isfinite().all() and contexts.grad.isfinite().all()
    assert hidden.grad[1].eq(0).all()


def test_a_bias_on_the_score_changes_nothing():
    """The authors' code has one; here is why the model does not."""
    torch.manual_seed(0)
    hidden, context, bias = torch.randn(6, 3), torch.randn(3), torch.randn(())
    torch.testing.assert_close((hidden @ context + bias).softmax(0), (hidden @ context).softmax(0))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_empty_sequences_in_every_precision(dtype):
    hidden = torch.randn(2, 3, 4, dtype=dtype)
    summary, weights = attend(hidden, torch.randn(1, 4, dtype=dtype), length_mask(torch.tensor([0, 3]), 3))
    assert summary.isfinite().all() and summary[0].eq(0).all() and weights[0].eq(0).all()
    torch.testing.assert_close(weights[1].sum().float(), torch.tensor(1.0), atol=1e-2, rtol=0)


def contexts_of(hierarchical: bool) -> LabelContexts:
    torch.manual_seed(0)
    contexts = LabelContexts(5, 3, hierarchical).double()
    for vectors in contexts.parameters():
        torch.nn.init.normal_(vectors)
    return contexts


def test_flat_contexts_are_those_of_attend():
    contexts, states = contexts_of(False), torch.randn(4, 6, 3, dtype=torch.float64)
    mask = length_mask(torch.tensor(LENGTHS), 6)
    every = contexts(states, one_part(mask))
    torch.testing.assert_close(every, attend(states, contexts.steps, mask)[0])
    torch.testing.assert_close(contexts(states, one_part(mask), slice(1, 3)), every[:, 1:3])
    labels = torch.tensor([3, 0, 4, 3])
    torch.testing.assert_close(contexts(states, one_part(mask), labels[:, None])[:, 0], every[torch.arange(4), labels])


def test_parts_then_documents_by_hand():
    """Eqs. 8-9 on the steps of each part, 11-12 on parts, each label on its own; parts may lie anywhere."""
    contexts, states = contexts_of(True), torch.randn(3, 6, 3, dtype=torch.float64)
    parts = [[[5, 0], [1, 2, 3]], [[2]], []]
    grid = SentenceGrid(torch.zeros(3, 2, 3, dtype=torch.long), torch.zeros(3, 2, 3, dtype=torch.bool))
    for document, rows in enumerate(parts):
        for row, places in enumerate(rows):
            grid.positions_BMS[document, row, : len(places)] = torch.tensor(places)
            grid.mask_BMS[document, row, : len(places)] = True
    every = contexts(states, grid)
    for document, rows in enumerate(parts):
        for label in range(5):
            vectors = [by_hand(states[document, p], contexts.steps[label : label + 1], len(p))[0][0] for p in rows]
            expected = torch.zeros(3, dtype=torch.float64)
            if vectors:
                expected = by_hand(torch.stack(vectors), contexts.parts[label : label + 1], len(vectors))[0][0]
            torch.testing.assert_close(every[document, label], expected)
    torch.testing.assert_close(contexts(states, grid, slice(3, 5)), every[:, 3:])
    labels = torch.tensor([4, 1, 0])
    torch.testing.assert_close(contexts(states, grid, labels)[:, 0], every[torch.arange(3), labels])
