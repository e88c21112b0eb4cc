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
"""Saving a class's code beside what it saves, so that it loads where this package is not installed.

`register_for_auto_class` of transformers copies the imports of one folder only, and reads them back from one folder
only; here they come from several.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec, resolve_name
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar

from transformers import AutoConfig, AutoTokenizer

# At any indentation: the imports inside functions are needed too, and transformers finds them in the same way.
_OWN_IMPORT = re.compile(r"^(\s*from )(labelwise(?:\.\w+)+|\.+[\w.]*\w)(?= import\b)", re.MULTILINE)


@dataclass(frozen=True)
class PublishedCode:
    """The code that goes beside what a class saves.

    Args:
        auto_map (`Mapping`): The `auto_map` of the saved file: for each Auto class, `file.Class`.
        modules (`tuple[str, ...]`): Full names of the modules to copy; the modules that they import follow.
    """

    auto_map: Mapping[str, Any]
    modules: tuple[str, ...]


# By `model_type`: a tokenizer is saved with the code of the model whose configuration is in the folder.
_CODE_OF_MODELS: dict[str, PublishedCode] = {}


class SavedWithCode:
    """Mixin of configurations and tokenizers: `save_pretrained` writes their code too, once they are registered.

    A model saves its configuration, so the code of models goes with that. A class that is derived elsewhere and not
    registered is saved as transformers saves it.
    """

    _code: ClassVar[PublishedCode | None] = None

    def save_pretrained(self, save_directory: str | PathLike, *, push_to_hub: bool = False, **kwargs: Any) -> Any:
        code = vars(type(self)).get("_code")
        if code is None:
            return super().save_pretrained(save_directory, push_to_hub=push_to_hub, **kwargs)
        self._set_auto_map(dict(code.auto_map))
        saved = super().save_pretrained(save_directory, **kwargs)
        folder = Path(save_directory)
        for file, source in flat_sources(self._modules_for(folder)).items():
            (folder / file).write_text(source, "utf-8")
        if push_to_hub:  # only now: the library uploads only what it has written itself
            self.push_to_hub(kwargs.pop("repo_id", folder.name), **kwargs)
        return saved

    def _set_auto_map(self, auto_map: dict[str, Any]) -> None:
        self.auto_map = auto_map

    def _modules_for(self, folder: Path) -> tuple[str, ...]:
        return type(self)._code.modules


class TokenizerSavedWithCode(SavedWithCode):
    """Mixin of tokenizers: they are saved with the code of the model in the folder as well.

    When `Trainer` pushes in the middle of a training, it saves the tokenizer but copies the configuration from a
    checkpoint.
    """

    def _set_auto_map(self, auto_map: dict[str, Any]) -> None:
        self.init_kwargs["auto_map"] = auto_map

    def _modules_for(self, folder: Path) -> tuple[str, ...]:
        config = folder / "config.json"
        model_type = json.loads(config.read_text("utf-8")).get("model_type") if config.is_file() else None
        model = _CODE_OF_MODELS.get(model_type)
        return super()._modules_for(folder) + (model.modules if model else ())


def register_models(config_class: type, model_classes: Mapping[type, type]) -> None:
    """Register a configuration and its models with the Auto classes, and save them with their code from now on.

    Args:
        config_class (`type[PreTrainedConfig]`): The configuration; its `model_type` is the name of the family.
        model_classes (`Mapping[type, type[PreTrainedModel]]`): The model for each Auto class.
    """
    AutoConfig.register(config_class.model_type, config_class)
    for auto_class, model_class in model_classes.items():
        auto_class.register(config_class, model_class)
    references = {auto_class.__name__: _reference(model) for auto_class, model in model_classes.items()}
    modules = (config_class.__module__, *(model.__module__ for model in model_classes.values()))
    config_class._code = PublishedCode({"AutoConfig": _reference(config_class), **references}, modules)
    _CODE_OF_MODELS[config_class.model_type] = config_class._code


def register_tokenizer(tokenizer_class: type) -> None:
    """Register a tokenizer with `AutoTokenizer`, and save it with its code from now on.

    Args:
        tokenizer_class (`type[PreTrainedTokenizerFast]`): A tokenizer with the mixin `TokenizerSavedWithCode`.
    """
    # By its name only: registered for a configuration, `trust_remote_code` would prefer the code of a folder.
    AutoTokenizer.register(tokenizer_class, tokenizer_class=tokenizer_class)
    # The slow class and the fast one; transformers writes a class that is not called "...Fast" in the first place.
    auto_map = {"AutoTokenizer": [_reference(tokenizer_class), None]}
    tokenizer_class._code = PublishedCode(auto_map, (tokenizer_class.__module__,))


def flat_sources(modules: Iterable[str]) -> dict[str, str]:
    """Return the code of modules, and of all modules of this package that they import, for one flat folder.

    Args:
        modules (`Iterable[str]`): Full names of modules.

    Returns:
        `dict[str, str]`: Source by file name; each import of this package is a same-folder one.
    """
    sources: dict[str, str] = {}
    to_read = list(modules)
    while to_read:
        spec = find_spec(to_read.pop())
        file = f"{_last(spec.name)}.py"
        if file not in sources:
            source = Path(spec.origin).read_text("utf-8")
            to_read += [resolve_name(found[2], spec.parent) for found in _OWN_IMPORT.finditer(source)]
            sources[file] = _OWN_IMPORT.sub(lambda found: f"{found[1]}.{_last(found[2])}", source)
    return sources


def _reference(cls: type) -> str:
    return f"{_last(cls.__module__)}.{cls.__name__}"


def _last(name: str) -> str:
    return name.rpartition(".")[2]
