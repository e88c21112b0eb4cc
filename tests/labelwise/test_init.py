# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`import labelwise`: light, complete, and from anywhere."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import transformers

import labelwise

CODE = """
import json, sys
import labelwise, labelwise.trainer.training_arguments
print(json.dumps({"file": labelwise.__file__, "modules": [*sys.modules]}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("place", ["checkout", "elsewhere"])
def test_import(tmp_path, place):
    checkout = Path(labelwise.__file__).parent.parent
    run = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        check=True,
        cwd=checkout if place == "checkout" else tmp_path,
    )
    found = json.loads(run.stdout)
    assert Path(found["file"]).samefile(labelwise.__file__)
    heavy = {"datasets", "gensim", "jieba", "evaluate", "sklearn"}
    assert heavy.isdisjoint(found["modules"])


def test_everything_offered_is_there():
    assert {name for name in labelwise.__all__ if getattr(labelwise, name) is None} == set()
    assert set(labelwise.__all__) <= set(dir(labelwise))
    with pytest.raises(AttributeError, match="nosuch"):
        _ = labelwise.nosuch


def test_version():
    assert labelwise.__version__ == version("labelwise")


def test_classes_are_registered():
    config = labelwise.LWLSTMConfig(vocab_size=9, embedding_size=2, hidden_size=2, num_encoders=2)
    assert type(transformers.AutoConfig.for_model("lw_lstm")) is labelwise.LWLSTMConfig
    for auto, model in {
        transformers.AutoModel: labelwise.LWLSTMModel,
        transformers.AutoModelForPreTraining: labelwise.LWLSTMForPreTraining,
        transformers.AutoModelForSequenceClassification: labelwise.LWLSTMForSequenceClassification,
    }.items():
        assert type(auto.from_config(config)) is model
