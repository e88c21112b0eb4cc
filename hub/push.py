# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Publication of models and corpora on the Hub, completely or not at all."""

import json
import shlex
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from datasets import DatasetDict
from huggingface_hub import CommitOperationAdd, DatasetCard, HfApi, get_token
from huggingface_hub.utils import HFValidationError, validate_repo_id

from ..datasets_scripts.hub_errors import LOG_IN, explain_hub_error
from ..errors import UserInputError
from ..json_text import dump_json
from ..secret_tokens import hide_tokens
from .corpus_cards import write_corpus_card
from .public_record import RESULTS_NAME, public_command, public_record

_TRAINER_STATE_NAME = "trainer_state.json"  # as in transformers.trainer, which takes seconds to import


def check_repo_id(repo_id: str) -> None:
    """Check that the Hub accepts the name of a repository.

    Args:
        repo_id (`str`): A name of the form `namespace/name`.

    Raises:
        UserInputError: The name is malformed.
    """
    try:
        validate_repo_id(repo_id)
    except HFValidationError as error:
        raise UserInputError(f"{repo_id!r} is not a name of the Hub: {error}") from error
    if "/" not in repo_id:
        raise UserInputError(f"{repo_id!r} is not a name of the Hub: add its owner, as in ns/{repo_id}")


def check_token(repo_id: str) -> None:
    """Check before long work that the Hub accepts the user's token.

    Args:
        repo_id (`str`): Repository to publish to, for the error.

    Raises:
        UserInputError: There is no token, the Hub rejects it, or there is no connection.
    """
    if get_token() is None:
        raise UserInputError(f"{repo_id} cannot be published: no token; {LOG_IN}")
    with _refusals(repo_id):
        HfApi().whoami()


def publish_folder(
    folder: Path,
    repo_id: str,
    revision: str | None = None,
    private: bool = False,
    commit_message: str | None = None,
    repo_type: str = "model",
    names: Collection[str] | None = None,
) -> str:
    """Publish the files of a folder as one commit, so that a revision is complete or absent.

    Other files of the repository are kept. The record of the run names files without their folders.
    `HfApi.upload_folder` is not used, because it makes several commits with xet.

    Args:
        folder (`Path`): Folder of the files. Subfolders, hidden files, such as its lock, and the state of the trainer,
            which names folders, are left out.
        repo_id (`str`): `namespace/name`; a missing repository is made.
        revision (`str`, *optional*): Branch, made if missing; defaults to the main one.
        private (`bool`, *optional*, defaults to `False`): Whether a new repository is private; a new Space always is.
        commit_message (`str`, *optional*): Title of the commit.
        repo_type (`str`, *optional*, defaults to `"model"`): `"model"` or `"space"`, a page of Gradio.
        names (`Collection[str]`, *optional*): Names of the files to publish; defaults to all.

    Returns:
        `str`: The address of the commit.

    Raises:
        UserInputError: `private` is set for a repository that is public, or the Hub refuses or cannot be reached.
            Nothing is published.
    """
    api = HfApi(library_name="labelwise")
    additions = [
        CommitOperationAdd(path.name, _public_results(path) if path.name == RESULTS_NAME else path)
        for path in sorted(folder.iterdir())
        if path.is_file()
        and path.name[0] != "."
        and path.name != _TRAINER_STATE_NAME
        and (names is None or path.name in names)
    ]
    with _refusals(repo_id), _line_ended():
        sdk = "gradio" if repo_type == "space" else None
        # Who made a Space public in its settings keeps it so.
        is_private = private or repo_type == "space" or None
        api.create_repo(repo_id, private=is_private, exist_ok=True, repo_type=repo_type, space_sdk=sdk)
        if private and not api.repo_info(repo_id, repo_type=repo_type).private:
            raise UserInputError(
                f"{repo_id} exists and is public: make it private in its settings, or leave --private out"
            )
        if revision is not None:
            api.create_branch(repo_id, branch=revision, exist_ok=True)
        return api.create_commit(
            repo_id,
            additions,
            commit_message=commit_message or f"Upload {repo_type} with labelwise",
            revision=revision,
            repo_type=repo_type,
        ).commit_url


def _public_results(path: Path) -> bytes:
    record = public_record(json.loads(path.read_text("utf-8")))
    return f"{hide_tokens(dump_json(record, indent=2))}\n".encode()


def publish_corpus(
    corpus: DatasetDict, name: str | None, repo_id: str, config_name: str | None, command: list[str]
) -> str:
    """Publish a corpus as Parquet, then complete its card.

    Args:
        corpus (`DatasetDict`): The corpus; earlier splits of the same configuration are replaced.
        name (`str`, *optional*): Its name in `CORPORA`, or the Hub id that it was read from; `None` for own files.
        repo_id (`str`): `namespace/name`; a missing repository is made.
        config_name (`str`, *optional*): Configuration to publish it as.
        command (`list[str]`): The command line, for the card.

    Returns:
        `str`: The address of the data's commit.

    Raises:
        UserInputError: The Hub refuses or cannot be reached.
    """
    with _refusals(repo_id), _line_ended():
        address = corpus.push_to_hub(repo_id, config_name or "default").commit_url
        card = DatasetCard.load(repo_id)
        told = hide_tokens(shlex.join(public_command(command)))
        if write_corpus_card(card, corpus, name, repo_id, config_name, told):
            card.push_to_hub(repo_id, commit_message="Complete the card")
        return address


@contextmanager
def _refusals(repo_id: str) -> Iterator[None]:
    """Turn errors of the Hub's client into `UserInputError`."""
    try:
        yield
    except UserInputError:
        raise
    # The client raises a dozen unrelated types for answers of the Hub, lost connections and its own checks.
    except Exception as error:
        why = explain_hub_error(error, repo_id) or error
        raise UserInputError(f"{repo_id} cannot be published: {why}") from error


@contextmanager
def _line_ended() -> Iterator[None]:
    """End the line of the progress bar that the client leaves if an upload fails."""
    try:
        yield
    except Exception:
        print(file=sys.stderr)
        raise
