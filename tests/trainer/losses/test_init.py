# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What every loss keeps to, and the choice of one by name."""

import doctest
import inspect
import sys
from functools import partial

import datasets
import pytest
import torch

from labelwise.modeling.label_loss import binary_cross_entropy, mean_per_document
from labelwise.trainer import losses
from labelwise.trainer.losses import (
    LOSSES,
    AsymmetricLoss,
    DistributionBalancedLoss,
    FocalLoss,
    WeightedBinaryCrossEntropy,
    ZLPRLoss,
    make_loss,
)

COUNTS = torch.tensor([90, 50, 10, 1]), torch.tensor([10, 50, 90, 99])
EVERY = {
    "weighted": WeightedBinaryCrossEntropy(COUNTS[1] / COUNTS[0]),
    "focal": FocalLoss(),
    "focal, weak": FocalLoss(gamma=0.5, alpha=0.25),
    "asymmetric": AsymmetricLoss(),
    "asymmetric, weak": AsymmetricLoss(gamma_pos=0.5, gamma_neg=0.5, margin=0.2),
    "asymmetric, no margin": AsymmetricLoss(gamma_pos=1, margin=0),
    "zlpr": ZLPRLoss(),
    "distribution-balanced": DistributionBalancedLoss(*COUNTS),
    "distribution-balanced, not focal": DistributionBalancedLoss(*COUNTS, gamma=0),
    "binary cross-entropy": binary_cross_entropy,  # the models' own
    "focal, a mean over labels": FocalLoss(reduce=mean_per_document),
}
CLASSES = [WeightedBinaryCrossEntropy, FocalLoss, AsymmetricLoss, ZLPRLoss, DistributionBalancedLoss]


@pytest.fixture(params=EVERY)
def loss(request):
    return EVERY[request.param]


@pytest.fixture
def batch():
    """Logits and labels of six documents; the last has no label."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.rand(6, 4, generator=generator).lt(0.4).long()
    labels[-1] = 0
    return 3 * torch.randn(6, 4, generator=generator), labels


def gradient(loss, logits, labels):
    logits = logits.clone().requires_grad_()
    loss(logits, labels).backward()
    return logits.grad


@pytest.mark.parametrize("size", [0.0, 17.0, 100.0, 1000.0])
def test_extreme_logits(loss, size):
    """Every logit of -size and size with every label, right and wrong: a finite loss, and a gradient that is finite."""
    logits = size * torch.tensor([[1.0, -1.0, 1.0, -1.0]]).repeat(4, 1)
    labels = torch.tensor([[1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0]])
    assert loss(logits, labels).isfinite()
    assert gradient(loss, logits, labels).isfinite().all()
    assert loss(logits, labels) >= 0


def test_a_wrong_positive_is_pulled_up_however_far_it_is(loss):
    logits, labels = torch.full((1, 4), -100.0), torch.ones(1, 4)
    assert (gradient(loss, logits, labels) < -0.01).all()


def test_gradients_are_those_of_the_formula(loss, batch):
    logits, labels = batch
    logits = torch.where((logits.sigmoid() - 0.2).abs() < 0.02, logits + 1, logits)  # not at a margin, where it bends
    logits = torch.where((logits.sigmoid() - 0.05).abs() < 0.01, logits + 1, logits)
    assert torch.autograd.gradcheck(lambda z: loss(z, labels), logits.double().requires_grad_())


def test_missing_labels_change_nothing(loss, batch):
    """Whatever the model says where a label is not known, and it gets no gradient there."""
    logits, labels = batch
    missing = torch.rand(labels.shape, generator=torch.Generator().manual_seed(1)) < 0.4
    missing[1] = True
    labels = labels.masked_fill(missing, -100)
    expected, expected_gradient = loss(logits, labels), gradient(loss, logits, labels)
    assert expected_gradient[missing].eq(0).all() and expected_gradient[~missing].ne(0).any()
    for value in (1e4, -1e4, float("inf"), float("nan")):
        other = logits.masked_fill(missing, value)
        assert loss(other, labels) == expected
        assert gradient(loss, other, labels).equal(expected_gradient)


def test_a_label_that_is_missing_everywhere_is_as_if_it_were_not_there(batch):
    logits, labels = batch
    labels = labels.clone()
    labels[:, 3] = -100
    fewer = {"weighted": WeightedBinaryCrossEntropy((COUNTS[1] / COUNTS[0])[:3])}
    fewer["distribution-balanced"] = DistributionBalancedLoss(COUNTS[0][:3], COUNTS[1][:3])
    for name, loss in EVERY.items():
        if name in fewer or name.startswith(("focal", "asymmetric", "zlpr", "binary")):
            torch.testing.assert_close(loss(logits, labels), fewer.get(name, loss)(logits[:, :3], labels[:, :3]))


def test_nothing_known(loss):
    logits, labels = torch.randn(3, 4), torch.full((3, 4), -100)
    assert loss(logits, labels) == 0
    assert gradient(loss, logits, labels).eq(0).all()


@pytest.mark.parametrize("dtype", [torch.int8, torch.int64, torch.float16, torch.float64])
def test_labels_of_any_type(loss, batch, dtype):
    logits, labels = batch
    labels = labels.clone()
    labels[0, 0] = -100
    assert loss(logits, labels.to(dtype)) == loss(logits, labels)


def test_labels_that_are_booleans(loss, batch):
    logits, labels = batch
    assert loss(logits, labels.bool()) == loss(logits, labels)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_16_bit_logits_are_reckoned_in_32(loss, batch, dtype):
    logits, labels = batch
    found = loss(logits.to(dtype), labels)
    assert found.dtype == torch.float32
    assert found == loss(logits.to(dtype).float(), labels)


def test_the_order_of_documents_does_not_matter(loss, batch):
    logits, labels = batch
    order = [3, 0, 5, 1, 4, 2]
    torch.testing.assert_close(loss(logits[order], labels[order]), loss(logits, labels))


@pytest.mark.parametrize("name", ["focal", "asymmetric", "zlpr"])
def test_the_order_of_labels_does_not_matter(batch, name):
    logits, labels = batch
    order = [2, 0, 3, 1]
    torch.testing.assert_close(EVERY[name](logits[:, order], labels[:, order]), EVERY[name](logits, labels))


def test_the_order_of_labels_does_not_matter_when_their_counts_follow(batch):
    logits, labels = batch
    order = [2, 0, 3, 1]
    for cls, facts in ((WeightedBinaryCrossEntropy, COUNTS[:1]), (DistributionBalancedLoss, COUNTS)):
        other = cls(*(fact[order] for fact in facts))
        torch.testing.assert_close(other(logits[:, order], labels[:, order]), cls(*facts)(logits, labels))


def test_a_batch_is_the_mean_of_its_parts(loss, batch):
    """So that accumulated gradients are those of the whole batch, whatever is known of each document."""
    logits, labels = batch
    labels = labels.clone()
    labels[0, 1:] = -100
    parts = [loss(logits[rows], labels[rows]) for rows in (slice(0, 2), slice(2, 4), slice(4, 6))]
    torch.testing.assert_close(torch.stack(parts).mean(), loss(logits, labels))


@pytest.mark.parametrize(
    "same",
    [
        WeightedBinaryCrossEntropy(torch.ones(4)),
        FocalLoss(gamma=0),
        AsymmetricLoss(gamma_pos=0, gamma_neg=0, margin=0),
        DistributionBalancedLoss(torch.ones(4), torch.ones(4), alpha=0.5, beta=0, lambda_=1, gamma=0),
    ],
    ids=lambda loss: type(loss).__name__,
)
def test_settings_that_make_it_binary_cross_entropy(same, batch):
    logits, labels = batch
    labels = labels.clone()
    labels[2, 1:3] = -100
    torch.testing.assert_close(same(logits, labels), binary_cross_entropy(logits, labels))
    torch.testing.assert_close(gradient(same, logits, labels), gradient(binary_cross_entropy, logits, labels))


@pytest.mark.parametrize(
    "make",
    [
        partial(WeightedBinaryCrossEntropy, COUNTS[1] / COUNTS[0]),
        FocalLoss,
        AsymmetricLoss,
        partial(DistributionBalancedLoss, *COUNTS),
        lambda **options: partial(binary_cross_entropy, **options),
    ],
)
def test_a_mean_over_the_known_labels(batch, make):
    """The scale of LM-MTC's own loss."""
    logits, labels = batch
    mean, total = make(reduce=mean_per_document), make()
    torch.testing.assert_close(mean(logits, labels), total(logits, labels) / 4)
    labels = labels.clone()
    labels[:, 1:3] = -100
    torch.testing.assert_close(mean(logits, labels), total(logits, labels) / 2)


def test_asymmetric_with_equal_gammas_and_no_margin_is_focal(batch):
    torch.testing.assert_close(AsymmetricLoss(2, 2, 0)(*batch), FocalLoss(2)(*batch))


@pytest.mark.parametrize("cls", CLASSES)
def test_docstrings_have_one_order_and_their_examples_are_right(cls):
    text = inspect.getdoc(cls)
    parts = ["Args:"] if inspect.signature(cls).parameters else []
    places = [text.index(f"\n{part}\n") for part in [*parts, "References:", "Inputs:", "Example:"]]
    assert places == sorted(places)
    tests = doctest.DocTestFinder(recurse=False).find(cls, globs={})
    assert len(tests) == 1 and doctest.DocTestRunner().run(tests[0]) == (0, 4)


# By name


def documents(labels):
    return datasets.Dataset.from_dict({"labels": labels})


def test_names():
    rows = documents([[1, 0], [0, 1], [0, 0], [0, -100]])
    made = {name: make_loss(name, rows, ["a", "b"]) for name in LOSSES if name != "bce"}
    assert [type(loss) for loss in made.values()] == CLASSES
    # Label a: 1 of 4. Label b: 1 of 3 that are known.
    assert made["weighted_bce"].pos_weight_L.tolist() == [3, 2]
    logits, labels = torch.tensor([[0.3, -2.0]]), torch.tensor([[1, 0]])
    expected = DistributionBalancedLoss(torch.tensor([1, 1]), torch.tensor([3, 2]))(logits, labels)
    assert made["distribution_balanced"](logits, labels) == expected


def test_the_scale_is_the_models():
    rows = documents([[1, 0], [0, 1], [0, 0]])
    made = {name: make_loss(name, rows, ["a", "b"], mean_per_document) for name in LOSSES if name != "bce"}
    assert {loss.reduce for name, loss in made.items() if name != "zlpr"} == {mean_per_document}


def test_unknown_name():
    with pytest.raises(ValueError, match=r"the loss must be one of bce, .*, not 'dice'"):
        make_loss("dice", None, [])


def test_only_the_losses_that_need_them_count_labels():
    for name in ("focal", "asymmetric", "zlpr"):
        make_loss(name, None, ["a"])
    for name in ("weighted_bce", "distribution_balanced"):
        with pytest.raises(ValueError, match=r"pass train_dataset, a datasets\.Dataset"):
            make_loss(name, None, ["a"])


def test_all_are_exported():
    assert set(losses.__all__) == {"LOSSES", "make_loss", *(cls.__name__ for cls in CLASSES)}
    assert all(sys.modules[cls.__module__].__name__.startswith(losses.__name__) for cls in CLASSES)
