# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Measures what does the same work side by side: one after the other, batch by batch, in one process.

A ratio is the median over batches of (time of the baseline) / (time of ours) on the same batch, so that what slows the
machine for a while slows both.
"""

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

import torch

EXACT, BF16 = 1e-4, 5e-2  # largest difference allowed: in fp32; of bf16 from fp32, in probabilities


class Differs(Exception):
    """What is to be compared does not do the same work."""


@dataclass
class Contender:
    """One way of doing the work.

    Attributes:
        name (`str`): In the table.
        run (`Callable`): Does the work on one of `inputs`.
        inputs (`list`): One per batch; the first is small and not measured.
        check (`Callable`, *optional*): Largest difference of the outputs (and gradients) from the baseline's, relative
            to the largest of them or 1. Not for the baseline.
        tolerance (`float`): What `check` may give.
        floor (`float`, *optional*): Ratio to reach against the reference code.
        fraction_floor (`float`, *optional*): Fraction of the matrix peak to reach.
        precision (`str`, *optional*, defaults to `"fp32"`): Of the matrix peak that is its limit, or `"bf16"`.
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
    """What is measured together.

    Attributes:
        description (`str`): The work.
        baseline (`Contender`): What ours are compared with.
        ours (`list[Contender]`): Our ways.
        units (`list[int]`): Documents or texts of each batch, the small first one included.
        work (`list[float]`, *optional*): Floating-point operations of each batch.
    """

    description: str
    baseline: Contender
    ours: list[Contender]
    units: list[int]
    work: list[float] | None = None


class MatrixPeak:
    """Speed of a large matrix product, the limit that fractions refer to.

    Args:
        device (`torch.device`): Where.
        size (`int`): Rows of the square matrices.
    """

    def __init__(self, device: torch.device, size: int):
        self.matrices = {
            "fp32": torch.randn(size, size, device=device),
            "bf16": torch.randn(size, size, device=device, dtype=torch.bfloat16),
        }
        for matrix in self.matrices.values():
            matrix @ matrix

    def measure(self, precision: str) -> float:
        """Operations per second, the best of three."""
        matrix = self.matrices[precision]
        return 2 * len(matrix) ** 3 / min(seconds(lambda: matrix @ matrix, matrix.device) for _ in range(3))


def seconds(run: Callable[[], object], device: torch.device) -> float:
    """How long `run` takes, the device's work included."""
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    wait()
    start = time.perf_counter()
    run()
    wait()
    return time.perf_counter() - start


def measure(workload: Workload, peak: MatrixPeak, device: torch.device, progress=lambda text: None) -> list[dict]:
    """One row for each of `workload.ours`.

    Args:
        workload (`Workload`): What to measure.
        peak (`MatrixPeak`): Measured between batches where `workload.work` is known.
        device (`torch.device`): Where the work runs.
        progress (`Callable`, *optional*): Told what has been done.

    Returns:
        `list[dict]`: What `report.py` prints.

    Raises:
        Differs: An output differs from the baseline's by more than its tolerance.
    """
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
    peaks = {"fp32": [], "bf16": []}
    for batch in range(1, len(workload.units)):
        for contender in contenders:
            times[contender.name].append(seconds(lambda: contender.run(contender.inputs[batch]), device))  # noqa: B023
        for precision, speeds in peaks.items() if workload.work else ():
            speeds.append(peak.measure(precision))
        progress(
            f"batch {batch} of {len(workload.units) - 1}: " + ", ".join(f"{k} {v[-1]:.3g} s" for k, v in times.items())
        )

    def speed(name):
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
            "ratio_quartiles": quantiles(ratios, n=4)[::2] if len(ratios) > 1 else ratios * 2,
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
    """Over all pairs, the largest difference relative to the largest value of the pair's second, or 1."""
    return max(
        float((one - other).abs().max() / other.abs().max().clamp(min=1))
        for one, other in zip(ours, others, strict=True)
    )


class TrainingStep:
    """Forward, backward, clipping and the optimiser's step.

    Args:
        model (`torch.nn.Module`): What is trained; put in training mode.
        loss_of (`Callable`): Loss of one input.
        optimizer (`torch.optim.Optimizer`): Of the model's parameters.
        max_norm (`float`): Norm that gradients are clipped to.
        precision (`str`, *optional*, defaults to `"fp32"`): Or `"bf16"`, by autocast.
    """

    def __init__(self, model, loss_of, optimizer, max_norm: float, precision: str = "fp32"):
        self.model, self.loss_of, self.optimizer = model, loss_of, optimizer
        self.max_norm, self.precision = max_norm, precision

    def __call__(self, inputs) -> None:
        self.model.train()
        self.optimizer.zero_grad()
        with autocast(next(self.model.parameters()).device, self.precision):
            loss = self.loss_of(inputs)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_norm)
        self.optimizer.step()


def autocast(device: torch.device, precision: str):
    """The context of a precision, `"fp32"` or `"bf16"`."""
    return torch.autocast(device.type, torch.bfloat16) if precision == "bf16" else nullcontext()
