# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Exported folders as classifiers: the call of a model of transformers, run by ONNX Runtime or OpenVINO."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoConfig, PreTrainedConfig
from transformers.modeling_outputs import SequenceClassifierOutput

from ..errors import UserInputError
from .export_record import read_record

Run = Callable[[dict[str, np.ndarray]], np.ndarray]


class ExportedClassifier:
    """A graph on the CPU that is called as the classifier that it was exported from.

    Args:
        config (`PreTrainedConfig`): Configuration of the classifier.
        input_names (`Sequence[str]`): Inputs of the graph.
        run (`Callable`): Return the logits of arrays by name.

    Example:

    ```python
    >>> classifier = ExportedClassifier.from_pretrained("exported")
    >>> classifier(**tokenizer(["Please refund the 20 euros."], return_tensors="pt")).logits
    ```
    """

    device = torch.device("cpu")
    dtype = torch.float32
    input_modalities = "text"  # which pipelines show

    def __init__(self, config: PreTrainedConfig, input_names: Sequence[str], run: Run) -> None:
        self.config = config
        self._input_names = input_names
        self._run = run

    @classmethod
    def from_pretrained(
        cls, folder: str | Path, config: PreTrainedConfig | None = None, dtype: Any = None, **kwargs: Any
    ) -> "ExportedClassifier":
        """Load an exported folder. ONNX Runtime and OpenVINO get as many threads as torch has.

        Args:
            folder (`str` or `Path`): From `labelwise export`.
            config (`PreTrainedConfig`, *optional*): Its configuration; read from the folder by default.
            dtype (`str` or `torch.dtype`, *optional*): Refused, unless it is the float32 of the inputs and outputs.
            kwargs: What `pipeline` passes to the Auto classes; not used.

        Raises:
            UserInputError: A file is missing or corrupted, a package is missing, or a data type is asked for.
        """
        if dtype not in (None, "auto", "float32", torch.float32):
            raise UserInputError(f"dtype {dtype}: is for models of torch; {folder} is an export: leave it out")
        folder = Path(folder)
        config = config or AutoConfig.from_pretrained(folder, trust_remote_code=False)
        export_format, record = read_record(folder)
        if record["labels"] != config.label_names:
            raise UserInputError(f"{folder} is corrupted: its config.json is not of its graph; export the model again")
        load, extra = _RUNTIMES[export_format]
        try:
            return cls(config, *load(folder))
        except ImportError as error:
            raise UserInputError(
                f"{folder} needs a package that is missing: pip install 'labelwise[{extra}]' ({error})"
            ) from error
        # The runtimes raise unrelated types.
        except Exception as error:
            raise UserInputError(f"the graph of {folder} cannot be loaded: {error}; export the model again") from error

    def __call__(self, **inputs: torch.Tensor) -> SequenceClassifierOutput:
        # As in the library's encoders, `token_type_ids` are 0 by default.
        given = {name: inputs.get(name) for name in self._input_names}
        arrays = {
            name: (torch.zeros_like(inputs["input_ids"]) if values is None else values).numpy()
            for name, values in given.items()
        }
        return SequenceClassifierOutput(logits=torch.from_numpy(self._run(arrays)))

    @classmethod
    def can_generate(cls) -> bool:
        """Return whether the classifier writes text, which pipelines ask of every model: no."""
        return False

    def to(self, device: str | torch.device) -> "ExportedClassifier":
        """Return the classifier, which stays on the CPU.

        Raises:
            UserInputError: Another device is asked for.
        """
        if torch.device(device) != self.device:
            raise UserInputError(f"device {device}: an export runs on the CPU; leave it out, or name the trained model")
        return self


def _load_onnx(folder: Path) -> tuple[list[str], Run]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    return [given.name for given in session.get_inputs()], lambda arrays: session.run(["logits"], arrays)[0]


def _load_openvino(folder: Path) -> tuple[list[str], Run]:
    from .openvino_graphs import compile_openvino

    return compile_openvino(folder / "openvino_model.xml")


# Of each format, the function that loads a folder, and the extra of its packages.
_RUNTIMES = {"onnx": (_load_onnx, "onnx"), "openvino": (_load_openvino, "openvino")}
