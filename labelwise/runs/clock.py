# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The wall time of a run over all its legs: it may have been interrupted and resumed."""

import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_callback import ExportableState


class RunClock(TrainerCallback, ExportableState):
    """The seconds of a run, which its checkpoints keep. `RestoreCallbacks` restores those of the earlier legs, each up
    to the checkpoint from which it was resumed."""

    def __init__(self) -> None:
        self.earlier = 0.0
        self._begun = time.monotonic()

    def elapsed(self) -> float:
        """Return the seconds of this leg and the earlier ones."""
        return self.earlier + time.monotonic() - self._begun

    def state(self) -> dict[str, Any]:
        return {"args": {}, "attributes": {"earlier": self.elapsed()}}

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        state.stateful_callbacks[type(self).__name__] = self.state()

    def add_earlier(self, folder: Path) -> None:
        """Count a pre-training that an earlier leg has finished in a folder."""
        callbacks = TrainerState.load_from_json(str(folder / TRAINER_STATE_NAME)).stateful_callbacks
        self.earlier = callbacks.get(type(self).__name__, {}).get("attributes", {}).get("earlier", 0.0)
