"""Sufficient statistics: all that the readout needs to know about an arm, whatever its size."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.errors import UserFixable

Number = int | float
LARGEST = 1e60
"""Largest mean and spread: above, products of variances leave the doubles."""
ROUNDING = Fraction(1, 10**9)
"""Share of sum2 by which it may fall short of sum^2 / n before the sums are refused."""
ROUNDING_OF_EQUAL = Fraction(1, 10**13)
"""Share of sum2 below which what is left of floating sums is their rounding: the values were all equal."""


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

    def __post_init__(self) -> None:
        if abs(self.mean) > LARGEST or self.m2 > LARGEST**2:
            raise _too_large()

    @classmethod
    def from_sums(cls, n: int, total: Number, total2: Number, total3: Number | None = None) -> Mean:
        """Convert raw power sums by exact rational arithmetic; refuses sums that no data can have."""
        if n <= 0:
            return cls(0, math.nan, math.nan, None)
        s, s2 = Fraction(total), Fraction(total2)
        m2 = s2 - s * s / n
        if m2 < 0 and -m2 > ROUNDING * s2 + Fraction(1, 10**300):
            raise UserFixable(
                f"sum2 = {total2} is smaller than sum^2 / n: no {n} values have these sums.",
                hint="sum2 is the sum of the squared values, over everybody assigned, zeros included.",
            )
        exact = isinstance(total, int) and isinstance(total2, int)
        m2 = Fraction(0) if m2 < 0 or (not exact and m2 <= ROUNDING_OF_EQUAL * s2) else m2
        m3 = None if total3 is None else _double(Fraction(total3) - 3 * s * s2 / n + 2 * s * s * s / (n * n))
        squares = _double(m2)
        if squares is None:
            raise _too_large()
        return cls(n, float(s / n), squares, m3)

    @classmethod
    def from_values(cls, values: Iterable[Number]) -> Mean:
        """Take the values themselves."""
        data = [float(value) for value in values]
        n = len(data)
        if n == 0:
            return cls(0, math.nan, math.nan, None)
        mean = math.fsum(data) / n
        try:
            return cls(n, mean, math.fsum((v - mean) ** 2 for v in data), math.fsum((v - mean) ** 3 for v in data))
        except OverflowError:
            raise _too_large() from None

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
        syy, sxx = Fraction(y2) - fy * fy / n, Fraction(x2) - fx * fx / n
        sxy = Fraction(xy) - fx * fy / n
        if sxy * sxy > max(syy, 0) * max(sxx, 0) + ROUNDING * Fraction(y2) * Fraction(x2):
            raise UserFixable(
                "The products of outcome and covariate are larger than any data with these sums can have.",
                hint="sum_xy is the sum of outcome times covariate, person by person.",
            )
        return cls(
            n,
            float(fy / n),
            float(fx / n),
            max(0.0, float(syy)),
            max(0.0, float(sxx)),
            float(sxy),
        )


def _too_large() -> UserFixable:
    return UserFixable("The amounts are too large to be squared.", hint="Give them in a larger unit.")


def _double(value: Fraction) -> float | None:
    """Return the nearest double, or None where none is large enough."""
    try:
        return float(value)
    except OverflowError:
        return None


def pooled(arms: Sequence[Mean]) -> Mean:
    """Return several arms taken as one sample."""
    result = Mean(0, math.nan, math.nan, None)
    for arm in arms:
        result = result.plus(arm)
    return result
