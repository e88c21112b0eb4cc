# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reference codes, imported from checkouts given by the user, with copies of our weights.

- LW-PT: github.com/laddie132/LW-PT
- LM-MLC: github.com/DunZhang/LM-MLC

They are not part of this repository. LW-PT imports packages for reading and plotting that no model needs; if they are
not installed, empty modules replace them during the import.
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import torch
from torch import nn
from transformers import PreTrainedModel

from labelwise import LWLSTMConfig
from labelwise.errors import UserInputError
from labelwise.runs.processes import git_revision

NOT_NEEDED = ("seaborn", "matplotlib", "matplotlib.pyplot", "h5py")
NO_CHECKOUT = "is not a checkout of {}: it contains no {}; give its folder, or leave the option out"


class LWPTCode:
    """Models of the code of LW-PT.

    Args:
        path (`str`): Folder of the checkout.

    Raises:
        UserInputError: The folder is not such a checkout.
    """

    def __init__(self, path: str) -> None:
        checkout = _checkout(path, "LW-PT", "models/e2e.py")
        with _imports_from(checkout):
            from models import e2e, pt
        warnings.filterwarnings("ignore", message="dropout option adds dropout after all but last")
        self.e2e, self.pt, self.revision = e2e, pt, git_revision(checkout)

    def classifier(self, model: PreTrainedModel) -> tuple[nn.Module, list]:
        """Return the model LWPT with a linear classifier, and the pairs of equal (our, its) parameters.

        Its `forward(ids, mask)` returns probabilities.
        """
        theirs = self.e2e.LWPT(self._settings(model.config))
        ours, head = model.lw_lstm, model.head.classifier[1]
        pairs = [*self._encoders(ours, theirs), *_same(head, theirs.decoder.cls_layer)]
        return theirs, _copy(ours, theirs, pairs)

    def pretraining(self, model: PreTrainedModel) -> tuple[nn.Module, list]:
        """Return the model of its pre-training, and the pairs of equal (our, its) parameters.

        Its `forward(ids, mask, candidates, mask, one-hot classes)` returns log-probabilities.
        """
        theirs = self.pt.LWPTTrainModel(self._settings(model.config))
        return theirs, _copy(model.lw_lstm, theirs, self._encoders(model.lw_lstm, theirs))

    def _settings(self, config: LWLSTMConfig) -> dict:
        return {
            "hierarchical": config.hierarchical,
            "decoder": "Linear",
            "fine_tune": True,
            "use_pretrain": False,
            "embedding_num": config.vocab_size,
            "embedding_dim": config.embedding_size,
            "embedding_path": None,
            "embedding_freeze": None,
            "cell": config.rnn_type.upper(),
            "num_layers": config.num_hidden_layers,
            "hidden_size": config.hidden_size,
            "label_size": config.num_labels,
            "dropout_p": config.dropout,
            "layer_norm": True,
        }

    def _encoders(self, ours: nn.Module, theirs: nn.Module) -> list:
        pairs = []
        for our, their in zip(ours.encoders, (theirs.tar_doc_encoder, theirs.cand_doc_encoder), strict=True):
            words, sentences = our.word_level, our.sentence_level
            if sentences is None:
                pairs += _level(words, their.doc_rnn, their.doc_attention)
            else:
                pairs += _level(words, their.doc_word_rnn, their.doc_word_attention)
                pairs += _level(sentences, their.doc_sentence_rnn, their.doc_sentence_attention)
        return pairs


class LMMLCCode:
    """Models of the code of LM-MLC.

    Args:
        path (`str`): Folder of the checkout.

    Raises:
        UserInputError: The folder is not such a checkout.
    """

    def __init__(self, path: str) -> None:
        checkout = _checkout(path, "LM-MLC", "code/models/LabelMaskModel.py")
        with _imports_from(checkout / "code", checkout / "code/models"):
            import LabelMaskModel
            import TrainConfig
        self.model, self.config, self.revision = LabelMaskModel, TrainConfig, git_revision(checkout)

    def classifier(self, model: PreTrainedModel, encoder: str) -> tuple[nn.Module, list]:
        """Return its model for joint training, and the pairs of equal (our, its) parameters.

        Its layer for masked words is different from ours, and not among the pairs.

        Args:
            model (`PreTrainedModel`): Our model.
            encoder (`str`): Folder of the encoder.
        """
        config = self.config.TrainConfig()
        config.num_hidden_layers = model.config.encoder.num_hidden_layers
        config.num_labels = model.config.num_labels
        config.loss_type, config.mask_token, config.token_type_strategy = "bce", "diff", None
        config.num_pattern_begin = config.num_pattern_end = 1
        config.num_mlm_steps_or_epochs = "epoch-15"
        theirs = self.model.LabelMaskModel(encoder, config)
        ours = dict(model.lm_mtc.encoder.base_model.named_parameters())
        pairs = [(ours[name], other) for name, other in theirs.bert.named_parameters() if name in ours]
        with torch.no_grad():
            for our, their in [*pairs, (model.head.weight, theirs.clf.weight), (model.head.bias, theirs.clf.bias)]:
                their.copy_(our)
        return theirs, pairs


def _level(ours: nn.Module, rnn: nn.Module, attention: nn.Module) -> list:
    return [*_same(ours.rnn, rnn.hidden), *_same(ours.layer_norm, rnn.layer_norm), (ours.context, attention.weight)]


def _same(ours: nn.Module, theirs: nn.Module) -> list:
    others = dict(theirs.named_parameters())
    return [(parameter, others[name]) for name, parameter in ours.named_parameters()]


def _copy(ours: nn.Module, theirs: nn.Module, pairs: list) -> list:
    with torch.no_grad():
        theirs.embedding_layer.weight.copy_(ours.embeddings.weight)
        for our, their in pairs:
            their.copy_(our)
    theirs.embedding_layer.requires_grad_(False)  # word vectors are frozen in both codes
    return pairs


def _checkout(path: str, name: str, file: str) -> Path:
    checkout = Path(path)
    if not (checkout / file).is_file():
        raise UserInputError(f"{path} {NO_CHECKOUT.format(name, file)}")
    return checkout


@contextmanager
def _imports_from(*folders: Path) -> Iterator[None]:
    """Import modules from `folders` first, and remove them from `sys.modules` at exit: their names are generic."""
    before, path = dict(sys.modules), list(sys.path)
    sys.path[:0] = map(str, folders)
    missing = [name for name in NOT_NEEDED if find_spec(name.partition(".")[0]) is None]
    sys.modules.update({name: ModuleType(name) for name in missing})
    try:
        yield
    finally:
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None) or ""
            if name in missing or (name not in before and any(Path(file).is_relative_to(f) for f in folders)):
                del sys.modules[name]
