# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model lstm|han|lw-lstm|hlw-lstm`: shape, words and word vectors of a new model."""

from dataclasses import dataclass, field
from pathlib import Path

from transformers import PreTrainedModel

from labelwise import LWLSTMConfig, LWLSTMForPreTraining, LWLSTMForSequenceClassification, WordTokenizer
from labelwise.datasets_scripts import CORPORA, DataError
from labelwise.trainer.training_arguments import MultiLabelTrainingArguments
from labelwise.trainer.word_vectors import init_embeddings, load_word_vectors, train_skip_gram

from .arguments import check_numbers
from .data import DataArguments
from .model import ModelArguments

# The four corners of LWLSTMConfig.
MODELS = {
    "lstm": {"hierarchical": False, "label_wise": False},
    "han": {"hierarchical": True, "label_wise": False},
    "lw-lstm": {"hierarchical": False, "label_wise": True},
    "hlw-lstm": {"hierarchical": True, "label_wise": True},
}


@dataclass
class Arguments(ModelArguments):
    """Options of the LW-PT family."""

    hidden_size: int = field(default=256, metadata={"help": "Width of a recurrent state per direction."})
    embedding_size: int = field(default=256, metadata={"help": "Width of a word vector."})
    num_hidden_layers: int | None = field(
        default=None, metadata={"help": "Layers of a recurrent module; 2, or 1 for the hierarchical models."}
    )
    rnn_type: str = field(default="lstm", metadata={"help": "Recurrent cell.", "choices": ["lstm", "gru"]})
    classifier: str = field(
        default="linear", metadata={"help": "Classifier on top.", "choices": ["linear", "mlp", "label_wise"]}
    )
    label_graph: bool = field(default=False, metadata={"help": "Learn a label by label matrix over the logits."})
    dropout: float = field(default=0.2, metadata={"help": "On the input of every recurrent module."})
    max_words: int = field(default=500, metadata={"help": "Words read of a document (lstm, lw-lstm)."})
    max_sentences: int = field(default=40, metadata={"help": "Sentences read of a document (han, hlw-lstm)."})
    max_words_per_sentence: int = field(default=20, metadata={"help": "Words read of a sentence (han, hlw-lstm)."})
    segmenter: str | None = field(
        default=None,
        metadata={"help": "How text is cut into words; jieba for Chinese corpora.", "choices": ["regex", "jieba"]},
    )
    vocab_size: int = field(default=50000, metadata={"help": "Words of the vocabulary at most."})
    min_frequency: int = field(default=2, metadata={"help": "Times that a word of the vocabulary occurs at least."})
    word_vectors: str = field(
        default="skip-gram", metadata={"help": "`skip-gram` (on the training split), `random`, or a vector file."}
    )
    train_embeddings: bool = field(
        default=False, metadata={"help": "Train the word vectors on; without it, only `random` ones are trained."}
    )
    pretraining_steps: int = field(default=0, metadata={"help": "Iterations of label-wise pre-training; 0 for none."})
    pretraining_batch_size: int = field(default=128, metadata={"help": "Target documents of such an iteration."})
    candidates: int = field(default=3, metadata={"help": "Candidates per target, the positive one included."})

    training_arguments = MultiLabelTrainingArguments

    @property
    def architecture(self) -> dict[str, bool]:
        """The switches of LWLSTMConfig that `model` names."""
        return MODELS[self.model]

    def __post_init__(self):
        super().__post_init__()
        widths = ["hidden_size", "embedding_size", "num_hidden_layers", "max_words", "max_sentences"]
        sizes = ["max_words_per_sentence", "min_frequency", "pretraining_batch_size"]
        check_numbers(self, widths + sizes, lambda number: number > 0, "above 0")
        check_numbers(self, ["dropout"], lambda share: 0 <= share < 1, "from 0 to below 1")
        check_numbers(self, ["vocab_size"], lambda number: number > 3, "above 3, for padding, unknown words, sentences")
        check_numbers(self, ["pretraining_steps"], lambda number: number >= 0, "0 or above")
        check_numbers(self, ["candidates"], lambda number: number >= 2, "2 or above: a positive and a negative one")
        if self.model_name_or_path and self.pretraining_steps:
            raise DataError("--pretraining_steps pre-trains a new model; leave out --model_name_or_path, or the steps")
        if self.classifier == "label_wise" and not self.architecture["label_wise"]:
            raise DataError(f"--classifier label_wise needs a representation per label: not --model {self.model}")
        if self.word_vectors not in ("skip-gram", "random") and not Path(self.word_vectors).is_file():
            raise DataError(f"--word_vectors {self.word_vectors}: neither `skip-gram` nor `random` nor a file")

    def make_tokenizer(self, data_args: DataArguments, texts: list[str], names: list[str]) -> WordTokenizer:
        """The words of the training split, cut and limited as the architecture reads them."""
        corpus = CORPORA.get(data_args.dataset)
        segmenter = self.segmenter or ("jieba" if corpus is not None and corpus.LANGUAGE == "zh" else "regex")
        limits = {"max_words": self.max_words}
        if self.architecture["hierarchical"]:
            limits = {
                "mark_sentences": True,
                "max_sentences": self.max_sentences,
                "max_words_per_sentence": self.max_words_per_sentence,
            }
        return WordTokenizer.train_from_iterator(
            texts, vocab_size=self.vocab_size, min_frequency=self.min_frequency, segmenter=segmenter, **limits
        )

    def make_config(self, tokenizer: WordTokenizer, names: list[str]) -> LWLSTMConfig:
        """The configuration of a new model."""
        return LWLSTMConfig(
            **self.architecture,
            vocab_size=len(tokenizer),
            embedding_size=self.embedding_size,
            hidden_size=self.hidden_size,
            num_hidden_layers=self.num_hidden_layers or (1 if self.architecture["hierarchical"] else 2),
            rnn_type=self.rnn_type,
            num_encoders=2 if self.pretraining_steps else 1,
            classifier=self.classifier,
            label_graph=self.label_graph,
            dropout=self.dropout,
            max_words=self.max_words,
            max_sentences=self.max_sentences,
            max_words_per_sentence=self.max_words_per_sentence,
            pad_token_id=tokenizer.pad_token_id,
            sep_token_id=tokenizer.sep_token_id,
            id2label=dict(enumerate(names)),
        )

    def adapt_config(self, config: LWLSTMConfig) -> None:
        """Gives a checkpoint that has no classifier yet, a pre-trained one, that of the options."""
        if config.architectures == ["LWLSTMForPreTraining"]:
            config.classifier, config.label_graph = self.classifier, self.label_graph

    def make_model(self, config: LWLSTMConfig, tokenizer: WordTokenizer, documents, seed: int, pretrains: bool = False):
        """A new model with the word vectors that were asked for.

        Args:
            config (`LWLSTMConfig`): Its shape.
            tokenizer (`WordTokenizer`): Its words.
            documents (`datasets.Dataset`): The tokenized training split, which Skip-gram learns from.
            seed (`int`): Of Skip-gram.
            pretrains (`bool`, *optional*, defaults to `False`): Whether it is one for pre-training or a classifier.

        Returns:
            `PreTrainedModel`: In training mode.

        Raises:
            DataError: The vectors do not fit the embedding.
        """
        model: PreTrainedModel = (LWLSTMForPreTraining if pretrains else LWLSTMForSequenceClassification)(config)
        if self.word_vectors == "random":
            return model
        if self.word_vectors == "skip-gram":
            special = {tokenizer.pad_token, tokenizer.sep_token}
            words = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
            sentences = [[words[i] for i in ids if words[i] not in special] for ids in documents["input_ids"]]
            vectors = train_skip_gram(sentences, config.embedding_size, seed=seed)
        else:
            vectors = load_word_vectors(self.word_vectors)
        init_embeddings(model.get_input_embeddings(), tokenizer.get_vocab(), vectors)
        return model

    def freeze(self, model) -> None:
        """Takes learned word vectors from training, unless they are to be trained on."""
        if not self.train_embeddings and self.word_vectors != "random":
            model.get_input_embeddings().requires_grad_(False)

    def train_collator(self, tokenizer: WordTokenizer, config: LWLSTMConfig) -> tuple[None, list]:
        """Training batches are like any others."""
        return None, []
