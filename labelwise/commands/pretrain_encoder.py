# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise pretrain-encoder`: train a BERT and its vocabulary from scratch on the text of a corpus."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from transformers import PreTrainedTokenizerFast, set_seed

from ..errors import UserInputError
from ..hub.encoder_cards import write_encoder_card
from ..hub.push import publish_folder
from ..json_text import dump_json
from ..runs.base_run import BaseRun, RunArguments, discard_old_run, load_for_training, save
from ..runs.data import DataArguments
from ..runs.model_size import MAX_LAYERS, check_size
from ..runs.options import CommandParser, check_numbers
from ..runs.progress import hide_bars, logger
from ..runs.results import make_results, save_results
from ..trainer.bert_from_scratch import UNITS, choose_unit, make_bert, train_tokenizer
from ..trainer.masked_lm import MaskedLMTrainer, cut
from ..trainer.masked_lm_arguments import MaskedLMTrainingArguments
from ..wording import counted

# Fewest predicted validation words; a perplexity of fewer is meaningless.
_MIN_PREDICTED = 10


@dataclass
class EncoderArguments:
    """Vocabulary and shape of the encoder, which reads neither the labels nor the test split."""

    tokenizer: str | None = field(
        default=None,
        metadata={
            "help": "Words between white space, or BERT's word pieces; defaults to words if no text has a letter.",
            "choices": list(UNITS),
        },
    )
    vocab_size: int = field(default=30000, metadata={"help": "Most tokens of the vocabulary."})
    min_frequency: int = field(default=2, metadata={"help": "Fewest occurrences of a token."})
    max_length: int = field(
        default=256, metadata={"help": "Tokens that the encoder reads, including a label template."}
    )
    hidden_size: int = field(default=256, metadata={"help": "Width of the layers."})
    num_hidden_layers: int = field(default=4, metadata={"help": "Number of layers."})
    num_attention_heads: int = field(default=4, metadata={"help": "Attention heads per layer, which share its width."})
    intermediate_size: int | None = field(
        default=None, metadata={"help": "Width inside a layer; defaults to four times --hidden_size."}
    )
    mlm_probability: float = field(default=0.15, metadata={"help": "Share of the words to predict."})

    def __post_init__(self) -> None:
        check_numbers(self, ["vocab_size"], lambda number: number > 5, "> 5, to include BERT's special tokens")
        # `tokenizers` takes memory for all of them at once, and ends the process where there is none.
        check_numbers(self, ["vocab_size"], lambda number: number <= 10_000_000, "<= 10,000,000")
        check_numbers(self, ["max_length"], lambda number: number >= 8, ">= 8")
        sizes = ["min_frequency", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"]
        check_numbers(self, sizes, lambda number: number > 0, "> 0")
        check_numbers(self, ["num_hidden_layers"], lambda number: number <= MAX_LAYERS, f"<= {MAX_LAYERS}")
        check_numbers(self, ["mlm_probability"], lambda share: 0 < share <= 1, "> 0 and <= 1")
        if self.hidden_size % self.num_attention_heads:
            raise UserInputError(
                f"--hidden_size {self.hidden_size}: it must be a multiple of --num_attention_heads "
                f"{self.num_attention_heads}"
            )


def main(argv: list[str]) -> None:
    results = run(argv)
    if results:
        print(dump_json({name: results[name] for name in ("perplexity", "vocab_size", "num_parameters")}))


def run(argv: list[str]) -> dict | None:
    """Run `labelwise pretrain-encoder` with options, and return the contents of `results.json`."""
    parser = CommandParser(
        [EncoderArguments, DataArguments, MaskedLMTrainingArguments, RunArguments],
        left_out=MaskedLMTrainingArguments.refused(),
        prog="labelwise pretrain-encoder",
    )
    model_args, data_args, training_args, run_args = parser.parse(argv)
    if training_args.disable_tqdm:
        hide_bars()
    command = ["labelwise", "pretrain-encoder", *argv]
    return EncoderRun(model_args, data_args, training_args, run_args, command)()


class EncoderRun(BaseRun):
    """A run of `labelwise pretrain-encoder`, with `EncoderArguments` as its model options."""

    def _run(self) -> dict[str, Any] | None:
        self._check()
        self._prepare()
        trainer = self._make_trainer()
        if self.run_args.overwrite:  # all inputs are checked by now
            discard_old_run(self.training_args)
        perplexity = self._train(trainer)
        repo_id = self.training_args.hub_model_id if self.publishes else None
        with self._files() as folder:
            save(trainer, folder)
            if not trainer.is_world_process_zero():
                return None
            results = self._make_results(trainer, perplexity)
            save_results(results, folder)
            write_encoder_card(folder, trainer.model.config, results, repo_id or self.output_dir.resolve().name)
            written = {path.name for path in folder.iterdir()}
        if self.publishes:  # no other file that is in the folder
            args = self.training_args
            logger.info(
                publish_folder(self.output_dir, repo_id, args.hub_revision, bool(args.hub_private_repo), names=written)
            )
        self._tidy()
        return results

    def _make_results(self, trainer: MaskedLMTrainer, perplexity: float) -> dict[str, Any]:
        """Return the contents of `results.json`."""
        return make_results(
            model="bert",
            dataset=self.data_args.name,
            documents=self.num_documents,
            sequences={split: len(rows) for split, rows in self.sequences.items()},
            tokenizer=self.unit,
            vocab_size=len(self.tokenizer),
            unknown_share=self.unknown_share,
            num_parameters=trainer.model.num_parameters(),
            mlm_probability=self.model_args.mlm_probability,
            perplexity=perplexity,
            epochs=trainer.state.epoch,
            best_step=trainer.state.best_global_step,
            seed=self.training_args.seed,
            split_seed=self.data_args.split_seed,
            command=self.command,
            wall_time_seconds=round(self.clock.elapsed(), 1),
        )

    def _prepare(self) -> None:
        """Load the corpus, learn the vocabulary from its training split, and cut its documents into sequences."""
        args = self.model_args
        corpus = load_for_training(self.data_args, self.training_args)
        self.num_documents = {split: len(corpus[split]) for split in ("train", "validation")}
        self.unit = args.tokenizer or choose_unit(corpus["train"]["text"])
        self.tokenizer = make_tokenizer(args, self.unit, corpus["train"]["text"])
        with self.training_args.main_process_first(desc="tokenizing"):
            self.sequences = {split: cut(corpus[split], self.tokenizer) for split in self.num_documents}
        self.unknown_share = self._find_unknown_share()
        logger.info(
            f"{self.data_args.name}: {counted(self.num_documents['train'], 'train document')} in "
            f"{counted(len(self.sequences['train']), 'sequence')}; {len(self.tokenizer):,} tokens ({self.unit}), "
            f"{self.unknown_share:.2%} of the validation words unknown"
        )

    def _find_unknown_share(self) -> float:
        """Return the share of validation words that are not in the vocabulary.

        Raises:
            UserInputError: The vocabulary contains too few of them to measure a perplexity.
        """
        counts = Counter(chain.from_iterable(self.sequences["validation"]["input_ids"]))
        words = counts.total() - counts[self.tokenizer.cls_token_id] - counts[self.tokenizer.sep_token_id]
        unknown = counts[self.tokenizer.unk_token_id]
        share = self.model_args.mlm_probability
        if (words - unknown) * share < _MIN_PREDICTED:
            raise UserInputError(
                f"the validation documents of {self.data_args.name} have {counted(words - unknown, 'token')} of the "
                f"vocabulary, {share:.0%} of them predicted: too few to measure a perplexity; give more documents"
            )
        return unknown / words

    def _make_trainer(self) -> MaskedLMTrainer:
        args = self.model_args
        shape = {
            "hidden_size": args.hidden_size,
            "num_hidden_layers": args.num_hidden_layers,
            "num_attention_heads": args.num_attention_heads,
            "intermediate_size": args.intermediate_size or 4 * args.hidden_size,
        }
        check_size(lambda: make_bert(self.tokenizer, **shape))
        set_seed(self.training_args.seed)
        return MaskedLMTrainer(
            make_bert(self.tokenizer, **shape),
            self.training_args,
            self.tokenizer,
            args.mlm_probability,
            train_dataset=self.sequences["train"],
            eval_dataset=self.sequences["validation"],
        )

    def _train(self, trainer: MaskedLMTrainer) -> float:
        """Train, and return the validation perplexity."""
        self._fit(trainer)
        return trainer.evaluate()["eval_perplexity"]


def make_tokenizer(args: EncoderArguments, unit: str, texts: list[str]) -> PreTrainedTokenizerFast:
    """Learn the vocabulary from the training split.

    Args:
        args (`EncoderArguments`): The options.
        unit (`str`): `"word"` or `"wordpiece"`.
        texts (`list[str]`): Texts of the training split.

    Raises:
        UserInputError: No word is frequent enough, or the characters alone exceed `--vocab_size`.
    """
    tokenizer = train_tokenizer(texts, unit, args.vocab_size, args.min_frequency, args.max_length)
    if len(tokenizer) > args.vocab_size:
        raise UserInputError(
            f"--vocab_size {args.vocab_size}: it must be >= {len(tokenizer):,}, the special tokens plus the characters "
            "of the training texts at the start of words and inside words"
        )
    if len(tokenizer) == len(tokenizer.all_special_ids):
        raise UserInputError(
            f"no word of the training texts occurs {counted(args.min_frequency, 'time')}; lower --min_frequency"
        )
    return tokenizer
