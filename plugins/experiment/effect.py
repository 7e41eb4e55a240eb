"""What a comparison says: an interval, a p-value that never vanishes, and the effect they belong to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from scipy import special, stats

SMALLEST_P = 1e-300
"""Below this a p-value is shown as a bound: doubles end near 5e-324, and a printed 0 would claim certainty."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval; ``None`` on a side means that side is not bounded by the data."""

    low: float | None
    high: float | None

    def contains(self, value: float) -> bool:
        """Say whether ``value`` lies in the interval, ends included."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def shifted(self, by: float) -> Interval:
        """Return the interval moved by ``by``."""
        return Interval(_plus(self.low, by), _plus(self.high, by))

    def as_list(self) -> list[float | None]:
        """Return ``[low, high]`` for JSON, ``None`` for an open side."""
        return [self.low, self.high]


def _plus(value: float | None, by: float) -> float | None:
    return None if value is None else value + by


@dataclass(frozen=True, slots=True)
class PValue:
    """A two-sided p-value held as its natural logarithm, so that none is ever too small to hold."""

    ln: float

    @classmethod
    def of(cls, p: float) -> PValue:
        """Take a probability in (0, 1]; rounding above 1 is cut off."""
        if not p > 0.0:
            raise ValueError("a p-value of zero has no logarithm; build it from its statistic")
        return cls(min(0.0, math.log(p)))

    @property
    def value(self) -> float:
        """The p-value, or ``SMALLEST_P`` as an upper bound where it is smaller still."""
        return max(math.exp(self.ln), SMALLEST_P) if self.ln > -800 else SMALLEST_P

    @property
    def is_bound(self) -> bool:
        """Whether ``value`` is only an upper bound."""
        return self.ln < math.log(SMALLEST_P)

    @property
    def log10(self) -> float:
        """The decimal logarithm, exact at any size."""
        return self.ln / math.log(10.0) or 0.0

    @property
    def text(self) -> str:
        """The p-value in print: never ``0``."""
        if self.is_bound:
            return "<1e-300"
        value = self.value
        return f"{value:.3f}" if value >= 0.01 else f"{value:.2g}"

    def times(self, factor: float) -> PValue:
        """Return ``min(1, factor * p)``."""
        return PValue(min(0.0, self.ln + math.log(factor)))


def p_from_z(z: float) -> PValue:
    """Return the two-sided normal p-value of ``z``, from the upper tail (never ``1 - cdf``)."""
    return PValue(min(0.0, float(math.log(2.0) + special.log_ndtr(-abs(z)))))


def p_from_t(t: float, df: float) -> PValue:
    """Return the two-sided Student p-value; past double precision by the tail's leading term (Mills ratio)."""
    t = abs(t)
    if math.isinf(df):
        return p_from_z(t)
    tail = float(special.stdtr(df, -t))
    if tail > 1e-290:
        return PValue(min(0.0, math.log(2.0) + math.log(tail)))
    ln_density = float(stats.t.logpdf(t, df))
    return PValue(math.log(2.0) + ln_density + math.log((df + t * t) / ((df + 1) * t)))


@dataclass(frozen=True, slots=True)
class Effect:
    """One arm against another on one outcome.

    ``difference`` is in the unit of the outcome (a rate as a fraction, money in its currency); ``lift`` is relative
    to the other arm's mean. ``None`` means that the data cannot say, and ``badges`` says why.
    """

    difference: float
    difference_ci: Interval | None
    lift: float | None
    lift_ci: Interval | None
    p: PValue | None
    method: str
    statistic: float | None = None
    """The signed statistic whose square the p-value comes from."""
    se: float | None = None
    badges: tuple[str, ...] = ()
    extra: dict[str, float | str | list[float | None] | None] = field(
        default_factory=dict[str, float | str | list[float | None] | None]
    )


def z_quantile(alpha: float) -> float:
    """Return the two-sided normal critical value of level ``alpha``."""
    return float(-special.ndtri(alpha / 2.0))


def t_quantile(alpha: float, df: float) -> float:
    """Return the two-sided Student critical value of level ``alpha``."""
    return z_quantile(alpha) if math.isinf(df) else float(-special.stdtrit(df, alpha / 2.0))


def smallest(values: Sequence[PValue]) -> PValue | None:
    """Return the smallest of several p-values, or None."""
    return min(values, key=lambda p: p.ln, default=None)
