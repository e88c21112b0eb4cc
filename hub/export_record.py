# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`export.json` of an exported folder: the library's manifest, and under `labelwise` what was exported."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ..errors import UserInputError

# `EXPORT_MANIFEST_FILE` of transformers; its module takes long to import.
MANIFEST_NAME = "export.json"
_KEY = "labelwise"


def is_exported(name_or_path: str | Path) -> bool:
    """Return whether `labelwise export` wrote a folder."""
    return (Path(name_or_path) / MANIFEST_NAME).is_file()


def add_to_record(folder: Path, **facts: Any) -> None:
    """Add facts to the record of an exported folder."""
    path = folder / MANIFEST_NAME
    manifest = json.loads(path.read_text("utf-8"))
    manifest[_KEY] = {**manifest.get(_KEY, {}), **facts}
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")


def read_record(folder: Path) -> tuple[str, dict[str, Any]]:
    """Return the format of an export and its record, after a check of the files of its graph.

    Raises:
        UserInputError: A file is missing or corrupted.
    """
    path = folder / MANIFEST_NAME
    try:
        manifest = json.loads(path.read_text("utf-8"))
        export_format, record = manifest["export_format"], manifest[_KEY]
        changed = [name for name, digest in record["sha256"].items() if hash_file(folder / name) != digest]
        _ = record["labels"]
    except OSError as error:
        raise UserInputError(f"{error.filename}: {error.strerror}; export the model again") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserInputError(
            f"{path} is corrupted, or of an export by an earlier version ({error!r}); export the model again"
        ) from error
    if changed:
        raise UserInputError(f"{folder / changed[0]} is corrupted: its SHA-256 changed; export the model again")
    return export_format, record


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
