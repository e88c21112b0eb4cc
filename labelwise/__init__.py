# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Multi-label text classification in the Hugging Face way.

Importing the package registers its classes with the Auto classes of transformers. Trainers, metrics and corpora are
imported when they are first used, so that a program that only predicts reads neither `datasets` nor `gensim`.
"""

from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from transformers import AutoModel, AutoModelForPreTraining, AutoModelForSequenceClassification
from transformers.pipelines import PIPELINE_REGISTRY

__version__ = version("labelwise")

# In a checkout the rooms are siblings of this folder (setup.cfg maps them), and Python started from its root finds this
# folder before the installed package.
_checkout = Path(__file__).parent.parent
if (_checkout / "setup.cfg").is_file():
    __path__.append(str(_checkout))

from .configuration import LMMTCConfig, LWLSTMConfig  # noqa: E402
from .hub.flat_folder import register  # noqa: E402
from .hub.pipeline import MultiLabelClassificationPipeline  # noqa: E402
from .modeling import (  # noqa: E402
    LMMTCForSequenceClassification,
    LMMTCModel,
    LWLSTMForPreTraining,
    LWLSTMForSequenceClassification,
    LWLSTMModel,
    decode,
)
from .tokenization import LabelTokenizer, WordTokenizer  # noqa: E402

register(
    LWLSTMConfig,
    WordTokenizer,
    {
        AutoModel: LWLSTMModel,
        AutoModelForPreTraining: LWLSTMForPreTraining,
        AutoModelForSequenceClassification: LWLSTMForSequenceClassification,
    },
)
register(
    LMMTCConfig,
    LabelTokenizer,
    {AutoModel: LMMTCModel, AutoModelForSequenceClassification: LMMTCForSequenceClassification},
)
PIPELINE_REGISTRY.register_pipeline(
    "multi-label-classification",
    pipeline_class=MultiLabelClassificationPipeline,
    pt_model=AutoModelForSequenceClassification,
    type="text",
)

_LAZY = {
    "LMMTCTrainingArguments": ".trainer.training_arguments",
    "LabelMaskingCollator": ".trainer.label_masking",
    "LabelWisePreTrainer": ".trainer.label_wise_pretrainer",
    "LabelWisePreTrainingArguments": ".trainer.training_arguments",
    "MultiLabelMetrics": ".trainer.metrics",
    "MultiLabelTrainer": ".trainer.multi_label_trainer",
    "MultiLabelTrainingArguments": ".trainer.training_arguments",
    "TuneThresholds": ".trainer.thresholds",
    "estimate_optimism": ".trainer.thresholds",
    "load_corpus": ".datasets_scripts",
    "load_files": ".datasets_scripts",
    "preprocess": ".trainer.preprocessing",
    "tune_thresholds": ".trainer.thresholds",
}

__all__ = [
    "LMMTCConfig",
    "LMMTCForSequenceClassification",
    "LMMTCModel",
    "LWLSTMConfig",
    "LWLSTMForPreTraining",
    "LWLSTMForSequenceClassification",
    "LWLSTMModel",
    "LabelTokenizer",
    "MultiLabelClassificationPipeline",
    "WordTokenizer",
    "decode",
    *_LAZY,
]


def __getattr__(name: str):
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name], __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_LAZY])
