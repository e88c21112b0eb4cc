# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Saved folders that need no package: what is in them, who can read them, and what is never run."""

import ast
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import jieba
import pytest
import torch
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForPreTraining,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    Trainer,
    TrainingArguments,
    pipeline,
)

from labelwise import (
    LabelTokenizer,
    LabelWiseEncoderForPreTraining,
    LMMTCForSequenceClassification,
    LWLSTMConfig,
    LWLSTMForPreTraining,
    LWLSTMForSequenceClassification,
    LWLSTMModel,
    WordTokenizer,
)
from labelwise.configuration.published_code import flat_sources

from ..label_wise_encoders import make_label_wise_encoder
from ..other_families import OTHER_FAMILIES, make_other_family

TEXTS = ["the cat sat. what joy it was!", "nobody knows", "w1 w2. W3 w4! w5", "发动机很好。油耗 太高了！", ""]
LABELS = ["joy", "anger", "cat", "who knows"]
CALIBRATION = {"scale": [0.5, 1.0, 2.0, 3.0], "offset": 0.25}
LSTM_CODE = {*flat_sources([LWLSTMConfig.__module__, LWLSTMModel.__module__])}
MTC_CODE = {*flat_sources([LMMTCForSequenceClassification.__module__, LabelTokenizer.__module__])}
WORD_CODE = {*flat_sources([WordTokenizer.__module__])}
# The Python of an environment without the package; .ci/run makes one. Any Python will do that can hide it.
BARE_PYTHON = os.environ.get("LABELWISE_BARE_PYTHON")


def code_in(folder) -> set[str]:
    return {path.name for path in Path(folder).glob("*.py")}


def auto_map(folder, file="config.json") -> dict | None:
    """`None` where a tokenizer is one of the library."""
    return json.loads((Path(folder) / file).read_text("utf-8")).get("auto_map")


def python(folder, *arguments, path=()) -> subprocess.CompletedProcess:
    """Runs Python away from the repository, with a cache of code of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"HF_HOME": str(folder / "home"), "PYTHONPATH": os.pathsep.join(path)}
    return subprocess.run(
        [BARE_PYTHON or sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def word_model(make_config):
    """`word_model(tokenizer, model_class, **settings)`"""

    def make(tokenizer, model_class=LWLSTMForSequenceClassification, **settings):
        torch.manual_seed(0)
        config = make_config(vocab_size=len(tokenizer), id2label=dict(enumerate(LABELS)), **settings)
        return model_class(config).eval()

    return make


@pytest.fixture(scope="module")
def words():
    return WordTokenizer.train_from_iterator(TEXTS, min_frequency=1)


@pytest.fixture(scope="module")
def families(word_model, word_tokenizer, words, make_encoder):
    """Tokenizer and model by name."""
    chinese = WordTokenizer.train_from_iterator(TEXTS, min_frequency=1, segmenter="jieba")

    def label_model(family):
        encoder = make_encoder(family)
        torch.manual_seed(0)
        model = LMMTCForSequenceClassification.from_encoder(encoder, LABELS, calibration=CALIBRATION)
        return LabelTokenizer.from_encoder(encoder, LABELS), model

    return {
        "lw-lstm": (words, word_model(words, calibration=CALIBRATION)),
        "hlw-lstm": (word_tokenizer, word_model(word_tokenizer, hierarchical=True, num_encoders=2)),
        "pre-trained": (word_tokenizer, word_model(word_tokenizer, LWLSTMForPreTraining, num_encoders=2)),
        "chinese": (chinese, word_model(chinese)),
        "bert": label_model("bert"),
        "roberta": label_model("roberta"),
        "deberta-v2": label_model("deberta-v2"),
    }


@pytest.fixture(scope="module")
def folders(families, tmp_path_factory) -> dict[str, Path]:
    folders = {}
    for name, (tokenizer, model) in families.items():
        folders[name] = tmp_path_factory.mktemp("published") / name
        model.save_pretrained(folders[name])
        tokenizer.save_pretrained(folders[name])
    return folders


# What is in the folder


def test_code_and_auto_map(folders):
    for name, folder in folders.items():
        family, tokenizer = ("lm_mtc", "Label") if "tokenization_label.py" in code_in(folder) else ("lw_lstm", "Word")
        code = MTC_CODE if family == "lm_mtc" else LSTM_CODE | WORD_CODE
        assert code_in(folder) == code, name
        for file in code:
            assert (folder / file).read_text("utf-8").startswith("# Copyright 2026 The labelwise authors."), file
        prefix = family.replace("_", "").upper()
        expected = {
            "AutoConfig": f"configuration_{family}.{prefix}Config",
            "AutoModel": f"modeling_{family}.{prefix}Model",
            "AutoModelForSequenceClassification": f"modeling_{family}.{prefix}ForSequenceClassification",
        }
        if family == "lw_lstm":
            expected["AutoModelForPreTraining"] = f"modeling_{family}.{prefix}ForPreTraining"
        assert auto_map(folder) == expected
        reference = f"tokenization_{tokenizer.lower()}.{tokenizer}Tokenizer"
        assert auto_map(folder, "tokenizer_config.json") == {"AutoTokenizer": [reference, None]}


def test_every_relative_import_is_in_the_folder(folders):
    for folder in folders.values():
        for file in code_in(folder):
            for node in ast.walk(ast.parse((folder / file).read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.level:
                    assert node.level == 1 and f"{node.module}.py" in code_in(folder), f"{file}:{node.lineno}"


def test_imports_of_any_depth(tmp_path, monkeypatch):
    """Up and down the tree, through a package, inside a function, in a circle; other imports are left as they are."""
    files = {
        "house/__init__.py": "",
        "house/up/__init__.py": "from .stairs import step\n",
        "house/up/stairs.py": "import os\nfrom os import path\n\nstep = 1\n",
        "house/down/__init__.py": "",
        "house/down/door.py": "from ..up import (\n    step,\n)\n\n\ndef late():\n    from .cellar.coal import heap\n",
        "house/down/cellar/__init__.py": "",
        "house/down/cellar/coal.py": "from ...down.door import step\nheap = ' from ..up import step'\n",
    }
    for file, source in files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / file).write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    assert flat_sources(["house.down.door"]) == {
        "door.py": "from .up import (\n    step,\n)\n\n\ndef late():\n    from .coal import heap\n",
        "up.py": files["house/up/__init__.py"],
        "stairs.py": files["house/up/stairs.py"],
        "coal.py": "from .door import step\nheap = ' from ..up import step'\n",
    }


def test_a_configuration_alone_and_a_tokenizer_alone(families, tmp_path):
    tokenizer, model = families["hlw-lstm"]
    model.config.save_pretrained(tmp_path / "config")
    assert code_in(tmp_path / "config") == LSTM_CODE
    tokenizer.save_pretrained(tmp_path / "tokenizer")
    assert code_in(tmp_path / "tokenizer") == WORD_CODE


def test_other_processes_write_nothing(families, tmp_path):
    families["hlw-lstm"][1].save_pretrained(tmp_path / "model", is_main_process=False)
    assert list(tmp_path.glob("model/*")) == []


def test_trainer_saves_it_too(families, tmp_path):
    tokenizer, model = families["lw-lstm"]
    rows = [{**tokenizer("the cat"), "labels": [1.0, 0.0, 0.0, 1.0]}] * 2
    arguments = TrainingArguments(
        str(tmp_path), max_steps=1, save_steps=1, report_to="none", use_cpu=True, disable_tqdm=True, learning_rate=0.0
    )
    trainer = Trainer(model, arguments, train_dataset=rows, processing_class=tokenizer)
    trainer.train()
    trainer.save_model()
    model.eval()
    for folder in (tmp_path, tmp_path / "checkpoint-1"):
        assert code_in(folder) == LSTM_CODE | WORD_CODE
        assert "AutoTokenizer" in auto_map(folder, "tokenizer_config.json")


def test_trainer_pushes_it_in_the_middle_of_a_training(hub, families, tmp_path):
    """Trainer copies weights and configuration from its checkpoint, and nothing else."""
    tokenizer, model = families["hlw-lstm"]
    rows = [{**tokenizer("w1 w2"), "labels": [1.0, 0.0, 0.0, 1.0]}] * 2
    arguments = TrainingArguments(
        str(tmp_path / "out"),
        max_steps=1,
        save_steps=1,
        learning_rate=0.0,
        report_to="none",
        use_cpu=True,
        disable_tqdm=True,
        push_to_hub=True,
        hub_model_id="ann/rock",
        hub_strategy="every_save",
    )
    Trainer(model, arguments, train_dataset=rows, processing_class=tokenizer).train()
    model.eval()
    pushed = set(hub.repos["model", "ann/rock"].files)
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= pushed
    assert {name for name in pushed if name.endswith(".py")} == LSTM_CODE | WORD_CODE


def test_a_class_derived_elsewhere_is_left_alone(tmp_path):
    class Derived(LWLSTMConfig):
        model_type = "derived"

    Derived().save_pretrained(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]
    assert "auto_map" not in (tmp_path / "config.json").read_text()


@pytest.mark.parametrize("kind", ["model", "config", "tokenizer"])
@pytest.mark.parametrize("by", ["push_to_hub", "save_pretrained"])
def test_push_to_the_hub(hub, families, tmp_path, kind, by):
    tokenizer, model = families["hlw-lstm"]
    published = {"model": model, "config": model.config, "tokenizer": tokenizer}[kind]
    if by == "push_to_hub":
        published.push_to_hub("ann/rock")
    else:
        published.save_pretrained(tmp_path / "rock", push_to_hub=True, repo_id="ann/rock")
    code = {name for name in hub.repos["model", "ann/rock"].files if name.endswith(".py")}
    assert code == (WORD_CODE if kind == "tokenizer" else LSTM_CODE)


# Who can read it


def read_without_the_package(places, tmp_path, hidden, path=()) -> list[dict]:
    script = Path(__file__).with_name("read_published.py")
    task = {"places": [str(place) for place in places], "texts": TEXTS, "hidden": ["labelwise", *hidden]}
    run = python(tmp_path, str(script), json.dumps(task), path=path)
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout)


def assert_as_with_the_package(found, tokenizer, model, folder):
    batch = dict(tokenizer(TEXTS, padding=True, return_tensors="pt"))
    states = model.base_model(**batch).last_hidden_state
    classes = [type(one).__name__ for one in (model.config, tokenizer, model.base_model, model)]
    assert found["classes"] == classes
    assert found["ids"] == batch["input_ids"].tolist()
    torch.testing.assert_close(torch.tensor(found["states"]), states, atol=1e-6, rtol=0)
    auto = AutoModelForSequenceClassification
    if isinstance(model, LWLSTMForPreTraining | LabelWiseEncoderForPreTraining):
        assert found["with a new head"] == classes[-1].replace("ForPreTraining", "ForSequenceClassification")
        auto = AutoModelForPreTraining
        candidates = batch["input_ids"].repeat(len(TEXTS), 1, 1)
        classes = torch.zeros(len(TEXTS), dtype=torch.long)
        batch = {"input_ids": batch["input_ids"], "candidate_input_ids": candidates, "class_ids": classes}
    else:
        alone = [model(**tokenizer([text], return_tensors="pt")).logits[0].sigmoid().tolist() for text in TEXTS]
        for row, expected in zip(found["pipeline"], alone, strict=True):
            assert row == pytest.approx(dict(zip(LABELS, expected, strict=True)), abs=1e-6)
    torch.testing.assert_close(torch.tensor(found["logits"]), model(**batch).logits, atol=1e-6, rtol=0)
    # Trained on and saved without the package, read with it.
    again = Path(found["again"])
    assert code_in(again) == code_in(folder)
    for file in ("config.json", "tokenizer_config.json"):
        assert auto_map(again, file) == auto_map(folder, file)
    read = auto.from_pretrained(again)
    assert type(read) is type(model) and type(AutoTokenizer.from_pretrained(again)) is type(tokenizer)
    logits = torch.tensor(found["logits after training"])
    torch.testing.assert_close(read(**batch).logits, logits, atol=1e-6, rtol=0)


@pytest.mark.slow
@torch.no_grad()
def test_without_the_package(hub, families, folders, tmp_path):
    """From folders and from a Hub; nor is jieba there: only who cuts Chinese text needs it."""
    names = [name for name in families if name != "chinese"]
    for published in families["hlw-lstm"]:
        published.push_to_hub("ann/rock")
    hidden = ["jieba", "sklearn", "gensim", "datasets", "accelerate"]
    found = read_without_the_package([*(folders[name] for name in names), "ann/rock"], tmp_path, hidden)
    for name, one in zip([*names, "hlw-lstm"], found, strict=True):
        assert_as_with_the_package(one, *families[name], folders[name])


@pytest.mark.slow
@torch.no_grad()
def test_every_other_family_without_the_package(words, tmp_path):
    """The families that read words, from folders of their own."""
    tokenizer, made = words, {}
    for name in OTHER_FAMILIES:
        made[name] = make_other_family(name, tokenizer, LABELS)
        for part in (made[name], tokenizer):
            part.save_pretrained(tmp_path / name)
    hidden = ["jieba", "sklearn", "gensim", "datasets", "accelerate"]
    found = read_without_the_package([tmp_path / name for name in made], tmp_path, hidden)
    for (name, model), one in zip(made.items(), found, strict=True):
        assert f"modeling_{model.config.model_type}.py" in code_in(tmp_path / name)
        assert_as_with_the_package(one, tokenizer, model, tmp_path / name)


@pytest.mark.slow
@torch.no_grad()
def test_label_wise_encoders_without_the_package(make_encoder, tmp_path):
    """Of several encoders, hierarchical or not, and one that has no classifier yet."""
    made = {
        "bert": make_label_wise_encoder(make_encoder("bert"), LABELS, calibration=CALIBRATION),
        "modernbert": make_label_wise_encoder(make_encoder("modernbert"), LABELS, hierarchical=True),
        "pre-trained": make_label_wise_encoder(
            make_encoder("roberta"), LABELS, LabelWiseEncoderForPreTraining, num_contexts=2
        ),
    }
    for name, published in made.items():
        for part in published:
            part.save_pretrained(tmp_path / name)
        assert "windows.py" in code_in(tmp_path / name) and "tokenization_label.py" not in code_in(tmp_path / name)
    hidden = ["jieba", "sklearn", "gensim", "datasets", "accelerate", "peft"]
    found = read_without_the_package([tmp_path / name for name in made], tmp_path, hidden)
    for (name, (tokenizer, model)), one in zip(made.items(), found, strict=True):
        assert_as_with_the_package(one, tokenizer, model, tmp_path / name)


@pytest.mark.slow
@torch.no_grad()
def test_chinese_without_the_package(families, folders, tmp_path):
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "jieba").symlink_to(Path(jieba.__file__).parent)
    (found,) = read_without_the_package([folders["chinese"]], tmp_path, [], [str(tmp_path / "packages")])
    assert_as_with_the_package(found, *families["chinese"], folders["chinese"])


def test_the_installed_classes_win(folders, tmp_path):
    """Also when the folder's code is trusted: it is not even read."""
    folder = shutil.copytree(folders["lw-lstm"], tmp_path / "lw-lstm")
    for file in code_in(folder):
        (folder / file).unlink()
    for trusted in (None, False, True):
        assert type(AutoConfig.from_pretrained(folder, trust_remote_code=trusted)) is LWLSTMConfig
        assert type(AutoTokenizer.from_pretrained(folder, trust_remote_code=trusted)) is WordTokenizer
        assert type(AutoModel.from_pretrained(folder, trust_remote_code=trusted)) is LWLSTMModel
        classify = pipeline("text-classification", model=str(folder), trust_remote_code=trusted)
        assert type(classify.model) is LWLSTMForSequenceClassification
        assert type(classify.tokenizer) is WordTokenizer


# What is never run

PICKLES = ["pytorch_model.bin", "training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth", "scaler.pt"]


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return Path.write_text, (self.marker, "unpickled")


@pytest.fixture
def trap(folders, tmp_path):
    """`trap(name)`: a published folder whose code and pickles all write the file `marker`."""

    def make(name) -> tuple[Path, Path]:
        folder, marker = shutil.copytree(folders[name], tmp_path / "trap"), tmp_path / "marker"
        evil = f"open({str(marker)!r}, 'w').write(__name__)\n"
        for file in {*code_in(folder), "evil.py", "__init__.py", "setup.py", "conftest.py", "pipeline.py"}:
            (folder / file).write_text(evil)
        for file in PICKLES:
            torch.save(Bomb(marker), folder / file)
        for file in ("config.json", "tokenizer_config.json"):
            fields = json.loads((folder / file).read_text("utf-8"))
            fields["auto_map"] = {auto: "evil.Evil" for auto in fields["auto_map"]} | {
                "AutoTokenizer": ["evil.Evil", None]
            }
            if "encoder" in fields:
                fields["encoder"]["auto_map"] = {"AutoConfig": "evil.Evil", "AutoModelForMaskedLM": "evil.Evil"}
            (folder / file).write_text(json.dumps(fields))
        return folder, marker

    return make


@pytest.mark.parametrize("trusted", [None, False, True])
@pytest.mark.parametrize("name", ["lw-lstm", "bert"])
def test_a_trap_is_read_by_the_installed_classes(families, trap, name, trusted):
    tokenizer, model = families[name]
    folder, marker = trap(name)
    assert type(AutoConfig.from_pretrained(folder, trust_remote_code=trusted)) is type(model.config)
    assert type(AutoTokenizer.from_pretrained(folder, trust_remote_code=trusted)) is type(tokenizer)
    assert type(AutoModel.from_pretrained(folder, trust_remote_code=trusted)) is type(model.base_model)
    classify = pipeline("text-classification", model=str(folder), trust_remote_code=trusted)
    assert type(classify.model) is type(model) and classify(TEXTS)
    assert not marker.exists()


@pytest.mark.parametrize("auto", [AutoModel, AutoModelForSequenceClassification])
@pytest.mark.parametrize("name", ["lw-lstm", "bert"])
def test_pickled_weights_are_refused(families, folders, trap, name, auto):
    folder, marker = trap(name)
    (folder / "model.safetensors").unlink()
    for _ in range(2):
        with pytest.raises(OSError, match=r"no file named model\.safetensors"):
            auto.from_pretrained(folder)
        assert not marker.exists()
        # An honest one no less: that a file is honest is known only once it was read.
        torch.save(families[name][1].state_dict(), folder / "pytorch_model.bin")


def test_a_pipeline_of_the_folders_own(trap):
    folder, marker = trap("lw-lstm")
    fields = json.loads((folder / "config.json").read_text("utf-8"))
    fields["custom_pipelines"] = {"text-classification": {"impl": "evil.Evil", "pt": [], "type": "text"}}
    (folder / "config.json").write_text(json.dumps(fields))
    with pytest.raises(ValueError, match="trust_remote_code=True"):
        pipeline("text-classification", model=str(folder))
    assert not marker.exists()


def test_who_trusts_the_trap_runs_it(trap, tmp_path):
    """Else the tests above would say nothing; without the package, and without trust, nothing is run either."""
    folder, marker = trap("lw-lstm")
    for file in PICKLES:
        torch.load(folder / file, weights_only=False)
        assert marker.read_text() == "unpickled"
        marker.unlink()
    with pytest.raises(pickle.UnpicklingError):
        torch.load(folder / file, weights_only=True)
    code = f"""
import sys
sys.modules["labelwise"] = None
from pathlib import Path
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
folder, marker = {str(folder)!r}, Path({str(marker)!r})
for auto in (AutoConfig, AutoTokenizer, AutoModelForSequenceClassification):
    for trusted in (None, False):
        try:
            auto.from_pretrained(folder, trust_remote_code=trusted)
        except ValueError as error:
            assert "trust_remote_code=True" in str(error), error
        else:
            raise AssertionError(auto)
assert not marker.exists()
try:
    AutoConfig.from_pretrained(folder, trust_remote_code=True)
except AttributeError as error:
    assert "has no attribute 'Evil'" in str(error), error
"""
    run = python(tmp_path, "-c", code)
    assert run.returncode == 0, run.stderr
    assert marker.read_text().endswith(".evil")
