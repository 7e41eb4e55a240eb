"""What shipping each arm may cost: expected loss against the best of the others."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from plugins.experiment.sufficient import Mean, Proportion

Floats = NDArray[np.float64]
_OFFSETS = np.concatenate([np.linspace(-8.5, 8.5, 241)])


def expected_losses(arms: Sequence[Proportion | Mean], *, lower_is_better: bool = False) -> list[float] | None:
    """Return for each arm E[max(0, best - this)]-type loss in the unit of the outcome: E[best] - E[this].

    Posteriors: Beta(x + 1/2, n - x + 1/2) for a rate (normal where at least 20 did and 20 did not), normal for a mean.
    Deterministic integration; None where an arm has no variance to speak of.
    """
    moments = [_moments(arm) for arm in arms]
    if not moments or any(m is None for m in moments):
        return None
    known = [m for m in moments if m is not None]
    sign = -1.0 if lower_is_better else 1.0
    grid = np.unique(np.concatenate([sign * mean + sd * _OFFSETS for mean, sd in known]))
    log_cdf = np.zeros_like(grid)
    with np.errstate(divide="ignore"):
        for arm, (mean, sd) in zip(arms, known, strict=True):
            log_cdf += _log_cdf(arm, mean, sd, grid, sign)
    not_best = -np.expm1(log_cdf)
    best = float(grid[0] + np.trapezoid(not_best, grid))
    return [max(0.0, best - sign * mean) for mean, _ in known]


def _moments(arm: Proportion | Mean) -> tuple[float, float] | None:
    if isinstance(arm, Proportion):
        a, b = arm.events + 0.5, arm.n - arm.events + 0.5
        return a / (a + b), math.sqrt(a * b / (a + b + 1.0)) / (a + b)
    if arm.variance is None or arm.variance <= 0.0:
        return None
    return arm.mean, math.sqrt(arm.variance / arm.n)


def _log_cdf(arm: Proportion | Mean, mean: float, sd: float, grid: Floats, sign: float) -> Floats:
    if isinstance(arm, Proportion) and min(arm.events, arm.n - arm.events) < 20:
        x = np.clip(sign * grid, 0.0, 1.0)
        a, b = arm.events + 0.5, arm.n - arm.events + 0.5
        cdf = special.betainc(a, b, x) if sign > 0 else special.betainc(b, a, 1.0 - x)
        return np.log(cdf)
    return special.log_ndtr((grid - sign * mean) / sd)
