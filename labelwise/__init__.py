# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Multi-label text classification in the Hugging Face way.

Importing the package registers its classes with the Auto classes of transformers. `MultiLabelClassifier`, trainers,
metrics and corpora are imported when they are first used, so that a program that only predicts imports neither
`sklearn` nor `gensim`.
"""

from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from transformers.pipelines import PIPELINE_REGISTRY

__version__ = version("labelwise")

# In a checkout the subpackages are siblings of this folder (setup.cfg maps them), and Python started from its root
# finds this folder before the installed package.
_checkout = Path(__file__).parent.parent
if (_checkout / "setup.cfg").is_file():
    __path__.append(str(_checkout))

from .configuration import (  # noqa: E402
    CNNConfig,
    CNNRNNConfig,
    HANLGConfig,
    LabelWiseEncoderConfig,
    LMMTCConfig,
    LWLSTMConfig,
    MAGNETConfig,
    RegLSTMConfig,
    SGMConfig,
    StaticConfig,
    TfidfLinearConfig,
)
from .configuration.published_code import register_tokenizer  # noqa: E402
from .families import Family, GradientFamily, register_family  # noqa: E402 -- registers every family
from .hub.pipeline import MultiLabelClassificationPipeline, PipelineClassifier  # noqa: E402
from .modeling import (  # noqa: E402
    CNNForSequenceClassification,
    CNNModel,
    CNNRNNForSequenceClassification,
    CNNRNNModel,
    HANLGForSequenceClassification,
    HANLGModel,
    LabelWiseEncoderForPreTraining,
    LabelWiseEncoderForSequenceClassification,
    LabelWiseEncoderModel,
    LMMTCForSequenceClassification,
    LMMTCModel,
    LWLSTMForPreTraining,
    LWLSTMForSequenceClassification,
    LWLSTMModel,
    MAGNETForSequenceClassification,
    MAGNETModel,
    RegLSTMForSequenceClassification,
    RegLSTMModel,
    SGMForSequenceClassification,
    SGMModel,
    StaticForSequenceClassification,
    StaticModel,
    TfidfLinearForSequenceClassification,
    TfidfLinearModel,
    predict_labels,
)
from .tokenization import LabelTokenizer, WordTokenizer  # noqa: E402

register_tokenizer(WordTokenizer)
register_tokenizer(LabelTokenizer)
PIPELINE_REGISTRY.register_pipeline(
    "multi-label-classification",
    pipeline_class=MultiLabelClassificationPipeline,
    pt_model=PipelineClassifier,
    type="text",
)

_LAZY = {
    "AsymmetricLoss": ".trainer.losses",
    "AverageWeights": ".trainer.weight_averaging",
    "DistributionBalancedLoss": ".trainer.losses",
    "FocalLoss": ".trainer.losses",
    "LMMTCTrainingArguments": ".trainer.encoder_arguments",
    "LWLSTMTrainingArguments": ".trainer.training_arguments",
    "LabelMaskingCollator": ".trainer.masking_collator",
    "LabelSequenceTrainingArguments": ".trainer.training_arguments",
    "LabelWiseEncoderTrainingArguments": ".trainer.encoder_arguments",
    "LabelWisePreTrainer": ".trainer.label_wise_pretrainer",
    "LabelWisePreTrainingArguments": ".trainer.training_arguments",
    "LinearTrainer": ".trainer.linear_trainer",
    "LinearTrainingArguments": ".trainer.linear_arguments",
    "MetricAccumulator": ".trainer.metrics_accumulator",
    "MultiLabelClassifier": ".classifier",
    "MultiLabelMetrics": ".trainer.metrics",
    "MultiLabelTrainer": ".trainer.multi_label_trainer",
    "MultiLabelTrainingArguments": ".trainer.training_arguments",
    "RegLSTMTrainingArguments": ".trainer.training_arguments",
    "TuneThresholds": ".trainer.thresholds",
    "UserInputError": ".errors",
    "WeightedBinaryCrossEntropy": ".trainer.losses",
    "WordMaskingCollator": ".trainer.word_masking",
    "ZLPRLoss": ".trainer.losses",
    "add_labels": ".runs.label_addition",
    "cross_validate_calibration": ".trainer.calibration",
    "cross_validate_thresholds": ".trainer.thresholds",
    "fit_calibration": ".trainer.calibration",
    "from_lists": ".datasets_scripts",
    "label_propensities": ".trainer.metrics_top_k",
    "load_corpus": ".datasets_scripts",
    "load_files": ".datasets_scripts",
    "make_linear_model": ".trainer.linear_trainer",
    "measure_calibration": ".trainer.calibration",
    "preprocess": ".trainer.preprocessing",
    "start_at_log_odds": ".trainer.log_odds",
    "tune_thresholds": ".trainer.thresholds",
}

__all__ = [
    "CNNConfig",
    "CNNForSequenceClassification",
    "CNNModel",
    "CNNRNNConfig",
    "CNNRNNForSequenceClassification",
    "CNNRNNModel",
    "Family",
    "GradientFamily",
    "HANLGConfig",
    "HANLGForSequenceClassification",
    "HANLGModel",
    "LMMTCConfig",
    "LMMTCForSequenceClassification",
    "LMMTCModel",
    "LWLSTMConfig",
    "LWLSTMForPreTraining",
    "LWLSTMForSequenceClassification",
    "LWLSTMModel",
    "LabelTokenizer",
    "LabelWiseEncoderConfig",
    "LabelWiseEncoderForPreTraining",
    "LabelWiseEncoderForSequenceClassification",
    "LabelWiseEncoderModel",
    "MAGNETConfig",
    "MAGNETForSequenceClassification",
    "MAGNETModel",
    "MultiLabelClassificationPipeline",
    "RegLSTMConfig",
    "RegLSTMForSequenceClassification",
    "RegLSTMModel",
    "SGMConfig",
    "SGMForSequenceClassification",
    "SGMModel",
    "StaticConfig",
    "StaticForSequenceClassification",
    "StaticModel",
    "TfidfLinearConfig",
    "TfidfLinearForSequenceClassification",
    "TfidfLinearModel",
    "WordTokenizer",
    "predict_labels",
    "register_family",
    *_LAZY,
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name], __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_LAZY])
