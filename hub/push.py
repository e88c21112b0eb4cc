# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Publishing models and corpora, whole or not at all."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from datasets import DatasetDict
from huggingface_hub import CommitOperationAdd, DatasetCard, HfApi, get_token
from huggingface_hub.utils import HFValidationError, validate_repo_id

from ..datasets_scripts.errors import UserInputError
from ..datasets_scripts.hub_errors import LOG_IN, explain_hub_error
from .corpus_cards import write_corpus_card


def check_repo_id(repo_id: str) -> None:
    """Refuses a name that the Hub would refuse.

    Args:
        repo_id (`str`): What should be `namespace/name`.

    Raises:
        UserInputError: It is not.
    """
    try:
        validate_repo_id(repo_id)
    except HFValidationError as error:
        raise UserInputError(f"{repo_id!r} is no name on the Hub: {error}") from error
    if "/" not in repo_id:
        raise UserInputError(f"{repo_id!r} is no name on the Hub: write it with its owner, ns/{repo_id}")


def check_token(repo_id: str) -> None:
    """Asks the Hub whose token this is, before long work begins.

    Args:
        repo_id (`str`): Where something shall be published.

    Raises:
        UserInputError: There is no token or the Hub does not know it, or there is no connection.
    """
    if get_token() is None:
        raise UserInputError(f"{repo_id} cannot be published: no token; {LOG_IN}")
    with _refusals(repo_id):
        HfApi().whoami()


def publish_folder(
    folder: Path, repo_id: str, revision: str | None = None, private: bool = False, commit_message: str | None = None
) -> str:
    """Publishes the files of a folder as one commit, so that a revision is whole or absent.

    What stood in the repository before stays, but for files of the same names. `HfApi.upload_folder` is not used: with
    xet it publishes in several commits.

    Args:
        folder (`Path`): What to publish; folders in it are left out.
        repo_id (`str`): `namespace/name`; it is made where it does not exist.
        revision (`str`, *optional*): Branch, made where it does not exist; the main one when not given.
        private (`bool`, *optional*, defaults to `False`): Whether a new repository is private.
        commit_message (`str`, *optional*): Title of the commit.

    Returns:
        `str`: The address of the commit.

    Raises:
        UserInputError: It should be private and the repository is public already, or the Hub refused or could not be
            reached; nothing was published then.
    """
    api = HfApi(library_name="labelwise")
    additions = [CommitOperationAdd(path.name, path) for path in sorted(folder.iterdir()) if path.is_file()]
    with _refusals(repo_id), _line_ended():
        api.create_repo(repo_id, private=private or None, exist_ok=True)
        if private and not api.model_info(repo_id).private:
            raise UserInputError(
                f"{repo_id} exists and is public: make it private in its settings, or leave --private out"
            )
        if revision is not None:
            api.create_branch(repo_id, branch=revision, exist_ok=True)
        return api.create_commit(
            repo_id, additions, commit_message=commit_message or "Upload model with labelwise", revision=revision
        ).commit_url


def publish_corpus(corpus: DatasetDict, name: str, repo_id: str, config_name: str | None, command: str) -> str:
    """Publishes a corpus as Parquet, and then completes its card.

    Args:
        corpus (`DatasetDict`): What to publish; splits of the same configuration are replaced.
        name (`str`): Its name in `CORPORA`, or the Hub id that it was read from.
        repo_id (`str`): `namespace/name`; it is made where it does not exist.
        config_name (`str`, *optional*): Configuration to publish it as.
        command (`str`): The command line, for the card.

    Returns:
        `str`: The address of the data's commit.

    Raises:
        UserInputError: The Hub refused or could not be reached.
    """
    with _refusals(repo_id), _line_ended():
        address = corpus.push_to_hub(repo_id, config_name or "default").commit_url
        card = DatasetCard.load(repo_id)
        if write_corpus_card(card, corpus, name, repo_id, config_name, command):
            card.push_to_hub(repo_id, commit_message="Complete the card")
        return address


@contextmanager
def _refusals(repo_id: str) -> Iterator[None]:
    try:
        yield
    except UserInputError:
        raise
    # The client raises the Hub's answers, broken connections and its own checks as a dozen unrelated types.
    except Exception as error:
        why = explain_hub_error(error, repo_id) or error
        raise UserInputError(f"{repo_id} cannot be published: {why}") from error


@contextmanager
def _line_ended() -> Iterator[None]:
    """Where an upload fails, the client leaves its progress bar on the line that the message would go to."""
    try:
        yield
    except Exception:
        print(file=sys.stderr)
        raise
