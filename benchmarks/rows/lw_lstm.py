# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LW-LSTM and HLW-LSTM: training, inference, label-wise pre-training.

Word vectors are frozen and the classifier is linear in all codes. The reference runs Adam as its own code does, ours
the fused one that `Trainer` takes.
"""

from contextlib import contextmanager
from copy import deepcopy

import torch

from labelwise import LWLSTMConfig, LWLSTMForSequenceClassification

from .. import counting
from ..documents import Documents, flat_documents, hierarchical_documents
from ..plain import PlainClassifier
from ..timing import BF16, Contender, TrainingStep, Workload, autocast, largest_difference
from .setting import Setting

MAX_NORM, LEARNING_RATE = 10.0, 1e-3  # the paper's, section 3.3, and its code's


def train(setting: Setting) -> Workload:
    floors = {"fp32": (4.5, 0.68), "bf16": (6, None)}
    return _training(setting, False, setting.sizes.flat_batch, floors)


def train_large(setting: Setting) -> Workload:
    floors = {"fp32": (22, 0.70), "bf16": (29, None)}
    return _training(setting, False, setting.sizes.flat_large_batch, floors)


def inference(setting: Setting) -> Workload:
    floors = {"fp32": (1.9, 0.8), "bf16": (3, None)}
    return _inference(setting, False, setting.sizes.flat_batch, floors)


def hierarchical_train(setting: Setting) -> Workload:
    return _training(setting, True, setting.sizes.hierarchical_batch, {"fp32": (3, None)})


def hierarchical_train_large(setting: Setting) -> Workload:
    return _training(setting, True, setting.sizes.hierarchical_large_batch, {"fp32": (6, None)})


def hierarchical_inference(setting: Setting) -> Workload:
    return _inference(setting, True, setting.sizes.hierarchical_batch, {"fp32": (2.5, None)})


def make_config(sizes, hierarchical: bool, **settings) -> LWLSTMConfig:
    """T- and C-Encoder of the paper's sizes."""
    width = sizes.hierarchical_width if hierarchical else sizes.flat_width
    return LWLSTMConfig(
        **{
            "vocab_size": sizes.vocab_size,
            "embedding_size": width,
            "hidden_size": width,
            "num_hidden_layers": 1 if hierarchical else sizes.flat_layers,
            "hierarchical": hierarchical,
            "num_encoders": 2,
            "num_labels": sizes.hierarchical_labels if hierarchical else sizes.flat_labels,
            "max_words": sizes.max_words,
            "max_sentences": sizes.max_sentences,
            "max_words_per_sentence": sizes.max_words_per_sentence,
            **settings,
        }
    )


def make_model(model_class, config: LWLSTMConfig, device: torch.device):
    torch.manual_seed(0)
    model = model_class(config).to(device)
    model.get_input_embeddings().requires_grad_(False)
    return model


def our_step(model, precision: str) -> TrainingStep:
    """A step as `Trainer` makes it."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, LEARNING_RATE, weight_decay=0.0, fused=True)
    return TrainingStep(model, lambda batch: model(**batch).loss, optimizer, MAX_NORM, precision)


def documents_of(setting: Setting, hierarchical: bool, batch_size: int) -> list[Documents]:
    make = hierarchical_documents if hierarchical else flat_documents
    labels = setting.sizes.hierarchical_labels if hierarchical else setting.sizes.flat_labels
    return [make(n, setting.sizes, labels, seed) for seed, n in enumerate(setting.batches(batch_size))]


def our_inputs(documents: Documents, hierarchical: bool, device: torch.device) -> dict[str, torch.Tensor]:
    ids = documents.flat_ids(marks=hierarchical)
    return {
        "input_ids": ids.to(device),
        "attention_mask": (ids != 0).long().to(device),
        "labels": documents.labels_BL.to(device),
    }


def other_inputs(documents: Documents, hierarchical: bool, device: torch.device) -> dict[str, torch.Tensor]:
    ids = documents.grid_ids() if hierarchical else documents.flat_ids(marks=False)
    return {"ids": ids.to(device), "mask": (ids != 0).float().to(device), "labels": documents.labels_BL.to(device)}


def _other_classifier(setting: Setting, model):
    """The reference's name, its module, its `forward` on `other_inputs`, and the parameters that are the same."""
    if setting.lw_pt is not None:
        theirs, pairs = setting.lw_pt.classifier(model)
        return "LW-PT code", theirs, lambda batch: theirs(batch["ids"], batch["mask"]), pairs
    theirs = PlainClassifier(deepcopy(model))
    pairs = list(zip(trained_parameters(model), trained_parameters(theirs), strict=True))
    return "plain torch", theirs, lambda batch: theirs(batch["ids"]), pairs


def trained_parameters(module) -> list[torch.nn.Parameter]:
    return [parameter for parameter in module.parameters() if parameter.requires_grad]


def _cross_entropy(probabilities_BL: torch.Tensor, labels_BL: torch.Tensor) -> torch.Tensor:
    """Eq. 17 on probabilities, as the reference has it: no log of zero."""
    small = 1e-8
    positive = (probabilities_BL + small).log() * labels_BL
    negative = (1 - probabilities_BL + small).log() * (1 - labels_BL)
    return -(positive + negative).sum(dim=-1).mean()


def _setup(setting: Setting, hierarchical: bool, batch_size: int):
    device = setting.device
    model = make_model(LWLSTMForSequenceClassification, make_config(setting.sizes, hierarchical), device)
    name, theirs, predict, pairs = _other_classifier(setting, model)
    theirs.to(device)
    documents = documents_of(setting, hierarchical, batch_size)
    ours = [our_inputs(one, hierarchical, device) for one in documents]
    others = [other_inputs(one, hierarchical, device) for one in documents]

    def check() -> float:
        with without_dropout(model), without_dropout(theirs):
            output = model(**ours[0])
            probabilities = predict(others[0])
            return compare(
                output.loss,
                _cross_entropy(probabilities, others[0]["labels"]),
                [output.logits.sigmoid()],
                [probabilities],
                pairs,
            )

    def check_bf16() -> float:
        model.eval()
        with torch.no_grad():
            exact = model(**ours[0]).logits.float().sigmoid()
            with autocast(device, "bf16"):
                return largest_difference([model(**ours[0]).logits.float().sigmoid()], [exact])

    checks = {"fp32": (check, 1e-4), "bf16": (check_bf16, BF16)}
    config = model.config
    words = [
        config.num_encoders * counting.encoder(config, config.num_queries, one.num_words, one.num_sentences)
        for one in documents
    ]
    return model, name, theirs, predict, ours, others, checks, words


@contextmanager
def without_dropout(module):
    """Training mode, which cuDNN's backward pass asks for, that draws nothing."""
    names = [(one, name) for one in module.modules() for name in ("p", "dropout")]
    rates = [(one, name) for one, name in names if isinstance(vars(one).get(name), float)]
    kept = [getattr(one, name) for one, name in rates]
    module.train()
    try:
        for one, name in rates:
            setattr(one, name, 0.0)
        yield
    finally:
        for (one, name), rate in zip(rates, kept, strict=True):
            setattr(one, name, rate)


def compare(our_loss, their_loss, ours: list, theirs: list, pairs: list) -> float:
    """Largest difference of outputs, losses and gradients; leaves no gradients behind."""
    our_loss.backward()
    their_loss.backward()
    gradients = [(one.grad, other.grad) for one, other in pairs]
    difference = largest_difference(
        [our_loss.detach(), *(value.detach() for value in ours), *(one for one, _ in gradients)],
        [their_loss.detach(), *(value.detach() for value in theirs), *(other for _, other in gradients)],
    )
    for one, other in pairs:
        one.grad = other.grad = None
    return difference


def describe_work(config: LWLSTMConfig, batch_size: int, what: str) -> str:
    name = "HLW-LSTM" if config.hierarchical else "LW-LSTM"
    return (
        f"{name} T+C, h {config.hidden_size}, {config.num_hidden_layers} layer{'s' * (config.num_hidden_layers > 1)}, "
        f"{config.num_labels} labels, batch {batch_size}, {what}"
    )


def _training(setting: Setting, hierarchical: bool, batch_size: int, floors: dict[str, tuple]) -> Workload:
    model, name, theirs, predict, ours, others, checks, words = _setup(setting, hierarchical, batch_size)
    theirs_step = TrainingStep(
        theirs,
        lambda batch: _cross_entropy(predict(batch), batch["labels"]),
        torch.optim.Adam(trained_parameters(theirs), LEARNING_RATE),
        MAX_NORM,
    )
    contenders = []
    for precision, (floor, fraction) in floors.items():
        check, tolerance = checks[precision]
        contenders.append(
            Contender(precision, our_step(model, precision), ours, check, tolerance, floor, fraction, precision)
        )
    return Workload(
        describe_work(model.config, batch_size, "training step"),
        Contender(f"{name}, fp32", theirs_step, others),
        contenders,
        setting.batches(batch_size),
        [counting.TRAINING * number for number in words],
    )


def _inference(setting: Setting, hierarchical: bool, batch_size: int, floors: dict[str, tuple]) -> Workload:
    model, name, theirs, predict, ours, others, checks, words = _setup(setting, hierarchical, batch_size)

    def run(module, forward, precision="fp32"):
        def without_gradients(batch):
            module.eval()
            with torch.inference_mode(), autocast(setting.device, precision):
                return forward(batch)

        return without_gradients

    contenders = []
    for precision, (floor, fraction) in floors.items():
        check, tolerance = checks[precision]
        forward = run(model, lambda batch: model(**batch).logits, precision)
        contenders.append(Contender(precision, forward, ours, check, tolerance, floor, fraction, precision))
    return Workload(
        describe_work(model.config, batch_size, "inference"),
        Contender(f"{name}, fp32", run(theirs, predict), others),
        contenders,
        setting.batches(batch_size),
        words,
    )
