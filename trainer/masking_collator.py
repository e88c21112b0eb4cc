# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training batches of LM-MTC: masked labels and masked words (section 4.2)."""

from typing import Any, Literal

import torch
from transformers import DataCollatorWithPadding, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from ..tokenization.tokenization_label import LabelTokenizer
from .seeded_collator import SeededCollator
from .word_masking import mask_words, special_token_ids


class LabelMaskingCollator(SeededCollator):
    """A collator that pads documents, masks some labels and shows the others, and makes the targets of the joint MLM.

    Evaluation needs only a `DataCollatorWithPadding`: the tokenizer masks every label. Random numbers come from torch's
    generator; `MultiLabelTrainer` makes them depend on seed, epoch and batch alone ([`SeededCollator`]).

    Args:
        tokenizer (`LabelTokenizer`): Tokenizer of the model.
        labels (`str`, *optional*, defaults to `"each"`): Labels to mask: `"all"`, as at inference (the public code on
            AAPD); `"each"` with `label_probability` (the paper, "with a certain probability"); `"some"`, a number of
            them drawn uniformly from 1 to all (the public code's other setting).
        label_probability (`float`, *optional*, defaults to 0.5): Probability of masking a label with `"each"`.
        flip_probability (`float`, *optional*, defaults to 0.0): Share of the visible labels that are shown wrong (0.01
            in the public code).
        mlm_probability (`float`, *optional*, defaults to 0.15): Share of the words to predict: 80 % masked, 10 %
            replaced by any word, 10 % unchanged.
        mlm_targets (`str`, *optional*, defaults to `"both"`): What the MLM predicts: the YES or NO token of each masked
            `"labels"`, masked `"words"` (the public code), or `"both"` (the paper, whose V' contains both); `None` for
            no MLM. Without label tokens (template `"none"`), `"both"` is the words alone.

    Raises:
        ValueError: `labels` or `mlm_targets` is none of these, or the template has no label tokens, which
            `mlm_targets="labels"` needs.
    """

    def __init__(
        self,
        tokenizer: LabelTokenizer,
        labels: Literal["all", "each", "some"] = "each",
        label_probability: float = 0.5,
        flip_probability: float = 0.0,
        mlm_probability: float = 0.15,
        mlm_targets: Literal["labels", "words", "both"] | None = "both",
    ) -> None:
        if labels not in ("all", "each", "some"):
            raise ValueError(f"`labels` must be one of all, each, some, not {labels!r}")
        if mlm_targets not in ("labels", "words", "both", None):
            raise ValueError(f"`mlm_targets` must be one of labels, words, both, None, not {mlm_targets!r}")
        if mlm_targets == "labels" and tokenizer.template == "none":
            raise ValueError("template 'none' has no label tokens that the MLM could predict: use mlm_targets='words'")
        self.tokenizer = tokenizer
        self.labels = labels
        self.label_probability = label_probability
        self.flip_probability = flip_probability
        self.mlm_probability = mlm_probability
        self.mlm_targets = mlm_targets
        self.pad = DataCollatorWithPadding(tokenizer)
        self.positions_L = torch.tensor(tokenizer.label_positions, dtype=torch.long)
        answers = tokenizer.answer_ids()
        self.yes_L, self.no_L = torch.tensor(answers["yes"]), torch.tensor(answers["no"])
        self.special_ids = special_token_ids(tokenizer)

    def __call__(self, documents: list[dict]) -> dict[str, torch.Tensor]:
        """Return a batch for `LMMTCForSequenceClassification.forward`.

        Args:
            documents (`list[dict]`): Documents with `input_ids`, `attention_mask` and `labels` (ones, zeros, -100 where
                unknown).

        Returns:
            `dict[str, torch.Tensor]`: The padded documents; `labels` are -100 where visible; `mlm_targets`, unless
            there is no MLM, are the true ids at the tokens to predict and -100 elsewhere.
        """
        batch = dict(self.pad(documents))
        generator = self.generator_of(batch["input_ids"])
        targets_BT = torch.full_like(batch["input_ids"], -100)  # Eq. 3, V'
        if len(self.positions_L):
            positions_BL = batch["attention_mask"].argmax(dim=1, keepdim=True) + self.positions_L
            if self.labels != "all":
                self._show_labels(batch, positions_BL, generator)
            if self.mlm_targets in ("labels", "both"):
                targets_BT.scatter_(1, positions_BL, self._answers(batch["labels"]))
        if self.mlm_targets in ("words", "both"):
            self._mask_words(batch, targets_BT, generator)
        return batch if self.mlm_targets is None else {**batch, "mlm_targets": targets_BT}

    def _show_labels(
        self, batch: dict[str, torch.Tensor], positions_BL: torch.Tensor, generator: torch.Generator | None
    ) -> None:
        labels_BL = batch["labels"]
        order_BL = torch.rand(labels_BL.shape, generator=generator)
        if self.labels == "each":
            masked_BL = order_BL < self.label_probability
        else:
            number_B1 = torch.randint(1, labels_BL.shape[1] + 1, (len(labels_BL), 1), generator=generator)
            masked_BL = order_BL.argsort(dim=1).argsort(dim=1) < number_B1
        masked_BL |= labels_BL == -100  # unknown labels cannot be shown
        flipped_BL = torch.rand(labels_BL.shape, generator=generator) < self.flip_probability
        shown_BL = torch.where((labels_BL == 1) ^ flipped_BL, self.yes_L, self.no_L)
        masks_BL = batch["input_ids"].gather(1, positions_BL)
        batch["input_ids"].scatter_(1, positions_BL, torch.where(masked_BL, masks_BL, shown_BL))
        batch["labels"] = labels_BL.masked_fill(~masked_BL, -100)

    def _answers(self, labels_BL: torch.Tensor) -> torch.Tensor:
        """Return the YES or NO token of each label, -100 where it is visible or unknown."""
        answers_BL = torch.where(labels_BL == 1, self.yes_L, self.no_L)
        return answers_BL.masked_fill(labels_BL == -100, -100)

    def _mask_words(
        self, batch: dict[str, torch.Tensor], targets_BT: torch.Tensor, generator: torch.Generator | None
    ) -> None:
        true_ids_BT = batch["input_ids"]
        batch["input_ids"], predicted_BT = mask_words(
            true_ids_BT, batch["attention_mask"], self.tokenizer, self.special_ids, self.mlm_probability, generator
        )
        targets_BT[predicted_BT] = true_ids_BT[predicted_BT]


class StopMLM(TrainerCallback):
    """A callback that ends the MLM after some epochs (the public code: after 15 of 25).

    Args:
        collator (`LabelMaskingCollator`): Collator of the training batches.
        epochs (`float`): Number of epochs with the MLM, a whole one: it stops where an epoch begins.
    """

    def __init__(self, collator: LabelMaskingCollator, epochs: float) -> None:
        self.collator = collator
        self.mlm_targets = collator.mlm_targets
        self.epochs = epochs

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        # Trials of a hyperparameter search share the collator.
        self.collator.mlm_targets = None if state.epoch >= self.epochs else self.mlm_targets
