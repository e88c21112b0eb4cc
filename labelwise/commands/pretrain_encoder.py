# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise pretrain-encoder`: a BERT with a vocabulary of its own, from a corpus's text and nothing else."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from transformers import PreTrainedTokenizerFast, set_seed

from labelwise.datasets_scripts import DataError
from labelwise.hub.encoder_cards import write_encoder_card
from labelwise.hub.push import publish_folder
from labelwise.trainer.masked_lm import MaskedLMTrainer, cut
from labelwise.trainer.new_bert import UNITS, choose_unit, make_bert, train_tokenizer
from labelwise.trainer.training_arguments import MaskedLMTrainingArguments

from .arguments import CommandParser, check_numbers
from .checkpoint import check_output_dir
from .data import DataArguments
from .progress import logger, show_progress
from .results import make_results, save_results
from .run import (
    RunArguments,
    check_publication,
    check_training_arguments,
    discard_old_run,
    fit,
    load_for_training,
    save,
)

# Validation words that are predicted at least; a perplexity over fewer says nothing.
_MIN_PREDICTED = 10


@dataclass
class EncoderArguments:
    """Vocabulary and shape of the encoder. The labels are not read, nor is the test split."""

    tokenizer: str | None = field(
        default=None,
        metadata={
            "help": "Tokens are words between white space, or BERT's pieces; words where no text has a letter.",
            "choices": list(UNITS),
        },
    )
    vocab_size: int = field(default=30000, metadata={"help": "Tokens of the vocabulary at most."})
    min_frequency: int = field(default=2, metadata={"help": "Times that a token occurs at least."})
    max_length: int = field(default=256, metadata={"help": "Tokens that it reads, a label template included."})
    hidden_size: int = field(default=256, metadata={"help": "Width."})
    num_hidden_layers: int = field(default=4, metadata={"help": "Layers."})
    num_attention_heads: int = field(default=4, metadata={"help": "Heads of a layer, which share its width."})
    intermediate_size: int | None = field(
        default=None, metadata={"help": "Width inside a layer, four times --hidden_size when not given."}
    )
    mlm_probability: float = field(default=0.15, metadata={"help": "Share of the words that are predicted."})

    def __post_init__(self):
        check_numbers(self, ["vocab_size"], lambda number: number > 5, "above 5, for BERT's special tokens")
        check_numbers(self, ["max_length"], lambda number: number >= 8, "8 or above")
        sizes = ["min_frequency", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"]
        check_numbers(self, sizes, lambda number: number > 0, "above 0")
        check_numbers(self, ["mlm_probability"], lambda share: 0 < share <= 1, "above 0, and 1 at most")
        if self.hidden_size % self.num_attention_heads:
            raise DataError(
                f"--hidden_size {self.hidden_size}: {self.num_attention_heads} heads cannot share it evenly; "
                "take a multiple of --num_attention_heads"
            )


def main(argv: list[str]) -> None:
    results = run(argv)
    if results:
        print(json.dumps({name: results[name] for name in ("perplexity", "vocab_size", "num_parameters")}))


def run(argv: list[str]) -> dict | None:
    """Runs the options of `labelwise pretrain-encoder`.

    Returns:
        `dict`: What `results.json` holds; `None` in all processes but the first.

    Raises:
        DataError: Something given does not exist or does not fit; nothing has been written then.
    """
    parser = CommandParser(
        [EncoderArguments, DataArguments, MaskedLMTrainingArguments, RunArguments], prog="labelwise pretrain-encoder"
    )
    args, data_args, training_args, run_args = parser.parse(argv)
    show_progress(bars=not training_args.disable_tqdm)
    started = time.time()
    output_dir = Path(training_args.output_dir)
    check_output_dir(output_dir, run_args.overwrite, run_args.resume)
    check_training_arguments(training_args)
    publishes, training_args.push_to_hub = training_args.push_to_hub, False  # when it is whole, and not its checkpoints
    if publishes:
        check_publication(training_args)

    corpus = load_for_training(data_args, training_args)
    unit = args.tokenizer or choose_unit(corpus["train"]["text"])
    tokenizer = make_tokenizer(args, unit, corpus["train"]["text"])
    with training_args.main_process_first(desc="tokenizing"):
        sequences = {split: cut(corpus[split], tokenizer) for split in ("train", "validation")}
    counts = Counter(chain.from_iterable(sequences["validation"]["input_ids"]))
    words = counts.total() - counts[tokenizer.cls_token_id] - counts[tokenizer.sep_token_id]
    unknown = counts[tokenizer.unk_token_id]
    if (words - unknown) * args.mlm_probability < _MIN_PREDICTED:
        raise DataError(
            f"the validation documents of {data_args.name} have {words - unknown} tokens that the vocabulary knows, of "
            f"which {args.mlm_probability:.0%} are predicted: too few to measure on; give more"
        )
    logger.info(
        f"{data_args.name}: {len(corpus['train']):,} train documents in {len(sequences['train']):,} sequences; "
        f"{len(tokenizer):,} tokens ({unit}), {unknown / words:.2%} of the validation words unknown"
    )

    set_seed(training_args.seed)
    model = make_bert(
        tokenizer,
        hidden_size=args.hidden_size,
        num_hidden_layers=args.num_hidden_layers,
        num_attention_heads=args.num_attention_heads,
        intermediate_size=args.intermediate_size or 4 * args.hidden_size,
    )
    trainer = MaskedLMTrainer(
        model,
        training_args,
        tokenizer,
        args.mlm_probability,
        train_dataset=sequences["train"],
        eval_dataset=sequences["validation"],
    )
    if run_args.overwrite:
        discard_old_run(training_args)
    fit(trainer, run_args.resume)
    perplexity = trainer.evaluate()["eval_perplexity"]
    save(trainer)
    if not trainer.is_world_process_zero():
        return None
    results = make_results(
        model="bert",
        dataset=data_args.name,
        documents={split: len(corpus[split]) for split in sequences},
        sequences={split: len(rows) for split, rows in sequences.items()},
        tokenizer=unit,
        vocab_size=len(tokenizer),
        unknown_share=unknown / words,
        num_parameters=model.num_parameters(),
        mlm_probability=args.mlm_probability,
        perplexity=perplexity,
        epochs=trainer.state.epoch,
        best_step=trainer.state.best_global_step,
        seed=training_args.seed,
        split_seed=data_args.split_seed,
        command=["labelwise", "pretrain-encoder", *argv],
        wall_time_seconds=round(time.time() - started, 1),
    )
    save_results(results, output_dir)
    write_encoder_card(output_dir, model.config, results, training_args.hub_model_id if publishes else None)
    if publishes:
        hub = (training_args.hub_model_id, training_args.hub_revision, bool(training_args.hub_private_repo))
        logger.info(publish_folder(output_dir, *hub))
    return results


def make_tokenizer(args: EncoderArguments, unit: str, texts: list[str]) -> PreTrainedTokenizerFast:
    """The vocabulary of the training split.

    Raises:
        DataError: No word is frequent enough, or the characters alone are more than `--vocab_size`.
    """
    tokenizer = train_tokenizer(texts, unit, args.vocab_size, args.min_frequency, args.max_length)
    if len(tokenizer) > args.vocab_size:
        raise DataError(
            f"--vocab_size {args.vocab_size}: special tokens and the characters of the training texts, at the start of "
            f"words and inside, are {len(tokenizer):,} already; take more"
        )
    if len(tokenizer) == len(tokenizer.all_special_ids):
        raise DataError(f"no word of the training texts occurs {args.min_frequency} times; lower --min_frequency")
    return tokenizer
