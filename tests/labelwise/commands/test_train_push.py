# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --push_to_hub`: the model goes out when it is whole, and nothing of its training."""

import labelwise_cli as cli
import pytest

from ...tiny_corpus import PRETRAINING, TINY


def test_published_when_it_is_whole(hub, data, tmp_path):
    command = f"train --model hlw-lstm {data} {TINY} {PRETRAINING} --output_dir {tmp_path / 'out'}"
    assert cli.main(f"{command} --push_to_hub true --hub_model_id ann/tagger --hub_private_repo true".split()) == 0
    repo = hub.repos["model", "ann/tagger"]
    assert repo.private
    assert len(repo.commits) == 2
    assert {"model.safetensors", "results.json"} <= repo.files.keys()
    assert 'model="ann/tagger"' in repo.files["README.md"].decode()
    assert {path.rpartition(".")[2] for path in repo.files} <= {"json", "md", "safetensors", "py", "gitattributes"}


@pytest.mark.parametrize(
    ("options", "token", "told"),
    [
        ("", "hf_ann", "--push_to_hub needs --hub_model_id"),
        ("--hub_model_id tagger", "hf_ann", "'tagger' is not a name of the Hub"),
        ("--hub_model_id ann/tagger", "hf_wrong", "the Hub does not know the token"),
        ("--hub_model_id ann/tagger", "", "no token; log in"),
    ],
)
def test_refused_before_it_is_trained(hub, refused, data, monkeypatch, options, token, told):
    monkeypatch.setenv("HF_TOKEN", token)
    assert told in refused(f"train {data} {TINY} --output_dir out --push_to_hub true {options}")
    assert hub.repos == {}
