# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Measurement of several ways of doing the same work, alternating batch by batch in one process.

A ratio is the median over batches of (time of the baseline) / (time of ours) on the same batch, so that a temporary
slowdown of the machine affects both.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from statistics import median, quantiles
from typing import Any

import torch

from labelwise.trainer.bfloat16 import bfloat16_instructions

EXACT, BF16 = 1e-4, 5e-2  # largest difference allowed: in fp32; between probabilities in bf16 and fp32


def has_bfloat16(device: torch.device) -> bool:
    """Return whether the device computes in bfloat16; what is to be measured in it is left out elsewhere."""
    return device.type != "cpu" or bool(bfloat16_instructions())


class Differs(Exception):
    """Error: the outputs to compare differ."""


@dataclass
class Contender:
    """One way of doing the work.

    Attributes:
        name (`str`): Name in the table.
        run (`Callable`): Function that does the work on one of `inputs`.
        inputs (`list`): One input per batch; the first is small and not measured.
        check (`Callable`, *optional*): Function that returns the largest difference of the outputs (and gradients)
            from those of the baseline, relative to the largest of them or 1. None for the baseline.
        tolerance (`float`): Largest difference allowed.
        floor (`float`, *optional*): Ratio to reach against the reference code.
        fraction_floor (`float`, *optional*): Fraction of the matrix peak to reach.
        precision (`str`, *optional*, defaults to `"fp32"`): Precision of the matrix peak, `"fp32"` or `"bf16"`.
    """

    name: str
    run: Callable[[Any], object]
    inputs: list
    check: Callable[[], float] | None = None
    tolerance: float = EXACT
    floor: float | None = None
    fraction_floor: float | None = None
    precision: str = "fp32"


@dataclass
class Workload:
    """Work that is measured together.

    Attributes:
        description (`str`): Description of the work.
        baseline (`Contender`): Contender that ours are compared with.
        ours (`list[Contender]`): Our contenders.
        units (`list[int]`): Documents or texts of each batch, including the small first one.
        work (`list[float]`, *optional*): Floating-point operations of each batch.
    """

    description: str
    baseline: Contender
    ours: list[Contender]
    units: list[int]
    work: list[float] | None = None


class MatrixPeak:
    """Speed of a large matrix product, to which fractions refer.

    Args:
        device (`torch.device`): Device to measure.
        size (`int`): Rows of the square matrices.
    """

    def __init__(self, device: torch.device, size: int) -> None:
        self.matrices = {"fp32": torch.randn(size, size, device=device)}
        if has_bfloat16(device):
            self.matrices["bf16"] = self.matrices["fp32"].bfloat16()
        for matrix in self.matrices.values():
            matrix @ matrix

    def measure(self, precision: str) -> float:
        """Return the operations per second, the best of three."""
        matrix = self.matrices[precision]
        return 2 * len(matrix) ** 3 / min(seconds(lambda: matrix @ matrix, matrix.device) for _ in range(3))


def seconds(run: Callable[[], object], device: torch.device) -> float:
    """Return the seconds that `run` takes, including the work of the device."""
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    wait()
    start = time.perf_counter()
    run()
    wait()
    return time.perf_counter() - start


def measure(
    workload: Workload, peak: MatrixPeak, device: torch.device, progress: Callable[[str], None] = lambda text: None
) -> list[dict]:
    """Measure a workload.

    Args:
        workload (`Workload`): Work to measure.
        peak (`MatrixPeak`): Matrix product, measured between batches if `workload.work` is given.
        device (`torch.device`): Device that does the work.
        progress (`Callable`, *optional*): Function that is called with the progress, a line of text.

    Returns:
        `list[dict]`: One row for each of `workload.ours`, for `report.py`.

    Raises:
        Differs: An output differs from that of the baseline by more than its tolerance.
    """
    if not has_bfloat16(device):
        workload = replace(workload, ours=[one for one in workload.ours if one.precision == "fp32"])
    differences = {ours.name: ours.check() for ours in workload.ours}
    for ours in workload.ours:
        if not differences[ours.name] <= ours.tolerance:
            raise Differs(
                f"{workload.description}: {ours.name} differs by {differences[ours.name]:.2g} from "
                f"{workload.baseline.name}, more than {ours.tolerance:g}; not measured"
            )
    contenders = [workload.baseline, *workload.ours]  # their names differ
    for contender in contenders:
        contender.run(contender.inputs[0])
    times = {contender.name: [] for contender in contenders}
    peaks = {precision: [] for precision in peak.matrices}
    for batch in range(1, len(workload.units)):
        for contender in contenders:
            times[contender.name].append(seconds(lambda: contender.run(contender.inputs[batch]), device))  # noqa: B023
        for precision, speeds in peaks.items() if workload.work else ():
            speeds.append(peak.measure(precision))
        progress(
            f"batch {batch} of {len(workload.units) - 1}: " + ", ".join(f"{k} {v[-1]:.3g} s" for k, v in times.items())
        )

    def speed(name: str) -> float:
        return median(number / time_ for number, time_ in zip(workload.units[1:], times[name], strict=True))

    rows = []
    for ours in workload.ours:
        own = times[ours.name]
        ratios = [theirs / time_ for theirs, time_ in zip(times[workload.baseline.name], own, strict=True)]
        row = {
            "work": workload.description,
            "ours": ours.name,
            "against": workload.baseline.name,
            "ours_per_second": speed(ours.name),
            "against_per_second": speed(workload.baseline.name),
            "ratio": median(ratios),
            "ratio_quartiles": quantiles(ratios, n=4, method="inclusive")[::2] if len(ratios) > 1 else ratios * 2,
            "ratio_floor": ours.floor,
            "difference": differences[ours.name],
            "repeats": len(ratios),
        }
        if workload.work:
            done = zip(workload.work[1:], own, peaks[ours.precision], strict=True)
            row["peak_fraction"] = median(work / time_ / limit for work, time_, limit in done)
            row["peak_fraction_floor"] = ours.fraction_floor
            row["matrix_gflops"] = {precision: median(speeds) / 1e9 for precision, speeds in peaks.items()}
        rows.append(row)
    return rows


def largest_difference(ours: list[torch.Tensor], others: list[torch.Tensor]) -> float:
    """Return the largest difference over all pairs, relative to the largest value of the second tensor or 1."""
    return max(
        float((one - other).abs().max() / other.abs().max().clamp(min=1))
        for one, other in zip(ours, others, strict=True)
    )


class TrainingStep:
    """Training step: forward, backward, clipping and step of the optimiser.

    Args:
        model (`torch.nn.Module`): Model to train; it is put into training mode.
        loss_of (`Callable`): Function that returns the loss of an input.
        optimizer (`torch.optim.Optimizer`): Optimiser of the parameters.
        max_norm (`float`): Norm that gradients are clipped to.
        precision (`str`, *optional*, defaults to `"fp32"`): `"fp32"`, or `"bf16"` by autocast.
    """

    def __init__(
        self,
        model: torch.nn.Module,
        loss_of: Callable[[Any], torch.Tensor],
        optimizer: torch.optim.Optimizer,
        max_norm: float,
        precision: str = "fp32",
    ) -> None:
        self.model, self.loss_of, self.optimizer = model, loss_of, optimizer
        self.max_norm, self.precision = max_norm, precision

    def __call__(self, inputs: Any) -> None:
        self.model.train()
        self.optimizer.zero_grad()
        with autocast(next(self.model.parameters()).device, self.precision):
            loss = self.loss_of(inputs)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_norm)
        self.optimizer.step()


def autocast(device: torch.device, precision: str) -> AbstractContextManager:
    """Return the context of a precision, `"fp32"` or `"bf16"`."""
    return torch.autocast(device.type, torch.bfloat16) if precision == "bf16" else nullcontext()
