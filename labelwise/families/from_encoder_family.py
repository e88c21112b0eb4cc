# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Families whose training begins with a pretrained encoder, which the option --encoder names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import shorten

from huggingface_hub import try_to_load_from_cache
from transformers.utils import CONFIG_NAME

from ..errors import UserInputError, explain_foreign_code, is_of_the_machine
from .family import GradientFamily


@dataclass(kw_only=True)
class FromEncoderFamily(GradientFamily):
    """A family whose new models are made out of a pretrained encoder."""

    of_new_models = ("encoder",)

    encoder: str | None = field(default=None, metadata={"help": "Folder or Hub id of a pretrained encoder."})

    def __post_init__(self) -> None:
        if self.encoder is None and self.model_name_or_path is None:
            raise UserInputError(f"--model {self.system} needs --encoder, a folder or a Hub id of a pretrained encoder")
        super().__post_init__()
        if self.encoder is not None:
            self._check_connection()

    def _check_connection(self) -> None:
        """Check that an encoder of the Hub can be loaded, before any data is read."""
        from ..datasets_scripts.hub_errors import check_connection

        with self.as_encoder_error():
            if not Path(self.encoder).exists() and try_to_load_from_cache(self.encoder, CONFIG_NAME) is None:
                check_connection()

    @property
    def starts_pretrained(self) -> bool:
        return True  # from an encoder, if not from a checkpoint

    @contextmanager
    def as_encoder_error(self) -> Iterator[None]:
        """Turn an error of loading the encoder, but those of the machine, into a `UserInputError`."""
        from ..datasets_scripts.hub_errors import explain_hub_error

        if not Path(self.encoder).exists() and self.encoder.count("/") > 1:
            raise UserInputError(f"--encoder {self.encoder}: no such folder")
        try:
            yield
        except UserInputError:
            raise
        # For corrupted files, the libraries raise a dozen unrelated types.
        except Exception as error:
            if is_of_the_machine(error):
                raise
            why = explain_hub_error(error, self.encoder) or explain_foreign_code(error) or str(error) or repr(error)
            told = shorten(why, 500, placeholder=" …")
            raise UserInputError(f"--encoder {self.encoder}: {told}") from error
