"""Sufficient statistics: all that the readout needs to know about an arm, whatever its size."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.errors import UserFixable

Number = int | float


@dataclass(frozen=True, slots=True)
class Proportion:
    """``events`` of ``n`` units did it."""

    n: int
    events: int

    def __post_init__(self) -> None:
        if self.n < 0 or not 0 <= self.events <= self.n:
            raise UserFixable(
                f"{self.events} events among {self.n} people cannot be.",
                hint="events must be a whole number between 0 and n, one unit counted once.",
            )

    @property
    def rate(self) -> float:
        return self.events / self.n

    @property
    def flipped(self) -> Proportion:
        """The same arm counted by the people who did not."""
        return Proportion(self.n, self.n - self.events)

    def plus(self, other: Proportion) -> Proportion:
        return Proportion(self.n + other.n, self.events + other.events)


@dataclass(frozen=True, slots=True)
class Mean:
    """``n`` units with their mean and central sums: ``m2`` of squares, ``m3`` of cubes (None = not known).

    Central, so that a mean far from zero costs no digits; raw sums are converted exactly.
    """

    n: int
    mean: float
    m2: float
    m3: float | None = None

    @classmethod
    def from_sums(cls, n: int, total: Number, total2: Number, total3: Number | None = None) -> Mean:
        """Convert raw power sums by exact rational arithmetic; refuses sums that no data can have."""
        if n <= 0:
            return cls(0, math.nan, math.nan, None)
        s, s2 = Fraction(total), Fraction(total2)
        m2 = s2 - s * s / n
        if m2 < 0 and float(-m2) > 1e-9 * float(s2):
            raise UserFixable(
                f"sum2 = {total2} is smaller than sum^2 / n: no {n} values have these sums.",
                hint="sum2 is the sum of the squared values, over everybody assigned, zeros included.",
            )
        m2 = max(m2, Fraction(0))
        m3 = None if total3 is None else float(Fraction(total3) - 3 * s * s2 / n + 2 * s * s * s / (n * n))
        return cls(n, float(s / n), float(m2), m3)

    @classmethod
    def from_values(cls, values: Iterable[Number]) -> Mean:
        """Take the values themselves."""
        data = [float(value) for value in values]
        n = len(data)
        if n == 0:
            return cls(0, math.nan, math.nan, None)
        mean = math.fsum(data) / n
        return cls(n, mean, math.fsum((v - mean) ** 2 for v in data), math.fsum((v - mean) ** 3 for v in data))

    @classmethod
    def from_moments(cls, n: int, mean: float, sd: float, skew: float | None = None) -> Mean:
        """Take a mean and a sample standard deviation (divisor ``n - 1``)."""
        m2 = sd * sd * (n - 1)
        m3 = None if skew is None else skew * n * (m2 / n) ** 1.5 if n else None
        return cls(n, mean, m2, m3)

    @property
    def variance(self) -> float | None:
        """The sample variance (divisor ``n - 1``), None for fewer than two units."""
        return self.m2 / (self.n - 1) if self.n > 1 else None

    @property
    def total(self) -> float:
        return self.mean * self.n if self.n else 0.0

    def plus(self, other: Mean) -> Mean:
        """Return the two arms taken as one sample (Chan et al. 1979; Pebay 2008)."""
        if not other.n or not self.n:
            return self if self.n else other
        n = self.n + other.n
        delta = other.mean - self.mean
        share = delta / n
        m2 = self.m2 + other.m2 + delta * share * self.n * other.n
        m3 = None
        if self.m3 is not None and other.m3 is not None:
            m3 = self.m3 + other.m3 + delta * share * share * self.n * other.n * (self.n - other.n)
            m3 += 3 * share * (self.n * other.m2 - other.n * self.m2)
        return Mean(n, self.mean + share * other.n, m2, m3)

    @property
    def skewness(self) -> float | None:
        """The moment skewness, None where it is unknown or nothing varies."""
        if self.m3 is None or self.n == 0 or self.m2 <= 0:
            return None
        return (self.m3 / self.n) / (self.m2 / self.n) ** 1.5


@dataclass(frozen=True, slots=True)
class Pair:
    """An outcome with a pre-period covariate: means and central (cross) sums of one arm."""

    n: int
    mean_y: float
    mean_x: float
    syy: float
    sxx: float
    sxy: float

    @classmethod
    def from_sums(cls, n: int, y: Number, y2: Number, x: Number, x2: Number, xy: Number) -> Pair:
        """Convert raw sums exactly. ``xy`` is the sum of products."""
        if n <= 0:
            return cls(0, math.nan, math.nan, math.nan, math.nan, math.nan)
        fy, fx = Fraction(y), Fraction(x)
        return cls(
            n,
            float(fy / n),
            float(fx / n),
            max(0.0, float(Fraction(y2) - fy * fy / n)),
            max(0.0, float(Fraction(x2) - fx * fx / n)),
            float(Fraction(xy) - fx * fy / n),
        )


def pooled(arms: Sequence[Mean]) -> Mean:
    """Return several arms taken as one sample."""
    result = Mean(0, math.nan, math.nan, None)
    for arm in arms:
        result = result.plus(arm)
    return result
