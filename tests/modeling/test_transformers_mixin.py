# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""transformers' own tests of models, over all families; see `tests/transformers_mixins.py`."""

from copy import deepcopy

import torch
from transformers import AutoModelForSequenceClassification

from labelwise import LWLSTMConfig, LWLSTMForSequenceClassification, LWLSTMModel

from ..conftest import SMALL
from ..transformers_mixins import load_mixin, make_case
from .test_common import CORNERS, IDS, LABELS, MODELS, WORDS

ModelTesterMixin = load_mixin("test_modeling_common", "ModelTesterMixin")

NOT_APPLICABLE = {
    "test_attention_outputs": "weights are per label, word and sentence, not per layer: test_modeling_lw_lstm.py",
    "test_hidden_states_output": "states are per word and sentence, not per layer: test_modeling_lw_lstm.py",
}
WITHOUT_STATES = {
    "test_model_outputs_equivalence": "asks for hidden states, which the model does not return: test_common.py",
    "test_retain_grad_hidden_states_attentions": "asks for hidden states, which the model does not return",
}
LINEAR = {
    "test_resize_tokens_embeddings": "has no embeddings, and refuses",
    "test_model_get_set_embeddings": "has no embeddings, and refuses",
    "test_init_weights_can_init_buffers": "codes of n-grams are learned from documents, and cannot be drawn",
    "test_torch_save_load": "compares truth values by calling the state, an error of the test: test_common.py",
}


class FamilyTester:
    """What the mixin asks of a family: a small configuration and inputs."""

    batch_size, seq_length, is_training = *IDS.shape, True

    def __init__(self, config):
        self.config = config

    def prepare_config_and_inputs_for_common(self):
        return deepcopy(self.config), {"input_ids": IDS.clone(), "attention_mask": IDS.ne(0).long()}


def case_of(name, config, classes, reasons):
    def prepare(self, inputs, model_class, return_labels=False):
        inputs = deepcopy(inputs)
        if return_labels and MODELS[model_class] is AutoModelForSequenceClassification:
            inputs["labels"] = LABELS.float()
        return inputs

    def set_up(self):
        torch.manual_seed(0)
        self.model_tester = FamilyTester(config)

    def test_training(self):
        """Of the classifiers, as the others have no loss."""
        self.all_model_classes = [one for one in classes if MODELS[one] is AutoModelForSequenceClassification]
        ModelTesterMixin.test_training(self)

    attributes = {"all_model_classes": tuple(classes), "setUp": set_up, "_prepare_for_class": prepare}
    return make_case(name, ModelTesterMixin, {**NOT_APPLICABLE, **reasons}, test_training=test_training, **attributes)


for family, (config, classes) in WORDS.items():
    reasons = {} if family == "han-lg" else WITHOUT_STATES | (LINEAR if family in ("br", "cc", "lp") else {})
    globals()[f"Test_{family}"] = case_of(f"Test_{family}", config, classes, reasons)
for family, corner in CORNERS.items():
    config = LWLSTMConfig(**{**SMALL, "num_encoders": 2, **corner})
    classes = (LWLSTMModel, LWLSTMForSequenceClassification)
    globals()[f"Test_{family}"] = case_of(f"Test_{family}", config, classes, {})
