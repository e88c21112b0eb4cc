# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Label-wise pre-training of LW-LSTM."""

from copy import deepcopy

import torch

from labelwise import LWLSTMForPreTraining

from .. import counting
from ..documents import flat_documents
from ..plain import PlainPreTraining
from ..timing import Contender, TrainingStep, Workload
from .lw_lstm import (
    LEARNING_RATE,
    MAX_NORM,
    compare,
    describe_work,
    make_config,
    make_model,
    our_step,
    trained_parameters,
    without_dropout,
)
from .setting import Setting


def pretrain(setting: Setting) -> Workload:
    sizes, device = setting.sizes, setting.device
    config = make_config(sizes, hierarchical=False)
    model = make_model(LWLSTMForPreTraining, config, device)
    if setting.lw_pt is not None:
        name = "LW-PT code"
        theirs, pairs = setting.lw_pt.pretraining(model)
    else:
        name = "plain torch"
        theirs = PlainPreTraining(deepcopy(model))
        pairs = list(zip(trained_parameters(model), trained_parameters(theirs), strict=True))
    theirs.to(device)

    ours, others, work = [], [], []
    for seed, number in enumerate(setting.batches(sizes.pretraining_batch)):
        targets = flat_documents(number, sizes, config.num_labels, 2 * seed)
        candidates = flat_documents(number * sizes.num_candidates, sizes, config.num_labels, 2 * seed + 1)
        generator = torch.Generator().manual_seed(seed)
        classes = torch.randint(config.num_labels, (number,), generator=generator).to(device)
        labels = torch.randint(sizes.num_candidates, (number,), generator=generator).to(device)
        ids = targets.flat_ids(marks=False).to(device)
        candidate_ids = candidates.flat_ids(marks=False).unflatten(0, (number, -1)).to(device)
        masks = (ids != 0).long(), (candidate_ids != 0).long()
        ours.append(
            {
                "input_ids": ids,
                "candidate_input_ids": candidate_ids,
                "class_ids": classes,
                "attention_mask": masks[0],
                "candidate_attention_mask": masks[1],
                "labels": labels,
            }
        )
        one_hot = torch.nn.functional.one_hot(classes, config.num_labels)
        if setting.lw_pt is not None:
            inputs = (ids, masks[0].float(), candidate_ids, masks[1].float(), one_hot)
        else:
            inputs = (ids, candidate_ids, classes)
        others.append((inputs, labels))
        work.append(counting.TRAINING * counting.encoder(config, 1, targets.num_words + candidates.num_words, 0))

    def their_loss(batch):
        inputs, labels = batch
        return torch.nn.functional.nll_loss(theirs(*inputs), labels)

    def check() -> float:
        with without_dropout(model), without_dropout(theirs):
            output = model(**ours[0])
            return compare(
                output.loss,
                their_loss(others[0]),
                [output.logits.log_softmax(dim=-1)],
                [theirs(*others[0][0])],
                pairs,
            )

    step = TrainingStep(theirs, their_loss, torch.optim.Adam(trained_parameters(theirs), LEARNING_RATE), MAX_NORM)
    what = f"pre-training step, {sizes.num_candidates} candidates"
    return Workload(
        describe_work(config, sizes.pretraining_batch, what),
        Contender(f"{name}, fp32", step, others),
        [Contender("fp32", our_step(model, "fp32"), ours, check, floor=15, fraction_floor=0.6)],
        setting.batches(sizes.pretraining_batch),
        work,
    )
