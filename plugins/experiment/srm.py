"""Sample ratio: did the arms get the shares that were planned?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import special

from app.domain.errors import UserFixable
from plugins.experiment.effect import PValue

SRM_LIMIT = 0.001


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Pearson's chi-square of the counts against the planned weights; ``flagged`` blocks any winner."""

    p: PValue
    chi2: float
    df: int
    flagged: bool
    observed: tuple[int, ...]
    planned: tuple[float, ...]
    assumed_equal: bool


def chi_square_p(chi2: float, df: int) -> PValue:
    """Return the upper tail of chi-square, by its asymptotic series where doubles end."""
    if df <= 0 or chi2 <= 0.0:
        return PValue(0.0)
    tail = float(special.chdtrc(df, chi2))
    if tail > 1e-290:
        return PValue(min(0.0, math.log(tail)))
    a, x = df / 2.0, chi2 / 2.0
    series = 1.0 + (a - 1.0) / x + (a - 1.0) * (a - 2.0) / (x * x)
    return PValue((a - 1.0) * math.log(x) - x - math.lgamma(a) + math.log(series))


def sample_ratio(counts: Sequence[int], weights: Sequence[float] | None = None) -> SampleRatio:
    """Test counts against planned weights (any positive scale); equal shares are assumed where none are given."""
    assumed = weights is None
    planned = [1.0] * len(counts) if weights is None else [float(w) for w in weights]
    if len(planned) != len(counts) or any(w <= 0 for w in planned):
        raise UserFixable(
            "The planned shares do not fit the arms.", hint="Give one positive weight for each arm that was planned."
        )
    scale, total = math.fsum(planned), sum(counts)
    shares = [w / scale for w in planned]
    if total == 0:
        return SampleRatio(PValue(0.0), 0.0, len(counts) - 1, False, tuple(counts), tuple(shares), assumed)
    chi2 = math.fsum((n - total * s) ** 2 / (total * s) for n, s in zip(counts, shares, strict=True))
    p = chi_square_p(chi2, len(counts) - 1)
    return SampleRatio(p, chi2, len(counts) - 1, p.ln < math.log(SRM_LIMIT), tuple(counts), tuple(shares), assumed)


def independence(table: Mapping[str, tuple[int, int]]) -> PValue:
    """Test whether a yes/no fact (delivered, say) is independent of the arm; ``table`` maps arm to (yes, no)."""
    yes = sum(row[0] for row in table.values())
    no = sum(row[1] for row in table.values())
    if yes == 0 or no == 0 or len(table) < 2:
        return PValue(0.0)
    chi2 = 0.0
    for a, b in table.values():
        n = a + b
        if n:
            chi2 += (a - n * yes / (yes + no)) ** 2 / (n * yes / (yes + no))
            chi2 += (b - n * no / (yes + no)) ** 2 / (n * no / (yes + no))
    return chi_square_p(chi2, len(table) - 1)
