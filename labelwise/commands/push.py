# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise push`: publish a trained model on the Hub."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from labelwise.datasets_scripts import UserInputError
from labelwise.hub.cards import update_card
from labelwise.hub.push import check_repo_id, check_token, publish_folder
from labelwise.runs.loading import load_classifier, load_config_and_tokenizer
from labelwise.runs.options import CommandParser
from labelwise.runs.results import load_results, save_results


@dataclass
class PushArguments:
    """Model to publish, and its repository."""

    model_name_or_path: str = field(metadata={"help": "Folder of a trained model."})
    repo_id: str = field(metadata={"help": "Hub id ns/name to publish it under."})
    revision: str | None = field(default=None, metadata={"help": "Branch to publish on; defaults to the main one."})
    private: bool = field(default=False, metadata={"help": "Make a new repository private."})
    commit_message: str | None = field(default=None, metadata={"help": "Title of the commit."})


def main(argv: list[str]) -> None:
    (args,) = CommandParser(PushArguments, prog="labelwise push").parse(argv)
    print(push(args))


def push(args: PushArguments) -> str:
    """Publish a model in one commit, with its card and results.

    The commit contains the files that the loaded model writes, never the state of its training or other files of its
    folder. The card names the model by its id on the Hub, unless somebody has edited the card.

    Args:
        args (`PushArguments`): The options.

    Returns:
        `str`: The address of the commit.

    Raises:
        UserInputError: The folder contains no complete model, or the Hub refuses. Nothing is published.
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
            update_card(published, config, results, args.repo_id)
        load_classifier(name, load_config_and_tokenizer(name)[0])  # check the files as others will load them
        return publish_folder(published, args.repo_id, args.revision, args.private, args.commit_message)
