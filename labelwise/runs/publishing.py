# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Publishing a trained model on the Hub."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import UserInputError
from ..hub.cards import update_card
from ..hub.push import check_repo_id, check_token, publish_folder
from ..hub.spaces import write_space
from .loading import load_classifier, load_config_and_tokenizer
from .results import load_results, save_results


@dataclass
class PushArguments:
    """The model to publish, and where."""

    model_name_or_path: str = field(metadata={"help": "Folder of a trained model."})
    repo_id: str = field(metadata={"help": "Hub id ns/name to publish it under."})
    revision: str | None = field(default=None, metadata={"help": "Branch to publish on; by default the main one."})
    private: bool = field(default=False, metadata={"help": "Make a new repository private."})
    commit_message: str | None = field(default=None, metadata={"help": "Title of the commit."})
    space: bool = field(
        default=False,
        metadata={
            "help": "Write a Space of the same name too, with the page of `labelwise demo`; a new one is private."
        },
    )


def push(args: PushArguments) -> str:
    """Publish a model in one commit, with its card and results.

    Only the files that a loaded model writes are published, never the state of its training or other files of its
    folder. The card gets the model's name on the Hub, unless it was edited.

    Returns:
        `str`: The address of the commit.

    Raises:
        UserInputError: The folder contains no complete model, or the Hub refused; nothing was published then.
    """
    folder = Path(args.model_name_or_path)
    if not folder.is_dir():
        raise UserInputError(f"--model_name_or_path {folder}: no such folder; name one that `labelwise train` wrote")
    check_repo_id(args.repo_id)
    config, tokenizer = load_config_and_tokenizer(str(folder))
    model = load_classifier(str(folder), config)
    results = load_results(folder)
    check_token(args.repo_id)
    with TemporaryDirectory() as name:
        published = Path(name)
        model.save_pretrained(published)
        tokenizer.save_pretrained(published)
        if (folder / "README.md").is_file():
            shutil.copy(folder / "README.md", published)
        if results is not None:
            save_results(results, published)
            update_card(published, config, results, name=args.repo_id)
        load_classifier(name, load_config_and_tokenizer(name)[0])  # check what others will load
        return publish_folder(published, args.repo_id, args.revision, args.private, args.commit_message)


def push_with_space(args: PushArguments) -> dict[str, str]:
    """Publish a model as `push` does, then a Space with its page in a commit of its own.

    Returns:
        `dict[str, str]`: The addresses of the commits, `commit` and `space`.

    Raises:
        UserInputError: As in `push`, or Gradio is missing, or the Hub refused the Space when the model was published.
    """
    with TemporaryDirectory() as name:
        write_space(Path(name), args.repo_id)  # before anything is published
        commit = push(args)
        space = publish_folder(
            Path(name), args.repo_id, private=args.private, commit_message=args.commit_message, repo_type="space"
        )
    return {"commit": commit, "space": space}
