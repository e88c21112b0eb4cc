# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Classes that come back through the Auto classes: from the package, or from the code that is saved beside the weights.

`register_for_auto_class` of transformers copies the imports of one folder only, and reads them back from one folder
only; here they come from several.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from importlib.util import find_spec, resolve_name
from os import PathLike
from pathlib import Path

from transformers import AutoConfig, AutoTokenizer, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

# At any depth of indentation: what a function imports has to be there too. transformers looks for it in the same way.
_RELATIVE_IMPORT = re.compile(r"^(\s*from )(\.+[\w.]*\w)(?= import\b)", re.MULTILINE)


def flat_sources(modules: Iterable[str]) -> dict[str, str]:
    """The code of modules and of all that they import relatively, as one folder holds it.

    Args:
        modules (`Iterable[str]`): Full names of modules.

    Returns:
        `dict[str, str]`: Source by file name, with every relative import a same-folder one.
    """
    sources, to_read = {}, list(modules)
    while to_read:
        spec = find_spec(to_read.pop())
        file = f"{_last(spec.name)}.py"
        if file not in sources:
            source = Path(spec.origin).read_text("utf-8")
            to_read += [resolve_name(found[2], spec.parent) for found in _RELATIVE_IMPORT.finditer(source)]
            sources[file] = _RELATIVE_IMPORT.sub(lambda found: f"{found[1]}.{_last(found[2])}", source)
    return sources


# Modules of a family's code, by `model_type`.
_FAMILIES: dict[str, list[str]] = {}


def register(config_class: type[PreTrainedConfig], model_classes: Mapping[type, type[PreTrainedModel]]) -> None:
    """Registers a family with the Auto classes, and has it saved with the code that a reader without the package needs.

    A model saves its configuration, so the code of models goes with that: whatever `auto_map` of a `config.json` names
    stands beside it.

    Args:
        config_class (`type[PreTrainedConfig]`): Its `model_type` is the family's name.
        model_classes (`Mapping[type, type[PreTrainedModel]]`): For each Auto class, its model.
    """
    AutoConfig.register(config_class.model_type, config_class)
    for auto_class, model_class in model_classes.items():
        auto_class.register(config_class, model_class)
    references = {auto.__name__: _reference(model) for auto, model in model_classes.items()}
    modules = [config_class.__module__, *(model.__module__ for model in model_classes.values())]
    _FAMILIES[config_class.model_type] = modules
    auto_map = {"AutoConfig": _reference(config_class), **references}
    _save_with_code(config_class, "__dict__", auto_map, lambda folder: modules)


def register_tokenizer(tokenizer_class: type[PreTrainedTokenizerBase]) -> None:
    """Registers a tokenizer with `AutoTokenizer`, and has it saved with its code.

    Where the folder holds a `config.json`, it is saved with the code of that model too: where `Trainer` pushes in the
    middle of a training, it saves the tokenizer, but copies the configuration from a checkpoint.

    Args:
        tokenizer_class (`type[PreTrainedTokenizerBase]`): Of one family or several.
    """
    # By its own name only: were it registered for the configuration, `trust_remote_code` would prefer a folder's code.
    AutoTokenizer.register(tokenizer_class, tokenizer_class=tokenizer_class)

    def modules_for(folder: Path) -> list[str]:
        config = folder / "config.json"
        model_type = json.loads(config.read_text("utf-8")).get("model_type") if config.is_file() else None
        return [tokenizer_class.__module__, *_FAMILIES.get(model_type, [])]

    # The slow class and the fast one; this library writes a class that is not called "...Fast" in the first place.
    auto_map = {"AutoTokenizer": [_reference(tokenizer_class), None]}
    _save_with_code(tokenizer_class, "init_kwargs", auto_map, modules_for)


def _save_with_code(cls: type, fields: str, auto_map: dict, modules_for: Callable[[Path], list[str]]) -> None:
    """Wraps `cls.save_pretrained`; `fields` names the attribute that holds what is saved, `modules_for` gives the
    modules whose code goes to a folder."""
    save = cls.save_pretrained

    @wraps(save)
    def save_pretrained(self, save_directory: str | PathLike, *, push_to_hub: bool = False, **kwargs):
        if type(self) is not cls:  # a class derived elsewhere is published by who derived it
            return save(self, save_directory, push_to_hub=push_to_hub, **kwargs)
        getattr(self, fields)["auto_map"] = auto_map
        saved = save(self, save_directory, **kwargs)
        for file, source in flat_sources(modules_for(Path(save_directory))).items():
            (Path(save_directory) / file).write_text(source, "utf-8")
        if push_to_hub:  # only now: the library uploads what it has written itself
            self.push_to_hub(kwargs.pop("repo_id", Path(save_directory).name), **kwargs)
        return saved

    cls.save_pretrained = save_pretrained


def _reference(cls: type) -> str:
    return f"{_last(cls.__module__)}.{cls.__name__}"


def _last(name: str) -> str:
    return name.rpartition(".")[2]
