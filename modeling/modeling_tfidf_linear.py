# Copyright 2026 The labelwise authors. All rights reserved.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
"""Binary relevance, classifier chains and label powerset over TF-IDF, weighted by linear support vector machines.

- TF-IDF as scikit-learn's `TfidfVectorizer` has it: idf_f = ln((1 + documents) / (1 + documents with f)) + 1, the
  vector of a document is (count of f) * idf_f, divided by its l2 norm. An n-gram is a word or a pair of neighbours.
- Binary relevance (Boutell et al., 2004, "cross-training"; labels with a positive margin are predicted, their
  P-criterion): one classifier per label, on its own.
- Classifier chain (Read et al., 2011): the classifier of a label also reads the decisions on the labels before it.
- Label powerset (Tsoumakas and Katakis, 2007, transformation PT3): each label set of the training documents is one
  class, one classifier against the rest for each; the label set with the highest margin is the answer.

The logits of binary relevance and chains are margins of support vector machines: a label is predicted when its margin
is above 0, so `predict_labels` is right at 0.5, but the sigmoid of a margin is no probability until it is calibrated
(`labelwise calibrate`). Deviations:
Boutell's and Read's experiments use other kernels and an ensemble of chains; here the machines are linear, and there is
one chain.

The weights take 4 bytes times n-grams times labels (label sets, for label powerset): 39 MB for Reuters-21578's 109,000
n-grams and 90 labels.

Shapes: B documents, T words, N n-grams of a document, F n-grams with a weight, L labels, S label sets, C classes
(S for label powerset, else L).
"""

import torch
from torch import nn
from transformers import initialization as init
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput
from transformers.utils import can_return_tuple

from ..configuration.configuration_tfidf_linear import TfidfLinearConfig
from .padding import length_mask
from .precision import at_least_float32
from .word_model import WordPreTrainedModel

# The best label set decodes exactly at 0.5 even where another is as good. Below about 2e-7, float32's sigmoid is 0.5.
_SMALLEST_MARGIN = 1e-6


def ngram_codes(ids_BT: torch.Tensor, lengths_B: torch.Tensor, vocab_size: int) -> torch.Tensor:
    """Return one number for each word and for each pair of neighbours.

    Args:
        ids_BT (`torch.LongTensor` of shape `(batch, words)`): Words, padded on the right.
        lengths_B (`torch.LongTensor` of shape `(batch,)`): Words of each document.
        vocab_size (`int`): V; a word is its id, a pair (first id) * V + (second id).

    Returns:
        `torch.LongTensor` of shape `(batch, 2 * words - 1)`: The words, then the pairs; -1 where there is none.
    """
    is_padding_BT = ~length_mask(lengths_B, ids_BT.shape[1])
    pairs_BT = ids_BT[:, :-1] * vocab_size + ids_BT[:, 1:]
    return torch.cat([ids_BT.masked_fill(is_padding_BT, -1), pairs_BT.masked_fill(is_padding_BT[:, 1:], -1)], dim=1)


class LinearHead(nn.Module):
    """Margins of the classes, and label scores out of them.

    Attributes:
        weight (`nn.Parameter` of shape `(num_ngrams, num_classes)`), bias (`nn.Parameter` of shape `(num_classes,)`):
            Of the linear classifiers.
        chain (`nn.Parameter` of shape `(num_labels, num_labels)`): For `"cc"`, the weight that the decision on a label
            (row) has for a later one (column).
        label_sets (`torch.BoolTensor` of shape `(num_label_sets, num_labels)`): For `"lp"`, the labels of each class.
    """

    def __init__(self, config: TfidfLinearConfig) -> None:
        super().__init__()
        self.order = config.chain_order or list(range(config.num_labels))
        # CODEPATH: the classes of label powerset are label sets, those of the others are labels.
        num_classes = config.num_label_sets if config.method == "lp" else config.num_labels
        self.weight = nn.Parameter(torch.empty(config.num_ngrams, num_classes))
        self.bias = nn.Parameter(torch.empty(num_classes))
        # CODEPATH: a chain has weights between labels, binary relevance and label powerset have none.
        self.chain = nn.Parameter(torch.empty(config.num_labels, config.num_labels)) if config.method == "cc" else None
        label_sets = torch.empty(num_classes, config.num_labels, dtype=torch.bool)
        # CODEPATH: only label powerset knows label sets.
        self.label_sets = nn.Buffer(label_sets) if config.method == "lp" else None

    def forward(self, ngrams_BN: torch.Tensor, values_BN: torch.Tensor) -> torch.Tensor:
        """
        Args:
            ngrams_BN (`torch.LongTensor` of shape `(batch, ngrams)`): Rows of `weight`.
            values_BN (`torch.Tensor` of shape `(batch, ngrams)`): What they are multiplied by before they are added up.

        Returns:
            `torch.Tensor` of shape `(batch, num_labels)`: Logits.
        """
        values_BN = values_BN.to(self.weight.dtype)
        margins_BC = nn.functional.embedding_bag(ngrams_BN, self.weight, per_sample_weights=values_BN, mode="sum")
        margins_BC = margins_BC + self.bias
        # CODEPATH: the three methods.
        if self.chain is not None:
            return self._follow_chain(margins_BC)
        if self.label_sets is not None:
            return self._compare_label_sets(margins_BC)
        return margins_BC

    def _follow_chain(self, margins_BL: torch.Tensor) -> torch.Tensor:
        """Decide the labels one after the other; each decision is an input of the later ones."""
        rank_L = torch.tensor(self.order, device=margins_BL.device).argsort()
        chain_LL = self.chain * (rank_L[:, None] < rank_L)
        for label in self.order:
            predicted_B1 = margins_BL[:, label, None] > 0
            margins_BL = margins_BL + predicted_B1 * chain_LL[label]
        return margins_BL

    def _compare_label_sets(self, margins_BS: torch.Tensor) -> torch.Tensor:
        """Return the margin of the best label set with a label minus that of the best one without it.

        It is above 0 for the labels of the best set and not above 0 for the others, so at threshold 0.5 that set is
        predicted, which some training document has. It ranks the labels too, for other thresholds and one-error.
        """
        worst_B1 = margins_BS.amin(dim=1, keepdim=True) - 1  # no set has the label, or all have it
        logits = []
        for with_label_S in self.label_sets.T:
            with_B1, without_B1 = (
                torch.cat([margins_BS.masked_fill(~part_S, -torch.inf), worst_B1], dim=1).amax(dim=1)
                for part_S in (with_label_S, ~with_label_S)
            )
            logits.append(with_B1 - without_B1)
        logits_BL = torch.stack(logits, dim=1)
        in_best_BL = self.label_sets[margins_BS.argmax(dim=1)]
        return torch.where(in_best_BL, logits_BL.clamp(min=_SMALLEST_MARGIN), logits_BL.clamp(max=0))


class TfidfLinearPreTrainedModel(WordPreTrainedModel):  # trf-ignore: TRF057
    config_class = TfidfLinearConfig
    base_model_prefix = "tfidf_linear"

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        """Set initial weights; `LinearTrainer` fits them."""
        super()._init_weights(module)
        if isinstance(module, TfidfLinearModel):
            init.ones_(module.idf)
            init.copy_(module.ngrams, torch.arange(len(module.ngrams)))  # the first words of the vocabulary
        elif isinstance(module, LinearHead):
            init.normal_(module.weight, std=self.config.initializer_range)
            init.zeros_(module.bias)
            if module.chain is not None:
                init.normal_(module.chain, std=self.config.initializer_range)
            if module.label_sets is not None:
                init.copy_(module.label_sets, torch.eye(*module.label_sets.shape).bool())


class TfidfLinearModel(TfidfLinearPreTrainedModel):  # trf-ignore: TRF057
    """TF-IDF vectors of documents.

    Attributes:
        ngrams (`torch.LongTensor` of shape `(num_ngrams,)`): Codes of n-grams (`ngram_codes`), sorted.
        idf (`nn.Parameter` of shape `(num_ngrams,)`): Their inverse document frequencies.
    """

    _keys_to_ignore_on_load_unexpected = (r"^head\.",)  # loaded from a classifier, it leaves the head behind

    def __init__(self, config: TfidfLinearConfig) -> None:
        super().__init__(config)
        self.ngrams = nn.Buffer(torch.empty(config.num_ngrams, dtype=torch.long))
        self.idf = nn.Parameter(torch.empty(config.num_ngrams))
        self.post_init()

    def weigh_ngrams(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return sparse TF-IDF vectors: an n-gram that a document has several times is listed several times.

        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`): As for `forward`.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*): As for `forward`.

        Returns:
            `torch.LongTensor` of shape `(batch, ngrams)`: Places in `ngrams`.
            `torch.FloatTensor` of shape `(batch, ngrams)`: Values, to be added up by place; 0 for an unknown n-gram.
        """
        codes_BN = ngram_codes(*self.read_words(input_ids, attention_mask), self.config.vocab_size)
        ngrams_BN = torch.searchsorted(self.ngrams, codes_BN).clamp(max=self.config.num_ngrams - 1)
        is_known_BN = self.ngrams[ngrams_BN] == codes_BN
        sorted_BN = codes_BN.sort(dim=1).values
        counts_BN = torch.searchsorted(sorted_BN, codes_BN, right=True) - torch.searchsorted(sorted_BN, codes_BN)
        idf_BN = at_least_float32(self.idf)[ngrams_BN] * is_known_BN
        # The sum of (count * idf)^2 over n-grams is that of count * idf^2 over all their places.
        norm_B1 = (counts_BN * idf_BN**2).sum(dim=1, keepdim=True).clamp(min=1e-12).sqrt()
        return ngrams_BN, idf_BN / norm_B1

    @can_return_tuple
    def forward(  # trf-ignore: TRF057
        self, input_ids: torch.LongTensor, attention_mask: torch.Tensor | None = None
    ) -> BaseModelOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`):
                Words and sentence end marks.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding; everything but `config.pad_token_id` when not given.

        Returns:
            `BaseModelOutput`: `last_hidden_state` of shape `(batch, 1, num_ngrams)`, the TF-IDF vectors. They are as
            wide as there are n-grams, 4 bytes each: the classifier reads `weigh_ngrams`, which is sparse.
        """
        ngrams_BN, values_BN = self.weigh_ngrams(input_ids, attention_mask)
        vectors_BF = values_BN.new_zeros(len(values_BN), self.config.num_ngrams).scatter_add(1, ngrams_BN, values_BN)
        return BaseModelOutput(last_hidden_state=vectors_BF[:, None].to(self.idf.dtype))


class TfidfLinearForSequenceClassification(TfidfLinearPreTrainedModel):  # trf-ignore: TRF057
    """Binary relevance, classifier chain or label powerset, as `config.method` says."""

    takes_encoder_outputs = False  # there is no encoder

    def __init__(self, config: TfidfLinearConfig) -> None:
        super().__init__(config)
        self.tfidf_linear = TfidfLinearModel(config)
        self.head = LinearHead(config)
        self.post_init()

    @can_return_tuple
    def forward(  # trf-ignore: TRF057
        self,
        input_ids: torch.LongTensor,
        attention_mask: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
    ) -> SequenceClassifierOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`):
                Words and sentence end marks.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding; everything but `config.pad_token_id` when not given.
            labels (`torch.Tensor` of shape `(batch, num_labels)`, *optional*):
                1 where the label is true, 0 where it is false, -100 where it is unknown; integers or floats.

        Returns:
            `SequenceClassifierOutput`: `logits` of shape `(batch, num_labels)`. For binary relevance and chains, the
            margins; for label powerset, how far the best label set with the label is above the best one without it.
        """
        logits_BL = self.calibrate(self.head(*self.tfidf_linear.weigh_ngrams(input_ids, attention_mask)))
        loss = None if labels is None else self.loss_function(at_least_float32(logits_BL), labels)
        return SequenceClassifierOutput(loss=loss, logits=logits_BL)


__all__ = ["TfidfLinearForSequenceClassification", "TfidfLinearModel", "TfidfLinearPreTrainedModel"]
