# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A model is added as CONTRIBUTING.md says: a configuration, a modeling file, a family, and its import."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import setuptools
from huggingface_hub import ModelCard

ROOT = Path(__file__).parents[2]

CONFIGURATION = '''
from huggingface_hub.dataclasses import strict
from transformers.utils.type_validators import interval

from .configuration_multi_label import EmbeddingConfig


@strict
class BagConfig(EmbeddingConfig):
    r"""
    Configuration of a bag of words.

    Args:
        width (`int`, *optional*, defaults to 7):
            Width of the layer over the bag.
    """

    model_type = "bag"

    width: int = interval(min=1)(default=7)
'''

MODELING = """
import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput

from ..configuration.configuration_bag import BagConfig
from .word_model import WordPreTrainedModel


class BagPreTrainedModel(WordPreTrainedModel):
    config_class = BagConfig
    base_model_prefix = "bag"


class BagModel(BagPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embeddings = nn.Embedding(config.vocab_size, config.embedding_size, padding_idx=config.pad_token_id)
        self.layer = nn.Linear(config.embedding_size, config.width)
        self.post_init()

    def forward(self, input_ids, attention_mask=None):
        ids_BT, lengths_B = self.read_words(input_ids, attention_mask)
        mean_BE = self.embeddings(ids_BT).sum(dim=1) / lengths_B.clamp(min=1)[:, None]
        return BaseModelOutput(last_hidden_state=self.layer(mean_BE).tanh()[:, None])


class BagForSequenceClassification(BagPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.bag = BagModel(config)
        self.head = nn.Linear(config.width, config.num_labels)
        self.post_init()

    def forward(self, input_ids, attention_mask=None, labels=None):
        logits_BL = self.calibrate(self.head(self.bag(input_ids, attention_mask).last_hidden_state[:, 0]))
        loss = None if labels is None else self.loss_function(logits_BL.float(), labels)
        return SequenceClassifierOutput(loss=loss, logits=logits_BL)
"""

FAMILY = '''
from transformers import AutoModel, AutoModelForSequenceClassification

from ..configuration.configuration_bag import BagConfig
from ..modeling.modeling_bag import BagForSequenceClassification, BagModel
from .embedding_family import EmbeddingFamily
from .family import register_family


@register_family
class BagFamily(EmbeddingFamily):
    """A bag of words."""

    systems = {"bag": {}}
    config_class = BagConfig
    model_classes = {AutoModel: BagModel, AutoModelForSequenceClassification: BagForSequenceClassification}
'''

USE = """
import json, sys
import labelwise_cli
from labelwise import MultiLabelClassifier
from transformers import AutoModelForSequenceClassification, pipeline

data, out = sys.argv[1:]
options = ["--width", "9", "--embedding_size", "8", "--min_frequency", "1", "--word_vectors", "random"]
options += ["--num_train_epochs", "20", "--per_device_train_batch_size", "8", "--learning_rate", "3e-2"]
assert labelwise_cli.main(["train", "--model", "bag", *data.split(), *options, "--output_dir", out]) == 0
assert labelwise_cli.main(["train", "--model", "bag", *data.split(), "--width", "0", "--output_dir", "none"]) == 2
assert labelwise_cli.main(["evaluate", "--model_name_or_path", out, *data.split()]) == 0
assert labelwise_cli.main(["export", "--model_name_or_path", out, "--output_dir", out + "-onnx"]) == 0
tagger = pipeline("multi-label-classification", model=out)
classifier = MultiLabelClassifier("bag", width=3, num_train_epochs=1).fit(["a", "b"] * 4, [["x"], ["y"]] * 4)
assert classifier.model.config.width == 3
print(json.dumps(tagger("the money and the loan")))
"""

LOAD = """
import json, sys
sys.modules["labelwise"] = None
from transformers import pipeline
tagger = pipeline("text-classification", model=sys.argv[1], trust_remote_code=True, top_k=None)
found = tagger("the money and the loan")[0]
print(json.dumps({score["label"]: score["score"] for score in found}))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of the package with the model."""
    root = tmp_path_factory.mktemp("contribution")
    shutil.copy(ROOT / "setup.cfg", root)
    folders = setuptools.config.read_configuration(ROOT / "setup.cfg")["options"]["package_dir"].values()
    for folder in {path.split("/")[0] for path in folders}:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "configuration" / "configuration_bag.py").write_text(CONFIGURATION)
    (root / "modeling" / "modeling_bag.py").write_text(MODELING)
    (root / "labelwise" / "families" / "bag.py").write_text(FAMILY)
    registration = root / "labelwise" / "families" / "__init__.py"
    registration.write_text(registration.read_text().replace("    cnn,\n", "    bag,\n    cnn,\n"))
    (root / "labelwise_cli").symlink_to(root / "cli")  # as setup.cfg maps it
    describe = [sys.executable, "-m", "labelwise_cli.describe"]  # `make options`
    subprocess.run(describe, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=True)
    return root


def run(code: str, *arguments: str, cwd: Path, path: str = "") -> str:
    environment = {**os.environ, "PYTHONPATH": path, "HF_HOME": str(cwd / "home")}
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=cwd, env=environment
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout


@pytest.mark.slow
def test_a_new_model_does_all_that_the_others_do(checkout, data, tmp_path):
    out = tmp_path / "out"
    printed = run(USE, data, str(out), cwd=tmp_path, path=str(checkout))
    found = json.loads(printed.splitlines()[-1])
    assert found["labels"] == ["bank"]
    assert json.loads((out / "results.json").read_text())["metrics"]["test"]["micro_f1"] > 0.8
    assert json.loads((out / "config.json").read_text())["width"] == 9
    assert "A multi-label text classifier of the type `bag`." in ModelCard.load(out / "README.md").text
    assert (tmp_path / "out-onnx" / "model.onnx").is_file()
    # Published flat: it loads where the package is not installed.
    assert json.loads(run(LOAD, str(out), cwd=tmp_path)) == pytest.approx(found["scores"], abs=1e-5)
