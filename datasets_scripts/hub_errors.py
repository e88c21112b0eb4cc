# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Connection to the Hub, and explanations of its errors, with what to do."""

from collections.abc import Iterator

from huggingface_hub import constants, get_session
from huggingface_hub.errors import (
    HfHubHTTPError,
    HTTPError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

LOG_IN = "log in with `hf auth login`, or set HF_TOKEN"
_SECONDS = 3


def check_connection() -> None:
    """Check by one request that the Hub can be reached: the client repeats each of its own for half a minute.

    Raises:
        HTTPError or OSError: It cannot; `explain_hub_error` tells why.
    """
    get_session().head(constants.ENDPOINT, timeout=_SECONDS)


def explain_hub_error(error: BaseException, repo_id: str) -> str | None:
    """Explain an error of the Hub, which the libraries wrap in others of their own.

    Args:
        error (`BaseException`): Error that was raised.
        repo_id (`str`): Requested repository, `namespace/name`.

    Returns:
        `str`: One sentence; `None` for an error that is not from the Hub, or whose own message is clear.
    """
    from datasets.exceptions import DatasetNotFoundError  # only for an error: `datasets` takes long to import

    for cause in _chain(error):
        if isinstance(cause, LocalTokenNotFoundError):
            return f"no token; {LOG_IN}"
        if isinstance(cause, OfflineModeIsEnabled):
            return "HF_HUB_OFFLINE is set, so the Hub was not asked; unset it"
        if isinstance(cause, DatasetNotFoundError | RepositoryNotFoundError):
            return f"there is no {repo_id}, or it is private or gated; check the name, or {LOG_IN}"
        if isinstance(cause, HfHubHTTPError):
            return _explain_answer(cause, repo_id)
        if isinstance(cause, HTTPError | ConnectionError | TimeoutError):
            return f"no connection to {constants.ENDPOINT} ({cause}); check the network and try again"
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _explain_answer(error: HfHubHTTPError, repo_id: str) -> str | None:
    status = error.response.status_code
    said = error.response.headers.get("X-Error-Message") or error.server_message or error.response.reason_phrase
    if isinstance(error, RevisionNotFoundError):
        return f"{repo_id} has no such revision"
    if status == 401:
        return f"the Hub does not know the token ({said}); {LOG_IN}"
    if status == 403:
        return f"the token may not do this with {repo_id} ({said}); take a repository of your own or a token that may"
    if status >= 500:
        return f"the Hub answered {status} ({said}); try again later"
    return None
