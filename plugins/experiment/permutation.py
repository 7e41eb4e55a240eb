"""Studentised permutation for skewed money and unequal arms (Chung & Romano 2013), on the non-zero values only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from plugins.experiment.effect import Effect, Interval, PValue
from plugins.experiment.means import compare_welch, fieller_edge, skew_of_difference, welch_lines
from plugins.experiment.sufficient import Mean

RELABELLINGS = 10_000
MOST_DRAWS = 400_000_000
"""Above this many drawn values the score interval from sums answers instead: a minute and more otherwise."""
MOST_PEOPLE = 1_000_000_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sparse:
    """One arm's values: ``n`` people, of whom those in ``values`` are not zero."""

    n: int
    values: Floats

    @classmethod
    def of(cls, n: int, values: Sequence[float] | Floats) -> Sparse:
        data = np.asarray(values, dtype=float)
        return cls(n, data[data != 0.0])

    def mean(self) -> Mean:
        """Return the sufficient statistics, zeros included."""
        m = float(self.values.sum()) / self.n
        centred = self.values - m
        zeros = self.n - len(self.values)
        return Mean(
            self.n,
            m,
            float((centred**2).sum()) + zeros * m * m,
            float((centred**3).sum()) - zeros * m * m * m,
        )


def too_much_work(control: Sparse, variant: Sparse, relabellings: int = RELABELLINGS) -> bool:
    """Say whether relabelling would draw more than ``MOST_DRAWS`` values, or from more people than numpy deals."""
    if control.n + variant.n >= MOST_PEOPLE:
        return True
    nonzero = len(control.values) + len(variant.values)
    share = min(control.n, variant.n) / (control.n + variant.n)
    return (nonzero * max(share, 0.02) + 50) * relabellings * 2 > MOST_DRAWS


def compare_by_permutation(
    control: Sparse, variant: Sparse, *, alpha: float, seed: int, relabellings: int = RELABELLINGS
) -> Effect:
    """Compare two means by relabelling people; p is twice the smaller tail.

    The lift interval is Fieller's set with the permutation quantiles after the variant was divided by the observed
    ratio, so that both arms share a mean. The interval of the difference uses the quantiles of the plain relabelling.
    """
    c, v = control.mean(), variant.mean()
    welch = compare_welch(c, v, alpha=alpha)
    if welch.statistic is None or welch.se is None or c.variance is None or v.variance is None:
        return welch
    rng = np.random.default_rng(seed)
    null = _statistics(control, variant, relabellings, rng)
    above = int((null >= welch.statistic - 1e-12).sum()) + 1
    below = int((null <= welch.statistic + 1e-12).sum()) + 1
    p = PValue.of(min(1.0, 2.0 * min(above, below) / (relabellings + 1)))
    low, high = np.quantile(null, [alpha / 2, 1 - alpha / 2])
    ci = Interval(welch.difference - float(high) * welch.se, welch.difference - float(low) * welch.se)
    lift_ci = _lift_interval(control, variant, alpha, relabellings, rng)
    badges = ("skewed, unequal arms",) if lift_ci else ("skewed, unequal arms", "lift not estimable yet")
    extra: dict[str, Any] = {
        **welch_lines(welch), "skew": skew_of_difference(c, v),
        "relabellings": float(relabellings), "seed": float(seed),
    }  # fmt: skip
    return replace(
        welch, difference_ci=ci, lift_ci=lift_ci, p=p, method="studentised permutation", badges=badges, extra=extra
    )


def _lift_interval(
    control: Sparse, variant: Sparse, alpha: float, relabellings: int, rng: np.random.Generator
) -> Interval | None:
    c, v = control.mean(), variant.mean()
    if c.mean <= 0.0 or v.mean <= 0.0 or c.variance is None or v.variance is None:
        return None
    scaled = Sparse(variant.n, variant.values * (c.mean / v.mean))
    low, high = np.quantile(_statistics(control, scaled, relabellings, rng), [alpha / 2, 1 - alpha / 2])
    e0, e1 = c.variance / c.n, v.variance / v.n
    from_high = fieller_edge(c.mean, e0, v.mean, e1, q=float(high))
    from_low = fieller_edge(c.mean, e0, v.mean, e1, q=float(low))
    if from_high is None or from_low is None:
        return None
    return Interval(from_high - 1.0, from_low - 1.0)


def _statistics(control: Sparse, variant: Sparse, relabellings: int, rng: np.random.Generator) -> Floats:
    """Return the studentised difference variant - control for random relabellings of everybody."""
    values = np.concatenate([control.values, variant.values])
    total_n = control.n + variant.n
    small_n = min(control.n, variant.n)
    counts = rng.hypergeometric(len(values), total_n - len(values), small_n, relabellings)
    squares = values * values
    drawn = np.empty(relabellings)
    drawn2 = np.empty(relabellings)
    for i, count in enumerate(counts):
        picked = rng.choice(len(values), int(count), replace=False, shuffle=False)
        drawn[i] = values[picked].sum()
        drawn2[i] = squares[picked].sum()
    large_n = total_n - small_n
    m_small, m_large = drawn / small_n, (values.sum() - drawn) / large_n
    v_small = (drawn2 - small_n * m_small**2) / (small_n - 1)
    v_large = (squares.sum() - drawn2 - large_n * m_large**2) / (large_n - 1)
    se = np.sqrt(np.maximum(v_small, 0.0) / small_n + np.maximum(v_large, 0.0) / large_n)
    sign = 1.0 if variant.n == small_n else -1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        t = sign * (m_small - m_large) / se
    return np.where(se > 0.0, t, 0.0)


def seed_from(text: str) -> int:
    """Return a stable 63-bit seed for a text, so that the same inputs give the same relabellings."""
    import hashlib

    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big") >> 1


def finite(value: float) -> float | None:
    """Return the value, or None where it is not a number."""
    return value if math.isfinite(value) else None
