# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A Hub Space with the page of `labelwise demo`: three files, and no code beside the package's."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from huggingface_hub import SpaceCard, SpaceCardData

from ..errors import UserInputError

_APP = '''"""The page of `labelwise demo`."""

from labelwise.demo import Tagger, build

build(Tagger.from_pretrained({repo_id!r})).launch()
'''
_README = """---
{header}
---

# {repo_id}

Type a text, see its labels, the words that a label is read from, and move the thresholds. The page is that of
`labelwise demo`, for the model [{repo_id}](https://huggingface.co/{repo_id}).

- `requirements.txt` installs `{requirement}`; where that version is on no package index, name a git address instead.
- If the model is private, add a token that may read it as the secret `HF_TOKEN` in the settings of this Space.
"""


def write_space(folder: Path, repo_id: str) -> None:
    """Write the files of a Space: `app.py`, `requirements.txt` and `README.md`.

    Args:
        folder (`Path`): Where to write them.
        repo_id (`str`): The model on the Hub that the page loads.

    Raises:
        UserInputError: Gradio, whose version the Space runs, is missing.
    """
    try:
        sdk_version = version("gradio")
    except PackageNotFoundError as error:
        raise UserInputError("--space needs a package that is missing: pip install 'labelwise[demo]'") from error
    requirement = f"labelwise[demo]=={version('labelwise')}"
    header = SpaceCardData(
        title=repo_id.partition("/")[2], sdk="gradio", sdk_version=sdk_version, app_file="app.py", models=[repo_id]
    )
    readme = SpaceCard(_README.format(header=header.to_yaml(), repo_id=repo_id, requirement=requirement))
    (folder / "app.py").write_text(_APP.format(repo_id=repo_id), "utf-8")
    (folder / "requirements.txt").write_text(f"{requirement}\n", "utf-8")
    readme.save(folder / "README.md")
